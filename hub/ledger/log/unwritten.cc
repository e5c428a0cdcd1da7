#include "hub/ledger/log/unwritten.h"

namespace lh::hub::ledger::log {
namespace {

constexpr std::size_t kCachedHeads = 65536;  // about 5 MiB

// Every row of a change begins format(1) ‖ commit index(8); change.h parses the same bytes.
Result<std::uint64_t> commit_index(ByteView stored) {
  if (stored.size() < 9 || stored.front() != '\x01') {
    return Error(Reason::kStoreCorrupt, "a stored value without its prefix");
  }
  return read_be64(stored.substr(1));
}

}  // namespace

Result<std::uint64_t> Unwritten::version(store::Family family, const Bytes& key) const {
  const Bytes id = row_key(family, key);
  for (auto layer = layers_.rbegin(); layer != layers_.rend(); ++layer) {
    if (const auto it = layer->versions.find(id); it != layer->versions.end()) return it->second;
  }
  const auto stored = LH_TRY(store_.latest().find(store::OpenKey{family, key}));
  if (!stored) return std::uint64_t{0};
  return commit_index(*stored);
}

Result<ChainHead> Unwritten::head(const Tag& tag) {
  for (auto layer = layers_.rbegin(); layer != layers_.rend(); ++layer) {
    if (const auto it = layer->heads.find(tag); it != layer->heads.end()) return it->second;
  }
  if (const auto it = cache_.find(tag); it != cache_.end()) return it->second;
  const ChainHead head = LH_TRY(stored_head(store_.latest(), tag));
  if (cache_.size() >= kCachedHeads) cache_.clear();
  cache_[tag] = head;
  return head;
}

void Unwritten::set_version(store::Family family, const Bytes& key, std::uint64_t version) {
  layers_.back().versions[row_key(family, key)] = version;
}

void Unwritten::set_head(const Tag& tag, const ChainHead& head) {
  layers_.back().heads[tag] = head;
}

void Unwritten::close(std::uint64_t batch) {
  layers_.back().batch = batch;
  layers_.emplace_back();
}

void Unwritten::written(std::uint64_t batch) {
  while (layers_.size() > 1 && layers_.front().batch <= batch) {
    if (cache_.size() >= kCachedHeads) cache_.clear();
    for (const auto& [tag, head] : layers_.front().heads) cache_[tag] = head;
    layers_.pop_front();
  }
}

}  // namespace lh::hub::ledger::log
