// Importing a set of definitions of a source (目录更新): what is new, changed, the same or missing
// here, and the drafts that follow. All or nothing. Pure but for the ids of the drafts.
#pragma once

#include "hub/access/definitions/diff.h"
#include "hub/access/definitions/kinds.h"

namespace lh::hub::access {

enum class ImportMode : std::uint8_t { kDraft, kDryRun };
struct ImportRequest {
  std::string source;        // who made the file, for the log
  std::string prefix;        // ids that begin so and are not in the file are missing; empty: none
  LocalDate effective_from;  // of every new version
  ImportMode mode = ImportMode::kDraft;
  std::vector<std::pair<ObjectKind, schemas::Json>> items;
};
// {source, effective_from, prefix?, dry_run?, definitions: [{kind, definition}…]}. A definition may
// leave out version and effective. Errors: json.*, catalogue.import_invalid (no or too many items).
Result<ImportRequest> import_request_from_json(const schemas::Json& j);

enum class ImportState : std::uint8_t {
  kNew,      // not known here
  kChanged,  // differs from the version in force on effective_from
  kSame,
  kWaiting  // new or changed, and a draft that says the same is open already
};
std::string_view import_state_text(ImportState s);  // "new" …
struct ImportRow {
  ImportState state = ImportState::kSame;
  ObjectKind kind = ObjectKind::kLicenceType;
  std::string id;
  int version = 0;  // drafted, or in force when the same
  std::vector<Difference> differences;
  Bytes definition;  // JSON of the draft; empty when there is nothing to draft
};
struct ImportReport {
  std::vector<ImportRow> rows;  // in the order of the file
  std::vector<std::pair<ObjectKind, std::string>> missing;
  std::size_t count(ImportState s) const;
};
// `open`: the drafts that wait now. A new version is the greatest known and one. All definitions
// are checked as if the whole file were published. Errors: catalogue.import_invalid with the path
// of the item and its own reason.
Result<ImportReport> plan_import(const ImportRequest& request, const Policy& policy,
                                 const std::vector<Draft>& open);
schemas::Json import_report_to_json(const ImportReport& report);

// The drafts of the rows that are new or changed.
std::vector<ledger::RowWrite> import_rows(const ImportReport& report, std::string_view drafted_by,
                                          UtcTime at, Random& random);

}  // namespace lh::hub::access
