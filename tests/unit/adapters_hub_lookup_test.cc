// Another hub: which one is asked, what is believed, and what "not there" is not.
#include <gmock/gmock.h>

#include "adapters/hub/hub_kind.h"
#include "adapters/hub/hub_settings.h"
#include "schemas/json.h"
#include "tests/kits/seeded_random.h"
#include "tests/unit/adapters_hub_kit.h"

namespace lh::adapters::hub {
namespace {

using testing::HasSubstr;

// The other hub, and the judge of what it says.
struct Other {
  std::vector<std::string> asked;  // "host path body"
  std::string plan = R"({"materials":[{"material":"M01","state":"held","reference":"lhr1.x"}]})";
  std::string answer =
      R"({"fields":{"name":"unsigned"},"presentation":"jwt~d~","receipt":{"log":"l"},)"
      R"("verdicts":{"status":{"verdict":"valid"}}})";
  Result<SignedLicence> judged =
      SignedLicence{"1.2.156.1", "11990100MB99000131001", {{"name", "测试企业001"}}};
};

class FakeTransport final : public http::transport::Transport {
 public:
  FakeTransport(Other& other, std::string host) : other_(other), host_(std::move(host)) {}
  Result<outbound::HttpResponse> send(const http::transport::Call& call) override {
    other_.asked.push_back(host_ + " " + call.request.path + " " + call.request.body);
    const bool plan = call.request.path.ends_with("/v1/cases");
    return outbound::HttpResponse{plan ? 201 : 200, {}, plan ? other_.plan : other_.answer};
  }

 private:
  Other& other_;
  std::string host_;
};
class FakeTransports final : public http::transport::Transports {
 public:
  explicit FakeTransports(Other& other) : other_(other) {}
  Result<std::unique_ptr<http::transport::Transport>> open(
      const outbound::HttpSettings& settings) const override {
    return std::unique_ptr<http::transport::Transport>(
        std::make_unique<FakeTransport>(other_, settings.host));
  }

 private:
  Other& other_;
};
class FakeJudge final : public Judge {
 public:
  explicit FakeJudge(Other& other) : other_(other) {}
  Result<SignedLicence> judge(std::string_view presentation, std::string_view receipt,
                              const std::string& trust, Demand demand) const override {
    EXPECT_EQ(demand, Demand::kInForce);
    EXPECT_EQ(presentation, "jwt~d~");
    EXPECT_EQ(receipt, R"({"log":"l"})");
    EXPECT_THAT(trust, HasSubstr("/trust/"));
    return other_.judged;
  }

