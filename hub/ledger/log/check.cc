#include "hub/ledger/log/check.h"

#include <algorithm>
#include <cstring>
#include <tuple>

#include "crypto/digest.h"

namespace lh::hub::ledger::log {
namespace {

constexpr std::size_t kPiece = 1024;
constexpr std::size_t kPrefix = 9;  // format(1) ‖ commit index(8) of a stored value
constexpr std::size_t kNamedKeyBytes = 40;

Tag first_half(const Digest& digest) {
  Tag tag{};
  std::memcpy(tag.data(), digest.data(), tag.size());
  return tag;
}

std::string row_name(store::Family family, ByteView key) {
  const char* name = family == store::Family::kData    ? "data/"
                     : family == store::Family::kState ? "state/"
                                                       : "key/";
  return std::string("row ") + name + to_hex(key.substr(0, kNamedKeyBytes));
}

constexpr unsigned kMostBits = 20;  // one tag with very many entries cannot be halved

// Halves the part until what it holds is at most half of the limit.
template <class Items, class TagOf>
void shrink(Part& part, Items& items, std::size_t limit, TagOf tag_of) {
  while (items.size() > limit / 2 && part.bits < kMostBits) {
    part = Part{part.bits + 1, part.number * 2};
    items.erase(std::remove_if(items.begin(), items.end(),
                               [&](const auto& item) { return !part.holds(tag_of(item)); }),
                items.end());
  }
}

}  // namespace

Result<const store::Row*> Cursor::next() {
  if (at_ == rows_.size() && !last_piece_) {
    rows_ = LH_TRY(snapshot_.scan(family_, prefix_, from_, kPiece));
    at_ = 0;
    last_piece_ = rows_.size() < kPiece;
    if (!rows_.empty()) from_ = rows_.back().key + '\0';
  }
  return at_ < rows_.size() ? &rows_[at_++] : nullptr;
}

// ---- chains -----------------------------------------------------------------------------------

void ChainCheck::add(const Step& step) {
  if (!part_.holds(step.tag)) return;
  steps_.push_back(step);
  if (steps_.size() >= limit_) {
    shrink(part_, steps_, limit_, [](const Step& s) { return s.tag; });
  }
}

void ChainCheck::check_chain(const Step* first, const Step* end, const Report& report) const {
  std::uint64_t sequence = 0;
  std::uint64_t previous = 0;
  for (const Step* step = first; step != end; ++step) {
    const bool follows = step->sequence == sequence + 1 && step->previous == previous &&
                         (sequence == 0 || step->index >= previous);
    if (!follows) report(Reason::kLedgerGap, "entry " + std::to_string(step->index) + ": chain");
    sequence = step->sequence;
    previous = step->index;
  }
}

Result<Part> ChainCheck::finish(const store::Snapshot& snapshot, const Report& report) {
  std::sort(steps_.begin(), steps_.end(), [](const Step& a, const Step& b) {
    return std::tie(a.tag, a.index, a.sequence) < std::tie(b.tag, b.index, b.sequence);
  });
  Cursor heads(snapshot, store::Family::kState, kChainPrefix);
  const Step* step = steps_.data();
  const Step* const end = steps_.data() + steps_.size();
  while (const store::Row* row = LH_TRY(heads.next())) {
    const auto tag = to_array<16>(ByteView(row->key).substr(1));
    if (!tag.ok()) {
      report(Reason::kStoreCorrupt, "state/" + to_hex(row->key));
      continue;
    }
    if (!part_.holds(*tag)) continue;
    // Chains without a head come first in the order of tags.
    while (step != end && step->tag < *tag) {
      report(Reason::kLedgerGap, "entry " + std::to_string(step->index) + ": no head of its chain");
      ++step;
    }
    const Step* last = step;
    while (last != end && last->tag == *tag) ++last;
    check_chain(step, last, report);
    const auto head = decode_head(row->value);
    const bool right = head.ok() && last != step && head->sequence == (last - 1)->sequence &&
                       head->index == (last - 1)->index;
    if (!right) report(Reason::kLedgerGap, "head of chain " + to_hex(view(*tag)));
    step = last;
  }
  for (; step != end; ++step) {
    report(Reason::kLedgerGap, "entry " + std::to_string(step->index) + ": no head of its chain");
  }
  return part_;
}

// ---- rows -------------------------------------------------------------------------------------

void RowCheck::add(const Tag& key_hash, const Digest& value_hash, std::uint64_t commit_index) {
  if (!part_.holds(key_hash)) return;
  items_.push_back({key_hash, first_half(value_hash), commit_index, value_hash == Digest{}, false});
  if (items_.size() < limit_) return;
  keep_latest();
  shrink(part_, items_, limit_, [](const Item& item) { return item.key; });
}

void RowCheck::keep_latest() {
  std::sort(items_.begin(), items_.end(), [](const Item& a, const Item& b) {
    return a.key != b.key ? a.key < b.key : a.commit_index > b.commit_index;
  });
  items_.erase(std::unique(items_.begin(), items_.end(),
                           [](const Item& a, const Item& b) { return a.key == b.key; }),
               items_.end());
}

void RowCheck::check_row(store::Family family, const store::Row& row, const Report& report) {
  const char code = static_cast<char>(family);
  const Tag key = first_half(crypto::sha256(ByteView(&code, 1), row.key));
  if (!part_.holds(key)) return;
  ++rows_;
  const auto it = std::lower_bound(items_.begin(), items_.end(), key,
                                   [](const Item& item, const Tag& k) { return item.key < k; });
  const ByteView value(row.value);
  const bool known = it != items_.end() && it->key == key && !it->deleted &&
                     value.size() >= kPrefix && value.front() == '\x01' &&
                     read_be64(value.substr(1)) == it->commit_index &&
                     first_half(crypto::sha256(value.substr(kPrefix))) == it->value;
  if (!known) report(Reason::kLedgerRows, row_name(family, row.key));
  if (it != items_.end() && it->key == key) it->seen = true;
}

Result<Part> RowCheck::finish(const store::Snapshot& snapshot, const Report& report) {
  keep_latest();
  for (const store::Family family :
       {store::Family::kData, store::Family::kState, store::Family::kKey}) {
    Cursor rows(snapshot, family, {});
    while (const store::Row* row = LH_TRY(rows.next())) {
      if (!is_ledger_key(family, row->key)) check_row(family, *row, report);
    }
  }
  for (const Item& item : items_) {
    if (item.seen || item.deleted) continue;
    report(Reason::kLedgerRows, "entry " + std::to_string(item.commit_index) +
                                    ": a row is missing, key hash " + to_hex(view(item.key)));
  }
  return part_;
}

}  // namespace lh::hub::ledger::log
