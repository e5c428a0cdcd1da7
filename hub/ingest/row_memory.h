// What the records of a source became: a keyed digest of each, so that loading twice changes
// nothing, and which run wrote it, so that a contradiction inside one run is seen also after a cut.
//   data "X" ‖ source ‖ 0 ‖ HMAC(K_mac, source ‖ record)(16) -> HMAC of its content, run, place
// And, in memory, what this run has met so far (bounded).
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "adapters/adapter.h"
#include "crypto/digest.h"
#include "crypto/key_store.h"
#include "hub/ledger/change.h"
#include "hub/store/store.h"

namespace lh::hub::ingest {

struct Remembered {
  Digest content{};
  Tag run{};
  std::uint64_t commit_index = 0;
  // What it became: "L" ‖ licence_key(16), or "B" ‖ subject_no(8) ‖ kind of base data. Empty in
  // rows of earlier versions.
  Bytes place;
};

class RowMemory {
 public:
  // terms: what else a record's content depends on (the collector, the name of the issuer).
  // Errors: key.missing.
  static Result<RowMemory> create(const store::Store& store, const crypto::KeyStore& keys,
                                  std::string source, std::string terms);
  Tag key_of(const adapters::MappedRecord& record) const;
  Digest content_of(const adapters::MappedRecord& record) const;
  // A source that is met for the first time has nothing to find, so nothing is looked for: the
  // records of this run are in SeenRecords, until these are trimmed. Errors: store.corrupt.
  Result<std::optional<Remembered>> find(const Tag& key) const;
  // Ascending by key, in pages. Errors: store.corrupt.
  Result<std::vector<std::pair<Tag, Remembered>>> page(const Bytes& from, std::size_t most,
                                                       Bytes& next) const;
  void look_always() { first_run_ = false; }  // while no other thread looks
  // Adds the row and the condition that nobody else wrote it meanwhile.
  void remember(const Tag& key, const Remembered& what, std::vector<ledger::RowWrite>& rows,
                std::vector<ledger::Precondition>& preconditions) const;

 private:
  RowMemory(const store::Store& store, ByteView mac, std::string source, std::string terms)
      : store_(&store), mac_(mac), source_(std::move(source)), terms_(std::move(terms)) {}
  Bytes prefix() const;
  Bytes row_key(const Tag& key) const;
  const store::Store* store_;
  crypto::HmacKey mac_;
  std::string source_;
  std::string terms_;
  bool first_run_ = false;
};

// The records of this run: key -> digest and fate. Not for use by two threads at once.
class SeenRecords {
 public:
  enum class Fate : std::uint8_t {
    kInFlight,  // on its way: nobody knows yet whether it is accepted
    kReserved,  // of a row that waits for one in flight
    kDecided    // stored, or found stored
  };
  struct Seen {
    Tag content{};  // first half of the digest
    Fate fate = Fate::kInFlight;
  };
  const Seen* find(const Tag& key) const;
  void put(const Tag& key, const Digest& content, Fate fate);
  void decide(const Tag& key);  // in flight -> decided
  void forget(const Tag& key) { seen_.erase(key); }
  // Only while nothing is in flight. What this run wrote is known from the store as well.
  enum class Trimmed : std::uint8_t { kYes, kNo };
  Trimmed trim();

 private:
  struct Hash {  // the keys are keyed digests: nobody outside can steer them
    std::size_t operator()(const Tag& t) const { return read_be64(view(t)); }
  };
  std::unordered_map<Tag, Seen, Hash> seen_;
};

Tag short_digest(const Digest& digest);

}  // namespace lh::hub::ingest
