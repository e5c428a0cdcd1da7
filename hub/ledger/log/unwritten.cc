#include "hub/ledger/log/unwritten.h"

#include <utility>

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

std::optional<std::uint64_t> Unwritten::find_unwritten(store::Family family, ByteView key) const {
  const auto name = name_of(family, key);
  for (auto layer = layers_.rbegin(); layer != layers_.rend(); ++layer) {
    if (const auto it = layer->versions.find(name); it != layer->versions.end()) return it->second;
  }
  return std::nullopt;
}

Result<std::uint64_t> Unwritten::version(store::Family family, ByteView key) const {
  if (const auto version = find_unwritten(family, key)) return *version;
  const auto stored = LH_TRY(store_.latest().find(store::OpenKey{family, Bytes(key)}));
  if (!stored) return std::uint64_t{0};
  return commit_index(*stored);
}

Result<Unwritten::Holds> Unwritten::check(store::Family family,
                                          const std::vector<Expected>& rows) const {
  std::vector<ByteView> keys;
  std::vector<std::uint64_t> versions;
  keys.reserve(rows.size());
  versions.reserve(rows.size());
  for (const Expected& row : rows) {
    if (const auto version = find_unwritten(family, row.key)) {
      if (*version != row.version) return Holds::kNo;
      continue;
    }
    keys.push_back(row.key);
    versions.push_back(row.version);
  }
  if (keys.empty()) return Holds::kYes;
  const auto stored = LH_TRY(store_.latest().find_each(family, keys));
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const std::uint64_t version = stored[i] ? LH_TRY(commit_index(*stored[i])) : 0;
    if (version != versions[i]) return Holds::kNo;
  }
  return Holds::kYes;
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

std::optional<std::uint64_t> Unwritten::set_version(store::Family family, ByteView key,
                                                    std::uint64_t version) {
  auto& versions = layers_.back().versions;
  const auto name = name_of(family, key);
  if (const auto it = versions.find(name); it != versions.end()) {
    return std::exchange(it->second, version);
  }
  versions.emplace(RowName<Bytes>{name.hash, family, Bytes(key)}, version);
  return std::nullopt;
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
