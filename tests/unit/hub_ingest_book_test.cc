#include <gtest/gtest.h>

#include "adapters/memory/memory_source.h"
#include "hub/ingest/book/adapter_book.h"
#include "hub/ingest/book/proposal.h"
#include "hub/ingest/book/trial.h"
#include "hub/store/memory_store.h"

namespace lh::hub::ingest {
namespace {

using schemas::FieldDefinition;
using schemas::FieldKind;

AdapterRecord sample() {
  AdapterRecord a;
  a.name = "测试来源";
  a.mapping = "name = \"测试来源\"";
  a.collector = parse_uscc("11990100MB9900021U").value();
  a.mode = AdapterMode::kLive;
  a.every_seconds = 600;
  a.input = "dump.csv";
  a.columns = {"编号", "name"};
  a.changed = UtcTime{1'000'000};
  return a;
}

// As the ledger stores a row: format and commit index before the value.
void put(store::Store& store, const ledger::RowWrite& row) {
  store::Batch batch;
  Bytes value(1, '\1');
  append_be64(value, 7);
  batch.puts.emplace_back(row.family, row.key, value + row.payload.value_or(Bytes()));
  ASSERT_TRUE(store.commit(batch, store::Durability::kSynced).ok());
}

TEST(AdapterBook, KeepsAnAdapterAndItsLastRun) {
  const auto store = store::make_memory_store();
  EXPECT_FALSE(find_adapter(*store, "测试来源")->has_value());
  put(*store, adapter_row(sample()));
  LastRun run{UtcTime{5}, UtcTime{9}, "source.unavailable", 3, {1, 2, 3, 4, 5}};
  put(*store, last_run_row("测试来源", run));
  const auto found = find_adapter(*store, "测试来源").value();
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->mapping, sample().mapping);
  EXPECT_EQ(found->columns, sample().columns);
  EXPECT_EQ(found->mode, AdapterMode::kLive);
  EXPECT_EQ(found->every_seconds, 600U);
  EXPECT_EQ(list_adapters(*store)->size(), 1U);
  const auto last = find_last_run(*store, "测试来源").value();
  ASSERT_TRUE(last.has_value());
  EXPECT_EQ(last->reason, "source.unavailable");
  EXPECT_EQ(last->failures, 3U);
  EXPECT_EQ(last->counts.quarantined, 5U);
}

TEST(AdapterBook, RefusesARowThatIsNotOne) {
  const auto store = store::make_memory_store();
  put(*store, {store::Family::kState, Bytes("Abad"), Bytes("\x80")});
  EXPECT_EQ(find_adapter(*store, "bad").error().reason(), Reason::kStoreCorrupt);
  EXPECT_EQ(list_adapters(*store).error().reason(), Reason::kStoreCorrupt);
}

TEST(AdapterBook, WaitsLongerAfterEveryFailureButNotForEver) {
  AdapterRecord a = sample();
  EXPECT_EQ(next_run(a, std::nullopt)->ms, a.changed.ms);  // at once
  LastRun run;
  run.ended = UtcTime{a.changed.ms - 1};
  EXPECT_EQ(next_run(a, run)->ms, a.changed.ms);  // changed since: at once
  a.changed = run.ended = UtcTime{0};
  std::int64_t before = 0;
  for (std::uint32_t failures = 0; failures < 100; ++failures) {
    run.failures = failures;
    const std::int64_t wait = next_run(a, run)->ms;
    EXPECT_GE(wait, std::max<std::int64_t>(before, 600'000));
    EXPECT_LE(wait, 86'400'000);
    before = wait;
  }
  a.every_seconds = 7 * 86400;  // a week stays a week
  EXPECT_EQ(next_run(a, run)->ms, 7LL * 86'400'000);
  a.every_seconds = 0;
  EXPECT_FALSE(next_run(a, run).has_value());
  a = sample();  // due, were it not disabled
  a.mode = AdapterMode::kDisabled;
  EXPECT_FALSE(next_run(a, run).has_value());
}

TEST(Shape, SaysHowAValueLooksAndNotWhatItIs) {
  EXPECT_EQ(shape_of("测试企业001（A-z）"), "某某某某999某A-a某");
  EXPECT_EQ(shape_of(""), "");
  EXPECT_EQ(shape_of(std::string(100, '7')), std::string(24, '9') + "…");
  EXPECT_EQ(shape_of("𠮷a"), "某a");
  EXPECT_EQ(shape_of("1\xE6"), "9某");  // cut in the middle of a character
}

std::vector<FieldDefinition> definitions() {
  FieldDefinition uscc;
  uscc.name = "uscc";
  uscc.chinese = "统一社会信用代码";
  uscc.kind = FieldKind::kIdentifier;
  uscc.identifier = "uscc";
  uscc.required = true;
  FieldDefinition name;
  name.name = "name";
  name.chinese = "名称";
  name.required = true;
  FieldDefinition day;
  day.name = "establishment_date";
  day.chinese = "成立日期";
  day.kind = FieldKind::kDate;
  return {uscc, name, day};
}

TEST(Proposal, MatchesColumnsByTheNameDialectsOfTheField) {
  const auto fields = definitions();
  for (const char* column : {"统一社会信用代码", "TYSHXYDM", "uscc", "credit_code", "creditCode"}) {
    EXPECT_EQ(field_for_column(fields, column), "uscc") << column;
  }
  EXPECT_EQ(field_for_column(fields, "企业名称"), "name");
  EXPECT_EQ(field_for_column(fields, "QYMC"), "name");
  EXPECT_EQ(field_for_column(fields, "注册日期"), "establishment_date");
  EXPECT_EQ(field_for_column(fields, "备注"), "");
}

TEST(Proposal, IsAMappingThatReadsItsSource) {
  ProposalInput input;
  input.name = "firms";
  input.source = "[source]\nkind = \"file\"\nencoding = \"utf-8\"\n";
  input.object = "legal_entity";
  input.fields = definitions();
  input.columns = {"统一社会信用代码", "企业名称", "成立日期", "备注\n[evil]", "uscc"};
  input.samples = {{"91990102MA9000003B", "测试企业001", "2020年1月2日", "秘密", ""}};
  const auto made = propose_mapping(input);
  EXPECT_TRUE(made.open.empty());
  EXPECT_EQ(made.toml.find("秘密"), std::string::npos);
  EXPECT_EQ(made.toml.find("\n[evil]"), std::string::npos);
  const auto mapping = adapters::parse_mapping(made.toml);
  ASSERT_TRUE(mapping.ok()) << mapping.error().describe() << "\n" << made.toml;
  const auto source = adapters::memory::make_source(input.columns, input.samples);
  const auto trial = try_mapping(*mapping, *source, 10, 10).value();
  EXPECT_EQ(trial.good, 1U);
  ASSERT_EQ(trial.rows.front().records.size(), 1U);
  EXPECT_EQ(trial.rows.front().records.front().at(2).value.reveal(), "2020-01-02");
  EXPECT_EQ(trial.rows.front().records.front().at(2).source, "成立日期");
}

TEST(Proposal, SaysWhatItCouldNotFind) {
  ProposalInput input;
  input.name = "x";
  input.source = "[source]\nkind = \"file\"\n";
  input.object = "legal_entity";
  input.fields = definitions();
  input.columns = {"a", "b"};
  const auto made = propose_mapping(input);
  EXPECT_EQ(made.open, (std::vector<std::string>{"uscc", "name"}));
  EXPECT_NE(made.toml.find("# needed: uscc"), std::string::npos);
  EXPECT_FALSE(adapters::parse_mapping(made.toml).ok());  // it needs a person first
}

TEST(Drift, NamesTheFieldsAColumnStarves) {
  ProposalInput input;
  input.name = "firms";
  input.source = "[source]\nkind = \"file\"\n";
  input.object = "legal_entity";
  input.fields = definitions();
  input.columns = {"uscc", "名称", "成立日期"};
  const auto mapping = adapters::parse_mapping(propose_mapping(input).toml).value();
  EXPECT_FALSE(drift_of(mapping, input.columns, input.columns).changed());
  const auto drift = drift_of(mapping, input.columns, {"uscc", "名称", "成立时间"});
  EXPECT_EQ(drift.gone, std::vector<std::string>{"成立日期"});
  EXPECT_EQ(drift.added, std::vector<std::string>{"成立时间"});
  ASSERT_EQ(drift.starved.size(), 1U);
  EXPECT_EQ(drift.starved.front().first, "establishment_date");
}

}  // namespace
}  // namespace lh::hub::ingest
