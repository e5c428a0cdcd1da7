#include <gtest/gtest.h>

#include "base/ids.h"

namespace lh {
namespace {

struct Normal {
  IdScheme scheme;
  const char* raw;
  const char* normal;
};

TEST(SubjectId, NormalisesByScheme) {
  const Normal cases[] = {
      {IdScheme::kResidentId, "11010519491231002x", "11010519491231002X"},
      {IdScheme::kResidentId, " \t11010519491231002X\r\n", "11010519491231002X"},
      {IdScheme::kResidentId, "１１０１０５１９４９１２３１００２Ｘ", "11010519491231002X"},
      {IdScheme::kResidentId, "１１０１０５１９４９１２３１００２ｘ", "11010519491231002X"},
      {IdScheme::kResidentId, "　11010519491231002X　", "11010519491231002X"},
      {IdScheme::kUscc, "91350100m000100y43", "91350100M000100Y43"},
      {IdScheme::kOrganisationCode, "m000100y-4", "M000100Y4"},
      {IdScheme::kOrganisationCode, "Ｍ０００１００Ｙ－４", "M000100Y4"},
      {IdScheme::kRegistrationNo, "110000000000001", "110000000000001"},
      {IdScheme::kResidentId15, "110105491231002", "110105491231002"},
      {IdScheme::kPassport, "e12345678", "E12345678"},
      {IdScheme::kLocal, " register-a:Ｒst2021-191 ", "register-a:Ｒst2021-191"},
  };
  for (const auto& c : cases) {
    const auto id = parse_subject_id(c.scheme, c.raw);
    ASSERT_TRUE(id.ok()) << c.raw;
    EXPECT_EQ(id->scheme, c.scheme);
    EXPECT_EQ(id->value.reveal(), c.normal);
    // Normalising is idempotent: the stored form finds itself.
    EXPECT_EQ(parse_subject_id(c.scheme, id->value.reveal()).value().value.reveal(), c.normal);
  }
}

struct Wrong {
  IdScheme scheme;
  const char* raw;
  Reason reason;
};

TEST(SubjectId, RefusesByScheme) {
  const Wrong cases[] = {
      {IdScheme::kResidentId, "", Reason::kIdFormat},
      {IdScheme::kResidentId, "110105491231002", Reason::kIdFormat},
      {IdScheme::kResidentId, "1101051949 1231002X", Reason::kIdFormat},
      {IdScheme::kResidentId, "110105194912310020", Reason::kIdCheckDigit},
      {IdScheme::kUscc, "91350100M000100Y44", Reason::kIdCheckDigit},
      {IdScheme::kOrganisationCode, "M000100Y-5", Reason::kIdCheckDigit},
      {IdScheme::kRegistrationNo, "12345", Reason::kIdFormat},
      {IdScheme::kRegistrationNo, "11000000000000/1", Reason::kIdFormat},
      {IdScheme::kResidentId15, "110105491331002", Reason::kIdBirthDate},
      {IdScheme::kResidentId15, "11010549123100X", Reason::kIdFormat},
      {IdScheme::kPassport, "E1", Reason::kIdFormat},
      {IdScheme::kLocal, "  ", Reason::kIdFormat},
      {IdScheme::kLocal, "a\x01z", Reason::kIdFormat},
      {IdScheme::kLocal, "a\x80z", Reason::kIdFormat},
      {IdScheme{0}, "1", Reason::kIdScheme},
      {IdScheme{99}, "1", Reason::kIdScheme},
  };
  for (const auto& c : cases) {
    const auto id = parse_subject_id(c.scheme, c.raw);
    ASSERT_FALSE(id.ok()) << c.raw;
    EXPECT_EQ(id.error().reason(), c.reason) << c.raw;
  }
  EXPECT_FALSE(parse_subject_id(IdScheme::kLocal, std::string(129, 'a')).ok());
  EXPECT_FALSE(parse_subject_id(IdScheme::kLocal, std::string_view("a\0b", 3)).ok());
}

TEST(SubjectId, SurvivesTornFullWidthText) {
  for (const char* raw : {"\xEF", "\xEF\xBC", "\xEF\xBC\x80", "\xEF\xBD\x9F", "\xE3\x80", "\xE3"}) {
    EXPECT_FALSE(parse_subject_id(IdScheme::kPassport, std::string("E12345678") + raw).ok());
  }
}

TEST(SubjectId, EverySchemeHasAnUnchangingName) {
  for (int i = 1; i <= 7; ++i) {
    const auto scheme = static_cast<IdScheme>(i);
    EXPECT_EQ(parse_scheme(scheme_text(scheme)).value(), scheme);
  }
  EXPECT_EQ(scheme_text(IdScheme::kResidentId), "resident_id");
  EXPECT_EQ(scheme_text(IdScheme::kUscc), "uscc");
  for (const char* text : {"", "unknown", "USCC", "uscc ", "resident"}) {
    EXPECT_EQ(parse_scheme(text).error().reason(), Reason::kIdScheme) << text;
  }
}

TEST(SubjectId, PersonsAndSoleTradersArePersonalAndDoubtCountsAsPersonal) {
  const auto personal = [](IdScheme scheme, std::string value) {
    return is_personal(SubjectId{scheme, Personal<std::string>(std::move(value))});
  };
  EXPECT_TRUE(personal(IdScheme::kResidentId, "11010519491231002X"));
  EXPECT_TRUE(personal(IdScheme::kResidentId15, "110105491231002"));
  EXPECT_TRUE(personal(IdScheme::kPassport, "E12345678"));
  EXPECT_TRUE(personal(IdScheme::kUscc, "92220102MA00000000"));
  EXPECT_TRUE(personal(IdScheme::kLocal, "register:1"));
  EXPECT_TRUE(personal(IdScheme::kRegistrationNo, "110000000000001"));
  EXPECT_TRUE(personal(IdScheme{99}, "?"));
  EXPECT_FALSE(personal(IdScheme::kUscc, "91350100M000100Y43"));
  EXPECT_FALSE(personal(IdScheme::kOrganisationCode, "M000100Y4"));
}

}  // namespace
}  // namespace lh
