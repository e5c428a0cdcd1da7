// The bodies of requests: the documented form is taken, and each single wrong change is refused
// with its own reason and the path of the member; no error repeats a personal value.
#include <gtest/gtest.h>

#include "schemas/purpose.h"
#include "schemas/sample_parties.h"

namespace lh::schemas {
namespace {

constexpr const char* kOperator = R"({"id":"T001","name":"测试人员001"})";
constexpr const char* kResident = "11010519491231002X";  // printed in GB 11643-1999
constexpr const char* kCompany = "91350100M000100Y43";

Json json(const std::string& text) {
  return parse_json(text, 1U << 20U).value();
}
Json with(Json j, std::string name, Json value) {
  return j.set(std::move(name), std::move(value));
}
Json without(Json j, std::string_view name) {
  auto& members = *j.members();
  std::erase_if(members, [name](const Json::Member& m) { return m.first == name; });
  return j;
}

template <class T>
std::string refusal(const Result<T>& r) {
  return r.ok() ? "accepted" : std::string(r.error().id());
}

Json good_purpose() {
  return json(R"({"matter":"m1","case_number":"2026-0001","cause":"食品经营许可审查",)"
              R"("legal_basis":"某办法第一条","operator":)" +
              std::string(kOperator) + R"(,"channel":"counter"})");
}

Json good_case() {
  return json(R"({"matter":"m1","case_number":"2026-0001","applicant":{"scheme":"uscc","id":")" +
              std::string(kCompany) +
              R"("},"related":[{"role":"legal_representative","scheme":"resident_id","id":")" +
              std::string(kResident) + R"("}],"region":"990100","operator":)" + kOperator + "}");
}

Json good_fetch() {
  return with(json(R"({"reference":"lhr1.test.abc","fields":["name","resident_id"]})"), "purpose",
              good_purpose());
}

Json good_issue() {
  return json(R"({"type":")" + std::string(sample::kFoodBusinessLicence) +
              R"(","holder":[{"scheme":"uscc","id":")" + kCompany +
              R"(","name":"测试企业001"}],"issuer":")" + std::string(sample::kMarketSupervision) +
              R"(","fields":{"operator_name":"测试企业001"},"valid_from":"2026-01-01",)"
              R"("valid_until":"2030-12-31","matter":"m1","case":"2026-0001"})");
}

Json good_status() {
  return json(R"({"licence_key":"lic_00112233445566778899aabbccddeeff","action":"suspend",)"
              R"("ground":"某办法第二条","effective_at":"2026-11-22"})");
}

// ---- purpose ---------------------------------------------------------------------------------

std::string purpose_refusal(const Json& j) {
  return refusal(purpose_from_json(j, "purpose"));
}

TEST(PurposeJson, IsRead) {
  const Purpose p = purpose_from_json(good_purpose(), "purpose").value();
  EXPECT_EQ(p.matter, "m1");
  EXPECT_EQ(p.case_number, "2026-0001");
  EXPECT_EQ(p.legal_basis, "某办法第一条");
  EXPECT_TRUE(p.consent.empty());
  EXPECT_EQ(p.officer.id, "T001");
  EXPECT_EQ(p.officer.name.reveal(), "测试人员001");
  EXPECT_EQ(p.channel, "counter");
}

TEST(PurposeJson, NeedsALegalBasisOrAConsent) {
  EXPECT_EQ(purpose_refusal(without(good_purpose(), "legal_basis")), "purpose.missing");
  EXPECT_EQ(purpose_refusal(with(good_purpose(), "legal_basis", Json())), "purpose.missing");
  EXPECT_EQ(purpose_refusal(with(without(good_purpose(), "legal_basis"), "consent", "g")),
            "accepted");
  EXPECT_EQ(purpose_refusal(with(good_purpose(), "legal_basis", "")), "json.value");
}

TEST(PurposeJson, NeedsEveryOtherMember) {
  for (const char* name : {"matter", "case_number", "cause", "operator", "channel"}) {
    EXPECT_EQ(purpose_refusal(without(good_purpose(), name)), "json.missing_member") << name;
  }
  for (const char* name : {"matter", "case_number", "cause"}) {
    EXPECT_EQ(purpose_refusal(with(good_purpose(), name, "")), "json.value") << name;
    EXPECT_EQ(purpose_refusal(with(good_purpose(), name, "a\nb")), "json.value") << name;
    EXPECT_EQ(purpose_refusal(with(good_purpose(), name, 7)), "json.wrong_type") << name;
    EXPECT_EQ(purpose_refusal(with(good_purpose(), name, std::string(2000, 'x'))), "json.value");
  }
}

