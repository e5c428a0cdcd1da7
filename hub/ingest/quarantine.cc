#include "hub/ingest/quarantine.h"

#include <algorithm>
#include <map>
#include <optional>

#include "base/cbor.h"
#include "crypto/digest.h"
#include "crypto/seal.h"

namespace lh::hub::ingest {
namespace {

constexpr std::uint64_t kFormat = 2;             // 1 had no columns and no state
constexpr std::size_t kPartBytes = 120U << 10U;  // well below a quarter of a ledger batch
constexpr std::size_t kKeyTail = 8 + 16 + 2;
constexpr std::size_t kRun = 64;
constexpr std::size_t kIdBytes = 8;

Bytes prefix_of(char prefix, const std::string& source) {
  Bytes out(1, prefix);
  out += source;
  out.push_back('\0');
  return out;
}

Bytes part_key(ByteView base, std::size_t part) {
  Bytes out(base);
  append_be16(out, static_cast<std::uint16_t>(part));
  return out;
}

struct FirstPart {
  std::string reason, field, column;
  std::uint64_t parts = 1;
  Bytes sealed;
  Tag columns{};
  HeldState state = HeldState::kHeld;
};

Bytes encode(const FirstPart& p) {
  CborWriter w;
  w.array(8);
  w.uint(kFormat);
  w.text(p.reason);
  w.text(p.field);
  w.text(p.column);
  w.uint(p.parts);
  w.bytes(p.sealed);
  w.bytes(view(p.columns));
  w.uint(static_cast<std::uint64_t>(p.state));
  return w.take();
}

Result<FirstPart> decode(ByteView payload) {
  CborReader r(payload);
  const std::uint64_t items = LH_TRY(r.read_array());
  const std::uint64_t format = LH_TRY(r.read_uint());
  if (!(format == 1 && items == 6) && !(format == kFormat && items == 8)) {
    return Error(Reason::kCborMalformed, "quarantined row");
  }
  FirstPart p;
  p.reason = LH_TRY(r.read_text());
  p.field = LH_TRY(r.read_text());
  p.column = LH_TRY(r.read_text());
  p.parts = LH_TRY(r.read_uint());
  p.sealed = Bytes(LH_TRY(r.read_bytes()));
  if (format == kFormat) {
    p.columns = LH_TRY(to_array<16>(LH_TRY(r.read_bytes())));
    const std::uint64_t state = LH_TRY(r.read_uint());
    if (state > static_cast<std::uint64_t>(HeldState::kDiscarded)) {
      return Error(Reason::kCborMalformed, "state of a quarantined row");
    }
    p.state = static_cast<HeldState>(state);
  }
  LH_TRY(r.finish());
  return p;
}

Result<FirstPart> decode_stored(ByteView stored) {
  auto part = decode(LH_TRY(ledger::parse_stored(stored)).payload);
  if (!part.ok()) return Error(Reason::kStoreCorrupt, "quarantined row");
  return part;
}

Result<ReasonInfo> reason_of(std::string_view id) {
  const auto known = find_reason(id);
  if (!known) return Error(Reason::kStoreCorrupt, "reason of a quarantined row");
  return info(*known);
}

std::string shown(std::string_view text) {  // names come from mapping files; never more than a name
  return is_utf8(text) ? std::string(text.substr(0, 1024)) : std::string();
}

// Everything but the bytes.
Result<QuarantinedRow> read_head(const store::Row& row, const FirstPart& first) {
  const ByteView base = ByteView(row.key).substr(0, row.key.size() - 2);
  QuarantinedRow out;
  out.number = read_be64(base.substr(base.size() - 24));
  out.mac = LH_TRY(to_array<16>(base.substr(base.size() - 16)));
  out.reason = LH_TRY(reason_of(first.reason)).reason;
  out.field = first.field;
  out.column = first.column;
  out.columns = first.columns;
  out.state = first.state;
  out.commit_index = LH_TRY(ledger::parse_stored(row.value)).commit_index;
  return out;
}

Result<QuarantinedRow> open_row(const store::Store& store, const Secret& key,
                                const store::Row& row) {
  const FirstPart first = LH_TRY(decode_stored(row.value));
  QuarantinedRow out = LH_TRY(read_head(row, first));
  if (out.state == HeldState::kDiscarded) return out;
  const ByteView base = ByteView(row.key).substr(0, row.key.size() - 2);
  out.bytes = LH_TRY(crypto::open(key.bytes(), first.sealed, row.key));
  for (std::size_t part = 1; part < first.parts; ++part) {
    const Bytes place = part_key(base, part);
    const auto stored = LH_TRY(store.latest().find(store::OpenKey{store::Family::kData, place}));
    if (!stored) return Error(Reason::kStoreCorrupt, "part of a quarantined row");
    const auto payload = LH_TRY(ledger::parse_stored(*stored)).payload;
    out.bytes += LH_TRY(crypto::open(key.bytes(), payload, place));
  }
  return out;
}

// First parts in the order of their keys.
Status each_first(const store::Store& store, ByteView prefix,
                  const std::function<Status(const store::Row&)>& take) {
  Bytes from;
  for (;;) {
    const auto rows = LH_TRY(store.latest().scan(store::Family::kData, prefix, from, kRun));
    for (const store::Row& row : rows) {
      if (row.key.size() < 2 + kKeyTail) {
        return Error(Reason::kStoreCorrupt, "key of a quarantined row");
      }
      if (read_be16(ByteView(row.key).substr(row.key.size() - 2)) == 0) LH_TRY(take(row));
    }
    if (rows.size() < kRun) return ok_status();
    from = rows.back().key + '\0';
  }
}

Result<FirstPart> first_part(const store::Store& store, const Bytes& key) {
  const auto stored = LH_TRY(store.latest().find(store::OpenKey{store::Family::kData, key}));
  if (!stored) return Error(Reason::kQuarantineUnknown);
  return decode_stored(*stored);
}

}  // namespace

std::string_view held_text(HeldState state) {
  switch (state) {
    case HeldState::kHeld:
      break;
    case HeldState::kRepaired:
      return "repaired";
    case HeldState::kPassed:
      return "passed";
    case HeldState::kDiscarded:
      return "discarded";
  }
  return "held";
}

std::string row_id(const QuarantinedRow& row) {
  return std::to_string(row.number) + "-" + to_hex(view(row.mac).substr(0, kIdBytes));
}

Bytes held_key(char prefix, const std::string& source, const QuarantinedRow& row) {
  Bytes out = prefix_of(prefix, source);
  append_be64(out, row.number);
  out += view(row.mac);
  return out;
}

Result<std::vector<ledger::RowWrite>> quarantine_rows(const std::string& source,
                                                      const QuarantinedRow& row,
                                                      const crypto::KeyStore& keys,
                                                      Random& random) {
  const Secret key = LH_TRY(keys.get("quarantine"));
  Bytes base = prefix_of('Q', source);
  append_be64(base, row.number);
  base += view(crypto::hmac_sha256(key.bytes(), row.bytes)).substr(0, 16);
  const std::size_t parts =
      std::max<std::size_t>(1, (row.bytes.size() + kPartBytes - 1) / kPartBytes);
  if (parts > UINT16_MAX) return Error(Reason::kInputTooLarge, "quarantined row");
  std::vector<ledger::RowWrite> out;
  const auto seal_part = [&](std::size_t part, const Bytes& place) {
    const ByteView piece =
        ByteView(row.bytes).substr(std::min(part * kPartBytes, row.bytes.size()), kPartBytes);
    return crypto::seal(key.bytes(), piece, place, random);
  };
  for (std::size_t part = 1; part < parts; ++part) {
    Bytes place = part_key(base, part);
    Bytes sealed = seal_part(part, place);
    out.push_back({store::Family::kData, std::move(place), std::move(sealed)});
  }
  Bytes place = part_key(base, 0);
  FirstPart first{std::string(reason_id(row.reason)),
                  shown(row.field),
                  shown(row.column),
                  parts,
                  seal_part(0, place),
                  row.columns,
                  row.state};
  out.push_back({store::Family::kData, std::move(place), encode(first)});
  return out;
}

Result<Held> find_held(const store::Store& store, const std::vector<ledger::RowWrite>& rows) {
  const ledger::RowWrite& newest = rows.back();
  const auto stored = LH_TRY(store.latest().find(store::OpenKey{store::Family::kData, newest.key}));
  if (!stored) return Held::kNo;
  const FirstPart there = LH_TRY(decode_stored(*stored));
  if (there.state != HeldState::kHeld) return Held::kYes;  // somebody has decided about it
  const FirstPart mine = LH_TRY(decode(*newest.payload));
  const bool same = there.reason == mine.reason && there.field == mine.field &&
                    there.column == mine.column && there.columns == mine.columns;
  return same ? Held::kYes : Held::kNo;
}

Status each_quarantined(const store::Store& store, const crypto::KeyStore& keys,
                        const std::string& source,
                        const std::function<Status(QuarantinedRow)>& take) {
  const Secret key = LH_TRY(keys.get("quarantine"));
  const Bytes prefix = prefix_of('Q', source);
  return each_first(store, prefix, [&](const store::Row& row) -> Status {
    if (row.key.size() != prefix.size() + kKeyTail) {
      return Error(Reason::kStoreCorrupt, "key of a quarantined row");
    }
    return take(LH_TRY(open_row(store, key, row)));
  });
}

Result<QuarantinedRow> get_quarantined(const store::Store& store, const crypto::KeyStore& keys,
                                       const std::string& source, std::string_view id) {
  const Secret key = LH_TRY(keys.get("quarantine"));
  Bytes prefix = prefix_of('Q', source);
  const std::size_t whole = prefix.size() + kKeyTail;
  const std::string_view digits = id.substr(0, std::min(id.find('-'), id.size()));
  std::uint64_t number = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9' || number > UINT64_MAX / 16) return Error(Reason::kQuarantineUnknown);
    number = number * 10 + static_cast<std::uint64_t>(c - '0');
  }
  if (digits.empty()) return Error(Reason::kQuarantineUnknown);
  append_be64(prefix, number);
  std::optional<QuarantinedRow> found;
  LH_TRY(each_first(store, prefix, [&](const store::Row& row) -> Status {
    if (row.key.size() != whole) return ok_status();  // of a source whose name goes on
    auto opened = LH_TRY(open_row(store, key, row));
    if (digits.size() < id.size() && row_id(opened) != id) return ok_status();
    if (found)
      return Error(Reason::kQuarantineUnknown, "several rows have this number: use the id");
    found = std::move(opened);
    return ok_status();
  }));
  if (!found) return Error(Reason::kQuarantineUnknown);
  return std::move(*found);
}

