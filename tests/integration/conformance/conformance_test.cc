// Every case against every kind, and the page of results (docs/formats/conformance.md), which is
// made of what happened: LH_WRITE_PAGES=1 writes it anew.
#include <gtest/gtest.h>

#include <cstdlib>

#include "kit.h"

namespace lh::conformance {
namespace {

Benches& benches() {
  static Benches all = [] {
    Benches out;
    add_files(out);
    add_drops(out);
    add_databases(out);
    add_services(out);
    add_messages(out);
    add_hosts(out);
    add_example(out);
    return out;
  }();
  return all;
}

const Outcome& result(std::size_t bench, std::size_t at) {
  static std::map<std::pair<std::size_t, std::size_t>, Outcome> known;
  const auto key = std::make_pair(bench, at);
  if (const auto found = known.find(key); found != known.end()) return found->second;
  return known.emplace(key, run(*benches()[bench], all_cases()[at].id)).first->second;
}

class Conformance : public testing::TestWithParam<std::tuple<std::size_t, std::size_t>> {};

TEST_P(Conformance, Holds) {
  const auto [bench, at] = GetParam();
  const Outcome& out = result(bench, at);
  EXPECT_NE(out.is, Outcome::Is::kFails)
      << benches()[bench]->name() << ", " << all_cases()[at].title << ": " << out.why;
}

std::string test_name(const testing::TestParamInfo<std::tuple<std::size_t, std::size_t>>& info) {
  std::string out;
  for (const char c : benches()[std::get<0>(info.param)]->name()) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) out.push_back(c);
  }
  return out + "_" + all_cases()[std::get<1>(info.param)].name;
}

INSTANTIATE_TEST_SUITE_P(Kinds, Conformance,
                         testing::Combine(testing::Range<std::size_t>(0, benches().size()),
                                          testing::Range<std::size_t>(0, all_cases().size())),
                         test_name);

std::string head() {
  return "# Conformance of the kinds of sources\n\n"
         "What every kind does with bad input. The page is written by the kit\n"
         "(tests/integration/conformance) from what happened when it ran each case against each\n"
         "kind, with real servers (PostgreSQL, MariaDB, SQLite, OpenSSH, services of the tests "
         "over\n"
         "HTTP and mutual TLS), and a test fails when it is stale. `passes` is a case that was "
         "run;\n"
         "where a case means nothing for a kind, its row says why.\n\n"
         "`licencehub adapter test` looks at an integrator's own mapping: that rows come, map, "
         "and\n"
         "pass their checks. What a kind does with a hostile source is looked at here, once for "
         "all\n"
         "mappings: a mapping cannot switch any of it off.\n\n";
}

std::string page() {
  std::string out = head();
  for (std::size_t at = 0; at < all_cases().size(); ++at) {
    const CaseText& text = all_cases()[at];
    out += "## " + std::string(text.title) + "\n\nMust hold: " + text.asks +
           ".\n\n| kind | outcome |\n|---|---|\n";
    std::vector<std::pair<std::string, std::string>> lines;  // outcome, kinds
    for (std::size_t bench = 0; bench < benches().size(); ++bench) {
      const Outcome& found = result(bench, at);
      const std::string what = found.is == Outcome::Is::kPasses  ? "passes"
                               : found.is == Outcome::Is::kFails ? "FAILS: " + found.why
                                                                 : "not applicable: " + found.why;
      out += "| " + benches()[bench]->name() + " | " + what + " |\n";
    }
    out += "\n";
  }
  out.pop_back();
  return out;
}

TEST(ConformancePage, SaysWhatHappened) {
  const std::string path = std::string(LH_SOURCE_DIR) + "/docs/formats/conformance.md";
  const std::string now = page();
  if (std::getenv("LH_WRITE_PAGES") != nullptr) kits::store_file(path, now);
  EXPECT_EQ(kits::load_file(path), now) << "stale: run this test with LH_WRITE_PAGES=1";
}

}  // namespace
}  // namespace lh::conformance
