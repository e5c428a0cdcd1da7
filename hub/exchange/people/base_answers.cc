#include "hub/exchange/people/base_answers.h"

#include <algorithm>

#include "base/limits.h"
#include "schemas/catalogue/flag_kinds.h"
#include "schemas/json.h"

namespace lh::hub::exchange {
namespace {

using schemas::append_json_string;
using schemas::Json;

Json flag_json(const subjects::Flag& flag) {
  Json j = Json::object();
  j.set("kind", flag.kind);
  Json names = Json::object();
  if (const auto* kind = schemas::find_flag_kind(flag.kind)) {
    names.set("chinese", kind->names.chinese);
    names.set("english", kind->names.english);
  }
  j.set("names", std::move(names));
  j.set("legal_basis", flag.legal_basis);
  j.set("authority", flag.authority);
  j.set("from", flag.from.text());
  j.set("until", flag.until ? Json(flag.until->text()) : Json());
  return j;
}

bool released(const std::vector<std::string>& fields, std::string_view name) {
  return std::find(fields.begin(), fields.end(), name) != fields.end();
}

Json version_json(const subjects::BaseVersion& v, const HistoryFrame& frame) {
  Json j = Json::object();
  j.set("version", std::int64_t{v.mark.number});
  j.set("valid_from", v.mark.valid_from ? Json(v.mark.valid_from->text()) : Json());
  for (const auto& time : frame.times) {
    if (time.commit_index == v.mark.commit_index) j.set("known", time.known);
  }
  j.set("source", v.source);
  if (v.corrects != 0) j.set("corrects", std::int64_t{v.corrects});
  Json changed = Json::object();
  for (const auto& [name, value] : v.changed) {
    if (released(frame.fields, name)) changed.set(name, value);
  }
  for (const auto& name : v.dropped) {
    if (released(frame.fields, name)) changed.set(name, Json());
  }
  j.set("changed", std::move(changed));
  return j;
}

std::string with_member(std::string answer, std::string_view name, const Json& value) {
  answer.pop_back();
  answer += ",\"";
  answer += name;
  answer += "\":";
  answer += schemas::to_text(value);
  return answer += '}';
}

}  // namespace

std::string with_flags(std::string answer, const std::vector<subjects::Flag>& flags) {
  Json list = Json::array();
  for (const auto& flag : flags) list.push(flag_json(flag));
  return with_member(std::move(answer), "flags", list);
}

std::string with_history(std::string answer, const std::vector<subjects::BaseVersion>& versions,
                         const HistoryFrame& frame) {
  Json list = Json::array();
  for (const auto& v : versions) list.push(version_json(v, frame));
  return with_member(std::move(answer), "history", list);
}

Result<Undisclosed<std::string>> show_base(const BaseShown& shown,
                                           Undisclosed<std::optional<subjects::BaseRecord>> record,
                                           const BaseFrame& frame) {
  auto answer = std::move(record).map([](std::optional<subjects::BaseRecord>&& r,
                                         const BaseFrame& f) { return base_answer(*r, f); },
                                      frame);
  if (frame.kind != "legal_entity") return answer;
  auto flags = LH_TRY(shown.base_data.flags().in_force(shown.subject, shown.moment, shown.permit));
  return std::move(answer)
      .with(std::move(flags))
      .map([](std::pair<std::string, std::vector<subjects::Flag>>&& both) {
        return with_flags(std::move(both.first), both.second);
      });
}

Status name_family(audit::EntryFacts& facts, const subjects::SubjectDirectory& directory,
                   const subjects::SubjectKey& subject, std::uint64_t known) {
  facts.subjects = {subject};
  if (!subject.has(subjects::SubjectMark::kTies)) return ok_status();
  facts.subjects = LH_TRY(directory.family(subject, known));
  if (facts.subjects.size() > limits::kSubjectsPerEntry) {
    facts.subjects.resize(limits::kSubjectsPerEntry);
  }
  return ok_status();
}

}  // namespace lh::hub::exchange
