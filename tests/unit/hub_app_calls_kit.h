// A hub in memory with live adapters whose sources are of the test's own making.
#pragma once

#include <atomic>

#include "hub/app/calls/pushes.h"
#include "hub/app/calls/sources_on_call.h"
#include "hub/app/calls/unfinished.h"
#include "tests/unit/hub_exchange_obtain_kit.h"

namespace lh::kits {

// What the fake sources do; set by the test, read by their sessions.
struct FakeWorld {
  std::mutex mutex;
  std::vector<adapters::RawRow> rows;
  std::optional<Error> down;
  std::optional<Error> push_down;
  std::atomic<int> opened{0};
  std::vector<adapters::KeyValues> keys;
  std::vector<std::pair<std::string, adapters::KeyValues>> pushed;
  std::function<void()> before_answer;
};

class FakeKind final : public adapters::Kind {
 public:
  explicit FakeKind(FakeWorld& world) : world_(world) {}
  std::string_view name() const override { return "fake"; }
  Status check(const adapters::SettingsNode& /*source*/) const override { return {}; }
  Result<std::unique_ptr<adapters::Source>> pull(const adapters::SettingsNode& /*source*/,
                                                 const adapters::Input& /*input*/,
                                                 const adapters::Cursor& /*from*/) const override {
    return Error(Reason::kAdapterUnsupported);
  }
  Result<std::unique_ptr<adapters::Lookup>> lookup(
      const adapters::SettingsNode& /*source*/) const override {
    ++world_.opened;
    return std::unique_ptr<adapters::Lookup>(std::make_unique<FakeLookup>(world_));
  }
  Result<std::unique_ptr<adapters::Push>> push(
      const adapters::SettingsNode& /*source*/) const override {
    return std::unique_ptr<adapters::Push>(std::make_unique<FakePush>(world_));
  }

 private:
  class FakeLookup final : public adapters::Lookup {
   public:
    explicit FakeLookup(FakeWorld& world) : world_(world) {}
    const std::vector<std::string>& columns() const override { return columns_; }
    Result<std::vector<adapters::RawRow>> find(const adapters::KeyValues& key) override {
      const std::lock_guard lock(world_.mutex);
      world_.keys.push_back(key);
      if (world_.before_answer) world_.before_answer();
      if (world_.down) return *world_.down;
      return world_.rows;
    }

   private:
    FakeWorld& world_;
    std::vector<std::string> columns_{"code", "name", "day", "state"};
  };
  class FakePush final : public adapters::Push {
   public:
    explicit FakePush(FakeWorld& world) : world_(world) {}
    Status send(std::string_view id, const adapters::KeyValues& record) override {
      const std::lock_guard lock(world_.mutex);
      world_.pushed.emplace_back(id, record);
      if (world_.push_down) return *world_.push_down;
      return {};
    }

   private:
    FakeWorld& world_;
  };
  FakeWorld& world_;
};

inline constexpr std::string_view kCallsMapping = R"(
name = "firms"
issuer_name = "某登记机关"
[source]
kind = "fake"
[tables.state]
"1" = "valid"
"2" = "!row.not_issued"
[[outputs]]
kind = "licence"
object = "11990100MB99000131001"
key = ["uscc"]
holder = { scheme = "uscc", id = "uscc", name = "enterprise_name" }
status = "_state"
lookup = { "code" = "{holder.id}", "region" = "990100" }
[outputs.fields]
uscc = { column = "code", check = ["uscc"], required = true }
enterprise_name = { column = "name", required = true }
establishment_date = { column = "day", convert = ["date"], required = true }
_state = { column = "state", convert = ["table:state"], required = true }
[[pushes]]
object = "11990100MB99000131004"
record = { certNo = "{licence_id}", who = "{field.name}", what = "{event}", now = "{status}" }
)";

inline adapters::RawRow raw_row(int company, std::string state = "1") {
  adapters::RawRow row;
  row.number = 1;
  row.values = {test_uscc(company).text(), "测试企业" + std::to_string(company), "2020-05-06",
                std::move(state)};
  return row;
}

class CallingHub : public AskingHub {
 public:
  CallingHub()
      : kind(world_of_sources),
        board({*store, [](std::string_view toml) { return adapters::parse_mapping(toml); },
               [this](const adapters::Mapping&) -> Result<const adapters::Kind*> { return &kind; },
               [this](const adapters::Mapping& mapping) {
                 if (turns == nullptr) {
                   turns = std::make_shared<adapters::CallTurns>(clock, mapping.limits.calls);
                 }
                 turns->adopt(mapping.limits.calls);
                 return turns;
               }}) {
    enable(hub::ingest::AdapterMode::kLive);
    auto parts = office_parts();
    parts.outbox = [this](const hub::licences::LicenceEvent& event) {
      return hub::app::calls::rows_for(board, event, random);
    };
    office = std::make_unique<hub::licences::LicenceOffice>(parts);
    auto with = exchange_parts();
    with.attester = signers.find(uscc_of(kBureau));
    with.public_url = "https://hub.test";
    exchange = std::make_unique<hub::exchange::Exchange>(with);
  }
  void enable(hub::ingest::AdapterMode mode, std::string_view mapping = kCallsMapping) {
    hub::ingest::AdapterRecord adapter;
    adapter.name = "firms";
    adapter.mapping = mapping;
    adapter.collector = uscc_of(kSupervision);
    adapter.mode = mode;
    adapter.changed = clock.now();
    hub::audit::EntryFacts facts;
    facts.event = schemas::AuditEvent::kAdapterChanged;
    commit(facts, {hub::ingest::adapter_row(adapter)}).value();
    board.refresh().value();
  }
  hub::app::calls::CallParts call_parts() {
    return {*store, *ledger, *directory, *licences, *base_data, *maker, gate, random, clock, board};
  }
  hub::exchange::OutboxCounts outbox() {
    return hub::exchange::count_outbox(*store, "firms").value();
  }

  FakeWorld world_of_sources;
  FakeKind kind;
  std::shared_ptr<adapters::CallTurns> turns;
  hub::app::calls::Board board;
};

}  // namespace lh::kits
