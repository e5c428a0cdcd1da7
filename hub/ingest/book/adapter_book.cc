#include "hub/ingest/book/adapter_book.h"

#include <algorithm>

#include "base/cbor.h"
#include "hub/ledger/stored_texts.h"

namespace lh::hub::ingest {
namespace {

constexpr std::uint64_t kFormat = 2;  // 1 had no types and no time of the last complete run
constexpr std::size_t kMostAdapters = 1000;

Bytes adapter_key(const std::string& name) {
  return Bytes("A") + name;
}
Bytes run_key(const std::string& name) {
  return Bytes("L") + name;
}
Bytes reconcile_key(const std::string& name) {
  return Bytes("M") + name;
}

// The format of a row that has `items` in format 1 and one more since.
Result<std::uint64_t> read_format(CborReader& r, std::uint64_t items) {
  const std::uint64_t count = LH_TRY(r.read_array());
  const std::uint64_t format = LH_TRY(r.read_uint());
  if (format < 1 || format > kFormat || count != items + format - 1) {
    return Error(Reason::kCborMalformed, "format of an adapter row");
  }
  return format;
}

Result<std::string> take_text(CborReader& r) {
  return std::string(LH_TRY(r.read_text()));
}

Result<AdapterRecord> read_adapter(ByteView payload) {
  CborReader r(payload);
  const std::uint64_t format = LH_TRY(read_format(r, 9));
  AdapterRecord out;
  out.name = LH_TRY(take_text(r));
  out.mapping = LH_TRY(take_text(r));
  out.collector = LH_TRY(parse_uscc(LH_TRY(take_text(r))));
  const std::uint64_t mode = LH_TRY(r.read_uint());
  if (mode > static_cast<std::uint64_t>(AdapterMode::kLive)) {
    return Error(Reason::kCborMalformed, "adapter mode");
  }
  out.mode = static_cast<AdapterMode>(mode);
  out.every_seconds = static_cast<std::uint32_t>(LH_TRY(r.read_uint()));
  out.input = LH_TRY(take_text(r));
  out.columns = LH_TRY(ledger::read_texts(r));
  out.changed.ms = LH_TRY(r.read_integer());
  if (format > 1) out.types = LH_TRY(ledger::read_texts(r));
  LH_TRY(r.finish());
  return out;
}

Result<LastRun> read_run(ByteView payload) {
  CborReader r(payload);
  const std::uint64_t format = LH_TRY(read_format(r, 10));
  LastRun out;
  out.begun.ms = LH_TRY(r.read_integer());
  out.ended.ms = LH_TRY(r.read_integer());
  out.reason = LH_TRY(take_text(r));
  out.failures = static_cast<std::uint32_t>(LH_TRY(r.read_uint()));
  for (std::uint64_t* count : {&out.counts.read, &out.counts.fresh, &out.counts.changed,
                               &out.counts.same, &out.counts.quarantined}) {
    *count = LH_TRY(r.read_uint());
  }
  if (format > 1) out.complete.ms = LH_TRY(r.read_integer());
  LH_TRY(r.finish());
  return out;
}

Result<LastReconcile> read_reconcile(ByteView payload) {
  CborReader r(payload);
  if (LH_TRY(r.read_array()) != 9 || LH_TRY(r.read_uint()) != 1) {
    return Error(Reason::kCborMalformed, "reconcile row");
  }
  LastReconcile out;
  out.ended.ms = LH_TRY(r.read_integer());
  out.reason = LH_TRY(take_text(r));
  out.file = LH_TRY(take_text(r));
  out.digest = LH_TRY(to_array<32>(LH_TRY(r.read_bytes())));
  for (std::uint64_t* count : {&out.only_in_source, &out.only_in_store, &out.differs, &out.same}) {
    *count = LH_TRY(r.read_uint());
  }
  LH_TRY(r.finish());
  return out;
}

template <class Value>
Result<Value> opened(ByteView stored, Result<Value> (*read)(ByteView)) {
  auto value = read(LH_TRY(ledger::parse_stored(stored)).payload);
  if (!value.ok()) return Error(Reason::kStoreCorrupt, value.error().detail());
  return value;
}

template <class Value>
Result<std::optional<Value>> find(const store::Store& store, const Bytes& key,
                                  Result<Value> (*read)(ByteView)) {
  const auto row = LH_TRY(store.latest().find(store::OpenKey{store::Family::kState, key}));
  if (!row) return std::optional<Value>();
  return std::optional<Value>(LH_TRY(opened(*row, read)));
}

}  // namespace

std::string_view mode_text(AdapterMode mode) {
  switch (mode) {
    case AdapterMode::kLive:
      return "live";
    case AdapterMode::kShadow:
      return "shadow";
    case AdapterMode::kDisabled:
      break;
  }
  return "disabled";
}

Result<std::optional<AdapterRecord>> find_adapter(const store::Store& store,
                                                  const std::string& name) {
  return find(store, adapter_key(name), read_adapter);
}

Result<std::optional<LastRun>> find_last_run(const store::Store& store, const std::string& name) {
  return find(store, run_key(name), read_run);
}

Result<std::vector<AdapterRecord>> list_adapters(const store::Store& store) {
  std::vector<AdapterRecord> out;
  const auto rows = LH_TRY(store.latest().scan(store::Family::kState, "A", {}, kMostAdapters));
  for (const auto& row : rows) out.push_back(LH_TRY(opened(row.value, read_adapter)));
  return out;
}

ledger::RowWrite adapter_row(const AdapterRecord& adapter) {
  CborWriter w;
  w.array(10);
  w.uint(kFormat);
  w.text(adapter.name);
  w.text(adapter.mapping);
  w.text(adapter.collector.text());
  w.uint(static_cast<std::uint64_t>(adapter.mode));
  w.uint(adapter.every_seconds);
  w.text(adapter.input);
  ledger::write_texts(w, adapter.columns);
  w.integer(adapter.changed.ms);
  ledger::write_texts(w, adapter.types);
  return {store::Family::kState, adapter_key(adapter.name), w.take()};
}

ledger::RowWrite last_run_row(const std::string& name, const LastRun& run) {
  CborWriter w;
  w.array(11);
  w.uint(kFormat);
  w.integer(run.begun.ms);
  w.integer(run.ended.ms);
  w.text(run.reason);
  w.uint(run.failures);
  for (const std::uint64_t count : {run.counts.read, run.counts.fresh, run.counts.changed,
                                    run.counts.same, run.counts.quarantined}) {
    w.uint(count);
  }
  w.integer(run.complete.ms);
  return {store::Family::kState, run_key(name), w.take()};
}

Result<std::optional<LastReconcile>> find_last_reconcile(const store::Store& store,
                                                         const std::string& name) {
  return find(store, reconcile_key(name), read_reconcile);
}

ledger::RowWrite last_reconcile_row(const std::string& name, const LastReconcile& run) {
  CborWriter w;
  w.array(9);
  w.uint(1);
  w.integer(run.ended.ms);
  w.text(run.reason);
  w.text(run.file);
  w.bytes(view(run.digest));
  for (const std::uint64_t count : {run.only_in_source, run.only_in_store, run.differs, run.same}) {
    w.uint(count);
  }
  return {store::Family::kState, reconcile_key(name), w.take()};
}

}  // namespace lh::hub::ingest
