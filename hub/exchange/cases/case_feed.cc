#include "hub/exchange/cases/case_feed.h"

#include "base/cbor.h"

namespace lh::hub::exchange {
namespace {

constexpr std::uint64_t kFormat = 1;

Bytes feed_key(const Tag& number) {
  return Bytes("Ef").append(view(number));
}

Error corrupt() {
  return Error(Reason::kStoreCorrupt, "case feed");
}

Bytes encode(const FeedRecord& f) {
  CborWriter w;
  w.array(5);
  w.uint(kFormat);
  w.text(f.matter);
  w.bytes(f.applicant ? view(*f.applicant) : ByteView());
  w.uint(static_cast<std::uint64_t>(f.state));
  w.integer(f.changed.ms);
  return w.take();
}

Result<FeedRecord> decode(const ledger::StoredValue& stored) {
  CborReader r(stored.payload);
  if (LH_TRY(r.read_array()) != 5 || LH_TRY(r.read_uint()) != kFormat) return corrupt();
  FeedRecord f;
  f.commit_index = stored.commit_index;
  f.matter = LH_TRY(r.read_text());
  const auto applicant = LH_TRY(r.read_bytes());
  if (!applicant.empty()) f.applicant = LH_TRY(to_array<16>(applicant));
  const std::uint64_t state = LH_TRY(r.read_uint());
  if (state != 1 && state != 2) return corrupt();
  f.state = static_cast<FeedState>(state);
  f.changed.ms = LH_TRY(r.read_integer());
  LH_TRY(r.finish());
  return f;
}

}  // namespace

std::string_view feed_state_text(FeedState s) {
  return s == FeedState::kOpen ? "open" : "closed";
}

Result<FeedState> parse_feed_state(std::string_view text) {
  for (const auto state : {FeedState::kOpen, FeedState::kClosed}) {
    if (feed_state_text(state) == text) return state;
  }
  return Error(Reason::kJsonValue, "state of a case: open or closed");
}

Tag feed_applicant_tag(const subjects::SubjectDirectory& directory, const SubjectId& id) {
  Bytes name(1, static_cast<char>(id.scheme));
  return directory.tag_of("feed_applicant", name.append(id.value.reveal()));
}

Result<std::optional<FeedRecord>> find_in_feed(const store::Store& store, const Tag& number) {
  const auto row =
      LH_TRY(store.latest().find(store::OpenKey{store::Family::kData, feed_key(number)}));
  if (!row) return std::optional<FeedRecord>();
  auto record = decode(LH_TRY(ledger::parse_stored(*row)));
  if (!record.ok()) return corrupt();
  return std::optional<FeedRecord>(std::move(*record));
}

void write_feed(const Tag& number, const FeedRecord& record, ledger::Change& change) {
  Bytes key = feed_key(number);
  change.preconditions.push_back({store::Family::kData, key, record.commit_index});
  change.rows.push_back({store::Family::kData, std::move(key), encode(record)});
}

Status check_feed(const store::Store& store, const FeedQuestion& question) {
  if (question.caller.case_feed == access::CaseFeed::kOff) return ok_status();
  const auto known = LH_TRY(find_in_feed(store, question.number));
  if (!known || known->matter != question.matter) return Error(Reason::kCaseNotInFeed);
  const bool somebody_else =
      known->applicant && question.applicant && *known->applicant != *question.applicant;
  if (somebody_else) return Error(Reason::kCaseNotInFeed);
  if (known->state == FeedState::kClosed) return Error(Reason::kCaseClosed);
  return ok_status();
}

}  // namespace lh::hub::exchange
