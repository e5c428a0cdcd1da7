#include "hub/ingest/load/preparer.h"

#include "hub/ingest/load/placement.h"

namespace lh::hub::ingest {
namespace {

using adapters::RecordKind;
using licences::LicenceOffice;

// What the record itself is to blame for; everything else stops the run.
bool is_of_the_row(const Error& error) {
  const int status = info(error.reason()).http_status;
  return status >= 400 && status < 500 && error.reason() != Reason::kStoreStale;
}

enum class Blame : std::uint8_t { kRow, kHub };
Blame blame(RowJob& row, const Error& error) {
  if (!is_of_the_row(error)) return Blame::kHub;
  const std::string& detail = error.detail();  // "operator_name: required"
  refuse(row, error.reason(), detail.substr(0, detail.find(':')));
  return Blame::kRow;
}

bool is_person_scheme(IdScheme s) {
  return s == IdScheme::kResidentId || s == IdScheme::kResidentId15 || s == IdScheme::kPassport;
}

Status check_kind(std::string_view kind, IdScheme scheme) {
  if ((kind == "natural_person" && !is_person_scheme(scheme)) ||
      (kind == "legal_entity" && is_person_scheme(scheme))) {
    return Error(Reason::kIdScheme, "holder");
  }
  return ok_status();
}

template <class T>
void append_all(std::vector<T>& to, std::vector<T>&& from) {
  for (auto& item : from) to.push_back(std::move(item));
}

}  // namespace

Result<SubjectId> holder_id(const adapters::MappedHolder& h) {
  if (h.scheme != IdScheme::kLocal) return parse_subject_id(h.scheme, h.id.reveal());
  if (h.local_source.empty()) return Error(Reason::kLicenceHolder, "local source");
  return parse_subject_id(IdScheme::kLocal, h.local_source + ":" + h.id.reveal());
}

void refuse(RowJob& row, Reason reason, std::string field) {
  row.refused = QuarantinedRow{row.number, reason, std::move(field), {}, {}};
}

Result<std::optional<Preparer::Piece>> Preparer::prepare_base(RowJob& row,
                                                              const RecordJob& job) const {
  const auto make = [&]() -> Result<Piece> {
    const auto* kind = terms_.policy.find_base_kind(job.record.object);
    if (kind == nullptr) return Error(Reason::kTypeUnknown, job.record.object);
    LH_TRY(check_kind(kind->id, job.record.holder.scheme));
    const SubjectId id = LH_TRY(holder_id(job.record.holder));
    auto fields = LH_TRY(schemas::check_fields(kind->fields, job.record.fields));
    // A source knows of no merges: what it says of an identifier stays with that identifier.
    auto registration = LH_TRY(parts_.directory.find_own_or_register(id));
    const Permit permit = parts_.gate.maintenance();
    auto put = LH_TRY(parts_.base_data.put(
        registration.key, id, {kind->id, std::move(fields), terms_.request.name, job.record.key},
        permit));
    Piece piece;
    piece.kind = is_personal(id) ? Piece::Kind::kOwnEntry : Piece::Kind::kGrouped;
    piece.object = kind->id;
    piece.place = Bytes("B");
    append_be64(piece.place, registration.key.no.value);
    piece.place += kind->id;
    piece.subject = registration.key;
    piece.change.access = permit.access_id();
    piece.change.rows = std::move(registration.rows);
    piece.change.preconditions = std::move(registration.preconditions);
    if (!put.preconditions.empty()) piece.head = put.preconditions.front().key;
    append_all(piece.change.rows, std::move(put.rows));
    append_all(piece.change.preconditions, std::move(put.preconditions));
    piece.ref.outcome = put.outcome == subjects::StoreOutcome::kNew       ? RowOutcome::kFresh
                        : put.outcome == subjects::StoreOutcome::kChanged ? RowOutcome::kChanged
                                                                          : RowOutcome::kSame;
    return piece;
  };
  auto made = make();
  if (made.ok()) return std::optional(std::move(*made));
  if (blame(row, made.error()) == Blame::kRow) return std::optional<Piece>();
  return made.error();
}

Result<std::optional<Preparer::Piece>> Preparer::prepare_licence(RowJob& row,
                                                                 const RecordJob& job) const {
  const auto& r = job.record;
  licences::CollectRequest request;
  request.type = r.object;
  schemas::Holder holder;
  if (r.holder.scheme == IdScheme::kLocal) {
    holder.id = SubjectId{IdScheme::kLocal, r.holder.id};
  } else {
    auto id = parse_subject_id(r.holder.scheme, r.holder.id.reveal());
    if (!id.ok()) {
      refuse(row, id.error().reason(), "holder");
      return std::optional<Piece>();
    }
    holder.id = std::move(*id);
  }
  holder.name = r.holder.name;
  request.holders.push_back(std::move(holder));
  request.local_source = r.holder.local_source;
  request.collector = terms_.request.collector;
  request.issuer_name = terms_.mapping.issuer_name;
  request.fields = r.fields;
  request.valid_from = r.valid_from;
  request.valid_until = r.valid_until;
  request.status = r.status;
  request.source = terms_.request.name;
  request.source_key = r.key;
  request.division = r.division;
  const Permit permit = parts_.gate.maintenance();
  auto collected = parts_.office.collect(request, terms_.policy, permit);
  if (!collected.ok()) {
    if (blame(row, collected.error()) == Blame::kRow) return std::optional<Piece>();
    return collected.error();
  }
  if (collected->outcome == LicenceOffice::Outcome::kConflict) {
    refuse(row, Reason::kRowConflict, {});
    return std::optional<Piece>();
  }
  Piece piece;
  piece.kind = Piece::Kind::kLicence;
  piece.change = std::move(collected->change);
  piece.place = Bytes("L").append(view(collected->key.value));
  piece.ref.outcome = collected->outcome == LicenceOffice::Outcome::kNew ? RowOutcome::kFresh
                      : collected->outcome == LicenceOffice::Outcome::kChanged
                          ? RowOutcome::kChanged
                          : RowOutcome::kSame;
  return std::optional(std::move(piece));
}

Result<std::optional<Preparer::Piece>> Preparer::prepare_record(RowJob& row, RecordRef ref) const {
  RecordJob& job = row.records[ref.record];
  const auto known = LH_TRY(memory_.find(job.key));
  const bool of_this_run = known && known->run == terms_.run;
  if (known && known->content == job.content) {
    job.state = RecordState::kDone;
    if (!of_this_run) row.earlier_run = SeenBefore::kYes;
    return std::optional<Piece>();
  }
  if (known && row.may_change == MayChange::kNo) {  // something newer is stored
    refuse(row, Reason::kRowConflict, {});
    return std::optional<Piece>();
  }
  if (of_this_run) {  // the run said something else for the same key, before it was cut
    refuse(row, Reason::kRowConflict, {});
    return std::optional<Piece>();
  }
  auto piece = LH_TRY(job.record.kind == RecordKind::kBaseData ? prepare_base(row, job)
                                                               : prepare_licence(row, job));
  if (!piece) return piece;
  piece->ref.row = ref.row;
  piece->ref.record = ref.record;
  if (piece->ref.outcome == RowOutcome::kSame && piece->kind == Piece::Kind::kLicence) {
    // The office knew it already (the memory was lost, or is of another term): nothing to sign.
    job.state = RecordState::kDone;
    row.earlier_run = SeenBefore::kYes;
    return std::optional<Piece>();
  }
  memory_.remember(job.key,
                   {job.content, terms_.run, known ? known->commit_index : 0, piece->place},
                   piece->change.rows, piece->change.preconditions);
  if (weight_of(piece->change) > kMostChangeBytes) {
    refuse(row, Reason::kRowTooLong, {});
    return std::optional<Piece>();
  }
  return piece;
}

// The last open record takes along what makes the row leave quarantine.
void Preparer::leave_with_last(const RowJob& row, Piece& piece) {
  for (std::size_t i = piece.ref.record + 1; i < row.records.size(); ++i) {
    if (row.records[i].state == RecordState::kOpen) return;
  }
  for (const auto& write : row.leaving) piece.change.rows.push_back(write);
  if (row.leaving_if) piece.change.preconditions.push_back(*row.leaving_if);
}

Result<Preparer::Pieces> Preparer::prepare_row(RowJob& row, std::size_t number) const {
  Pieces pieces;
  for (std::size_t i = 0; i < row.records.size() && !row.refused; ++i) {
    if (row.records[i].state == RecordState::kDone) continue;
    auto piece = LH_TRY(prepare_record(row, {number, i, RowOutcome::kFresh}));
    if (!piece) continue;
    pieces.push_back(std::move(*piece));
    if (!row.leaving.empty()) break;  // the next pass has the next record
  }
  if (row.refused) pieces.clear();
  if (pieces.empty()) return pieces;
  leave_with_last(row, pieces.back());
  if (weight_of(pieces.back().change) > kMostChangeBytes) {
    refuse(row, Reason::kRowTooLong, {});
    pieces.clear();
  }
  return pieces;
}

Result<Prepared> Preparer::prepare(Chunk& chunk) const {
  Placement placement(*this);
  for (std::size_t i = 0; i < chunk.rows.size(); ++i) {
    RowJob& row = chunk.rows[i];
    if (!row.open()) continue;
    auto pieces = LH_TRY(prepare_row(row, i));
    LH_TRY(placement.place(row, std::move(pieces)));
  }
  return placement.finish();
}

}  // namespace lh::hub::ingest
