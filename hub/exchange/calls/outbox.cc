#include "hub/exchange/calls/outbox.h"

#include <algorithm>

#include "base/cbor.h"

namespace lh::hub::exchange {
namespace {

constexpr std::uint64_t kOfLicence = 1;  // formats of the value; stored, never renumber
constexpr std::uint64_t kOfBaseData = 2;
constexpr std::size_t kMostCounted = 1'000;
constexpr std::uint32_t kMostAttempts = 16;
constexpr std::int64_t kFirstWaitMs = 2'000;
constexpr std::int64_t kLongestWaitMs = 3'600'000;

Bytes prefix_of(const std::string& adapter, PushState state) {
  Bytes out = Bytes("J") + adapter;
  out.push_back('\0');
  out.push_back(static_cast<char>(state));
  return out;
}

Bytes key_of(const OutboxRow& row) {
  Bytes out = prefix_of(row.adapter, row.state);
  append_be64(out, static_cast<std::uint64_t>(row.at.ms));
  return out.append(view(row.id));
}

Status read_object(CborReader& r, std::uint64_t format, OutboxRow& out) {
  if (format == kOfLicence) {
    out.licence = LicenceKey{LH_TRY(to_array<16>(LH_TRY(r.read_bytes())))};
    return ok_status();
  }
  out.about = PushAbout::kBaseData;
  out.subject = SubjectNo{LH_TRY(r.read_uint())};
  out.kind = LH_TRY(r.read_text());
  return ok_status();
}

Status read_value(const ledger::StoredValue& stored, OutboxRow& out) {
  CborReader r(stored.payload);
  const auto items = LH_TRY(r.read_array());
  const auto format = LH_TRY(r.read_uint());
  const bool known = (format == kOfLicence && items == 8) || (format == kOfBaseData && items == 9);
  if (!known) return Error(Reason::kCborMalformed, "outbox row");
  out.commit_index = stored.commit_index;
  LH_TRY(read_object(r, format, out));
  out.version = static_cast<int>(LH_TRY(r.read_uint()));
  out.event = LH_TRY(r.read_text());
  out.effective.ms = LH_TRY(r.read_integer());
  out.attempts = static_cast<std::uint32_t>(LH_TRY(r.read_uint()));
  out.next.ms = LH_TRY(r.read_integer());
  out.reason = LH_TRY(r.read_text());
  return r.finish();
}

Result<OutboxRow> read_row(const std::string& adapter, PushState state, const store::Row& row) {
  OutboxRow out;
  out.adapter = adapter;
  out.state = state;
  const ByteView place = ByteView(row.key).substr(prefix_of(adapter, state).size());
  if (place.size() != 24) return Error(Reason::kStoreCorrupt, "key of an outbox row");
  out.at.ms = static_cast<std::int64_t>(read_be64(place));
  out.id = LH_TRY(to_array<16>(place.substr(8)));
  const Status good = read_value(LH_TRY(ledger::parse_stored(row.value)), out);
  if (!good.ok()) return Error(Reason::kStoreCorrupt, good.error().detail());
  return out;
}

}  // namespace

std::string_view push_state_text(PushState s) {
  return s == PushState::kFailed ? "failed" : "waiting";
}

ledger::RowWrite outbox_row(const OutboxRow& row) {
  CborWriter w;
  if (row.about == PushAbout::kLicence) {
    w.array(8);
    w.uint(kOfLicence);
    w.bytes(view(row.licence.value));
  } else {
    w.array(9);
    w.uint(kOfBaseData);
    w.uint(row.subject.value);
    w.text(row.kind);
  }
  w.uint(static_cast<std::uint64_t>(row.version));
  w.text(row.event);
  w.integer(row.effective.ms);
  w.uint(row.attempts);
  w.integer(row.next.ms);
  w.text(row.reason);
  return {store::Family::kData, key_of(row), w.take()};
}

ledger::RowWrite outbox_delete(const OutboxRow& row) {
  return {store::Family::kData, key_of(row), std::nullopt};
}

void rewrite_outbox(const OutboxRow& before, const OutboxRow& after,
                    std::vector<ledger::RowWrite>& rows) {
  if (before.state != after.state) rows.push_back(outbox_delete(before));
  rows.push_back(outbox_row(after));
}

ledger::Precondition outbox_as_read(const OutboxRow& row) {
  return {store::Family::kData, key_of(row), row.commit_index};
}

Result<std::vector<OutboxRow>> list_outbox(const store::Store& store, const std::string& adapter,
                                           PushState state, std::size_t limit) {
  std::vector<OutboxRow> out;
  const auto rows =
      LH_TRY(store.latest().scan(store::Family::kData, prefix_of(adapter, state), {}, limit));
  for (const auto& row : rows) out.push_back(LH_TRY(read_row(adapter, state, row)));
  return out;
}

Result<std::optional<OutboxRow>> first_waiting(const store::Store& store,
                                               const std::string& adapter) {
  auto rows = LH_TRY(list_outbox(store, adapter, PushState::kWaiting, 1));
  if (rows.empty()) return std::optional<OutboxRow>();
  return std::optional<OutboxRow>(std::move(rows.front()));
}

Result<OutboxCounts> count_outbox(const store::Store& store, const std::string& adapter) {
  const auto count = [&store, &adapter](PushState state) -> Result<std::uint64_t> {
    const auto rows = LH_TRY(
        store.latest().scan(store::Family::kData, prefix_of(adapter, state), {}, kMostCounted));
    return rows.size();
  };
  const std::uint64_t waiting = LH_TRY(count(PushState::kWaiting));
  return OutboxCounts{waiting, LH_TRY(count(PushState::kFailed))};
}

std::optional<std::int64_t> wait_after(std::uint32_t attempts, Random& random) {
  if (attempts >= kMostAttempts) return std::nullopt;
  const std::int64_t whole = std::min(kFirstWaitMs << (attempts - 1), kLongestWaitMs);
  const auto spread = static_cast<std::uint64_t>(whole / 2);
  return whole - whole / 4 + static_cast<std::int64_t>(random.u64() % (spread + 1));
}

}  // namespace lh::hub::exchange