TEST(PurposeJson, RefusesUnknownMembersAndChannels) {
  EXPECT_EQ(purpose_refusal(with(good_purpose(), "urgent", true)), "json.unknown_member");
  EXPECT_EQ(purpose_refusal(with(good_purpose(), "channel", "fax")), "json.value");
  EXPECT_EQ(purpose_refusal(with(good_purpose(), "operator", json(R"({"id":"T001"})"))),
            "json.missing_member");
  EXPECT_EQ(purpose_refusal(
                with(good_purpose(), "operator", json(R"({"id":"T","name":"n","role":"r"})"))),
            "json.unknown_member");
  EXPECT_EQ(purpose_refusal(Json("purpose")), "json.wrong_type");
}

TEST(PurposeJson, ErrorsGiveThePath) {
  const auto r = purpose_from_json(
      with(good_purpose(), "operator", json(R"({"id":"","name":"n"})")), "fetch.purpose");
  EXPECT_EQ(r.error().detail(), "fetch.purpose.operator.id: empty");
}

// ---- case ------------------------------------------------------------------------------------

std::string case_refusal(const Json& j) {
  return refusal(case_request_from_json(j));
}

TEST(CaseJson, IsRead) {
  const CaseRequest c = case_request_from_json(good_case()).value();
  EXPECT_EQ(c.applicant.scheme, IdScheme::kUscc);
  EXPECT_EQ(c.applicant.value.reveal(), kCompany);
  ASSERT_EQ(c.related.size(), 1U);
  EXPECT_EQ(c.related[0].first, "legal_representative");
  EXPECT_EQ(c.related[0].second.value.reveal(), kResident);
  EXPECT_EQ(c.region, "990100");
}

TEST(CaseJson, RelatedAndRegionMayBeAbsent) {
  const CaseRequest c =
      case_request_from_json(without(without(good_case(), "related"), "region")).value();
  EXPECT_TRUE(c.related.empty());
  EXPECT_TRUE(c.region.empty());
}

TEST(CaseJson, RefusesEachWrongMember) {
  for (const char* name : {"matter", "case_number", "applicant", "operator"}) {
    EXPECT_EQ(case_refusal(without(good_case(), name)), "json.missing_member") << name;
  }
  EXPECT_EQ(case_refusal(with(good_case(), "extra", 1)), "json.unknown_member");
  EXPECT_EQ(case_refusal(with(good_case(), "region", "99")), "id.format");
  EXPECT_EQ(case_refusal(with(good_case(), "related", json(R"({"role":"employee"})"))),
            "json.wrong_type");
  EXPECT_EQ(case_refusal(with(good_case(), "related",
                              json(R"([{"role":"neighbour","scheme":"uscc","id":"1"}])"))),
            "json.value");
  EXPECT_EQ(case_refusal(with(good_case(), "related", Json(Json::Array(16, Json(1))))),
            "json.value");
}

TEST(CaseJson, RefusesWrongIdentifiersWithoutRepeatingThem) {
  const auto applicant = [](const char* scheme, const char* id) {
    return case_request_from_json(
        with(good_case(), "applicant", Json::object().set("scheme", scheme).set("id", id)));
  };
  EXPECT_EQ(refusal(applicant("resident_id", "110105194912310020")), "id.check_digit");
  EXPECT_EQ(applicant("resident_id", "110105194912310020").error().detail(), "case.applicant.id");
  EXPECT_EQ(refusal(applicant("resident_id", "1101051949123")), "id.format");
  EXPECT_EQ(refusal(applicant("licence_plate", "x")), "id.unknown_scheme");
  EXPECT_EQ(applicant("110105194912310020", "x").error().detail(), "case.applicant.scheme");
  EXPECT_EQ(case_refusal(with(good_case(), "applicant",
                              json(R"({"scheme":"uscc","id":"91350100M000100Y43","name":"x"})"))),
            "json.unknown_member");
}

// ---- fetch -----------------------------------------------------------------------------------

std::string fetch_refusal(const Json& j) {
  return refusal(fetch_request_from_json(j));
}

