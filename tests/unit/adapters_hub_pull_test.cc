// The pull from other hubs: what is judged becomes a row, what is not is held with its reason, and
// the cursor moves with the rows, whatever the other end does.
#include <gmock/gmock.h>

#include "adapters/hub/hub_kind.h"
#include "adapters/hub/hub_pull.h"
#include "schemas/json.h"
#include "tests/kits/seeded_random.h"
#include "tests/unit/adapters_hub_kit.h"

namespace lh::adapters::hub {
namespace {

using schemas::Json;
using testing::HasSubstr;

constexpr std::string_view kType = "11990100MB99000131001";

std::string text_of(const Json& j, std::string_view name) {
  const Json* v = j.find(name);
  return v == nullptr || v->string() == nullptr ? std::string() : *v->string();
}

// Another hub with a list of licences; its cursor is the number of those that were given.
struct Other {
  std::vector<std::string> licences;  // identifiers; a presentation is "sd:" and one of them
  std::vector<std::string> asked;     // bodies
  std::string says;                   // instead of a page, when not empty
  int status = 200;
  std::size_t fails_at = SIZE_MAX;  // from this question on nobody is there
};

class FakeTransport final : public http::transport::Transport {
 public:
  explicit FakeTransport(Other& other) : other_(other) {}
  Result<outbound::HttpResponse> send(const http::transport::Call& call) override {
    EXPECT_THAT(call.request.path, testing::EndsWith("/v1/licence-changes"));
    other_.asked.push_back(call.request.body);
    if (other_.asked.size() > other_.fails_at) return Error(Reason::kSourceUnavailable);
    if (!other_.says.empty() || other_.status != 200) {
      return outbound::HttpResponse{other_.status, {}, other_.says};
    }
    const Json asked = schemas::parse_json(call.request.body, 1U << 16U).value();
    const std::string after = text_of(asked, "after");
    std::size_t at = after.empty() ? 0 : std::stoul(after.substr(1));
    const auto limit = static_cast<std::size_t>(*asked.find("limit")->integer());
    std::string out = "{\"changes\":[";
    for (std::size_t n = 0; n < limit && at < other_.licences.size(); ++n) {
      const std::string& id = other_.licences[at++];
      out += (n == 0 ? "" : ",");
      out += R"({"cursor":"c)" + std::to_string(at) + R"(","licence_id":")" + id +
             R"(","record":"r-)" + id + R"(","status":"valid","valid_from":"2026-01-01",)" +
             R"("valid_until":null,"presentation":"sd:)" + id + R"(","receipt":{"log":"l"}})";
    }
    out += "],\"next\":\"c" + std::to_string(at) + "\",\"more\":";
    out += at < other_.licences.size() ? "true}" : "false}";
    return outbound::HttpResponse{200, {}, out};
  }

 private:
  Other& other_;
};
using Others = std::map<std::string, Other>;
class FakeTransports final : public http::transport::Transports {
 public:
  explicit FakeTransports(Others& others) : others_(others) {}
  Result<std::unique_ptr<http::transport::Transport>> open(
      const outbound::HttpSettings& settings) const override {
    return std::unique_ptr<http::transport::Transport>(
        std::make_unique<FakeTransport>(others_[settings.host]));
  }

 private:
  Others& others_;
};
// Believes every licence but those it is told not to.
class FakeJudge final : public Judge {
 public:
  Result<SignedLicence> judge(std::string_view presentation, std::string_view,
                              const std::string& trust, Demand demand) const override {
    demanded = demand;
    if (fails) return *fails;
    const std::string id(presentation.substr(3));
    if (refused.contains(id) || (!trusted.empty() && trust != trusted)) {
      return Error(Reason::kSignatureInvalid);
    }
    return SignedLicence{id, std::string(kType), {{"name", "测试企业" + id}}};
  }
  mutable Demand demanded = Demand::kInForce;
  std::set<std::string> refused;
  std::string trusted;  // only by this folder, when not empty
  std::optional<Error> fails;
};

