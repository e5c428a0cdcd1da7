// POST /v1/licences/collect: one outcome a line, in order, and the same lines again change nothing.
#include <gtest/gtest.h>

#include "tests/unit/hub_ingest_kit.h"

namespace lh {
namespace {

using namespace hub::ingest;  // NOLINT: a test of this room
using kits::IngestHub;
using kits::text_of;
using schemas::Json;

Json line_of(int company, const std::string& scope = "食品销售") {
  Json holder = Json::object();
  holder.set("scheme", "uscc");
  holder.set("id", kits::test_uscc(company).text());
  holder.set("name", "测试企业" + std::to_string(company));
  Json fields = Json::object();
  fields.set("enterprise_name", "测试企业" + std::to_string(company));
  fields.set("uscc", kits::test_uscc(company).text());
  fields.set("establishment_date", "2020-05-06");
  fields.set("business_scope", scope);
  Json j = Json::object();
  j.set("type", kits::kBusinessLicence);
  j.set("holder", Json::array().push(std::move(holder)));
  j.set("fields", std::move(fields));
  j.set("valid_from", "2020-05-06");
  j.set("status", "valid");
  j.set("source", "register");
  j.set("source_key", kits::test_uscc(company).text());
  return j;
}

std::vector<Json> collect(IngestHub& hub, const std::string& lines) {
  const auto text = hub.collection().collect_lines(lines, hub.bureau(), *hub.catalogue.policy());
  EXPECT_TRUE(text.ok()) << (text.ok() ? "" : text.error().describe());
  std::vector<Json> out;
  for (std::string_view rest = text.ok() ? std::string_view(*text) : ""; !rest.empty();) {
    const auto end = rest.find('\n');
    out.push_back(schemas::parse_json(rest.substr(0, end), 1U << 16U).value());
    rest.remove_prefix(end + 1);
  }
  return out;
}

std::string lines_of(int companies) {
  std::string out;
  for (int i = 1; i <= companies; ++i) out += schemas::to_text(line_of(i)) + "\n";
  return out;
}

TEST(CollectLines, EachLineHasItsOutcome) {
  IngestHub hub;
  const auto outcomes = collect(hub, lines_of(40));
  ASSERT_EQ(outcomes.size(), 40U);
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    EXPECT_EQ(*outcomes[i].find("line")->integer(), static_cast<std::int64_t>(i + 1));
    EXPECT_EQ(text_of(outcomes[i], "outcome"), "new");
    const auto key = LicenceKey::parse(text_of(outcomes[i], "licence_key")).value();
    EXPECT_EQ(hub.licences->head(key)->signer.text(), kits::kBureau);
    const auto index = static_cast<std::uint64_t>(*outcomes[i].find("index")->integer());
    const auto entry = hub::audit::parse_entry(hub.ledger->entry(index).value()).value();
    EXPECT_EQ(entry.event, schemas::AuditEvent::kLicenceCollected);
  }
}

TEST(CollectLines, TwiceIsOnce) {
  IngestHub hub;
  const auto first = collect(hub, lines_of(10));
  const Bytes before = hub.data_rows();
  const auto again = collect(hub, lines_of(10));
  EXPECT_EQ(hub.data_rows(), before);
  ASSERT_EQ(again.size(), 10U);
  for (std::size_t i = 0; i < 10; ++i) {
    EXPECT_EQ(text_of(again[i], "outcome"), "same");
    EXPECT_EQ(text_of(again[i], "licence_key"), text_of(first[i], "licence_key"));
  }
  const auto changed = collect(hub, schemas::to_text(line_of(3, "餐饮服务")));
  ASSERT_EQ(changed.size(), 1U);
  EXPECT_EQ(text_of(changed[0], "outcome"), "changed");
}

TEST(CollectLines, LinesAboutOneLicenceAreTakenInTheirOrder) {
  IngestHub hub;
  const std::string lines = schemas::to_text(line_of(1)) + "\n" + schemas::to_text(line_of(1)) +
                            "\n" + schemas::to_text(line_of(1, "餐饮服务")) + "\n";
  const auto outcomes = collect(hub, lines);
  ASSERT_EQ(outcomes.size(), 3U);
  EXPECT_EQ(text_of(outcomes[0], "outcome"), "new");
  EXPECT_EQ(text_of(outcomes[1], "outcome"), "same");
  EXPECT_EQ(text_of(outcomes[2], "outcome"), "changed");
}

TEST(CollectLines, BadLinesAreRefusedWithAReasonAndStopNothing) {
  auto unknown_member = line_of(2);
  unknown_member.set("issuer_seal", "x");
  auto no_status = line_of(3);
  no_status.set("status", "perhaps");
  auto wrong_code = line_of(4);
  (*wrong_code.members())[1].second.items()->front().set("id", "91990100MA0000000X");
  auto other_holder = line_of(5);
  (*other_holder.members())[1].second.items()->front().set("id", kits::test_uscc(6).text());
  auto no_key = line_of(7);
  no_key.set("source_key", "");
  auto dates = line_of(8);
  dates.set("valid_until", "2019-01-01");
  auto type = line_of(9);
  type.set("type", "11990100MB99000131999");
  auto division = line_of(10);
  division.set("division", "99");
  const std::vector<std::pair<std::string, std::string>> table{
      {"{", "json.syntax"},
      {"", "json.syntax"},
      {"[]", "json.wrong_type"},
      {"{}", "json.missing_member"},
      {schemas::to_text(unknown_member), "json.unknown_member"},
      {schemas::to_text(no_status), "json.value"},
      {schemas::to_text(wrong_code), "id.check_digit"},
      {schemas::to_text(other_holder), "licence.holder"},
      {schemas::to_text(no_key), "json.value"},
      {schemas::to_text(dates), "licence.dates"},
      {schemas::to_text(type), "licence_type.unknown"},
      {schemas::to_text(division), "id.format"},
      {schemas::to_text(line_of(1)), ""}};
  std::string lines;
  for (const auto& [text, reason] : table) lines += text + "\n";
  IngestHub hub;
  const auto outcomes = collect(hub, lines);
  ASSERT_EQ(outcomes.size(), table.size());
  for (std::size_t i = 0; i < table.size(); ++i) {
    EXPECT_EQ(text_of(outcomes[i], "reason"), table[i].second) << table[i].first;
  }
  EXPECT_EQ(text_of(outcomes.back(), "outcome"), "new");
  // Nothing of a refused line is left behind, and its reason is in the log with a count.
  EXPECT_FALSE(hub.directory->find(kits::test_company(5)).value());
  EXPECT_EQ(hub.entries_of(schemas::AuditEvent::kLicenceCollected), 1U);
  EXPECT_EQ(hub.entries_of(schemas::AuditEvent::kIngestRun), 1U);
  EXPECT_EQ(hub.entries_of(schemas::AuditEvent::kRefused), 10U) << "one a reason";
}

TEST(CollectLines, ASourceBelongsToItsOrganisation) {
  IngestHub hub;
  ASSERT_EQ(text_of(collect(hub, lines_of(1)).at(0), "outcome"), "new");
  const auto other = hub.caller(kits::kSupervision, {hub::access::Role::kCollect});
  auto theirs = line_of(2);
  theirs.set("source_key", kits::test_uscc(1).text());
  const auto text = hub.collection()
                        .collect_lines(schemas::to_text(theirs), other, *hub.catalogue.policy())
                        .value();
  EXPECT_NE(text.find("\"outcome\":\"new\""), std::string::npos) << text;
}

TEST(CollectLines, NeedsItsRole) {
  IngestHub hub;
  const auto caller = hub.caller(kits::kBureau, {hub::access::Role::kFetch});
  EXPECT_EQ(
      hub.collection().collect_lines(lines_of(1), caller, *hub.catalogue.policy()).error().reason(),
      Reason::kRoleMissing);
}

TEST(CollectLines, WithoutTheLogThereIsNoAnswer) {
  IngestHub hub;
  hub.weather.lost_after = 0;
  EXPECT_EQ(hub.collection()
                .collect_lines(lines_of(3), hub.bureau(), *hub.catalogue.policy())
                .error()
                .reason(),
            Reason::kAuditUnavailable);
}

}  // namespace
}  // namespace lh
