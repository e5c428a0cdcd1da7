// A toy entry format, a clock set by hand and a seeded generator: everything a test needs to run a
// ledger without hub/audit. The toy entry is
//   index(8) ‖ time(8) ‖ rows(32) ‖ row count(4) ‖ n(1) ‖ n × (tag(16) ‖ sequence(8) ‖ previous(8))
//   ‖ p(1) ‖ p × (kind(1) ‖ tag(16)) ‖ payload
#pragma once

#include <atomic>

#include "crypto/note.h"
#include "hub/ledger/fsck.h"
#include "hub/ledger/ledger.h"
#include "tests/kits/seeded_random.h"

namespace lh::kits {

class FakeClock final : public Clock {
 public:
  UtcTime now() const override { return UtcTime{wall_ms}; }
  std::int64_t monotonic_us() const override { return monotonic; }
  void pass_ms(std::int64_t ms) {
    wall_ms += ms;
    monotonic += ms * 1000;
  }
  std::atomic<std::int64_t> wall_ms{1'700'000'000'000};
  std::atomic<std::int64_t> monotonic{0};
};

inline Tag toy_tag(std::uint64_t number) {
  Bytes bytes;
  append_be64(bytes, number * 0x9e3779b97f4a7c15ULL);
  append_be64(bytes, number);
  return *to_array<16>(bytes);
}

class ToyDraft final : public hub::ledger::EntryDraft {
 public:
  explicit ToyDraft(Bytes payload, std::vector<Tag> chains = {},
                    std::vector<std::pair<std::uint8_t, Tag>> postings = {})
      : payload_(std::move(payload)), chains_(std::move(chains)), postings_(std::move(postings)) {}
  const std::vector<Tag>& chain_tags() const override { return chains_; }
  const std::vector<std::pair<std::uint8_t, Tag>>& postings() const override { return postings_; }
  Bytes finish(const hub::ledger::Stamp& stamp) override {
    Bytes out;
    append_be64(out, stamp.index);
    append_be64(out, static_cast<std::uint64_t>(stamp.time.ms));
    out.append(view(stamp.rows));
    append_be32(out, stamp.row_count);
    out.push_back(static_cast<char>(stamp.chains.size()));
    for (const auto& link : stamp.chains) {
      out.append(view(link.tag));
      append_be64(out, link.sequence);
      append_be64(out, link.previous);
    }
    out.push_back(static_cast<char>(postings_.size()));
    for (const auto& [kind, tag] : postings_) {
      out.push_back(static_cast<char>(kind));
      out.append(view(tag));
    }
    return out.append(payload_);
  }

 private:
  Bytes payload_;
  std::vector<Tag> chains_;
  std::vector<std::pair<std::uint8_t, Tag>> postings_;
};

struct ToyEntry {
  hub::ledger::EntryReader::Facts facts;
  std::vector<std::pair<std::uint8_t, Tag>> postings;
  Bytes payload;
};

inline Result<ToyEntry> parse_toy(ByteView b) {
  ToyEntry out;
  if (b.size() < 54) return Error(Reason::kStoreCorrupt, "short entry");
  out.facts.index = read_be64(b);
  out.facts.time = UtcTime{static_cast<std::int64_t>(read_be64(b.substr(8)))};
  out.facts.rows = LH_TRY(to_array<32>(b.substr(16, 32)));
  out.facts.row_count = read_be32(b.substr(48));
  std::size_t n = static_cast<std::uint8_t>(b[52]);
  b.remove_prefix(53);
  for (; n > 0; --n, b.remove_prefix(32)) {
    if (b.size() < 32) return Error(Reason::kStoreCorrupt, "short entry");
    out.facts.chains.push_back(
        {LH_TRY(to_array<16>(b.substr(0, 16))), read_be64(b.substr(16)), read_be64(b.substr(24))});
  }
  if (b.empty()) return Error(Reason::kStoreCorrupt, "short entry");
  n = static_cast<std::uint8_t>(b[0]);
  b.remove_prefix(1);
  for (; n > 0; --n, b.remove_prefix(17)) {
    if (b.size() < 17) return Error(Reason::kStoreCorrupt, "short entry");
    out.postings.emplace_back(static_cast<std::uint8_t>(b[0]),
                              LH_TRY(to_array<16>(b.substr(1, 16))));
  }
  out.payload = Bytes(b);
  return out;
}

class ToyReader final : public hub::ledger::EntryReader {
 public:
  Result<Facts> read(ByteView entry) const override { return LH_TRY(parse_toy(entry)).facts; }
};

inline std::vector<std::pair<std::uint8_t, Tag>> toy_postings(ByteView entry) {
  const auto parsed = parse_toy(entry);
  return parsed.ok() ? parsed->postings : std::vector<std::pair<std::uint8_t, Tag>>();
}

inline constexpr const char* kToyOrigin = "log.test/house";

inline crypto::PrivateKey toy_key() {
  SeededRandom random(7);
  return crypto::PrivateKey::generate(crypto::Algorithm::kEd25519, random).value();
}

inline hub::ledger::LedgerSettings toy_settings(std::string checkpoint_path = {}) {
  hub::ledger::LedgerSettings settings;
  settings.origin = kToyOrigin;
  settings.checkpoint_path = std::move(checkpoint_path);
  settings.extract_postings = toy_postings;
  return settings;
}

inline hub::ledger::Change toy_change(Bytes payload, std::vector<Tag> chains = {},
                                      std::vector<std::pair<std::uint8_t, Tag>> postings = {}) {
  hub::ledger::Change change;
  change.entries.push_back(
      std::make_unique<ToyDraft>(std::move(payload), std::move(chains), std::move(postings)));
  return change;
}

inline void add_row(hub::ledger::Change& change, Bytes key, Bytes payload,
                    std::uint64_t expected = 0) {
  change.preconditions.push_back({hub::store::Family::kData, key, expected});
  change.rows.push_back({hub::store::Family::kData, std::move(key), std::move(payload)});
}

}  // namespace lh::kits
