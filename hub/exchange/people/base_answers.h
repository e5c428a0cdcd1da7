// Answers with base data: the record, and by duty (whatever the rule) the flags of a legal entity.
// Private to hub/exchange.
#pragma once

#include "hub/audit/entry.h"
#include "hub/exchange/acts/answers.h"

namespace lh::hub::exchange {

// What an answer is made of. record: something is there.
struct BaseShown {
  const subjects::BaseData& base_data;
  const subjects::SubjectKey& subject;
  subjects::Moment moment;
  const Permit& permit;
};
// {kind, fields, withheld, source, version, valid_from, flags?}. Cost: no row more than the record,
// where the subject has no flags.
Result<Undisclosed<std::string>> show_base(const BaseShown& shown,
                                           Undisclosed<std::optional<subjects::BaseRecord>> record,
                                           const BaseFrame& frame);

// ,"flags":[…]} in place of the last brace.
std::string with_flags(std::string answer, const std::vector<subjects::Flag>& flags);

struct VersionTime {
  std::uint64_t commit_index = 0;
  std::string known;  // time of that entry
};
// ,"history":[…]} in place of the last brace: released fields only.
struct HistoryFrame {
  std::vector<std::string> fields;
  std::vector<VersionTime> times;
};
std::string with_history(std::string answer, const std::vector<subjects::BaseVersion>& versions,
                         const HistoryFrame& frame);

// Names everybody who is one with the subject in the entry, the survivor first.
Status name_family(audit::EntryFacts& facts, const subjects::SubjectDirectory& directory,
                   const subjects::SubjectKey& subject, std::uint64_t known);

}  // namespace lh::hub::exchange