std::string hub_table(const std::string& host) {
  return "[[hubs]]\nurl='https://" + host + "'\ntrust='/trust/" + host +
         "'\n[hubs.tls]\nca='r.pem'\ncertificate='c.pem'\nkey='k'\n[hubs.limits]\nretries=0\n";
}
const std::string kHead =
    "kind='hub'\nmatter='11990100MB990001310000000000001'\n"
    "type='11990100MB99000131001'\nlegal_basis='law'\ncause='cause'\noperator_id='o'\n"
    "operator_name='n'\nfields=['name']\n";

class HubPullTest : public testing::Test {
 protected:
  struct Run {
    std::vector<std::string> good;  // licence identifiers
    std::vector<std::string> bad;   // reasons
    std::vector<RawRow> rows;
    std::string ended = "end";
    Cursor cursor;
  };
  // Reads until the end, an error, or so many rows.
  Run run(const Cursor& from = {}, std::size_t most = SIZE_MAX) {
    Run out;
    auto source = kind->pull(*parse_settings(toml), {}, from);
    if (!source.ok()) {
      out.ended = source.error().id();
      return out;
    }
    while (out.rows.size() < most) {
      auto row = (*source)->next();
      if (!row.ok()) {
        out.ended = row.error().id();
        break;
      }
      if (!*row) break;
      if ((*row)->malformed) {
        EXPECT_TRUE((*row)->values.empty());
        out.bad.emplace_back((*row)->malformed->id());
      } else {
        EXPECT_EQ((*row)->values.size(), (*source)->columns().size());
        out.good.push_back((*row)->values[1]);
      }
      out.rows.push_back(std::move(**row));
    }
    out.cursor = (*source)->cursor();
    return out;
  }
  Other& other() { return others["a.example"]; }
  void fill(std::size_t n) {
    for (std::size_t i = 0; i < n; ++i) other().licences.push_back("L" + std::to_string(i));
  }

  std::string toml = kHead + "page_rows=3\n" + hub_table("a.example");
  Others others;
  FixedClock clock;
  kits::SeededRandom random{3};
  OneSecret secrets;
  Surroundings with{clock, random, secrets, {"a.example:443", "b.example:443"}, false};
  Digests digests;
  FakeJudge judge;
  std::unique_ptr<Kind> kind =
      make_kind(with, digests, judge, std::make_unique<FakeTransports>(others));
};

TEST_F(HubPullTest, RowsAreWhatTheIssuerSignedAndWhatTheHubSaysBeside) {
  fill(1);
  const auto got = run();
  EXPECT_EQ(got.ended, "end");
  ASSERT_EQ(got.rows.size(), 1U);
  EXPECT_EQ(got.rows[0].values,
            (std::vector<std::string>{"测试企业L0", "L0", "r-L0", "valid", "2026-01-01", ""}));
  EXPECT_EQ(judge.demanded, Demand::kAnyTime);
  const Json asked = schemas::parse_json(other().asked.at(0), 1U << 16U).value();
  EXPECT_EQ(schemas::to_text(*asked.find("types")), "[\"" + std::string(kType) + "\"]");
  EXPECT_EQ(asked.find("after"), nullptr);
  EXPECT_EQ(text_of(*asked.find("purpose"), "legal_basis"), "law");
  EXPECT_EQ(kind->rerun(*parse_settings(toml)), Rerun::kFromTheCursor);
  EXPECT_EQ(kind->pull_calls(), PullCalls::kEach);
}

TEST_F(HubPullTest, ASecondRunBringsOnlyWhatIsNew) {
  fill(7);
  const auto first = run();
  EXPECT_EQ(first.good.size(), 7U);
  EXPECT_EQ(other().asked.size(), 3U);
  EXPECT_TRUE(run(first.cursor).rows.empty());
  other().licences.push_back("L7");
  const auto next = run(first.cursor);
  EXPECT_EQ(next.good, std::vector<std::string>{"L7"});
  EXPECT_EQ(next.rows[0].number, 8U);
}

