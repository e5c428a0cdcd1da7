// license-app/v1 as domain.md 1.5 A gives it: what its requests say, and how answers are written.
#include <gtest/gtest.h>

#include "hub/api/faces/guangdong_terms.h"

namespace lh {
namespace {

namespace guangdong = hub::api::faces::guangdong;
using schemas::Json;

Json json(std::string_view text) {
  auto parsed = schemas::parse_json(text, 1U << 20U);
  EXPECT_TRUE(parsed.ok()) << text;
  return parsed.ok() ? std::move(*parsed) : Json();
}
std::string text_of(const Json& j, std::initializer_list<const char*> path) {
  const Json* at = &j;
  for (const char* name : path) {
    at = at == nullptr ? nullptr : at->find(name);
  }
  return at == nullptr || at->string() == nullptr ? "nothing" : *at->string();
}

constexpr const char* kFood = "11990100MB990001310000000000001";
constexpr const char* kBusiness = "11990100MB99000131001";

Json auth_request() {
  return json(R"({"timestamp":"20261122093000000","request_id":"r-1","data":{
    "identity_number":"91990102MA9000003B","service_item_code":"11990100MB990001310000000000001",
    "service_item_name":"食品经营许可","biz_num":"BIZ-1","page_size":10,"page_index":1,
    "operator":{"account":"officer-1","name":"测试审批员001","division":"测试市",
    "division_code":"990100","service_org":"x","role":"r","identity_num":"n"}}})");
}
// The request with one member of data (or of its operator) replaced.
Json with(const char* object, const char* name, const Json& value) {
  Json j = auth_request();
  Json data = *j.find("data");
  if (object == nullptr) {
    data.set(name, value);
  } else {
    Json inner = *data.find(object);
    inner.set(name, value);
    data.set(object, std::move(inner));
  }
  return std::move(j.set("data", std::move(data)));
}
std::string refused(const Json& request) {
  const auto auth = guangdong::auth_of(request);
  return auth.ok() ? "taken" : auth.error().describe();
}

TEST(GuangdongTerms, AuthSaysWhoForWhatAndWhoAsks) {
  const auto auth = guangdong::auth_of(auth_request());
  ASSERT_TRUE(auth.ok()) << auth.error().describe();
  EXPECT_EQ(auth->request.applicant.scheme, IdScheme::kUscc);
  EXPECT_EQ(auth->request.matter, kFood);
  EXPECT_EQ(auth->request.case_number, "BIZ-1");
  EXPECT_EQ(auth->request.region, "990100");
  EXPECT_EQ(auth->request.officer.id, "officer-1");
  EXPECT_EQ(auth->request.officer.name.reveal(), "测试审批员001");
  const auto purpose = guangdong::purpose_of(*auth, "law");
  EXPECT_EQ(purpose.matter, kFood);
  EXPECT_EQ(purpose.cause, "食品经营许可");
  EXPECT_EQ(purpose.legal_basis, "law");
  EXPECT_EQ(purpose.case_number, "BIZ-1");
  EXPECT_EQ(purpose.consent, "");
  const auto person = guangdong::auth_of(with(nullptr, "identity_number", "990102199001010015"));
  ASSERT_TRUE(person.ok());
  EXPECT_EQ(person->request.applicant.scheme, IdScheme::kResidentId);
}

TEST(GuangdongTerms, EveryPartOfThePurposeIsStatedOrNamed) {
  for (const char* name : {"service_item_code", "service_item_name", "biz_num"}) {
    const std::string expected = "purpose.missing: data." + std::string(name);
    EXPECT_EQ(refused(with(nullptr, name, Json())), expected);
    EXPECT_EQ(refused(with(nullptr, name, "")), expected);
    EXPECT_EQ(refused(with(nullptr, name, 1)), "json.wrong_type: data." + std::string(name));
    EXPECT_EQ(refused(with(nullptr, name, "a\nb")), "json.value: data." + std::string(name));
    EXPECT_EQ(refused(with(nullptr, name, std::string(513, 'a'))),
              "json.value: data." + std::string(name));
  }
  EXPECT_EQ(refused(with(nullptr, "operator", Json())), "purpose.missing: data.operator");
  EXPECT_EQ(refused(with(nullptr, "operator", "x")), "json.wrong_type: data.operator");
  for (const char* name : {"account", "name"}) {
    EXPECT_EQ(refused(with("operator", name, "")),
              "purpose.missing: data.operator." + std::string(name));
  }
  EXPECT_EQ(refused(with("operator", "division_code", "99x")),
            "id.format: data.operator.division_code");
  EXPECT_EQ(refused(json("{}")), "json.missing_member: data");
  EXPECT_EQ(refused(json("[]")), "json.wrong_type: body");
}

