#include "hub/ingest/reconcile/last_of_key.h"

#include <algorithm>

namespace lh::hub::ingest {
namespace {

constexpr std::size_t kTagBytes = 16;

Error changed() {
  return Error(Reason::kAdapterState, "the source changed while it was compared");
}

std::array<std::uint8_t, 8> number_item(std::uint64_t number) {
  Bytes bytes;
  append_be64(bytes, number);
  return to_array<8>(bytes).value();
}

Result<std::optional<std::uint64_t>> next_number(NumberSort& from) {
  const auto item = LH_TRY(from.next());
  if (!item) return std::optional<std::uint64_t>();
  return std::optional(read_be64(view(*item)));
}

}  // namespace

Status LastOfKey::note(const Tag& key) {
  NumberedTagSort::Item item{};
  std::copy(key.begin(), key.end(), item.begin());
  const auto number = number_item(noted_++);
  std::copy(number.begin(), number.end(), item.begin() + kTagBytes);
  return keys_->add(item);
}

// In the order of the keys, and of the numbers within a key: the one before another key is the
// last.
Status LastOfKey::finish() {
  LH_TRY(keys_->finish());
  auto before = LH_TRY(keys_->next());
  while (before) {
    const auto at = LH_TRY(keys_->next());
    const bool same = at && std::equal(at->begin(), at->begin() + kTagBytes, before->begin());
    if (!same) {
      LH_TRY(last_.add(number_item(read_be64(view(*before).substr(kTagBytes)))));
    }
    before = at;
  }
  keys_.reset();
  LH_TRY(last_.finish());
  due_ = LH_TRY(next_number(last_));
  return ok_status();
}

Result<Place> LastOfKey::next() {
  if (asked_ == noted_) return changed();
  if (due_ != asked_++) return Place::kReplaced;
  due_ = LH_TRY(next_number(last_));
  return Place::kLast;
}

Status LastOfKey::end() const {
  if (asked_ != noted_) return changed();
  return ok_status();
}

}  // namespace lh::hub::ingest
