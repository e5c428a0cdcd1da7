// Handing in: admitted, written part by part, and made visible by its head in the last change.
#include "hub/licences/originals/original_office.h"

#include <algorithm>

#include "crypto/digest.h"
#include "crypto/seal.h"
#include "hub/licences/office/entry_facts.h"
#include "hub/licences/originals/upload.h"
#include "schemas/json.h"

namespace lh::hub::licences {
namespace {

constexpr std::size_t kAtOnce = 2;      // of up to 32 MiB each, and what looking at them takes
constexpr std::size_t kLeftOver = 200;  // parts of a longer file that broke off

using schemas::AuditEvent;

std::string stored_answer(const OriginalRecord& record, const Digest& digest) {
  schemas::Json j = schemas::Json::object();
  j.set("licence_key", record.licence.text()).set("version", record.version);
  j.set("media_type", media_type_of(record.shape.kind)).set("bytes", record.bytes);
  j.set("pages", record.shape.pages).set("sha256", to_hex(view(digest)));
  j.set("stored", time_text(record.stored));
  return schemas::to_text(j);
}

ByteView part_of(ByteView file, std::uint32_t number) {
  return file.substr(std::min(file.size(), std::size_t{number} * kOriginalPart), kOriginalPart);
}

}  // namespace

Result<std::unique_ptr<OriginalOffice::Seat>> OriginalOffice::Seat::take(OriginalOffice& office,
                                                                         const Bytes& key) {
  const std::lock_guard lock(office.mutex_);
  if (office.under_way_.size() >= kAtOnce || !office.under_way_.insert(key).second) {
    return Error(Reason::kTooManyRequests, "originals are being handed in");
  }
  return std::make_unique<Seat>(office, key);
}

Result<std::optional<Digest>> sha256_of_field(std::string_view field) {
  constexpr std::string_view kName = "sha-256=:";
  const std::size_t at = field.find(kName);
  if (at == std::string_view::npos) return std::optional<Digest>();
  const std::string_view rest = field.substr(at + kName.size());
  const auto bytes = parse_base64(rest.substr(0, rest.find(':')));
  if (rest.find(':') == std::string_view::npos || !bytes.ok() || bytes->size() != 32) {
    return Error(Reason::kInputMalformed, "digest field");
  }
  return std::optional<Digest>(LH_TRY(to_array<32>(*bytes)));
}

Result<Permit> OriginalOffice::own_role(const access::Caller& caller,
                                        const access::Policy& policy) const {
  const bool issues = caller.roles.contains(access::Role::kIssue);
  auto admitted = parts_.gate.admit_role(
      caller, issues ? access::Operation::kIssue : access::Operation::kCollect, policy);
  if (const auto* no = std::get_if<access::Refusal>(&admitted)) return Error(no->decision->reason);
  return std::move(std::get<access::Admission>(admitted).permit);
}

// Of a licence of somebody else nothing is told, not even that it exists.
Result<OriginalOffice::Version> OriginalOffice::find_own(const std::string& licence,
                                                         std::optional<int> version,
                                                         const access::Caller& caller) const {
  const auto key = LicenceKey::parse(licence);
  if (!key.ok()) return Error(Reason::kLicenceUnknown);
  LicenceHead head = LH_TRY(parts_.originals.licences().head(*key));
  const auto role = head.attestation == Attestation::kIssuerSigned ? access::Role::kIssue
                                                                   : access::Role::kCollect;
  const VersionEntry* entry = find_version(head, version.value_or(head.version));
  if (head.signer != caller.organisation || !caller.roles.contains(role) || entry == nullptr) {
    return Error(Reason::kLicenceUnknown);
  }
  VersionEntry found = *entry;
  return Version{std::move(head), std::move(found)};
}

Result<OriginalOffice::UploadPtr> OriginalOffice::admitted(const HandIn& request, ByteView file,
                                                           const access::Caller& caller,
                                                           audit::EntryFacts& facts) {
  Version version = LH_TRY(find_own(request.licence, request.version, caller));
  name_licence(facts, parts_.directory, version.head);
  const OriginalKind kind = LH_TRY(kind_of_media_type(request.content_type));
  const Digest digest = crypto::sha256(file);
  for (const auto& field : request.digests) {
    const auto said = LH_TRY(sha256_of_field(field));
    if (said && *said != digest) return Error(Reason::kDigestMismatch);
  }
  const auto kept = LH_TRY(parts_.originals.find(version.head.key, version.entry.version));
  if (kept) {
    if (LH_TRY(parts_.originals.digest(*kept)) != digest) return Error(Reason::kDocumentExists);
    return std::make_shared<Upload>(std::move(version), kept->shape, digest);
  }
  const Bytes place = original_key(version.head.key, version.entry.version);
  const auto holders = LH_TRY(parts_.originals.living(version.entry.holders));
  auto seat = LH_TRY(Seat::take(*this, place));
  const OriginalShape shape = LH_TRY(parts_.look(kind, file));
  auto upload = std::make_shared<Upload>(std::move(version), shape, digest);
  upload->seat = std::move(seat);
  const auto key = parts_.random.array<crypto::kSealKeyBytes>();
  upload->file_key = Bytes(view(key));
  upload->keys = wrap_file_key(upload->file_key, holders, place, parts_.random);
  upload->correlation = to_hex(view(parts_.random.array<16>()));
  return upload;
}

OriginalOffice::Admitted OriginalOffice::admit(const HandIn& request, ByteView file,
                                               const access::Caller& caller,
                                               const access::Policy& policy) {
  audit::EntryFacts facts = facts_of(AuditEvent::kDocumentStored, caller, policy);
  facts.purpose = "original";
  const auto permit = own_role(caller, policy);
  if (!permit.ok()) return refuse(permit.error(), std::move(facts));
  auto upload = admitted(request, file, caller, facts);
  if (!upload.ok()) return refuse(upload.error(), std::move(facts));
  (*upload)->part_facts = facts_of(AuditEvent::kMaintenance, caller, policy);
  return std::move(*upload);
}

Result<std::optional<ledger::Change>> OriginalOffice::next_part(Upload& upload,
                                                                ByteView file) const {
  const std::uint32_t parts = parts_of(file.size());
  if (upload.seat == nullptr || upload.written + 1 >= parts) return std::optional<ledger::Change>();
  const VersionEntry& entry = upload.version.entry;
  const PartPlace place{part_key(upload.version.head.key, entry.version, upload.written), parts};
  audit::EntryFacts facts = upload.part_facts;
  facts.object = upload.version.head.type;
  facts.purpose = "part of an original";
  facts.count = upload.written + 1;
  facts.correlation = upload.correlation;
  ledger::Change change;
  change.access = AccessId{parts_.random.array<16>()};
  change.rows.push_back(
      {store::Family::kData, place.key,
       seal_part(upload.file_key, part_of(file, upload.written), place, parts_.random)});
  change.entries.push_back(
      LH_TRY(parts_.entries.make(facts, crypto::CommitKey(parts_.random), parts_.clock.now())));
  ++upload.written;
  return std::optional<ledger::Change>(std::move(change));
}

Result<access::Act> OriginalOffice::finished(const Upload& upload, ByteView file,
                                             const Permit& permit, audit::EntryFacts& facts) const {
  const LicenceKey& licence = upload.version.head.key;
  const int version = upload.version.entry.version;
  const UtcTime now = parts_.clock.now();
  const ActParts act{parts_.entries, parts_.random, now, file};
  const auto kept = LH_TRY(parts_.originals.find(licence, version));
  say_personal(facts, upload.version.entry.licence_id + "\n" + to_hex(view(upload.digest)));
  if (kept) {
    if (LH_TRY(parts_.originals.digest(*kept)) != upload.digest) {
      return Error(Reason::kDocumentExists);
    }
    facts.event = AuditEvent::kStatusQueried;  // an answer given again stores nothing
    facts.purpose = "replay";
    return make_act(act, facts, {},
                    Undisclosed<std::string>(permit, stored_answer(*kept, upload.digest)));
  }
  const Bytes place = original_key(licence, version);
  const auto parts = parts_of(file.size());
  OriginalRecord record{licence,
                        version,
                        upload.shape,
                        file.size(),
                        parts,
                        parse_uscc(facts.organisation).value(),
                        LH_TRY(SystemId::parse(facts.system)),
                        now,
                        upload.keys,
                        seal_digest(upload.file_key, upload.digest, place, parts_.random)};
  ledger::Change change;
  change.preconditions.push_back({store::Family::kData, place, 0});
  change.rows.push_back({store::Family::kData, place, encode_original(record)});
  const PartPlace last{part_key(licence, version, parts - 1), parts};
  change.rows.push_back(
      {store::Family::kData, last.key,
       seal_part(upload.file_key, part_of(file, parts - 1), last, parts_.random)});
  // What a longer file left behind that broke off.
  for (const auto& row : LH_TRY(parts_.originals.licences().store().latest().scan(
           store::Family::kData, part_prefix(licence, version), part_key(licence, version, parts),
           kLeftOver))) {
    change.rows.push_back({store::Family::kData, row.key, std::nullopt});
  }
  auto made =
      LH_TRY(make_act(act, facts, std::move(change),
                      Undisclosed<std::string>(permit, stored_answer(record, upload.digest))));
  made.http_status = 201;
  return made;
}

Result<access::Prepared> OriginalOffice::finish(const Upload& upload, ByteView file,
                                                const access::Caller& caller,
                                                const access::Policy& policy) const {
  audit::EntryFacts facts = facts_of(AuditEvent::kDocumentStored, caller, policy);
  facts.purpose = "original";
  facts.correlation = upload.correlation;
  facts.count = upload.seat == nullptr ? 0 : parts_of(file.size());
  name_licence(facts, parts_.directory, upload.version.head);
  const auto permit = own_role(caller, policy);
  if (!permit.ok()) return access::Prepared(refuse(permit.error(), std::move(facts)));
  auto act = finished(upload, file, *permit, facts);
  if (!act.ok()) return access::Prepared(refuse(act.error(), std::move(facts)));
  return access::Prepared(std::move(*act));
}

}  // namespace lh::hub::licences
