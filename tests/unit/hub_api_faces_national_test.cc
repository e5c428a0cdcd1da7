// CertShare as domain.md 1.5 B gives it: head statuses, results of verifyCertInfo 0 to 7.
#include <gtest/gtest.h>

#include "hub/api/faces/national_terms.h"

namespace lh {
namespace {

namespace national = hub::api::faces::national;
using national::Head;
using national::Verified;
using schemas::Json;

Json json(std::string_view text) {
  auto parsed = schemas::parse_json(text, 1U << 20U);
  EXPECT_TRUE(parsed.ok()) << text;
  return parsed.ok() ? std::move(*parsed) : Json();
}
hub::api::faces::Refusal refusal(Reason reason, std::string detail = {}) {
  return {std::string(reason_id(reason)), std::string(info(reason).chinese), std::move(detail)};
}
hub::api::faces::Refusal refusal(const Error& error) {
  return refusal(error.reason(), error.detail());
}

TEST(NationalTerms, HeadStatusOfEachReason) {
  struct Row {
    Reason reason;
    const char* detail;
    int status;
  };
  for (const Row& row :
       {Row{Reason::kNotImplemented, "", 2}, Row{Reason::kSourceUnavailable, "", 2},
        Row{Reason::kLicenceUnknown, "", 10}, Row{Reason::kCallerNoCertificate, "", 11},
        Row{Reason::kCallerUntrusted, "", 11},
        Row{Reason::kReferenceUnknown, "head.accessToken", 11},
        Row{Reason::kJsonMissingMember, "head.accessId", 11},
        Row{Reason::kJsonMissingMember, "data.certTypeCode", 12},
        Row{Reason::kPurposeMissing, "data.useCause", 12},
        Row{Reason::kIdCheckDigit, "data.holderCode", 12}, Row{Reason::kRoleMissing, "", 100},
        Row{Reason::kRuleNone, "", 100}, Row{Reason::kPurposeNotRegistered, "", 100},
        Row{Reason::kIdScheme, "data.holderTypeCode", 103},
        Row{Reason::kJsonMissingMember, "data.certNo", 109},
        Row{Reason::kJsonMissingMember, "data.holderCode", 110}}) {
    EXPECT_EQ(static_cast<int>(national::head_of(refusal(row.reason, row.detail))), row.status)
        << reason_id(row.reason) << " " << row.detail;
  }
  for (const auto& reason : all_reasons()) {
    EXPECT_NE(national::head_of(refusal(reason.reason)), Head::kOk) << reason.id;
  }
}

TEST(NationalTerms, HolderTypesOfAnnexA) {
  EXPECT_EQ(national::scheme_of("111", "x").value(), IdScheme::kResidentId);
  EXPECT_EQ(national::scheme_of("001", "x").value(), IdScheme::kUscc);
  EXPECT_EQ(national::scheme_of("414", "x").value(), IdScheme::kPassport);
  for (const char* other : {"", "1", "0001", "999", "10"}) {
    EXPECT_EQ(national::scheme_of(other, "x").error().reason(), Reason::kIdScheme) << other;
  }
}

constexpr const char* kFull =
    R"({"head":{"accessId":"a","accessToken":"t"},"data":{"holderCode":"91990102MA9000003B",
     "holderTypeCode":"001","certTypeCode":"11990100MB99000131001","certNo":"N-1",
     "useCause":{"certificateCopyCause":"c","certificateEventCode":"m"}}})";

// The full request without one member of data.
Json without(const char* name) {
  Json j = json(kFull);
  Json data = *j.find("data");
  data.set(name, Json());
  return std::move(j.set("data", std::move(data)));
}

TEST(NationalTerms, CertInfoIsANumberOfATypeOrAnIdentifier) {
  const auto info = national::cert_info_of(json(kFull));
  ASSERT_TRUE(info.ok()) << info.error().describe();
  EXPECT_EQ(info->number, "N-1");
  EXPECT_EQ(info->type, "11990100MB99000131001");
  EXPECT_EQ(info->licence_id, "");
  // A public vector of domain.md 1.4 sent as certNo is an identifier; no type is needed.
  const std::string id =
      "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U";
  Json j = json(kFull);
  Json data = *j.find("data");
  data.set("certNo", id).set("certTypeCode", Json());
  j.set("data", std::move(data));
  const auto by_id = national::cert_info_of(j);
  ASSERT_TRUE(by_id.ok()) << by_id.error().describe();
  EXPECT_EQ(by_id->licence_id, id);
  EXPECT_EQ(by_id->number, "");
}

