// The rows of tickets as stored: deterministic CBOR.
#include <algorithm>

#include "base/cbor.h"
#include "hub/exchange/tickets/ticket.h"

namespace lh::hub::exchange {
namespace {

constexpr std::uint64_t kFormat = 2;  // 1: without how it was signed, which was on paper
constexpr std::size_t kScanRows = 256;

Bytes ticket_key(SubjectNo applicant, const TicketId& id) {
  Bytes key("u");
  append_be64(key, applicant.value);
  return key.append(view(id.value));
}

Bytes id_key(const TicketId& id) {
  return Bytes("t").append(view(id.value));
}

void append_day(Bytes& key, LocalDate day) {
  append_be32(key, static_cast<std::uint32_t>(day.days()));  // terms end after 1970
}

Bytes organisation_key(const Ticket& t) {
  Bytes key = Bytes("o").append(t.organisation.text());
  append_day(key, t.due);
  return key.append(view(t.id.value));
}

Bytes due_key(const Ticket& t) {
  Bytes key("g");
  append_day(key, t.due);
  return key.append(view(t.id.value));
}

void write_optional(CborWriter& w, std::optional<std::int64_t> value) {
  w.array(value ? 1 : 0);
  if (value) w.integer(*value);
}

Result<std::optional<std::int64_t>> read_optional(CborReader& r) {
  const auto items = LH_TRY(r.read_array());
  if (items > 1) return Error(Reason::kCborMalformed, "ticket");
  if (items == 0) return std::optional<std::int64_t>();
  return std::optional<std::int64_t>(LH_TRY(r.read_integer()));
}

Bytes encode(const Ticket& t) {
  CborWriter w;
  w.array(15);
  w.uint(kFormat);
  w.uint(static_cast<std::uint64_t>(t.kind));
  w.uint(static_cast<std::uint64_t>(t.state));
  w.bytes(view(t.case_id.value));
  w.text(t.organisation.text());
  w.text(t.matter);
  w.uint(static_cast<std::uint64_t>(t.matter_version));
  w.text(t.material);
  w.integer(t.opened.ms);
  w.integer(t.due.days());
  write_optional(w, t.closed ? std::optional(t.closed->ms) : std::nullopt);
  write_optional(w,
                 t.holds_until ? std::optional<std::int64_t>(t.holds_until->days()) : std::nullopt);
  w.bytes(t.document ? view(*t.document) : ByteView());
  w.uint(t.reminders);
  w.uint(static_cast<std::uint64_t>(t.signing));
  return w.take();
}

Result<LocalDate> day_of(std::int64_t days) {
  constexpr std::int64_t kMost = 3'000'000;  // beyond the year 9999
  if (days < 0 || days > kMost) return Error(Reason::kCborMalformed, "day of a ticket");
  return LocalDate::from_days(static_cast<std::int32_t>(days));
}

Result<Signing> read_signing(CborReader& r) {
  const auto signing = LH_TRY(r.read_uint());
  if (signing > static_cast<std::uint64_t>(Signing::kAgent)) {
    return Error(Reason::kCborMalformed, "signing of a ticket");
  }
  return static_cast<Signing>(signing);
}

Result<Ticket> decode(ByteView payload) {
  CborReader r(payload);
  const std::uint64_t items = LH_TRY(r.read_array());
  const std::uint64_t format = LH_TRY(r.read_uint());
  if (format < 1 || format > kFormat || items != 13 + format) {
    return Error(Reason::kCborMalformed, "ticket");
  }
  Ticket t;
  const auto kind = LH_TRY(r.read_uint());
  const auto state = LH_TRY(r.read_uint());
  if (kind < 1 || kind > 2 || state < 1 || state > 5) {
    return Error(Reason::kCborMalformed, "ticket");
  }
  t.kind = static_cast<TicketKind>(kind);
  t.state = static_cast<TicketState>(state);
  t.case_id = CaseId{LH_TRY(to_array<16>(LH_TRY(r.read_bytes())))};
  t.organisation = LH_TRY(parse_uscc(LH_TRY(r.read_text())));
  t.matter = LH_TRY(r.read_text());
  t.matter_version = static_cast<int>(LH_TRY(r.read_uint()) & 0xFFFFU);
  t.material = LH_TRY(r.read_text());
  t.opened.ms = LH_TRY(r.read_integer());
  t.due = LH_TRY(day_of(LH_TRY(r.read_integer())));
  if (const auto closed = LH_TRY(read_optional(r))) t.closed = UtcTime{*closed};
  if (const auto until = LH_TRY(read_optional(r))) t.holds_until = LH_TRY(day_of(*until));
  const ByteView document = LH_TRY(r.read_bytes());
  if (!document.empty()) t.document = LH_TRY(to_array<32>(document));
  t.reminders = static_cast<std::uint32_t>(LH_TRY(r.read_uint()) & 0xFFFFU);
  if (t.kind == TicketKind::kCommitment) t.signing = Signing::kPaper;
  if (format > 1) t.signing = LH_TRY(read_signing(r));
  LH_TRY(r.finish());
  return t;
}

Result<Ticket> ticket_in(const store::Row& row) {
  const auto stored = LH_TRY(ledger::parse_stored(row.value));
  auto ticket = decode(stored.payload);
  if (!ticket.ok() || row.key.size() != 25) return Error(Reason::kStoreCorrupt, "ticket");
  ticket->commit_index = stored.commit_index;
  ticket->applicant = SubjectNo{read_be64(ByteView(row.key).substr(1))};
  ticket->id = TicketId{LH_TRY(to_array<16>(ByteView(row.key).substr(9)))};
  return ticket;
}

// The ticket a pointer row names.
Result<Ticket> follow(const store::Store& store, ByteView stored, const TicketId& id) {
  const ByteView payload = LH_TRY(ledger::parse_stored(stored)).payload;
  if (payload.size() != 8) return Error(Reason::kStoreCorrupt, "pointer to a ticket");
  Bytes key = ticket_key(SubjectNo{read_be64(payload)}, id);
  auto row = LH_TRY(store.latest().find(store::OpenKey{store::Family::kData, key}));
  if (!row) return Error(Reason::kStoreCorrupt, "pointer to a ticket");
  return ticket_in({std::move(key), std::move(*row)});
}

Result<TicketId> id_at_end(const Bytes& key) {
  return TicketId{LH_TRY(to_array<16>(ByteView(key).substr(key.size() - 16)))};
}

}  // namespace

void write_ticket(const Ticket& t, ledger::Change& change) {
  const auto put = [&change](Bytes key, std::optional<Bytes> value) {
    change.rows.push_back({store::Family::kData, std::move(key), std::move(value)});
  };
  const Bytes key = ticket_key(t.applicant, t.id);
  change.preconditions.push_back({store::Family::kData, key, t.commit_index});
  put(key, encode(t));
  Bytes pointer;
  append_be64(pointer, t.applicant.value);
  if (t.commit_index == 0) {
    put(id_key(t.id), pointer);
    put(organisation_key(t), pointer);
    put(due_key(t), pointer);
  }
  if (t.state != TicketState::kOpen) put(due_key(t), std::nullopt);
}

Result<std::vector<Ticket>> tickets_of(const store::Store& store, SubjectNo applicant,
                                       const Permit& /*permit*/) {
  Bytes prefix("u");
  append_be64(prefix, applicant.value);
  std::vector<Ticket> out;
  const auto snapshot = store.snapshot();
  Bytes from;
  while (true) {
    const auto rows = LH_TRY(snapshot->scan(store::Family::kData, prefix, from, kScanRows));
    for (const auto& row : rows) out.push_back(LH_TRY(ticket_in(row)));
    if (rows.size() < kScanRows) return out;
    from = rows.back().key + '\0';
  }
}

Result<std::optional<Ticket>> find_ticket(const store::Store& store, const TicketId& id,
                                          const Permit& /*permit*/) {
  const auto row = LH_TRY(store.latest().find(store::OpenKey{store::Family::kData, id_key(id)}));
  if (!row) return std::optional<Ticket>();
  return std::optional(LH_TRY(follow(store, *row, id)));
}

namespace {

// The tickets that pointer rows of a prefix name, in the order of the rows.
Result<TicketPage> page_of(const store::Store& store, const Bytes& prefix, ByteView from,
                           std::size_t limit) {
  const Bytes begin = from.empty() ? Bytes() : prefix + Bytes(from);
  const auto rows = LH_TRY(store.latest().scan(store::Family::kData, prefix, begin, limit + 1));
  TicketPage out;
  for (const auto& row : rows) {
    if (row.key.size() != prefix.size() + 20) return Error(Reason::kStoreCorrupt, "ticket row");
    if (out.tickets.size() == limit) {
      out.next = row.key.substr(prefix.size());
      break;
    }
    out.tickets.push_back(LH_TRY(follow(store, row.value, LH_TRY(id_at_end(row.key)))));
  }
  return out;
}

}  // namespace

Result<TicketPage> tickets_of(const store::Store& store, const Uscc& organisation, ByteView from,
                              std::size_t limit, const Permit& /*permit*/) {
  return page_of(store, Bytes("o").append(organisation.text()), from, limit);
}

Result<TicketPage> open_tickets(const store::Store& store, LocalDate due_by, ByteView from,
                                std::size_t limit, const Permit& /*permit*/) {
  TicketPage out = LH_TRY(page_of(store, "g", from, limit));
  const auto later = std::find_if(out.tickets.begin(), out.tickets.end(),
                                  [due_by](const Ticket& t) { return t.due > due_by; });
  if (later != out.tickets.end()) out.next.clear();
  out.tickets.erase(later, out.tickets.end());
  return out;
}

}  // namespace lh::hub::exchange