// Stopped behind any row, or broken off at any question: the rows of all runs together are the
// list.
TEST_F(HubPullTest, NothingIsLostOrDoubledWhereverItBreaksOff) {
  fill(20);
  const auto all = other().licences;
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    kits::SeededRandom chance(seed);
    std::vector<std::string> got;
    Cursor at;
    for (int runs = 0; runs < 200 && got.size() < all.size(); ++runs) {
      other().asked.clear();
      other().fails_at = chance.below(3);
      const auto one = run(at, 1 + chance.below(6));
      EXPECT_TRUE(one.ended == "end" || one.ended == "source.unavailable") << one.ended;
      got.insert(got.end(), one.good.begin(), one.good.end());
      at = one.cursor;
    }
    ASSERT_EQ(got, all) << seed;
  }
}

TEST_F(HubPullTest, WhatIsNotBelievedIsABadRowAndTheOthersGoOn) {
  fill(5);
  judge.refused = {"L1", "L3"};
  const auto got = run();
  EXPECT_EQ(got.good, (std::vector<std::string>{"L0", "L2", "L4"}));
  EXPECT_EQ(got.bad, (std::vector<std::string>{"signature.invalid", "signature.invalid"}));
  EXPECT_TRUE(run(got.cursor).rows.empty());
  // What was held is judged anew by the trust of now.
  KeptRow kept{{}, {}, got.rows[1]};
  EXPECT_TRUE(kind->reread(*parse_settings(toml), kept)->row.malformed.has_value());
  judge.refused.clear();
  const auto again = kind->reread(*parse_settings(toml), kept).value();
  EXPECT_FALSE(again.row.malformed.has_value());
  EXPECT_EQ(again.row.values.at(1), "L1");
  kept.row.bytes = "garbage";
  EXPECT_TRUE(kind->reread(*parse_settings(toml), kept)->row.malformed.has_value());
}

TEST_F(HubPullTest, OurOwnMistakeHoldsNoRow) {
  fill(2);
  for (const Reason reason : {Reason::kTrustMissing, Reason::kFileUnreadable}) {
    judge.fails = Error(reason);
    const auto got = run();
    EXPECT_EQ(got.ended, reason_id(reason));
    EXPECT_TRUE(got.rows.empty());
    EXPECT_TRUE(run(got.cursor).rows.empty());
  }
  judge.fails.reset();
  EXPECT_EQ(run().good.size(), 2U);
}

TEST_F(HubPullTest, StockDataIsTakenWhereTheMappingSaysSo) {
  fill(1);
  toml = kHead + "stock_data=true\n" + hub_table("a.example");
  run();
  EXPECT_EQ(judge.demanded, Demand::kStockData);
}

TEST_F(HubPullTest, GarbageStopsTheRunAndTheCursorStays) {
  fill(4);
  const auto before = run({}, 3).cursor;
  const char* pages[] = {
      "",
      "<html>",
      "[]",
      "{}",
      R"({"changes":{},"next":"c9","more":false})",
      R"({"changes":[],"more":false})",
      R"({"changes":[],"next":"","more":false})",
      R"({"changes":[],"next":"c9"})",
      R"({"changes":[],"next":"c9","more":"no"})",
      R"({"changes":[],"next":"c3","more":true})",
      R"({"changes":[1],"next":"c9","more":false})",
      R"({"changes":[{"licence_id":"x"}],"next":"c9","more":false})",
      R"({"changes":[{"cursor":"1"},{"cursor":"2"},{"cursor":"3"},{"cursor":"4"}],)"
      R"("next":"c9","more":false})"};
  for (const char* page : pages) {
    other().says = *page == '\0' ? " " : page;
    const auto got = run(before);
    EXPECT_EQ(got.ended, "source.answer") << page;
    EXPECT_EQ(got.cursor.value, before.value) << page;
  }
  other().says = "{}";
  for (const int status : {403, 422}) {
    other().status = status;
    EXPECT_EQ(run(before).ended, "source.refused");
  }
  other().status = 503;
  EXPECT_EQ(run(before).ended, "source.unavailable");
  other().status = 200;
  other().says.clear();
  EXPECT_EQ(run(before).good, std::vector<std::string>{"L3"});
}

