// Collecting (归集): a licence that exists elsewhere becomes a version signed by the collecting
// department, attested stock-data. The same content again is kSame, by a keyed digest beside the
// source key: collecting twice is collecting once.
#include <algorithm>

#include "hub/licences/office/answers.h"
#include "hub/licences/office/desk.h"
#include "hub/licences/office/entry_facts.h"
#include "hub/licences/rows/head_row.h"
#include "hub/licences/rows/keys.h"
#include "hub/licences/rows/status_rules.h"

namespace lh::hub::licences {
namespace {

using schemas::LicenceStatus;
using Outcome = LicenceOffice::Outcome;

Result<LicenceStatus> parse_status(std::string_view text) {
  for (int code = 0; code <= static_cast<int>(LicenceStatus::kExpired); ++code) {
    const auto status = static_cast<LicenceStatus>(code);
    if (status != LicenceStatus::kSuperseded && schemas::status_text(status) == text) return status;
  }
  return Error(Reason::kJsonValue, "status");
}

std::optional<FactKind> ending(LicenceStatus s) {
  switch (s) {
    case LicenceStatus::kCancelled:
      return FactKind::kCancel;
    case LicenceStatus::kRevoked:
      return FactKind::kRevoke;
    case LicenceStatus::kForfeited:
      return FactKind::kForfeit;
    case LicenceStatus::kTransferred:
      return FactKind::kTransferOut;
    default:
      return std::nullopt;
  }
}

// A local holder is known by its source only: the same key of another source is somebody else.
Result<std::vector<schemas::Holder>> holders_of(const CollectRequest& request) {
  std::vector<schemas::Holder> out;
  for (const auto& h : request.holders) {
    schemas::Holder holder = h;
    if (h.id.scheme == IdScheme::kLocal) {
      if (request.local_source.empty()) return Error(Reason::kLicenceHolder, "local source");
      holder.id = LH_TRY(
          parse_subject_id(IdScheme::kLocal, request.local_source + ":" + h.id.value.reveal()));
    }
    const bool again = std::any_of(out.begin(), out.end(), [&holder](const auto& other) {
      return other.id.scheme == holder.id.scheme &&
             other.id.value.reveal() == holder.id.value.reveal();
    });
    if (!again) out.push_back(std::move(holder));
  }
  return out;
}

void append_part(Bytes& out, std::string_view part) {
  append_be32(out, static_cast<std::uint32_t>(part.size()));
  out += part;
}

std::string date_text(const std::optional<LocalDate>& d) {
  return d ? d->text() : std::string("-");
}

// Everything that would make another version; not the status, which has facts of its own.
Bytes content_of(const CollectRequest& request, const VersionDraft& draft) {
  Bytes out;
  out.reserve(1024);
  append_part(out, request.type);
  append_part(out, request.collector.text());
  append_part(out, request.issuer_name);
  append_part(out, date_text(request.valid_from));
  append_part(out, date_text(request.valid_until));
  for (const auto& h : draft.holders) {
    append_part(out, scheme_text(h.id.scheme));
    append_part(out, h.id.value.reveal());
    append_part(out, h.name.reveal());
  }
  append_part(out, {});
  for (const auto& [name, value] : draft.fields) {
    append_part(out, name);
    append_part(out, value);
  }
  return out;
}

UtcTime first_moment(const VersionDraft& draft, UtcTime now) {
  return start_of_day(draft.valid_from.value_or(local_date(now)));
}

// The facts of a licence met for the first time.
void first_facts(LicenceStatus status, UtcTime now, VersionDraft& draft) {
  if (status == LicenceStatus::kNotActive) return;
  draft.facts.push_back({FactKind::kActivate, first_moment(draft, now), {}});
  const UtcTime known = std::max(now, first_moment(draft, now));  // when it changed, nobody told
  if (status == LicenceStatus::kSuspended) draft.facts.push_back({FactKind::kSuspend, known, {}});
  if (const auto end = ending(status)) draft.facts.push_back({*end, known, {}});
  const bool by_date = draft.valid_until && *draft.valid_until < local_date(now);
  if (status == LicenceStatus::kExpired && !by_date) {
    draft.facts.push_back({FactKind::kLapsed, known, {}});
  }
}

enum class Step : std::uint8_t { kTaken, kImpossible };

// From what the source said before to what it says now.
Step next_facts(LicenceStatus before, LicenceStatus now_says, UtcTime now, VersionDraft& draft) {
  if (before == now_says) return Step::kTaken;
  if (ending(before) || now_says == LicenceStatus::kNotActive) return Step::kImpossible;
  if (const auto end = ending(now_says)) {
    draft.facts.push_back({*end, now, {}});
    return Step::kTaken;
  }
  const UtcTime at = now;
  switch (now_says) {
    case LicenceStatus::kValid:
      draft.facts.push_back(
          {before == LicenceStatus::kSuspended ? FactKind::kResume : FactKind::kActivate, at, {}});
      return Step::kTaken;
    case LicenceStatus::kSuspended:
      draft.facts.push_back({FactKind::kSuspend, at, {}});
      return Step::kTaken;
    case LicenceStatus::kExpired:
      if (!draft.valid_until || *draft.valid_until >= local_date(now)) {
        draft.facts.push_back({FactKind::kLapsed, at, {}});
      }
      return Step::kTaken;
    default:
      return Step::kImpossible;
  }
}

// What stands beside the source key: content tag(16) ‖ status(1).
Bytes memory_of(const Tag& content, LicenceStatus status) {
  Bytes out(view(content));
  out.push_back(static_cast<char>(status));
  return out;
}

struct Known {
  AliasTarget alias;
  LicenceHead head;
  bool same_content = false;
  LicenceStatus status = LicenceStatus::kValid;
};

Result<Known> known_licence(const LicenceStore& licences, AliasTarget alias, const Tag& content) {
  if (alias.extra.size() != 17 ||
      static_cast<std::uint8_t>(alias.extra[16]) > static_cast<int>(LicenceStatus::kExpired)) {
    return Error(Reason::kStoreCorrupt, "memory of a collected licence");
  }
  Known out;
  out.head = LH_TRY(licences.head(alias.key));
  out.same_content = ByteView(alias.extra).substr(0, 16) == view(content);
  out.status = static_cast<LicenceStatus>(alias.extra[16]);
  out.alias = std::move(alias);
  return out;
}

}  // namespace

Result<VersionDraft> LicenceOffice::Desk::collect_draft(const CollectRequest& request,
                                                        const access::Policy& policy,
                                                        UtcTime now) const {
  VersionDraft v;
  v.type = policy.find_type(request.type, local_date(now));
  if (v.type == nullptr) return Error(Reason::kTypeUnknown);
  v.signer = parts.signers.find(request.collector);
  if (v.signer == nullptr) return Error(Reason::kKeyMissing, "signing key of the collector");
  if (request.source.empty() || request.source_key.empty()) {
    return Error(Reason::kInputMalformed, "a collected licence has a source and a key in it");
  }
  v.attestation = Attestation::kStockData;
  v.fields = LH_TRY(schemas::check_fields(v.type->fields, request.fields));
  v.holders = LH_TRY(holders_of(request));
  LH_TRY(check_holders(*v.type, v.holders, v.fields, LocalHolders::kAccept));
  if (request.valid_from && request.valid_until && *request.valid_until < *request.valid_from) {
    return Error(Reason::kLicenceDates, "valid_until before valid_from");
  }
  v.valid_from = request.valid_from;
  v.valid_until = request.valid_until;
  v.division = request.division;
  return v;
}

// The licence stays as it is but for its status.
Result<MadeVersion> LicenceOffice::Desk::only_facts(const VersionDraft& draft) const {
  MadeVersion made;
  made.head = *draft.previous;
  for (const SubjectNo no : made.head.holders) {
    auto key = parts.directory.get(no);
    if (key.ok()) made.holders.push_back(std::move(*key));
  }
  if (made.holders.empty()) return Error(Reason::kKeyErased);
  made.preconditions.push_back(
      {store::Family::kData, rows::head_key(made.head.key), made.head.commit_index});
  for (const auto& fact : draft.facts) {
    made.rows.push_back(LH_TRY(add_fact(made.head, fact, made.holders.front())));
  }
  made.rows.push_back(
      {store::Family::kData, rows::head_key(made.head.key), rows::encode_head(made.head)});
  return made;
}

Result<LicenceOffice::Collected> LicenceOffice::collect(const CollectRequest& request,
                                                        const access::Policy& policy,
                                                        const Permit& permit) {
  const UtcTime now = parts_.clock.now();
  const LicenceStatus status = LH_TRY(parse_status(request.status));
  VersionDraft draft = LH_TRY(desk_->collect_draft(request, policy, now));
  const Bytes content = content_of(request, draft);
  const Tag tag = parts_.directory.tag_of("content", content);
  const std::string scheme = "source/" + request.source;
  auto alias = LH_TRY(parts_.licences.find_alias(scheme, request.source_key));
  const std::uint64_t alias_index = alias ? alias->commit_index : 0;
  Collected out;
  bool same_content = false;
  if (alias) {
    Known known = LH_TRY(known_licence(parts_.licences, std::move(*alias), tag));
    out.key = known.head.key;
    same_content = known.same_content;
    out.outcome = same_content && known.status == status ? Outcome::kSame : Outcome::kChanged;
    if (out.outcome == Outcome::kSame) return out;
    const bool other = known.head.type != request.type || known.head.signer != request.collector;
    const bool ended = std::any_of(known.head.facts.begin(), known.head.facts.end(),
                                   [](const HeadFact& f) { return rows::is_end(f.kind); });
    draft.previous = std::move(known.head);
    draft.change = schemas::ChangeKind::kChange;
    if (other || ended || next_facts(known.status, status, now, draft) == Step::kImpossible) {
      out.outcome = Outcome::kConflict;
      return out;
    }
  } else {
    first_facts(status, now, draft);
  }
  auto made = same_content ? desk_->only_facts(draft) : desk_->make(std::move(draft), now);
  if (!made.ok() && made.error().reason() == Reason::kLicenceExists) {
    out.outcome = Outcome::kConflict;  // the number belongs to a licence of another source
    return out;
  }
  if (!made.ok()) return made.error();
  out.key = made->head.key;
  Bytes memory = rows::alias_key(parts_.directory, scheme, request.source_key);
  made->preconditions.push_back({store::Family::kData, memory, alias_index});
  made->rows.push_back(
      {store::Family::kData, std::move(memory), alias_value(out.key, memory_of(tag, status))});
  out.change.access = permit.access_id();
  out.change.entries.push_back(LH_TRY(desk_->collect_entry(request, policy, *made, content)));
  out.change.rows = std::move(made->rows);
  out.change.preconditions = std::move(made->preconditions);
  return out;
}

Result<std::unique_ptr<ledger::EntryDraft>> LicenceOffice::Desk::collect_entry(
    const CollectRequest& request, const access::Policy& policy, const MadeVersion& made,
    ByteView content) const {
  audit::EntryFacts facts;
  facts.event = schemas::AuditEvent::kLicenceCollected;
  facts.organisation = request.collector.text();
  facts.system = "hub";
  facts.division = made.head.division;
  facts.policy_epoch = policy.epoch();
  facts.purpose = request.source;
  facts.object = made.head.type;
  facts.licence = parts.directory.tag_of("licence", view(made.head.key.value));
  facts.licence_key = made.head.key;
  facts.subjects = made.holders;
  std::string text = made.head.licence_id;
  for (const auto& h : request.holders) text += "\n" + h.name.reveal();
  say_personal(facts, std::move(text));
  const crypto::CommitKey k(parts.random);
  facts.request = k.commit(content);
  return parts.entries.make(facts, k, parts.clock.now());
}

}  // namespace lh::hub::licences
