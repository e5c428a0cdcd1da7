#include <gtest/gtest.h>

#include "adapters/memory/memory_source.h"
#include "base/cbor.h"
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
  a.types = {"text varchar(20)", "integer int4"};
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
  LastRun run{UtcTime{5}, UtcTime{9}, "source.unavailable", 3, {1, 2, 3, 4, 5}, UtcTime{4}};
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
  EXPECT_EQ(last->complete.ms, 4);
  EXPECT_EQ(found->types, sample().types);
}

TEST(AdapterBook, ReadsRowsOfTheFirstFormat) {
  const auto store = store::make_memory_store();
  CborWriter w;
  w.array(10);
  w.uint(1);
  w.integer(5);
  w.integer(9);
  w.text("");
  for (int i = 0; i < 6; ++i) w.uint(0);
  put(*store, {store::Family::kState, Bytes("Lold"), w.take()});
  const auto last = find_last_run(*store, "old").value();
  ASSERT_TRUE(last.has_value());
  EXPECT_EQ(last->ended.ms, 9);
  EXPECT_EQ(last->complete.ms, 0);
}

TEST(AdapterBook, KeepsTheLastReconciliation) {
  const auto store = store::make_memory_store();
  EXPECT_FALSE(find_last_reconcile(*store, "x")->has_value());
  LastReconcile run{UtcTime{7}, "", "/reports/x.jws", {}, 1, 2, 3, 4};
  run.digest[31] = 9;
  put(*store, last_reconcile_row("x", run));
  const auto found = find_last_reconcile(*store, "x").value();
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->digest, run.digest);
  EXPECT_EQ(found->file, run.file);
  EXPECT_EQ(found->only_in_store, 2U);
  EXPECT_EQ(found->same, 4U);
}

TEST(AdapterBook, RefusesARowThatIsNotOne) {
  const auto store = store::make_memory_store();
  put(*store, {store::Family::kState, Bytes("Abad"), Bytes("\x80")});
  EXPECT_EQ(find_adapter(*store, "bad").error().reason(), Reason::kStoreCorrupt);
  EXPECT_EQ(list_adapters(*store).error().reason(), Reason::kStoreCorrupt);
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
  EXPECT_FALSE(drift_of(mapping, {input.columns, {}}, {input.columns, {}}).changed());
  const auto drift = drift_of(mapping, {input.columns, {}}, {{"uscc", "名称", "成立时间"}, {}});
  EXPECT_EQ(drift.gone, std::vector<std::string>{"成立日期"});
  EXPECT_EQ(drift.added, std::vector<std::string>{"成立时间"});
  ASSERT_EQ(drift.starved.size(), 1U);
  EXPECT_EQ(drift.starved.front().first, "establishment_date");
}

TEST(Drift, NamesTheFieldsARetypedColumnFeeds) {
  ProposalInput input;
  input.name = "firms";
  input.source = "[source]\nkind = \"file\"\n";
  input.object = "legal_entity";
  input.fields = definitions();
  input.columns = {"uscc", "名称", "成立日期", "备注"};
  const auto mapping = adapters::parse_mapping(propose_mapping(input).toml).value();
  const ColumnSet before{input.columns, {"text", "text", "date", "text"}};
  EXPECT_FALSE(drift_of(mapping, before, before).changed());
  ColumnSet now{{"备注", "uscc", "成立日期", "名称"}, {"integer", "text", "text", "text"}};
  const auto drift = drift_of(mapping, before, now);
  ASSERT_EQ(drift.retyped.size(), 2U);
  EXPECT_EQ(drift.retyped[0].column, "备注");
  EXPECT_TRUE(drift.retyped[0].fields.empty()) << "nobody uses it";
  EXPECT_EQ(drift.retyped[1].fields, std::vector<std::string>{"establishment_date"});
  EXPECT_EQ(drift.retyped[1].before, "date");
  EXPECT_EQ(drift.retyped[1].now, "text");
  const auto refused = refuse_retyped(drift);
  EXPECT_EQ(refused.error().reason(), Reason::kSourceChanged);
  EXPECT_NE(refused.error().detail().find("成立日期"), std::string::npos);
  now.types = {};  // nobody knows: nothing is claimed
  EXPECT_FALSE(drift_of(mapping, before, now).changed());
  EXPECT_TRUE(refuse_retyped(drift_of(mapping, before, now)).ok());
}

}  // namespace
}  // namespace lh::hub::ingest