TEST(FetchJson, IsRead) {
  const FetchRequest f = fetch_request_from_json(good_fetch()).value();
  EXPECT_EQ(f.reference, "lhr1.test.abc");
  EXPECT_EQ(f.fields, (std::vector<std::string>{"name", "resident_id"}));
  EXPECT_TRUE(fetch_request_from_json(without(good_fetch(), "fields"))->fields.empty());
}

TEST(FetchJson, RefusesEachWrongMember) {
  EXPECT_EQ(fetch_refusal(without(good_fetch(), "reference")), "json.missing_member");
  EXPECT_EQ(fetch_refusal(without(good_fetch(), "purpose")), "purpose.missing");
  EXPECT_EQ(fetch_refusal(with(good_fetch(), "purpose", Json())), "purpose.missing");
  EXPECT_EQ(fetch_refusal(with(good_fetch(), "purpose", "look")), "json.wrong_type");
  EXPECT_EQ(fetch_refusal(with(good_fetch(), "all", true)), "json.unknown_member");
  EXPECT_EQ(fetch_refusal(with(good_fetch(), "reference", std::string(513, 'x'))), "json.value");
}

// An empty list asks for nothing; it must not be taken for "everything the rule allows".
TEST(FetchJson, AnEmptyListOfFieldsIsNotEverything) {
  EXPECT_EQ(fetch_refusal(with(good_fetch(), "fields", Json::array())), "json.value");
  EXPECT_EQ(fetch_refusal(with(good_fetch(), "fields", json(R"(["a","a"])"))), "json.value");
  EXPECT_EQ(fetch_refusal(with(good_fetch(), "fields", json(R"([""])"))), "json.value");
  EXPECT_EQ(fetch_refusal(with(good_fetch(), "fields", json("[1]"))), "json.wrong_type");
  EXPECT_EQ(fetch_refusal(with(good_fetch(), "fields", "*")), "json.wrong_type");
  EXPECT_EQ(fetch_refusal(with(good_fetch(), "fields", Json(Json::Array(257, Json("a"))))),
            "json.value");
}

// ---- issue -----------------------------------------------------------------------------------

std::string issue_refusal(const Json& j) {
  return refusal(issue_request_from_json(j));
}

TEST(IssueJson, IsRead) {
  const IssueRequest q = issue_request_from_json(good_issue()).value();
  EXPECT_EQ(q.type.text(), sample::kFoodBusinessLicence);
  EXPECT_EQ(q.holders.at(0).name.reveal(), "测试企业001");
  EXPECT_EQ(q.valid_until->text(), "2030-12-31");
  EXPECT_EQ(q.case_number, "2026-0001");
  EXPECT_EQ(q.change, ChangeKind::kNew);
  EXPECT_EQ(*find_field(q.fields, "operator_name"), "测试企业001");
  EXPECT_FALSE(issue_request_from_json(with(good_issue(), "valid_until", Json()))->valid_until);
}

TEST(IssueJson, RefusesEachWrongMember) {
  for (const char* name : {"type", "holder", "issuer", "fields", "matter", "case"}) {
    EXPECT_EQ(issue_refusal(without(good_issue(), name)), "json.missing_member") << name;
  }
  EXPECT_EQ(issue_refusal(with(good_issue(), "licence_id", "x")), "json.unknown_member");
  EXPECT_EQ(issue_refusal(with(good_issue(), "issuer", "91350100M000100Y44")), "id.check_digit");
  EXPECT_EQ(issue_refusal(with(good_issue(), "type", "1")), "id.format");
  EXPECT_EQ(issue_refusal(with(good_issue(), "fields", json("[]"))), "json.wrong_type");
  EXPECT_EQ(issue_refusal(with(good_issue(), "division", "x")), "id.format");
  EXPECT_EQ(issue_refusal(with(good_issue(), "operator", json(kOperator))), "accepted");
}

TEST(IssueJson, RefusesWrongDates) {
  EXPECT_EQ(issue_refusal(with(good_issue(), "valid_from", "2026-02-29")), "date.format");
  EXPECT_EQ(issue_refusal(with(good_issue(), "valid_until", "2025-12-31")), "licence.dates");
  EXPECT_EQ(issue_refusal(with(good_issue(), "valid_until", "2026-01-01")), "accepted");
  EXPECT_EQ(issue_refusal(with(good_issue(), "valid_until", "长期")), "date.format");
}