 private:
  Other& other_;
};

std::string hub_table(const std::string& host, const std::string& divisions) {
  return "[[hubs]]\nurl='https://" + host + "'\ntrust='/trust/" + host + "'\ndivisions=[" +
         divisions + "]\n[hubs.tls]\nca='r.pem'\ncertificate='c.pem'\nkey='k'\n";
}
const std::string kHead =
    "kind='hub'\nmatter='11990100MB990001310000000000001'\nmaterial='M01'\n"
    "type='11990100MB99000131001'\nlegal_basis='law'\ncause='cause'\noperator_id='o'\n"
    "operator_name='n'\nfields=['name']\n";

class HubLookupTest : public testing::Test {
 protected:
  std::unique_ptr<Lookup> lookup(const std::string& toml = kHead + hub_table("a.example", "")) {
    return kind->lookup(*parse_settings(toml)).value();
  }
  // The values of the one row, "none", or the error.
  std::string found(const KeyValues& key) {
    const auto rows = lookup()->find(key);
    if (!rows.ok()) return rows.error().describe();
    if (rows->empty()) return "none";
    return (*rows)[0].values[0] + " " + (*rows)[0].values[1];
  }
  Other other;
  FixedClock clock;
  kits::SeededRandom random{3};
  OneSecret secrets;
  Surroundings with{
      clock,
      random,
      secrets,
      {"a.example:443", "province.example:443", "city.example:443", "county.example:443"},
      false};
  Digests digests;
  FakeJudge judge{other};
  std::unique_ptr<Kind> kind =
      make_kind(with, digests, judge, std::make_unique<FakeTransports>(other));
};

TEST_F(HubLookupTest, OnlyWhatTheIssuerSignedIsARow) {
  EXPECT_EQ(found({{"holder", "91990102MA9000003B"}}), "测试企业001 1.2.156.1");
  ASSERT_EQ(other.asked.size(), 2U);
  EXPECT_THAT(other.asked[0],
              HasSubstr(R"("applicant":{"scheme":"uscc","id":"91990102MA9000003B"})"));
  EXPECT_THAT(other.asked[0], HasSubstr(R"("case_number":"FED-)"));
  EXPECT_THAT(other.asked[1], HasSubstr(R"("reference":"lhr1.x")"));
  EXPECT_THAT(other.asked[1], HasSubstr(R"("fields":["name"])"));
}

TEST_F(HubLookupTest, ACallersPurposeIsPassedOn) {
  found({{"holder", "h"}, {"case_number", "C-1"}, {"cause", "why"}, {"operator_id", "o-7"}});
  EXPECT_THAT(other.asked[0], HasSubstr(R"("case_number":"C-1")"));
  EXPECT_THAT(other.asked[1], HasSubstr(R"("cause":"why")"));
  EXPECT_THAT(other.asked[1], HasSubstr(R"("id":"o-7")"));
  EXPECT_THAT(found({{"holder", "h"}, {"url", "x"}}), HasSubstr("mapping.invalid"));
  EXPECT_THAT(found({{"division", "99"}}), HasSubstr("mapping.invalid"));
}

TEST_F(HubLookupTest, NotHeldIsNoneAndNotAllowedIsARefusal) {
  for (const char* because : {"plan.not_held", "plan.held_not_valid", "plan.subject_not_named"}) {
    other.plan = R"({"materials":[{"material":"M01","state":"required","because":")" +
                 std::string(because) + "\"}]}";
    EXPECT_EQ(found({{"holder", "h"}}), "none") << because;
  }
  for (const char* plan : {R"({"materials":[{"material":"M01","because":"plan.no_rule"}]})",
                           R"({"materials":[{"material":"M02","reference":"x"}]})"}) {
    other.plan = plan;
    EXPECT_THAT(found({{"holder", "h"}}), HasSubstr("source.refused")) << plan;
  }
  for (const char* plan : {"{}", "[]", "<html>", R"({"materials":1})"}) {
    other.plan = plan;
    EXPECT_THAT(found({{"holder", "h"}}), HasSubstr("source.answer")) << plan;
  }
}

TEST_F(HubLookupTest, WhatTheJudgeRefusesIsNotBelieved) {
  other.judged = Error(Reason::kSignatureInvalid);
  EXPECT_THAT(found({{"holder", "h"}}), HasSubstr("source.answer"));
  other.judged = SignedLicence{"1.2.156.1", "11990100MB99000131004", {}};
  EXPECT_THAT(found({{"holder", "h"}}), HasSubstr("another type"));
  other.judged = SignedLicence{"1.2.156.1", "11990100MB99000131001", {}};
  EXPECT_EQ(found({{"holder", "h"}, {"licence_id", "1.2.156.2"}}), "none");
  EXPECT_EQ(found({{"holder", "h"}, {"licence_id", "1.2.156.1"}}), " 1.2.156.1");
}

TEST_F(HubLookupTest, ALicenceThatIsNotValidThereIsRefused) {
  for (const char* verdict : {"invalid", "indeterminate", ""}) {
    other.answer = R"({"presentation":"jwt~d~","receipt":{"log":"l"},"verdicts":{"status":)"
                   R"({"verdict":")" +
                   std::string(verdict) + "\"}}}";
    EXPECT_THAT(found({{"holder", "h"}}), HasSubstr("source.refused")) << verdict;
  }
  other.answer = R"({"presentation":"jwt~d~"})";
  EXPECT_THAT(found({{"holder", "h"}}), HasSubstr("source.answer"));
}

TEST_F(HubLookupTest, TheHubOfTheDivisionIsAsked) {
  const std::string toml = kHead + hub_table("province.example", "'99'") +
                           hub_table("city.example", "'9901','9902'") +
                           hub_table("county.example", "'990102'");
  const auto who = [&](const std::string& division) {
    other.asked.clear();
    const auto rows = lookup(toml)->find({{"holder", "h"}, {"division", division}});
    return rows.ok() ? other.asked.at(0).substr(0, other.asked[0].find(' '))
                     : std::string(rows.error().id());
  };
  EXPECT_EQ(who("990102"), "county.example");
  EXPECT_EQ(who("990103"), "city.example");
  EXPECT_EQ(who("990300"), "province.example");
  EXPECT_EQ(who("110101"), "source.target");
  EXPECT_EQ(who(""), "source.target");
}

TEST(HubSettings, AreReadStrictly) {
  const auto why = [](const std::string& toml) {
    const auto read = read_settings(*parse_settings(toml));
    return read.ok() ? "good" : read.error().describe();
  };
  EXPECT_EQ(why(kHead + hub_table("a.example", "'99'")), "good");
  EXPECT_THAT(why(kHead), HasSubstr("hubs"));
  EXPECT_THAT(why(kHead + hub_table("a.example", "'x'")), HasSubstr("divisions"));
  EXPECT_THAT(why(kHead + "[[hubs]]\nurl='http://127.0.0.1'\ntrust='/t'\n"), HasSubstr("https"));
  EXPECT_THAT(why("more=1\n" + kHead + hub_table("a.example", "")), HasSubstr("more"));
  EXPECT_THAT(why("kind='hub'\n"), HasSubstr("matter"));
}

}  // namespace
}  // namespace lh::adapters::hub