Result<std::optional<HeldState>> find_state(const store::Store& store, const std::string& source,
                                            const QuarantinedRow& row) {
  const Bytes place = part_key(held_key('Q', source, row), 0);
  const auto stored = LH_TRY(store.latest().find(store::OpenKey{store::Family::kData, place}));
  if (!stored) return std::optional<HeldState>();
  return std::optional(LH_TRY(decode_stored(*stored)).state);
}

Result<std::vector<QuarantineCount>> count_quarantine(const store::Store& store) {
  std::map<std::tuple<std::string, std::string, std::string, HeldState>, std::uint64_t> counts;
  LH_TRY(each_first(store, "Q", [&](const store::Row& row) -> Status {
    const FirstPart first = LH_TRY(decode_stored(row.value));
    const std::string source = row.key.substr(1, row.key.size() - kKeyTail - 2);
    ++counts[{source, first.reason, first.field, first.state}];
    return ok_status();
  }));
  std::vector<QuarantineCount> out;
  for (const auto& [of, rows] : counts) {
    const auto& [source, reason, field, state] = of;
    out.push_back({source, LH_TRY(reason_of(reason)).reason, field, state, rows});
  }
  return out;
}

ledger::Precondition unchanged(const std::string& source, const QuarantinedRow& row) {
  return {store::Family::kData, part_key(held_key('Q', source, row), 0), row.commit_index};
}