TEST(GuangdongTerms, NumbersOfHoldersAreCheckedAndNeverRepeated) {
  EXPECT_EQ(refused(with(nullptr, "identity_number", "")),
            "json.missing_member: data.identity_number");
  for (const char* wrong : {"91990102MA9000003A", "990102199001010016", "测试", "1x"}) {
    const auto said = refused(with(nullptr, "identity_number", wrong));
    EXPECT_TRUE(said.starts_with("id.")) << said;
    EXPECT_TRUE(said.ends_with(": data.identity_number")) << said;
    EXPECT_EQ(said.find(wrong), std::string::npos) << said;
  }
}

TEST(GuangdongTerms, PagesNeverRepeatAndEnd) {
  guangdong::Auth auth;
  EXPECT_EQ(guangdong::page_of(auth, 5), std::pair(std::size_t{0}, std::size_t{5}));
  for (std::size_t size = 1; size <= 7; ++size) {
    std::size_t next = 0;
    auth.page_size = size;
    for (auth.page_index = 1; auth.page_index <= 9; ++auth.page_index) {
      const auto [first, end] = guangdong::page_of(auth, 5);
      EXPECT_EQ(first, next);
      EXPECT_LE(end - first, size);
      next = end;
    }
    EXPECT_EQ(next, 5U);
  }
  EXPECT_EQ(guangdong::auth_of(with(nullptr, "page_size", "20"))->page_size, 20U);
  for (const Json& bad : {Json(0), Json(-1), Json("x"), Json("5x"), Json(""), Json(10001)}) {
    EXPECT_EQ(refused(with(nullptr, "page_size", bad)), "json.value: data.page_size");
  }
}

std::shared_ptr<const hub::access::Policy> shipped() {
  hub::access::Definitions all;
  all.types = schemas::shipped_licence_types();
  all.kinds = schemas::shipped_base_kinds();
  all.matters = schemas::shipped_matters();
  all.rules = schemas::shipped_sharing_rules();
  return hub::access::Policy::make(all, 1);
}
LocalDate today() {
  return parse_date("2026-11-22").value();
}

TEST(GuangdongTerms, OffersAreTheLicencesOfThePlanThatCanBeFetched) {
  const auto policy = shipped();
  const auto* matter = policy->find_matter(kFood, today());
  ASSERT_NE(matter, nullptr);
  Json materials = Json::array();
  std::size_t licences = 0;
  for (const auto& m : matter->materials) {
    Json item = Json::object();
    item.set("material", m.code).set("reference", "lhr1." + m.code).set("legal_basis", "law");
    item.set("licence_status", "valid");
    materials.push(std::move(item));
    if (m.licence_type) ++licences;
    Json required = Json::object();
    materials.push(std::move(required.set("material", m.code)));  // without a reference
  }
  Json plan = Json::object();
  plan.set("matter", kFood).set("materials", std::move(materials));
  const auto offers = guangdong::offers_of(plan, *policy, today());
  ASSERT_GT(licences, 0U);
  EXPECT_EQ(offers.size(), licences);
  const Json dto = guangdong::offer_json(offers.front(), "CODE");
  EXPECT_EQ(text_of(dto, {"auth_code"}), "CODE");
  EXPECT_EQ(text_of(dto, {"license_status"}), "ISSUED");
  EXPECT_EQ(text_of(dto, {"license_item_code"}), offers.front().type->code.text());
  EXPECT_EQ(text_of(dto, {"reference"}), "nothing") << "the reference stays inside";
  EXPECT_TRUE(guangdong::offers_of(json("{}"), *policy, today()).empty());
}

Json fetched(const char* verdict, const char* reason) {
  Json j = json(R"({"fields":{"uscc":"N-1","enterprise_name":"测试企业001"},
    "withheld":[{"field":"registered_capital","rule":"default"}],"presentation":"a.b.c~d~",
    "verdicts":{"status":{}},"issued":{"licence_id":"1.2.156","type":"11990100MB99000131001"}})");
  Json status = Json::object();
  status.set("verdict", verdict).set("reason", reason);
  Json verdicts = Json::object();
  verdicts.set("status", std::move(status));
  return std::move(j.set("verdicts", std::move(verdicts)));
}

