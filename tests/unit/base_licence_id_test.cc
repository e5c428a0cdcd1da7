// 电子证照标识, GB/T 36904: the public identifiers of reference 1.4.
#include <gtest/gtest.h>

#include <random>

#include "base/ids.h"

namespace lh {
namespace {

const std::string kOid = "1.2.156.3005.2.";

constexpr const char* kPublicIds[] = {
    "11100000000013338W011.11430000006122244L.20230000403.001.U",
    "11100000000013338W011.11430000006122244L.20230000403.002.S",
    "11100000000013338W011.11110000000021135M.20230329701.003.Y",
    "11100000000013338W009.11330105002500287C.2025052201.002.0",
    "11100000000013338W032.11220000013544541J.2430599.001.F",
};

Reason refusal(const std::string& text) {
  const auto id = parse_licence_id(text);
  EXPECT_FALSE(id.ok()) << text;
  return id.ok() ? Reason::kVerdictGood : id.error().reason();
}

TEST(LicenceId, AcceptsPublicIdentifiers) {
  for (const char* text : kPublicIds) {
    const auto id = parse_licence_id(kOid + text);
    ASSERT_TRUE(id.ok()) << text;
    EXPECT_EQ(id->text(), kOid + text);
  }
}

TEST(LicenceId, TakesItselfApart) {
  const LicenceId id = parse_licence_id(kOid + kPublicIds[1]).value();
  EXPECT_EQ(id.type(), "11100000000013338W011");
  EXPECT_EQ(id.issuer(), "11430000006122244L");
  EXPECT_EQ(id.serial(), "20230000403");
  EXPECT_EQ(id.version(), 2);
  EXPECT_EQ(LicenceId().type(), "");
  EXPECT_EQ(LicenceId().version(), 0);
}

// Its check character is right, its issuer is only a division: seen in test data of the field.
TEST(LicenceId, RefusesAnIssuerThatIsNoUscc) {
  EXPECT_EQ(refusal(kOid + "11100000MB03271699022.340100.000000016.001.9"), Reason::kIdIssuer);
}

// Software that values A as 11 and indexes the result one lower writes M here; MOD 37,36 gives D.
TEST(LicenceId, RefusesTheDialectOfTheField) {
  const std::string body =
      "11100000000013661B006.113700000045046442.209FA4E88F9E4C878F3E9BED2CE7EA49.001.";
  EXPECT_EQ(refusal(kOid + body + "M"), Reason::kIdCheckDigit);
  EXPECT_TRUE(parse_licence_id(kOid + body + "D").ok());
}

TEST(LicenceId, RefusesATypeWhoseUsccIsWrong) {
  const std::string four = "11100000000013339W01111430000006122244L20230000403001";
  EXPECT_EQ(
      refusal(kOid + "11100000000013339W011.11430000006122244L.20230000403.001." + *mod37_36(four)),
      Reason::kIdCheckDigit);
}

TEST(LicenceId, RefusesOtherForms) {
  const std::string good = kOid + kPublicIds[0];
  for (const std::string& text :
       {std::string(), kOid, good + ".", good + "U", "1.2.156.3005.3." + good.substr(kOid.size()),
        good.substr(kOid.size()), good.substr(0, good.size() - 2), " " + good,
        kOid + "11100000000013338W011.11430000006122244L..001.U",
        kOid + "11100000000013338W011.11430000006122244L.20230000403.01.U",
        kOid + "11100000000013338W011.11430000006122244L.20230000403.000.U",
        kOid + "11100000000013338W011.11430000006122244L.2023-0000403.001.U",
        kOid + "11100000000013338W011.11430000006122244L." + std::string(33, '1') + ".001.U",
        kOid + "11100000000013338W011.11430000006122244L.20230000403.001.u"}) {
    EXPECT_EQ(refusal(text), Reason::kIdFormat) << text;
  }
}

TEST(LicenceId, EveryChangedCharacterIsRefused) {
  for (const char* known : kPublicIds) {
    const std::string text = kOid + known;
    for (std::size_t i = 0; i < text.size(); ++i) {
      for (char c = '0'; c <= 'Z'; ++c) {
        if (c == text[i]) continue;
        std::string changed = text;
        changed[i] = c;
        ASSERT_FALSE(parse_licence_id(changed).ok()) << changed;
      }
    }
  }
}

TEST(LicenceId, WhatIsMadeIsRead) {
  const LicenceTypeCode type = parse_licence_type_code("11100000000013338W011").value();
  const Uscc issuer = parse_uscc("11430000006122244L").value();
  EXPECT_EQ(make_licence_id(type, issuer, "20230000403", 1).value().text(), kOid + kPublicIds[0]);
  std::mt19937 generator(7);
  constexpr std::string_view kSerial = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  for (int i = 0; i < 2000; ++i) {
    std::string serial(1 + generator() % 32, '0');
    for (char& c : serial) c = kSerial[generator() % kSerial.size()];
    const int version = 1 + static_cast<int>(generator() % 999);
    const auto id = make_licence_id(type, issuer, serial, version);
    ASSERT_TRUE(id.ok());
    ASSERT_EQ(parse_licence_id(id->text()).value(), *id);
    ASSERT_EQ(id->serial(), serial);
    ASSERT_EQ(id->version(), version);
    ASSERT_EQ(id->type(), type.text());
    ASSERT_EQ(id->issuer(), issuer.text());
  }
}

TEST(LicenceId, MakesNothingOutsideItsBounds) {
  const LicenceTypeCode type = parse_licence_type_code("11100000000013338W011").value();
  const Uscc issuer = parse_uscc("11430000006122244L").value();
  EXPECT_FALSE(make_licence_id(type, issuer, "1", 0).ok());
  EXPECT_FALSE(make_licence_id(type, issuer, "1", 1000).ok());
  EXPECT_FALSE(make_licence_id(type, issuer, "", 1).ok());
  EXPECT_FALSE(make_licence_id(type, issuer, "a", 1).ok());
  EXPECT_FALSE(make_licence_id(type, issuer, "1.2", 1).ok());
  EXPECT_FALSE(make_licence_id(type, issuer, std::string(33, '1'), 1).ok());
  EXPECT_FALSE(make_licence_id(LicenceTypeCode(), issuer, "1", 1).ok());
  EXPECT_FALSE(make_licence_id(type, Uscc(), "1", 1).ok());
}

TEST(LicenceTypeCode, IsAUsccAndThreeCharacters) {
  for (const char* text :
       {"11100000000013338W011", "11100000MB03271699022", "11100000000013661B006",
        "111000000000131433001", "11100000MB0341032Y001"}) {
    EXPECT_TRUE(parse_licence_type_code(text).ok()) << text;
  }
  for (const char* text :
       {"", "11100000000013338W", "11100000000013338W01", "11100000000013338W0111",
        "11100000000013338W01a", "11100000000013339W011", "11100000000013338W01."}) {
    EXPECT_FALSE(parse_licence_type_code(text).ok()) << text;
  }
}

}  // namespace
}  // namespace lh
