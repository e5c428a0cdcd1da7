#include <gtest/gtest.h>

#include "base/ids.h"

namespace lh {
namespace {

// Public codes of reference 2.1 and 1.4.
constexpr const char* kUsccs[] = {"91350100M000100Y43", "11100000000013338W", "11430000006122244L",
                                  "11110000000021135M", "11330105002500287C", "91310000MA7CX0HM9U",
                                  "11310000MB2F056267", "11100000MB03271699", "11100000000013661B",
                                  "111000000000131433", "11100000MB0341032Y", "11220000013544541J",
                                  "113700000045046442"};

TEST(Uscc, AcceptsPublicCodes) {
  for (const char* text : kUsccs) {
    const auto u = parse_uscc(text);
    ASSERT_TRUE(u.ok()) << text;
    EXPECT_EQ(u->text(), text);
    EXPECT_TRUE(parse_organisation_code(u->organisation_code()).ok()) << text;
    EXPECT_TRUE(parse_division(u->division()).ok()) << text;
    EXPECT_FALSE(u->sole_trader());
  }
}

TEST(Uscc, TakesItselfApart) {
  const Uscc u = parse_uscc("91350100M000100Y43").value();
  EXPECT_EQ(u.division(), "350100");
  EXPECT_EQ(u.organisation_code(), "M000100Y4");
}

TEST(Uscc, TellsFormFromCheckCharacter) {
  for (const char* text :
       {"", "91350100M000100Y4", "91350100M000100Y433", "91350100m000100y43", "91350100I000100Y43",
        "9135O100M000100Y43", "91A50100M000100Y43", " 91350100M000100Y4", "91350100M000100Y4 "}) {
    const auto u = parse_uscc(text);
    ASSERT_FALSE(u.ok()) << text;
    EXPECT_EQ(u.error().reason(), Reason::kIdFormat) << text;
  }
  EXPECT_EQ(parse_uscc("91350100M000100Y44").error().reason(), Reason::kIdCheckDigit);
  EXPECT_EQ(parse_uscc("91350100M000100Y4S").error().reason(), Reason::kIdFormat);
}

TEST(Uscc, SoleTradersAreKnownByTheirFirstTwoCharacters) {
  std::string code = "92220102MA00000000";
  code[17] = *mod31_3(std::string_view(code).substr(0, 17));
  EXPECT_TRUE(parse_uscc(code).value().sole_trader());
}

TEST(Uscc, EveryChangedCharacterOfAPublicCodeIsRefused) {
  for (const std::string text : kUsccs) {
    for (std::size_t i = 0; i < text.size(); ++i) {
      for (char c = '0'; c <= 'Z'; ++c) {
        if (c == text[i]) continue;
        std::string changed = text;
        changed[i] = c;
        ASSERT_FALSE(parse_uscc(changed).ok()) << changed;
      }
    }
  }
}

// The examples printed in GB 11643-1999.
constexpr const char* kResidentIds[] = {"11010519491231002X", "440524188001010014"};

TEST(ResidentId, AcceptsTheExamplesOfTheStandard) {
  for (const char* text : kResidentIds) {
    const auto id = parse_resident_id(text);
    ASSERT_TRUE(id.ok()) << text;
    EXPECT_EQ(id->reveal(), text);
  }
}

std::string with_check(std::string digits17) {
  digits17 += *mod11_2(digits17);
  return digits17;
}

TEST(ResidentId, NamesWhatIsWrong) {
  const auto reason = [](const std::string& text) {
    return parse_resident_id(text).error().reason();
  };
  EXPECT_EQ(reason("110105194912310021"), Reason::kIdCheckDigit);
  EXPECT_EQ(reason("110105194912310020"), Reason::kIdCheckDigit);
  EXPECT_EQ(reason("11010519491231002x"), Reason::kIdFormat);
  EXPECT_EQ(reason("11010519491231002"), Reason::kIdFormat);
  EXPECT_EQ(reason("1101051949123100XX"), Reason::kIdFormat);
  EXPECT_EQ(reason("110105491231002"), Reason::kIdFormat);
  EXPECT_EQ(reason(with_check("01010519491231002")), Reason::kIdFormat);
  EXPECT_EQ(reason(with_check("11010519490229002")), Reason::kIdBirthDate);
  EXPECT_EQ(reason(with_check("11010519491331002")), Reason::kIdBirthDate);
  EXPECT_EQ(reason(with_check("11010519490431002")), Reason::kIdBirthDate);
  EXPECT_EQ(reason(with_check("11010517491231002")), Reason::kIdBirthDate);
  EXPECT_EQ(reason(with_check("11010529491231002")), Reason::kIdBirthDate);
  EXPECT_TRUE(parse_resident_id(with_check("11010520000229002")).ok());
}

TEST(ResidentId, ErrorsNeverRepeatTheNumber) {
  for (const char* text : {"110105194912310021", "1101051949123100XX", "110105"}) {
    const std::string said = parse_resident_id(text).error().describe();
    EXPECT_EQ(said.find("110105"), std::string::npos) << said;
  }
}

TEST(ResidentId, EveryChangedDigitIsRefused) {
  for (const std::string text : kResidentIds) {
    for (std::size_t i = 0; i < text.size(); ++i) {
      for (char c = '0'; c <= 'Z'; ++c) {
        if (c == text[i]) continue;
        std::string changed = text;
        changed[i] = c;
        ASSERT_FALSE(parse_resident_id(changed).ok()) << changed;
      }
    }
  }
}

TEST(OrganisationCode, HasOneInnerForm) {
  EXPECT_EQ(parse_organisation_code("M000100Y4").value(), "M000100Y4");
  EXPECT_EQ(parse_organisation_code("M000100Y-4").value(), "M000100Y4");
  EXPECT_EQ(parse_organisation_code("00001333-8").value(), "000013338");
}

TEST(OrganisationCode, RefusesWhatIsWrong) {
  EXPECT_EQ(parse_organisation_code("M000100Y5").error().reason(), Reason::kIdCheckDigit);
  for (const char* text : {"", "M000100Y", "M000100-Y4", "m000100y4", "M000100Y--", "M000100Y44"}) {
    EXPECT_FALSE(parse_organisation_code(text).ok()) << text;
  }
}

TEST(Division, AcceptsThreeLengths) {
  for (const char* text : {"220000", "220102", "220102001", "220102001003", "100000"}) {
    EXPECT_EQ(parse_division(text).value().code(), text);
  }
  for (const char* text : {"", "22", "2201", "22010", "2201020", "220102001003000", "02010a",
                           "22010A", "000000", "020102"}) {
    EXPECT_FALSE(parse_division(text).ok()) << text;
  }
}

struct Containment {
  const char* outer;
  const char* inner;
  bool contains;
};

TEST(Division, ContainsByLevels) {
  const Containment cases[] = {
      {"220000", "220100", true},       {"220000", "220102", true},
      {"220100", "220102", true},       {"220102", "220102001", true},
      {"220102", "220102001003", true}, {"220102001", "220102001003", true},
      {"220102", "220102000000", true}, {"220102000000", "220102", true},
      {"220102", "220102", true},       {"220102", "220100", false},
      {"220100", "220000", false},      {"220100", "220200", false},
      {"220100", "221000", false},      {"220102001", "220102002", false},
      {"441900", "441900003", true},    {"441900003", "441900004", false},
      {"100000", "220102", true},       {"100000", "100000", true},
      {"220000", "100000", false},      {"210000", "220000", false},
      {"110100", "110000", false},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(parse_division(c.outer).value().contains(parse_division(c.inner).value()), c.contains)
        << c.outer << " " << c.inner;
  }
}

TEST(Division, AnUnsetDivisionCoversNothing) {
  const Division d = parse_division("220102").value();
  EXPECT_FALSE(Division().contains(d));
  EXPECT_FALSE(d.contains(Division()));
  EXPECT_FALSE(Division().contains(Division()));
}

TEST(RandomIds, RoundTripAndHaveOneSpelling) {
  CaseId id;
  for (std::size_t i = 0; i < id.value.size(); ++i)
    id.value[i] = static_cast<std::uint8_t>(0xF0 + i);
  EXPECT_EQ(id.text(), "case_f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff");
  EXPECT_EQ(CaseId::parse(id.text()).value(), id);
  for (const char* text :
       {"", "case_", "lic_f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff", "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
        "case_F0f1f2f3f4f5f6f7f8f9fafbfcfdfeff", "case_f0f1f2f3f4f5f6f7f8f9fafbfcfdfe",
        "case_f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff00", "case_g0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"}) {
    EXPECT_FALSE(CaseId::parse(text).ok()) << text;
  }
}

}  // namespace
}  // namespace lh