Result<std::vector<ledger::RowWrite>> restated(const store::Store& store, const std::string& source,
                                               const QuarantinedRow& row) {
  const Bytes base = held_key('Q', source, row);
  FirstPart first = LH_TRY(first_part(store, part_key(base, 0)));
  std::vector<ledger::RowWrite> out;
  if (row.state == HeldState::kDiscarded) {
    for (std::size_t part = 1; part < first.parts; ++part) {
      out.push_back({store::Family::kData, part_key(base, part), std::nullopt});
    }
    first.parts = 1;
    first.sealed.clear();
  }
  first.reason = reason_id(row.reason);
  first.field = shown(row.field);
  first.column = shown(row.column);
  first.state = row.state;
  out.push_back({store::Family::kData, part_key(base, 0), encode(first)});
  return out;
}

Result<std::vector<ledger::RowWrite>> removed(const store::Store& store, const std::string& source,
                                              const QuarantinedRow& row) {
  const Bytes base = held_key('Q', source, row);
  const FirstPart first = LH_TRY(first_part(store, part_key(base, 0)));
  std::vector<ledger::RowWrite> out;
  for (std::size_t part = 0; part < first.parts; ++part) {
    out.push_back({store::Family::kData, part_key(base, part), std::nullopt});
  }
  return out;
}

}  // namespace lh::hub::ingest