TEST(NationalTerms, WhatIsMissingIsNamedWithStatusAndResult) {
  struct Row {
    const char* name;
    Head head;
  };
  for (const Row& row :
       {Row{"certNo", Head::kCertNoEmpty}, Row{"holderCode", Head::kHolderCodeEmpty},
        Row{"holderTypeCode", Head::kParameterEmpty}, Row{"certTypeCode", Head::kParameterEmpty}}) {
    const Json body = without(row.name);
    const auto info = national::cert_info_of(body);
    ASSERT_FALSE(info.ok()) << row.name;
    EXPECT_EQ(info.error().detail(), "data." + std::string(row.name));
    EXPECT_EQ(national::head_of(refusal(info.error())), row.head) << row.name;
    EXPECT_EQ(national::result_of(refusal(info.error()), body), Verified::kNotEnough);
  }
  const Json empty = json(R"({"head":{},"data":{}})");
  const auto info = national::cert_info_of(empty);
  EXPECT_EQ(national::result_of(refusal(info.error()), empty), Verified::kNoParameters);
  EXPECT_EQ(national::result_of(refusal(Reason::kIdCheckDigit), json(kFull)),
            Verified::kPartlyWrong);
  EXPECT_FALSE(national::result_of(refusal(Reason::kRoleMissing), json(kFull)));
  EXPECT_FALSE(national::result_of(refusal(Reason::kReferenceUnknown), json(kFull)));
}

Json verdicts(const char* integrity, const char* issuer, const char* status, const char* reason) {
  const auto one = [](const char* verdict, const char* why) {
    Json j = Json::object();
    return std::move(j.set("verdict", verdict).set("reason", why));
  };
  Json j = Json::object();
  j.set("integrity", one(integrity, "x")).set("issuer", one(issuer, "x"));
  return std::move(j.set("status", one(status, reason)));
}

TEST(NationalTerms, ResultOfEveryStatus) {
  struct Row {
    const char* reason;
    int result;
  };
  for (const Row& row :
       {Row{"status.not_active", 1}, Row{"status.not_yet_valid", 1}, Row{"status.suspended", 2},
        Row{"status.cancelled", 3}, Row{"status.revoked", 3}, Row{"status.forfeited", 3},
        Row{"status.expired", 3}, Row{"status.transferred", 3}, Row{"status.superseded", 3}}) {
    EXPECT_EQ(
        static_cast<int>(national::result_of(verdicts("valid", "valid", "invalid", row.reason))),
        row.result)
        << row.reason;
  }
}

TEST(NationalTerms, OnlyThreeValidVerdictsAreCorrectAndValid) {
  const std::array all = {"valid", "invalid", "indeterminate", "", "something"};
  int good = 0;
  for (const char* integrity : all) {
    for (const char* issuer : all) {
      for (const char* status : all) {
        const auto result = national::result_of(verdicts(integrity, issuer, status, "status.x"));
        if (result == Verified::kValid) ++good;
      }
    }
  }
  EXPECT_EQ(good, 1);
  EXPECT_EQ(national::result_of(verdicts("valid", "valid", "valid", "")), Verified::kValid);
  EXPECT_EQ(national::result_of(json("{}")), Verified::kNotEnough);
  EXPECT_EQ(national::result_of(
                verdicts("indeterminate", "indeterminate", "indeterminate", "status.unknown")),
            Verified::kNoSuchLicence);
  EXPECT_EQ(national::result_of(verdicts("valid", "indeterminate", "valid", "")),
            Verified::kNotEnough)
      << "stock data nobody signed";
}

TEST(NationalTerms, DataIsNeverGivenForAPurposeNobodyStated) {
  const auto end = national::refuse_data(json(kFull));
  EXPECT_EQ(end.reason(), Reason::kPurposeMissing);
  for (const char* name : {"holderCode", "holderTypeCode", "certTypeCode", "useCause"}) {
    const auto error = national::refuse_data(without(name));
    EXPECT_EQ(error.reason(), Reason::kJsonMissingMember) << name;
    EXPECT_EQ(error.detail(), "data." + std::string(name));
  }
  const auto cause = national::refuse_data(json(R"({"data":{"holderCode":"x","holderTypeCode":"1",
      "certTypeCode":"t","useCause":{"certificateCopyCause":"c"}}})"));
  EXPECT_EQ(cause.detail(), "data.useCause.certificateEventCode");
}

}  // namespace
}  // namespace lh
