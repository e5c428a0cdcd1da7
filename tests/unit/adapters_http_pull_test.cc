// Paging, cursors, refusals and repeats of the kind "http", without a network.
#include <gmock/gmock.h>

#include "adapters/http/pages.h"
#include "adapters/http/pull_cursor.h"
#include "adapters/http/pull_source.h"
#include "adapters_http_kit.h"

namespace lh::adapters::http {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class HttpPull : public testing::Test {
 protected:
  struct Run {
    std::vector<std::string> ids;
    std::string end;  // "end" or the reason
    std::string detail;
    Cursor cursor;
  };
  Run run(const std::string& more, const Cursor& from = {}, std::size_t stop_after = 1000000) {
    Run out;
    const auto settings = read_source(source_of(plain_source(more)), rest_style());
    if (!settings.ok()) return {{}, settings.error().describe(), "", {}};
    auto source = open_pull(*settings, world.tools, from, nullptr);
    if (!source.ok()) return {{}, std::string(source.error().id()), "", {}};
    for (;;) {
      auto row = (*source)->next();
      out.cursor = (*source)->cursor();
      if (!row.ok()) {
        out.end = row.error().id();
        out.detail = row.error().detail();
        return out;
      }
      if (!*row) break;
      out.ids.push_back((*row)->malformed ? "(bad)" : (*row)->values[0]);
      out.cursor = (*source)->cursor();
      if (out.ids.size() == stop_after) return out;
    }
    out.end = "end";
    return out;
  }
  // {"id":"1","at":"t1"}, …
  static std::string items(const std::vector<std::pair<std::string, std::string>>& rows) {
    std::string out;
    for (const auto& [id, at] : rows) {
      out += (out.empty() ? "" : ",") + (R"({"id":")" + id) + R"(","at":")" + at + R"("})";
    }
    return out;
  }
  static std::string page(const std::vector<std::string>& ids, const std::string& more = "") {
    std::vector<std::pair<std::string, std::string>> rows;
    for (const auto& id : ids) rows.emplace_back(id, "");
    return R"({"data":{"list":[)" + items(rows) + "]}" + more + "}";
  }
  std::vector<std::string> paths() const {
    std::vector<std::string> out;
    for (const auto& request : world.script.asked) out.push_back(request.path);
    return out;
  }
  World world;
};

TEST_F(HttpPull, OnePage) {
  world.script.answer(200, page({"1", "2"}));
  const auto out = run("");
  EXPECT_THAT(out.ids, ElementsAre("1", "2"));
  EXPECT_EQ(out.end, "end");
  EXPECT_THAT(paths(), ElementsAre("/api/items"));
}

TEST_F(HttpPull, PagesEndWithAnEmptyOneForAServerMayCapTheSize) {
  world.script.answer(200, page({"1", "2"}));
  world.script.answer(200, page({"3"}));
  world.script.answer(200, page({}));
  const auto out =
      run("query={kind='食品'}\n[source.paging]\nkind='page'\nsize=50\nparameter='pageNum'\n"
          "size_parameter='pageSize'");
  EXPECT_THAT(out.ids, ElementsAre("1", "2", "3"));
  EXPECT_THAT(paths(), ElementsAre("/api/items?kind=%E9%A3%9F%E5%93%81&pageSize=50&pageNum=1",
                                   "/api/items?kind=%E9%A3%9F%E5%93%81&pageSize=50&pageNum=2",
                                   "/api/items?kind=%E9%A3%9F%E5%93%81&pageSize=50&pageNum=3"));
}

TEST_F(HttpPull, OffsetsCountWhatCame) {
  world.script.answer(200, page({"1", "2"}));
  world.script.answer(200, page({"3"}));
  world.script.answer(200, page({}));
  run("[source.paging]\nkind='offset'\nparameter='skip'");
  EXPECT_THAT(paths(), ElementsAre("/api/items?skip=0", "/api/items?skip=2", "/api/items?skip=3"));
}

TEST_F(HttpPull, AnAnnouncedTotalEndsThePagesAndMustHold) {
  const std::string paging = "[source.paging]\nkind='page'\nparameter='p'\ntotal='total'";
  world.script.answer(200, page({"1", "2"}, R"(,"total":3)"));
  world.script.answer(200, page({"3"}, R"(,"total":3)"));
  EXPECT_EQ(run(paging).end, "end");
  EXPECT_EQ(world.script.asked.size(), 2U);
  world.script.answer(200, page({"1", "2"}, R"(,"total":3)"));
  world.script.answer(200, page({"3"}, R"(,"total":4)"));
  auto out = run(paging);
  EXPECT_EQ(out.end, "source.unavailable");
  EXPECT_THAT(out.detail, HasSubstr("changed while"));
  world.script.answer(200, page({"1", "2"}, R"(,"total":3)"));
  world.script.answer(200, page({}, R"(,"total":3)"));
  EXPECT_THAT(run(paging).detail, HasSubstr("fewer rows"));
  world.script.answer(200, page({"1"}));
  EXPECT_EQ(run(paging).end, "source.answer") << "no total";
}

TEST_F(HttpPull, AServerThatGivesTheSamePageAgainIsNotFollowedForEver) {
  for (int i = 0; i < 3; ++i) world.script.answer(200, page({"1", "2"}));
  const auto out = run("[source.paging]\nkind='page'\nparameter='p'");
  EXPECT_EQ(out.end, "source.answer");
  EXPECT_EQ(world.script.asked.size(), 2U);
}

TEST_F(HttpPull, NextLinksStayOnTheServer) {
  const std::string paging = "[source.paging]\nkind='next'\npath='next'";
  world.script.answer(200, page({"1"}, R"(,"next":"https://source.test/api/items?after=1")"));
  world.script.answer(200, page({"2"}, R"(,"next":"/api/items?after=2")"));
  world.script.answer(200, page({"3"}, R"(,"next":null)"));
  EXPECT_THAT(run(paging).ids, ElementsAre("1", "2", "3"));
  EXPECT_THAT(paths(), ElementsAre("/api/items", "/api/items?after=1", "/api/items?after=2"));
  for (const char* bad :
       {"https://other.test/api", "http://source.test/api", "https://source.test:444/x",
        "https://source.test.evil/x", "https://source.test@evil/x", "//evil/x", "/../x", "/x y",
        "https://source.test:443", "items?after=1", "/x\\r\\nX: y"}) {
    world.script.answer(200, page({"1"}, std::string(R"(,"next":")") + bad + "\""));
    const auto out = run(paging);
    EXPECT_EQ(out.end, "source.answer") << bad;
    EXPECT_THAT(out.ids, ElementsAre()) << "a page whose link is bad is not half given";
  }
  world.script.answer(200, page({"1"}, R"(,"next":"/a")"));
  world.script.answer(200, page({"2"}, R"(,"next":"/a")"));
  EXPECT_EQ(run(paging).end, "source.answer") << "a circle";
}

TEST_F(HttpPull, TokensAreGivenBackEncoded) {
  world.script.answer(200, page({"1"}, R"(,"next":"a+/=&")"));
  world.script.answer(200, page({"2"}, R"(,"next":"")"));
  EXPECT_EQ(run("[source.paging]\nkind='token'\nparameter='t'\npath='next'").end, "end");
  EXPECT_THAT(paths(), ElementsAre("/api/items", "/api/items?t=a%2B%2F%3D%26"));
}

TEST_F(HttpPull, AKeptTokenGoesOnWhereTheRunEnded) {
  const std::string paging = "[source.paging]\nkind='token'\nparameter='t'\npath='next'\nkeep=true";
  world.script.answer(200, page({"1"}, R"(,"next":"T1")"));
  world.script.answer(200, page({"2"}, R"(,"next":"T2")"));
  world.script.answer(200, page({}, R"(,"next":"T3")"));
  const auto first = run(paging);
  EXPECT_EQ(first.end, "end");
  world.script.answer(200, page({}, R"(,"next":"T3")"));
  EXPECT_EQ(run(paging, first.cursor).end, "end");
  EXPECT_EQ(paths().back(), "/api/items?t=T3");
  // Stopped inside page two: page two again, whole.
  world.script.asked.clear();
  world.script.answer(200, page({"1"}, R"(,"next":"T1")"));
  world.script.answer(200, page({"2", "3"}, R"(,"next":"T2")"));
  const auto stopped = run(paging, {}, 2);
  world.script.answer(200, page({"2", "3"}, R"(,"next":"T2")"));
  world.script.answer(200, page({}, R"(,"next":"T2")"));
  EXPECT_THAT(run(paging, stopped.cursor).ids, ElementsAre("2", "3"));
  EXPECT_EQ(paths()[2], "/api/items?t=T1");
}

// A source of rows sorted by time, killed after every row: whatever is asked next gives all that is
// missing, for both ways a source may compare.
TEST_F(HttpPull, NothingIsLostWhereverARunIsCut) {
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"1", "t1"}, {"2", "t2"}, {"3", "t2"}, {"4", "t2"}, {"5", "t3"}};
  for (const bool inclusive : {true, false}) {
    for (std::size_t cut = 1; cut <= rows.size(); ++cut) {
      const std::string since =
          "[source.since]\ncolumn='时间'\nparameter='since'\norder='ascending'\n" +
          std::string(inclusive ? "" : "edge='exclusive'\n");
      world.script.answer(200, R"({"data":{"list":[)" + items(rows) + "]}}");
      const auto first = run(since, {}, cut);
      const PullCursor at = parse_cursor(first.cursor).value();
      const std::string asked = inclusive ? at.since : at.before;
      std::vector<std::pair<std::string, std::string>> rest;
      for (const auto& row : rows) {
        if (inclusive ? row.second >= asked : row.second > asked) rest.push_back(row);
      }
      world.script.answer(200, R"({"data":{"list":[)" + items(rest) + "]}}");
      const auto second = run(since, first.cursor);
      EXPECT_THAT(paths().back(), asked.empty() ? "/api/items" : "/api/items?since=" + asked);
      std::vector<std::string> all = first.ids;
      all.insert(all.end(), second.ids.begin(), second.ids.end());
      for (const auto& [id, when] : rows) EXPECT_THAT(all, testing::Contains(id)) << cut;
      EXPECT_EQ(parse_cursor(second.cursor)->since, "t3");
    }
  }
}

TEST_F(HttpPull, UnsortedRowsMoveTheCursorOnlyAtTheEnd) {
  const std::string since = "[source.since]\ncolumn='时间'\nparameter='since'\ninitial='t0'";
  const std::string body = R"({"data":{"list":[)" + items({{"1", "t5"}, {"2", "t3"}}) + "]}}";
  world.script.answer(200, body);
  const auto cut = run(since, {}, 1);
  EXPECT_EQ(parse_cursor(cut.cursor)->since, "");
  world.script.answer(200, body);
  EXPECT_EQ(parse_cursor(run(since).cursor)->since, "t5");
  EXPECT_EQ(paths().back(), "/api/items?since=t0");
  world.script.answer(200, body);
  EXPECT_EQ(run(since + "\norder='ascending'").end, "source.answer") << "not ascending, as it said";
}

TEST_F(HttpPull, NumbersOfTheCursorColumnAreComparedAsNumbers) {
  EXPECT_LT(compare_since("9", "10"), 0);
  EXPECT_EQ(compare_since("007", "007"), 0);
  EXPECT_GT(compare_since("2026-01-02", "2026-01-01"), 0);
  EXPECT_GT(compare_since("100000000000000000000", "99999999999999999999"), 0);
}

TEST_F(HttpPull, NotModifiedIsNothingNew) {
  world.script.answer(200, page({"1"}), {{"etag", "\"v1\""}, {"last-modified", "yesterday"}});
  const auto first = run("conditional=true");
  world.script.answer(304, "");
  const auto second = run("conditional=true", first.cursor);
  EXPECT_EQ(second.end, "end");
  EXPECT_THAT(second.ids, ElementsAre());
  EXPECT_EQ(second.cursor.value, first.cursor.value);
  EXPECT_THAT(world.script.asked[1].headers,
              ElementsAre(testing::Pair("If-None-Match", "\"v1\""),
                          testing::Pair("If-Modified-Since", "yesterday")));
  world.script.answer(304, "");
  EXPECT_EQ(run("conditional=true").end, "source.answer") << "nothing was asked that it answers";
}

TEST_F(HttpPull, TheCodeOfTheSourceDecides) {
  const std::string success = "[source.success]\npath='code'\nvalues=['0','200']";
  world.script.answer(200, page({"1"}, R"(,"code":200)"));
  EXPECT_EQ(run(success).end, "end");
  world.script.answer(200, R"({"code":"E1001","msg":"测试人员001"})");
  auto out = run(success);
  EXPECT_EQ(out.end + " " + out.detail, "source.refused the source says E1001");
  world.script.answer(200, R"({"code":"110105194912310021"})");
  EXPECT_EQ(run(success).detail, "the source says a code that is not shown");
  world.script.answer(200, R"({"data":{"list":[]}})");
  EXPECT_EQ(run(success).end, "source.answer");
}

TEST_F(HttpPull, StatusesMeanWhatTheyMean) {
  const std::map<int, std::string> expected{
      {302, "source.answer"},      {304, "source.answer"},      {400, "source.refused"},
      {401, "source.refused"},     {404, "source.refused"},     {408, "source.unavailable"},
      {429, "source.unavailable"}, {500, "source.unavailable"}, {501, "source.refused"},
      {503, "source.unavailable"}};
  for (const auto& [status, reason] : expected) {
    world.script.answers.clear();
    for (int i = 0; i < 3; ++i) world.script.answer(status, "");
    EXPECT_EQ(run("").end, reason) << status;
  }
}

TEST_F(HttpPull, WhatIsSafeIsSentAgainWithPauses) {
  world.script.answers.push_back(Error(Reason::kSourceUnavailable, "cut"));
  world.script.answer(503, "", {{"retry-after", "7"}});
  world.script.answer(200, page({"1"}));
  EXPECT_EQ(run("").end, "end");
  ASSERT_EQ(world.pauses.waited.size(), 2U);
  EXPECT_GE(world.pauses.waited[0], 100);
  EXPECT_LT(world.pauses.waited[0], 300);
  EXPECT_EQ(world.pauses.waited[1], 7000);
  world.script.answer(429, "", {{"retry-after", "3600"}});
  const auto out = run("");
  EXPECT_EQ(out.detail, "HTTP 429, again after 3600 s") << "longer than the mapping waits";
  EXPECT_EQ(world.pauses.waited.size(), 2U);
  // A POST may have done something.
  world.script.answer(503, "");
  EXPECT_EQ(run("method='POST'\nbody='{}'").end, "source.unavailable");
  EXPECT_EQ(world.pauses.waited.size(), 2U);
  world.script.answer(503, "");
  world.script.answer(200, page({"1"}));
  EXPECT_EQ(run("method='POST'\nbody='{}'\nrepeat=true").end, "end");
}

TEST_F(HttpPull, AClockThatDiffersIsNamed) {
  world.script.answer(401, "", {{"date", "Sun, 22 Nov 2026 04:00:06 GMT"}});
  EXPECT_EQ(run("").detail, "HTTP 401, the clock of the source differs by -300 s");
}

TEST_F(HttpPull, ABadRowDoesNotStopTheRun) {
  world.script.answer(200, R"({"data":{"list":[{"id":"1","id":"2"},{"id":"3"}]}})");
  EXPECT_THAT(run("").ids, ElementsAre("(bad)", "3"));
}

TEST_F(HttpPull, BodiesHavePlacesAndSecretsAreMasked) {
  world.secrets.values["token"] = "S\"1";
  world.script.answer(200, page({"1"}));
  world.script.answer(200, page({}));
  run(R"(method='POST'
body='{"head":{"accessToken":"{secret.token}"},"page":{page},"size":{size}}'
[source.paging]
kind='page'
)");
  EXPECT_EQ(world.script.asked[1].body, R"({"head":{"accessToken":"S\"1"},"page":2,"size":100})");
  EXPECT_EQ(world.script.shown[1].shown_body,
            R"({"head":{"accessToken":"***"},"page":2,"size":100})");
  EXPECT_EQ(world.script.asked[1].content_type, "application/json");
}

TEST_F(HttpPull, ACursorOfSomethingElseIsRefused) {
  EXPECT_EQ(run("", Cursor{"\x84\x01\x02\x03\x04"}).end, "cursor.invalid");
  EXPECT_EQ(run("", Cursor{"x"}).end, "cursor.invalid");
}

TEST_F(HttpPull, OnlyAllowedTargetsAreOpened) {
  world.with.allowed_targets = {"other.test:443"};
  EXPECT_EQ(run("").end, "source.target");
}

}  // namespace
}  // namespace lh::adapters::http