TEST(GuangdongTerms, LicenceAnswersWithTheNamesOfTheFamily) {
  const auto policy = shipped();
  const Json data = guangdong::licence_data(fetched("valid", "verdict.good"), *policy, today());
  EXPECT_EQ(text_of(data, {"license_code"}), "1.2.156");
  EXPECT_EQ(text_of(data, {"license_item_code"}), kBusiness);
  EXPECT_EQ(text_of(data, {"id_code"}), "N-1");
  EXPECT_EQ(text_of(data, {"license_status"}), "ISSUED");
  const auto& fields = *data.find("data_fields")->items();
  ASSERT_EQ(fields.size(), 2U);
  EXPECT_EQ(text_of(fields[1], {"columnName"}), "enterprise_name");
  EXPECT_EQ(text_of(fields[1], {"value"}), "测试企业001");
  EXPECT_NE(text_of(fields[1], {"name"}), "enterprise_name") << "the Chinese name";
  EXPECT_NE(data.find("extend_props")->find("withheld"), nullptr);
  EXPECT_NE(data.find("extend_props")->find("verdicts"), nullptr);
}

TEST(GuangdongTerms, StatusIsIssuedOnlyWhenTheVerdictIsValid) {
  EXPECT_EQ(guangdong::licence_status(fetched("valid", "verdict.good")), "ISSUED");
  EXPECT_EQ(guangdong::licence_status(fetched("invalid", "status.suspended")), "SUSPENDED");
  EXPECT_EQ(guangdong::licence_status(fetched("invalid", "status.not_active")), "NOT_ACTIVE");
  EXPECT_EQ(guangdong::licence_status(fetched("indeterminate", "status.unknown")), "UNKNOWN");
  EXPECT_EQ(guangdong::licence_status(fetched("", "")), "UNKNOWN");
  EXPECT_EQ(guangdong::licence_status(json("{}")), "UNKNOWN");
}

TEST(GuangdongTerms, ArchiveIsTheSignedLicenceItself) {
  const Json data = guangdong::archive_data(fetched("valid", "verdict.good"));
  EXPECT_EQ(text_of(data, {"file_name"}), "1.2.156.sd-jwt");
  EXPECT_EQ(parse_base64(text_of(data, {"file_data"})).value(), "a.b.c~d~");
}

TEST(GuangdongTerms, EnvelopeNamesTheRequestAndTheReason) {
  const guangdong::Envelope e{guangdong::request_id_of(R"({"request_id":"r-1"})"), "ff",
                              UtcTime{0}};
  const Json good = guangdong::success(e, Json::object());
  EXPECT_EQ(text_of(good, {"ack_code"}), "SUCCESS");
  EXPECT_EQ(text_of(good, {"correlation_id"}), "r-1");
  EXPECT_EQ(text_of(good, {"timestamp"}), "19700101080000000");
  const Json bad = guangdong::failure(e, {"purpose.missing", "未说明用途。", "data.biz_num"});
  EXPECT_EQ(text_of(bad, {"ack_code"}), "FAILURE");
  ASSERT_EQ(bad.find("errors")->items()->size(), 1U);
  EXPECT_EQ(text_of(bad.find("errors")->items()->front(), {"code"}), "purpose.missing");
  EXPECT_EQ(text_of(bad.find("errors")->items()->front(), {"field"}), "data.biz_num");
  EXPECT_TRUE(bad.find("data")->is_null());
  for (const char* odd : {"", "{", "[]", R"({"request_id":7})", R"({"request_id":"a\nb"})"}) {
    EXPECT_EQ(guangdong::request_id_of(odd), "") << odd;
  }
}

TEST(GuangdongTerms, LoginNamesTheClientWithOrWithoutAnEnvelope) {
  EXPECT_EQ(guangdong::login_of(json(R"({"app_key":"k","account":"a"})"))->account, "a");
  EXPECT_EQ(guangdong::login_of(json(R"({"data":{"app_key":"k","account":"b"}})"))->account, "b");
  EXPECT_EQ(guangdong::login_of(json(R"({"app_key":"k"})")).error().detail(), "account");
  EXPECT_EQ(guangdong::login_of(json(R"({"data":{"account":"b"}})")).error().detail(),
            "data.app_key");
}

}  // namespace
}  // namespace lh
