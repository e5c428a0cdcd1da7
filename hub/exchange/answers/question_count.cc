#include "hub/exchange/answers/question_count.h"

#include <algorithm>

#include "base/cbor.h"

namespace lh::hub::exchange {
namespace {

constexpr std::uint64_t kFormat = 1;

// The asked value is kept as a keyed tag only, bound to its place: nothing can be compared.
Tag question_tag(const subjects::SubjectDirectory& directory, const Bytes& place,
                 const AskedQuestion& q) {
  Bytes text = place;
  for (const std::string& part : {std::string(ask_text(q.ask)), normalised(q.value.reveal()),
                                  q.other_material, q.other_field}) {
    text.push_back('\0');
    text += part;
  }
  return directory.tag_of("question", text);
}

Result<std::vector<Tag>> decode(ByteView payload) {
  CborReader r(payload);
  const std::uint64_t items = LH_TRY(r.read_array());
  if (items < 1 || items > kQuestionsPerField + 1 || LH_TRY(r.read_uint()) != kFormat) {
    return Error(Reason::kStoreCorrupt, "questions");
  }
  std::vector<Tag> out;
  for (std::uint64_t i = 1; i < items; ++i) {
    out.push_back(LH_TRY(to_array<16>(LH_TRY(r.read_bytes()))));
  }
  LH_TRY(r.finish());
  return out;
}

}  // namespace

Status count_question(const ExchangeParts& parts, const QuestionPlace& place,
                      const AskedQuestion& question, ledger::Change& change) {
  Bytes key("ap");
  key += view(place.case_id.value);
  key += view(parts.directory.tag_of("question place", place.material + '\0' + question.field));
  const auto row =
      LH_TRY(parts.licences.store().latest().find(store::OpenKey{store::Family::kData, key}));
  std::vector<Tag> asked;
  std::uint64_t commit_index = 0;
  if (row) {
    const auto stored = LH_TRY(ledger::parse_stored(*row));
    asked = LH_TRY(decode(stored.payload));
    commit_index = stored.commit_index;
  }
  const Tag tag = question_tag(parts.directory, key, question);
  if (std::find(asked.begin(), asked.end(), tag) != asked.end()) return ok_status();
  if (asked.size() >= kQuestionsPerField) {
    return Error(Reason::kTooManyRequests, "questions about this field in this case");
  }
  asked.push_back(tag);
  CborWriter w;
  w.array(asked.size() + 1);
  w.uint(kFormat);
  for (const Tag& one : asked) w.bytes(view(one));
  change.preconditions.push_back({store::Family::kData, key, commit_index});
  change.rows.push_back({store::Family::kData, std::move(key), w.take()});
  return ok_status();
}

}  // namespace lh::hub::exchange
