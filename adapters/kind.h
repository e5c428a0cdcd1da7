// A kind of source (file, sql, http, …) as the wiring sees it: it checks its part of a mapping,
// opens the source for a pull of changes, looks one record up by its key at request time, and
// pushes a record back, each where the source allows it. Concrete kinds are named in hub/app only.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/adapter.h"
#include "adapters/settings.h"
#include "base/random.h"
#include "base/secret.h"
#include "base/time.h"

namespace lh::adapters {

// Passwords and keys by name; a mapping never holds one. Errors: key.missing.
class Secrets {
 public:
  Secrets() = default;
  Secrets(const Secrets&) = delete;
  Secrets& operator=(const Secrets&) = delete;
  virtual ~Secrets() = default;
  virtual Result<Secret> find(std::string_view name) const = 0;
};

// What an adapter may use of the world outside; outlives every source.
struct Surroundings {
  const Clock& clock;
  Random& random;
  const Secrets& secrets;
  // "host:port" that calls may go to, from the hub's configuration: a mapping cannot widen it.
  std::vector<std::string> allowed_targets;
  bool allow_loopback = false;
};

// The limits that a mapping sets to the calls of its source, as those who make them see them.
class CallGate {
 public:
  CallGate() = default;
  CallGate(const CallGate&) = delete;
  CallGate& operator=(const CallGate&) = delete;
  virtual ~CallGate() = default;
  // Before a call; waits for its turn. Errors: source.busy (none within the time there is),
  // hub.shutting_down.
  virtual Status begin() = 0;
  virtual void end() = 0;  // after every begin that was well, when the call has been answered
};

// One call, from its turn to its answer.
class Calling {
 public:
  static Result<Calling> begin(CallGate* gate) {  // null: no limits
    if (gate != nullptr) LH_TRY(gate->begin());
    return Calling(gate);
  }
  Calling(Calling&& other) noexcept : gate_(std::exchange(other.gate_, nullptr)) {}
  Calling& operator=(Calling&&) = delete;
  ~Calling() {
    if (gate_ != nullptr) gate_->end();
  }

 private:
  explicit Calling(CallGate* gate) : gate_(gate) {}
  CallGate* gate_;
};

// What one run is given beyond the mapping.
struct Input {
  std::string path;           // of files: instead of the one in the mapping; empty otherwise
  CallGate* calls = nullptr;  // asked before every call, where Kind::pull_calls says so
};

// A [source] table that was completed from what the source says of itself.
struct Described {
  std::string toml;
  std::vector<std::string> columns;
};

// What the calls of a pull are, for the limits of its mapping.
enum class PullCalls : std::uint8_t {
  kOne,   // it is one call from its opening to its end
  kEach,  // every request of it asks Input::calls
};

// Column and value. Values go to the source as parameters, never as text of a query or path.
using KeyValues = std::vector<std::pair<std::string, std::string>>;

// One record by its key, at request time; nothing is kept. Not for use by two threads at once.
class Lookup {
 public:
  Lookup() = default;
  Lookup(const Lookup&) = delete;
  Lookup& operator=(const Lookup&) = delete;
  virtual ~Lookup() = default;
  virtual const std::vector<std::string>& columns() const = 0;
  // No row: the source does not know the key. Errors: source.unavailable, source.refused,
  // source.answer, input.too_large (more rows than a key can have: 100).
  virtual Result<std::vector<RawRow>> find(const KeyValues& key) = 0;
  // Asked before every request of a find, where one may need several. Outlives this.
  virtual void obey(CallGate* /*calls*/) {}
};

// Gives one record back to the source. Repeating a push with the same id changes nothing there.
class Push {
 public:
  Push() = default;
  Push(const Push&) = delete;
  Push& operator=(const Push&) = delete;
  virtual ~Push() = default;
  // Errors: source.unavailable (may be tried again), source.refused (may not), source.answer.
  virtual Status send(std::string_view id, const KeyValues& record) = 0;
  virtual void obey(CallGate* /*calls*/) {}  // as Lookup
};

// Where the run after one that reached the end begins: files are read whole again (what did not
// change is recognised), sources that tell what changed go on after the cursor.
enum class Rerun : std::uint8_t { kFromTheBeginning, kFromTheCursor };

// What Kind::stock is, for a comparison with the store.
enum class Stock : std::uint8_t {
  kAsItStands,  // the source itself: what is not in it is not there any more
  kDeliveries,  // what it delivered and is kept, in its order: the last of a key counts
};

// A row and the columns of its values.
struct KeptRow {
  std::vector<std::string> columns;
  std::vector<std::string> types;  // as Source::column_types; may be empty
  RawRow row;
};

class Kind {
 public:
  Kind() = default;
  Kind(const Kind&) = delete;
  Kind& operator=(const Kind&) = delete;
  virtual ~Kind() = default;

  virtual std::string_view name() const = 0;
  // Every mistake of the [source] table, with its line; opens nothing. Errors: mapping.invalid.
  virtual Status check(const SettingsNode& source) const = 0;
  // For a new mapping: the text of an unfinished [source] with what it lacks, from a description of
  // the source that needs no call. Nothing: it is to be opened. Errors: mapping.invalid.
  virtual Result<std::optional<Described>> describe(const SettingsNode& /*source*/,
                                                    const std::string& /*toml*/) const {
    return std::optional<Described>();
  }
  // Rows after `from`. Errors: those of check, source.unavailable, source.refused, cursor.invalid.
  virtual Result<std::unique_ptr<Source>> pull(const SettingsNode& source, const Input& input,
                                               const Cursor& from) const = 0;
  // Everything there is, whatever runs have read: the source from its beginning, or, where reading
  // takes things away, what was kept of all that `read` (the cursor of the runs) covers. Changes
  // nothing. Errors: those of pull; adapter.state (some of it is kept no longer).
  virtual Result<std::unique_ptr<Source>> stock(const SettingsNode& source, const Input& input,
                                                const Cursor& read) const;
  virtual Stock stock_of(const SettingsNode& /*source*/) const { return Stock::kAsItStands; }
  virtual PullCalls pull_calls() const { return PullCalls::kOne; }
  virtual Rerun rerun(const SettingsNode& /*source*/) const { return Rerun::kFromTheBeginning; }
  // A row whose bytes were kept (quarantine) with the columns the source had then, read again with
  // the mapping of now: columns and values as a pull would give them. Bytes that are no row are a
  // malformed row. Errors: adapter.unsupported where the bytes alone are not enough.
  virtual Result<KeptRow> reread(const SettingsNode& source, KeptRow kept) const;
  // adapter.unsupported where the kind or the mapping has none.
  virtual Result<std::unique_ptr<Lookup>> lookup(const SettingsNode& source) const;
  virtual Result<std::unique_ptr<Push>> push(const SettingsNode& source) const;
};

// The kinds of this hub.
class Kinds {
 public:
  void add(std::unique_ptr<Kind> kind);
  // Errors: mapping.invalid naming the kinds there are, at the line of the source.
  Result<const Kind*> find(std::string_view name, const SettingsNode& source) const;

 private:
  std::vector<std::unique_ptr<Kind>> kinds_;
};

}  // namespace lh::adapters
