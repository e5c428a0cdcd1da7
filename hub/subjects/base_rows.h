// The rows of base data in bytes. Private to hub/subjects.
#pragma once

#include <limits>

#include "hub/subjects/base_data.h"

namespace lh::hub::subjects::rows {

// Days as they sort: before every day, and after every day.
inline constexpr std::int32_t kNoDay = std::numeric_limits<std::int32_t>::min();
inline constexpr std::int32_t kNever = std::numeric_limits<std::int32_t>::max();

// Which version is the present one, and for how long that is so without looking.
struct Head {
  std::uint64_t commit_index = 0;  // 0: there is none
  std::uint32_t count = 0;         // versions there are
  std::uint32_t undated = 0;       // of them without a day: numbers 1..undated
  std::uint32_t present = 0;       // holds on every day of [present_from, next_from); 0 = none does
  std::int32_t present_from = kNoDay;
  std::int32_t next_from = kNever;
  Digest mac{};  // HMAC(data key, record) of the present one; zero = not kept
};
Bytes head_key(std::string_view kind, SubjectNo no);
Bytes encode_head(const Head& head);
Result<Head> read_head(const store::Snapshot& rows, std::string_view kind, SubjectNo no);

Bytes dated_prefix(std::string_view kind, SubjectNo no);
Bytes dated_key(std::string_view kind, SubjectNo no, std::int32_t day, std::uint32_t number);
Bytes undated_prefix(std::string_view kind, SubjectNo no);
Bytes undated_key(std::string_view kind, SubjectNo no, std::uint32_t number);
// The key of a version, by what the head or a mark says of it.
Bytes version_key(std::string_view kind, SubjectNo no, std::int32_t day, std::uint32_t number);

// day and number of a key with one of the prefixes; day kNoDay for an undated one.
struct Placed {
  std::int32_t day = kNoDay;
  std::uint32_t number = 0;
};
Result<Placed> placed(ByteView key, std::string_view kind);

// What a record says; the day, the number and what it corrects are not part of it.
Bytes encode_said(const BaseRecord& record);
// The record to be stored; `said` is encode_said(record).
Bytes with_correction(const BaseRecord& record, Bytes said);
// form(1) ‖ record, as it is or sealed under the subject's key for that place.
Bytes plain_body(ByteView record);
Bytes sealed_body(Bytes record, const SubjectKey& subject, const SubjectDirectory& directory,
                  ByteView place);
// The record in a stored row; place = the key of the row.
Result<BaseRecord> open_body(ByteView stored, const Digest& data_key, ByteView place);
// True when the record is about a person, or may be (model.md, Keys).
bool names_a_person(const BaseRecord& record);
Status check_text(const BaseRecord& record);

}  // namespace lh::hub::subjects::rows
