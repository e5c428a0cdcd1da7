// Quarantine: rows that did not become records, whole, with number, field and reason. The bytes are
// sealed under the key "quarantine", since a bad row may hold anything.
//   data "Q" ‖ source ‖ 0 ‖ row number(8) ‖ HMAC(key, bytes)(16) ‖ part(2)
//     part 0  -> reason, field, column, number of parts, sealed bytes, columns(16), state
//     part n  -> sealed bytes: a row may be longer than a change of the ledger
//   data "q" ‖ source ‖ 0 ‖ columns(16) -> names and types the columns of the source had
// The same bad row read again has the same key: reading twice does not double it, and what a person
// has decided about it stays decided.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "adapters/adapter.h"
#include "crypto/key_store.h"
#include "hub/ledger/change.h"
#include "hub/store/store.h"

namespace lh::hub::ingest {

// The columns of a source with what it calls their types (empty: it has none).
struct ColumnSet {
  std::vector<std::string> names;
  std::vector<std::string> types;
};

enum class HeldState : std::uint8_t {  // stored; never renumber
  kHeld = 0,
  kRepaired = 1,   // a replacement is kept beside it (repair/repairs.h)
  kPassed = 2,     // its replacement became records; the original stays as evidence
  kDiscarded = 3,  // a person gave it up; the bytes are gone, the row stays known
};
inline bool waits(HeldState s) {
  return s == HeldState::kHeld || s == HeldState::kRepaired;
}
std::string_view held_text(HeldState state);  // "held", "repaired", "passed", "discarded"

struct QuarantinedRow {
  std::uint64_t number = 0;
  Reason reason = Reason::kRowCheck;
  std::string field;
  std::string column;
  Bytes bytes;
  Tag columns{};  // id of the column set; zero: not known
  HeldState state = HeldState::kHeld;
  Tag mac{};                       // with the number: which row it is
  std::uint64_t commit_index = 0;  // of part 0
  bool waits() const { return lh::hub::ingest::waits(state); }
};
// "17-0123456789abcdef": number and the beginning of the keyed digest.
std::string row_id(const QuarantinedRow& row);

// The rows of the store, part 0 last: where it stands, the others stand too. Each fits a change.
// Errors: key.missing.
Result<std::vector<ledger::RowWrite>> quarantine_rows(const std::string& source,
                                                      const QuarantinedRow& row,
                                                      const crypto::KeyStore& keys, Random& random);
// Is this very row in quarantine, for the same reason or decided about? Takes what quarantine_rows
// gave.
enum class Held : std::uint8_t { kYes, kNo };
Result<Held> find_held(const store::Store& store, const std::vector<ledger::RowWrite>& rows);

// In the order of the row numbers, in any state, without holding more than one in memory. An error
// of `take` ends it and is given; others are key.missing, seal.broken, store.corrupt. The caller
// has recorded that it looks.
Status each_quarantined(const store::Store& store, const crypto::KeyStore& keys,
                        const std::string& source,
                        const std::function<Status(QuarantinedRow)>& take);
// By its id; by its number alone where that is one row. Errors: quarantine.unknown.
Result<QuarantinedRow> get_quarantined(const store::Store& store, const crypto::KeyStore& keys,
                                       const std::string& source, std::string_view id);

// As it is now, without opening it; nothing: it has left.
Result<std::optional<HeldState>> find_state(const store::Store& store, const std::string& source,
                                            const QuarantinedRow& row);

// How many rows are held, without opening one.
struct QuarantineCount {
  std::string source;
  Reason reason = Reason::kRowCheck;
  std::string field;
  HeldState state = HeldState::kHeld;
  std::uint64_t rows = 0;
};
Result<std::vector<QuarantineCount>> count_quarantine(const store::Store& store);

// Part 0 with another reason, field and state; kDiscarded drops the bytes, and further parts are
// deleted. All rows of a row that leaves for good. Errors: store.corrupt.
Result<std::vector<ledger::RowWrite>> restated(const store::Store& store, const std::string& source,
                                               const QuarantinedRow& row);
Result<std::vector<ledger::RowWrite>> removed(const store::Store& store, const std::string& source,
                                              const QuarantinedRow& row);
ledger::Precondition unchanged(const std::string& source, const QuarantinedRow& row);

// The key of a row without its part; its beginning is another prefix for what is kept beside it.
Bytes held_key(char prefix, const std::string& source, const QuarantinedRow& row);

Tag column_set_id(const ColumnSet& columns);
ledger::RowWrite column_set_row(const std::string& source, const ColumnSet& columns);
Result<std::optional<ColumnSet>> find_column_set(const store::Store& store,
                                                 const std::string& source, const Tag& id);

}  // namespace lh::hub::ingest
