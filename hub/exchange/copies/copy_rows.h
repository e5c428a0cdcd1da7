// What is kept of an annotated copy: enough to draw it again, nothing of its fields.
//   data "ac" ‖ HMAC(verification code)(16)  -> [2, system, organisation, case, matter, material,
//                                               licence, version, subject, fields, made, expires,
//                                               sealed note, of]; format 1 had no `of`
//   data "ad" ‖ HMAC(download code)(16)      -> [2, HMAC(verification code), system, expires, used,
//                                               consent or null]
// The note (code, officer, cause) is sealed under the subject's key. Private to hub/exchange.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/random.h"
#include "hub/exchange/rights/consents.h"
#include "hub/ledger/change.h"
#include "hub/store/store.h"
#include "hub/subjects/subject_directory.h"

namespace lh::hub::exchange {

enum class CopyOf : std::uint8_t { kSurface = 0, kOriginal = 1 };  // stored
std::string_view copy_of_text(CopyOf of);

struct CopyNote {
  std::string code;  // as printed
  std::string officer, cause;
};
struct CopyRecord {
  Tag tag{};
  SystemId system;
  Uscc organisation;
  CaseId case_id;
  std::string matter, material;
  LicenceKey licence;
  int version = 0;
  SubjectNo subject;
  std::vector<std::string> fields;
  UtcTime made, expires;
  Bytes note;  // sealed
  CopyOf of = CopyOf::kSurface;
};
struct DownloadRecord {
  Bytes row_key;
  Tag copy{};
  SystemId system;
  UtcTime expires;
  bool used = false;
  std::uint64_t commit_index = 0;
  std::optional<ConsentId> consent = {};  // by which the copy was made
};

// 128 random bits in 26 characters of base32 (RFC 4648, lower case).
std::string new_code(Random& random);
bool is_code(std::string_view text);
Tag copy_tag(const subjects::SubjectDirectory& directory, std::string_view code);

ledger::RowWrite copy_row(const CopyRecord& record);
// Errors: store.corrupt.
Result<std::optional<CopyRecord>> find_copy(const store::Store& store, const Tag& tag);
Bytes seal_note(const subjects::SubjectDirectory& directory, const subjects::SubjectKey& subject,
                const Tag& copy, const CopyNote& note);
Result<CopyNote> open_note(const subjects::SubjectDirectory& directory,
                           const subjects::SubjectKey& subject, const CopyRecord& record);

Bytes download_key(const subjects::SubjectDirectory& directory, std::string_view code);
ledger::RowWrite download_row(const DownloadRecord& record);
Result<std::optional<DownloadRecord>> find_download(const store::Store& store, const Bytes& key);

}  // namespace lh::hub::exchange