TEST(IssueJson, RefusesWrongHolders) {
  const Json holder = *good_issue().find("holder")->items()->begin();
  EXPECT_EQ(issue_refusal(with(good_issue(), "holder", Json::array())), "json.value");
  EXPECT_EQ(issue_refusal(with(good_issue(), "holder", holder)), "json.wrong_type");
  EXPECT_EQ(issue_refusal(with(good_issue(), "holder", Json::array().push(holder).push(holder))),
            "json.value");
  EXPECT_EQ(issue_refusal(with(good_issue(), "holder", Json(Json::Array(17, holder)))),
            "json.value");
  EXPECT_EQ(
      issue_refusal(with(good_issue(), "holder", Json::array().push(without(holder, "name")))),
      "json.missing_member");
}

TEST(IssueJson, AChangeNamesWhatItSupersedes) {
  const char* const kOld = "lic_00112233445566778899aabbccddeeff";
  for (const char* change : {"renewal", "change", "correction", "transfer"}) {
    EXPECT_EQ(issue_refusal(with(good_issue(), "change", change)), "json.value") << change;
    const auto q =
        issue_request_from_json(with(with(good_issue(), "change", change), "supersedes", kOld));
    ASSERT_TRUE(q.ok()) << change;
    EXPECT_EQ(*q->supersedes, kOld);
  }
  EXPECT_EQ(issue_refusal(with(good_issue(), "supersedes", kOld)), "json.value");
  EXPECT_EQ(issue_refusal(with(good_issue(), "change", "swap")), "json.value");
}

// ---- status ----------------------------------------------------------------------------------

std::string status_refusal(const Json& j) {
  return refusal(status_request_from_json(j));
}

TEST(StatusJson, IsRead) {
  const StatusRequest q = status_request_from_json(good_status()).value();
  EXPECT_EQ(q.action, StatusAction::kSuspend);
  EXPECT_EQ(*q.effective_at, start_of_day(parse_date("2026-11-22").value()));
  EXPECT_FALSE(status_request_from_json(without(good_status(), "effective_at"))->effective_at);
}

TEST(StatusJson, TakesExactlyOneNameOfTheLicence) {
  const auto type = parse_licence_type_code(sample::kFoodBusinessLicence).value();
  const auto issuer = parse_uscc(sample::kMarketSupervision).value();
  const std::string id = make_licence_id(type, issuer, "1", 1)->text();
  EXPECT_EQ(status_refusal(without(good_status(), "licence_key")), "json.missing_member");
  EXPECT_EQ(status_refusal(with(good_status(), "licence_id", id)), "json.value");
  const Json by_id = with(without(good_status(), "licence_key"), "licence_id", id);
  EXPECT_EQ(status_request_from_json(by_id)->licence, id);
  EXPECT_EQ(status_refusal(with(by_id, "licence_id", "1.2.156")), "id.format");
  EXPECT_EQ(status_refusal(with(good_status(), "licence_key", "lic_x")), "id.format");
}

TEST(StatusJson, RefusesEachWrongMember) {
  EXPECT_EQ(status_refusal(without(good_status(), "ground")), "json.missing_member");
  EXPECT_EQ(status_refusal(with(good_status(), "ground", "")), "json.value");
  EXPECT_EQ(status_refusal(with(good_status(), "action", "delete")), "json.value");
  EXPECT_EQ(status_refusal(with(good_status(), "action", "expire")), "json.value");  // by itself
  EXPECT_EQ(status_refusal(with(good_status(), "effective_at", "soon")), "date.format");
  EXPECT_EQ(status_refusal(with(good_status(), "force", true)), "json.unknown_member");
}

TEST(StatusJson, ActionsAndStatusesHaveStableTexts) {
  for (int n = 1; n <= 7; ++n) {
    const auto action = static_cast<StatusAction>(n);
    EXPECT_EQ(parse_status_action(action_text(action)).value(), action);
  }
  EXPECT_EQ(action_text(StatusAction::kTransferOut), "transfer_out");
  EXPECT_EQ(status_text(LicenceStatus::kValid), "valid");
  EXPECT_EQ(status_text(LicenceStatus::kRevoked), "revoked");
  EXPECT_EQ(status_text(LicenceStatus::kExpired), "expired");
  EXPECT_FALSE(parse_status_action("Suspend").ok());
  EXPECT_FALSE(parse_status_action("").ok());
}

}  // namespace
}  // namespace lh::schemas