TEST_F(HubPullTest, AChangeThatLacksAPartIsABadRow) {
  for (const char* change :
       {R"({"cursor":"c1"})", R"({"cursor":"c1","presentation":"sd:L0"})",
        R"({"cursor":"c1","presentation":"sd:L0","receipt":{},"record":"r"})",
        R"({"cursor":"c1","presentation":"sd:L0","receipt":{},"record":"r","status":"valid",)"
        R"("licence_id":"L1"})"}) {
    other().says = R"({"changes":[)" + std::string(change) + R"(],"next":"c1","more":false})";
    const auto got = run();
    EXPECT_EQ(got.bad, std::vector<std::string>{"source.answer"}) << change;
    EXPECT_EQ(got.ended, "end");
  }
}

TEST_F(HubPullTest, SeveralHubsEachHaveACursorOfTheirOwn) {
  fill(4);
  others["b.example"].licences = {"B0", "B1"};
  toml = kHead + "page_rows=3\n" + hub_table("a.example") + hub_table("b.example");
  const auto first = run();
  EXPECT_EQ(first.good, (std::vector<std::string>{"L0", "L1", "L2", "L3", "B0", "B1"}));
  EXPECT_TRUE(run(first.cursor).rows.empty());
  others["b.example"].licences.push_back("B2");
  EXPECT_EQ(run(first.cursor).good, std::vector<std::string>{"B2"});
  // A hub that is asked no more is forgotten; asked again it begins at the beginning.
  toml = kHead + hub_table("b.example");
  const auto alone = run(first.cursor);
  EXPECT_EQ(alone.good, std::vector<std::string>{"B2"});
  toml = kHead + hub_table("a.example") + hub_table("b.example");
  EXPECT_EQ(run(alone.cursor).good.size(), 4U);
  // What was held is believed by the hub whose trust it fits.
  judge.trusted = "/trust/b.example";
  KeptRow kept{{}, {}, first.rows[5]};
  EXPECT_FALSE(kind->reread(*parse_settings(toml), kept)->row.malformed.has_value());
}

TEST_F(HubPullTest, OnlyItsOwnCursorsAreTaken) {
  EXPECT_EQ(run(Cursor{"x"}).ended, "cursor.invalid");
  HubsCursor at;
  at.rows = 7;
  at.set("https://a.example:443", "c1");
  at.set("https://a.example:443", "c2");
  const Cursor good = encode_cursor(at);
  EXPECT_EQ(parse_cursor(good)->of("https://a.example:443"), "c2");
  EXPECT_EQ(parse_cursor(good)->rows, 7U);
  for (std::size_t n = 1; n < good.value.size(); ++n) {
    EXPECT_EQ(run(Cursor{good.value.substr(0, n)}).ended, "cursor.invalid") << n;
  }
}

TEST_F(HubPullTest, WithoutAMaterialThereIsNoLookup) {
  EXPECT_EQ(kind->lookup(*parse_settings(toml)).error().reason(), Reason::kAdapterUnsupported);
  EXPECT_THAT(
      kind->check(*parse_settings("fields=['licence_status']\n" +
                                  kHead.substr(0, kHead.rfind("fields")) + hub_table("a.example")))
          .error()
          .describe(),
      HasSubstr("licence_status"));
}

}  // namespace
}  // namespace lh::adapters::hub
