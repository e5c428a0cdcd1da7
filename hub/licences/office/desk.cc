#include "hub/licences/office/desk.h"

#include <algorithm>
#include <array>

#include "base/limits.h"
#include "hub/licences/rows/head_row.h"
#include "hub/licences/rows/keys.h"
#include "hub/licences/rows/status_rules.h"
#include "hub/licences/rows/version_row.h"

namespace lh::hub::licences {
namespace {

constexpr int kSlotTries = 6;
constexpr std::size_t kSerialLength = 20;
constexpr std::size_t kMostFacts = 1024;

bool is_person_scheme(IdScheme s) {
  return s == IdScheme::kResidentId || s == IdScheme::kResidentId15 || s == IdScheme::kPassport;
}

Status check_kind(schemas::HolderKind kind, const schemas::Holder& h, LocalHolders local) {
  if (h.id.scheme == IdScheme::kLocal) {
    if (local == LocalHolders::kAccept) return ok_status();
    return Error(Reason::kLicenceHolder, "a holder without an outside identifier");
  }
  const bool person = is_person_scheme(h.id.scheme);
  if ((kind == schemas::HolderKind::kNaturalPerson && !person) ||
      (kind == schemas::HolderKind::kLegalEntity && person)) {
    return Error(Reason::kLicenceHolder, "the kind of holder does not fit the type");
  }
  return ok_status();
}

bool names_holder(const std::vector<schemas::Holder>& holders, IdScheme scheme,
                  const std::string& value) {
  return std::any_of(holders.begin(), holders.end(), [&](const auto& h) {
    return h.id.scheme == scheme && h.id.value.reveal() == value;
  });
}

bool has_scheme(const std::vector<schemas::Holder>& holders, IdScheme scheme) {
  return std::any_of(holders.begin(), holders.end(),
                     [scheme](const auto& h) { return h.id.scheme == scheme; });
}

}  // namespace

Status check_holders(const schemas::LicenceType& type, const std::vector<schemas::Holder>& holders,
                     const schemas::Fields& fields, LocalHolders local) {
  if (holders.empty() || holders.size() > limits::kHoldersPerLicence) {
    return Error(Reason::kLicenceHolder, "none or too many");
  }
  for (const auto& h : holders) LH_TRY(check_kind(type.holder, h, local));
  // A licence that names somebody else as its holder than the request does would be found under one
  // person and tell about another.
  for (const auto& field : type.fields) {
    if (!field.required || field.kind != schemas::FieldKind::kIdentifier) continue;
    const auto scheme = parse_scheme(field.identifier);
    if (!scheme.ok() || !has_scheme(holders, *scheme)) continue;
    const std::string* value = schemas::find_field(fields, field.name);
    if (value != nullptr && !names_holder(holders, *scheme, *value)) {
      return Error(Reason::kLicenceHolder, field.name + " names somebody else");
    }
  }
  return ok_status();
}

Bytes alias_value(const LicenceKey& key, ByteView extra) {
  return Bytes(view(key.value)).append(extra);
}

// A list is full enough when six random slots in a row are taken; that happens at about half, and
// the next list begins. The choice says nothing about the order of issue (Token Status List, 12.5).
Result<StatusSlot> LicenceOffice::Desk::choose_slot() {
  const store::Snapshot& now = parts.licences.store().latest();
  if (!list_known_.load()) {
    const auto last = LH_TRY(now.last_at_or_before(store::Family::kData, "U", "U\xff"));
    if (last && last->key.size() == 9) list_.store(read_be32(ByteView(last->key).substr(1)));
    list_known_.store(true);
  }
  std::uint32_t list = list_.load();
  for (int tries = 1;; ++tries) {
    const auto index = static_cast<std::uint32_t>(parts.random.u64() % kStatusSlots);
    const auto taken =
        LH_TRY(now.find(store::OpenKey{store::Family::kData, rows::slot_key(list, index)}));
    if (!taken) return StatusSlot{list, index};
    if (tries % kSlotTries == 0) {
      const std::uint32_t next = list + 1;
      list_.compare_exchange_strong(list, next);
      list = list_.load();
    }
  }
}

// Nothing can be read from a random serial, and no counter is contended for.
std::string LicenceOffice::Desk::new_serial() const {
  constexpr std::string_view kAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  std::string out;
  while (out.size() < kSerialLength) {
    for (const std::uint8_t byte : parts.random.array<32>()) {
      if (byte >= 252 || out.size() == kSerialLength) continue;  // 252 = 7 × 36: no bias
      out.push_back(kAlphabet[byte % kAlphabet.size()]);
    }
  }
  return out;
}

Status LicenceOffice::Desk::add_holders(const VersionDraft& draft, MadeVersion& made) {
  for (const auto& holder : draft.holders) {
    auto registration = LH_TRY(parts.directory.find_or_register(holder.id));
    made.holders.push_back(registration.key);
    for (auto& row : registration.rows) made.rows.push_back(std::move(row));
    for (auto& p : registration.preconditions) made.preconditions.push_back(std::move(p));
    const bool held_already =
        draft.previous &&
        std::any_of(draft.previous->versions.begin(), draft.previous->versions.end(),
                    [&registration](const VersionEntry& v) {
                      return std::find(v.holders.begin(), v.holders.end(), registration.key.no) !=
                             v.holders.end();
                    });
    if (held_already) continue;
    made.rows.push_back(
        {store::Family::kData,
         rows::holding_key(registration.key.no, draft.type->code.text(), made.head.key), Bytes()});
  }
  return ok_status();
}

// 证照编号 is unique in its type, until the licence that has it has ended.
Status LicenceOffice::Desk::add_number_alias(const VersionDraft& draft, MadeVersion& made) const {
  const std::string* number = schemas::find_field(draft.fields, draft.type->number_field);
  if (number == nullptr || number->empty()) return ok_status();
  const std::string scheme = "number/" + draft.type->code.text();
  const auto target = LH_TRY(parts.licences.find_alias(scheme, *number));
  if (target && target->key == made.head.key) return ok_status();
  if (target) {
    const auto other = LH_TRY(parts.licences.head(target->key));
    const bool ended = std::any_of(other.facts.begin(), other.facts.end(),
                                   [](const HeadFact& f) { return rows::is_end(f.kind); });
    if (!ended) return Error(Reason::kLicenceExists, draft.type->number_field);
  }
  Bytes key = rows::alias_key(parts.directory, scheme, *number);
  made.preconditions.push_back({store::Family::kData, key, target ? target->commit_index : 0});
  made.rows.push_back({store::Family::kData, std::move(key), alias_value(made.head.key)});
  return ok_status();
}

Result<ledger::RowWrite> LicenceOffice::Desk::add_fact(LicenceHead& head,
                                                       const VersionDraft::NewFact& fact,
                                                       const subjects::SubjectKey& holder) const {
  if (head.facts.size() >= kMostFacts) {
    return Error(Reason::kLicenceTransition, "too many status facts");
  }
  Bytes place = rows::fact_key(head.key, static_cast<std::uint32_t>(head.facts.size()));
  head.facts.push_back({fact.kind, fact.effective, 0});
  Bytes value =
      rows::encode_fact({fact.kind, fact.effective, fact.ground}, holder, place, parts.random);
  return ledger::RowWrite{store::Family::kData, std::move(place), std::move(value)};
}

Result<Document> LicenceOffice::Desk::sign(const VersionDraft& draft, const VersionEntry& entry,
                                           StatusSlot slot, UtcTime now) const {
  schemas::SdJwtPayload payload;
  payload.iss = draft.attestation == Attestation::kStockData
                    ? collector_uri(parts.public_url, draft.signer->organisation)
                    : issuer_uri(parts.public_url, draft.signer->organisation);
  payload.vct = "urn:licence-type:" + draft.type->code.text();
  payload.iat = now.ms / 1000;
  payload.nbf = draft.valid_from
                    ? std::max<std::int64_t>(0, start_of_day(*draft.valid_from).ms / 1000)
                    : payload.iat;
  payload.licence_id = entry.licence_id;
  payload.version = entry.version;
  payload.status_uri = parts.public_url + "/public/status/" + std::to_string(slot.list);
  payload.status_index = slot.index;
  return make_document(*draft.signer, std::move(payload), draft.fields, parts.random);
}

Result<LicenceHead> LicenceOffice::Desk::begin_head(const VersionDraft& draft) const {
  if (draft.previous) return *draft.previous;
  LicenceHead head;
  head.key = LicenceKey{parts.random.array<16>()};
  head.type = draft.type->code.text();
  head.issuer = draft.signer->organisation;
  head.signer = draft.signer->organisation;
  head.attestation = draft.attestation;
  head.division = draft.division;
  return head;
}

// The rows of the version and the head; the head alone is the contended row.
Status LicenceOffice::Desk::add_rows(VersionDraft draft, Document document, StatusSlot slot,
                                     MadeVersion& made) {
  const VersionEntry& entry = made.head.versions.back();
  LicenceVersion version{entry.version,
                         entry.licence_id,
                         std::move(draft.fields),
                         std::move(document),
                         entry.valid_from,
                         entry.valid_until,
                         entry.change,
                         {}};
  if (draft.previous) version.supersedes = draft.previous->licence_id;
  const Bytes named = rows::encode_numbered({made.head.key, entry.version});
  Bytes place = rows::version_key(made.head.key, entry.version);
  Bytes sealed = rows::encode_version(version, made.holders, place, parts.random);
  made.document = std::move(version.document);
  Bytes number = rows::number_key(parts.directory, entry.licence_id);
  Bytes in_list = rows::slot_key(slot.list, slot.index);
  Bytes head = rows::head_key(made.head.key);
  using store::Family;
  made.preconditions.push_back({Family::kData, number, 0});
  made.preconditions.push_back({Family::kData, in_list, 0});
  made.preconditions.push_back({Family::kData, head, made.head.commit_index});
  made.rows.push_back({Family::kData, std::move(place), std::move(sealed)});
  made.rows.push_back({Family::kData, std::move(number), named});
  made.rows.push_back({Family::kData, std::move(in_list), named});
  for (const auto& fact : draft.facts) {
    made.rows.push_back(LH_TRY(add_fact(made.head, fact, made.holders.front())));
  }
  made.rows.push_back({Family::kData, std::move(head), rows::encode_head(made.head)});
  return ok_status();
}

Result<MadeVersion> LicenceOffice::Desk::make(VersionDraft draft, UtcTime now) {
  MadeVersion made;
  made.head = LH_TRY(begin_head(draft));
  VersionEntry entry;
  entry.version = draft.previous ? draft.previous->version + 1 : 1;
  // One serial for the life of the licence: only the version part of the number moves on.
  const std::string serial =
      draft.previous ? std::string(LH_TRY(parse_licence_id(draft.previous->licence_id)).serial())
                     : new_serial();
  entry.licence_id =
      LH_TRY(make_licence_id(draft.type->code, made.head.issuer, serial, entry.version)).text();
  entry.valid_from = draft.valid_from;
  entry.valid_until = draft.valid_until;
  entry.change = draft.change;
  LH_TRY(add_holders(draft, made));
  LH_TRY(add_number_alias(draft, made));
  for (const auto& holder : made.holders) entry.holders.push_back(holder.no);
  const StatusSlot slot = LH_TRY(choose_slot());
  Document document = LH_TRY(sign(draft, entry, slot, now));
  entry.document = document_digest(document);
  made.head.versions.push_back(std::move(entry));
  rows::show_newest(made.head);
  made.head.kept =
      LH_TRY(verdicts.of_new(*draft.signer, made.head.attestation,
                             {made.head.key, made.head.version, made.head.document}, now));
  LH_TRY(add_rows(std::move(draft), std::move(document), slot, made));
  return made;
}

}  // namespace lh::hub::licences
