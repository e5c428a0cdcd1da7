// The conformance kit: what every kind of source must do with bad input. A bench is one kind with a
// real source behind it; a case is one row of the results table (docs/formats/conformance.md).
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/http/digests.h"
#include "adapters/kind.h"
#include "crypto/system_random.h"
#include "tests/kits/scratch_folder.h"

namespace lh::conformance {

enum class Case : std::uint8_t {
  kKeys,
  kTargets,
  kRedirects,
  kPaths,
  kXml,
  kZip,
  kHugeRows,
  kLongText,
  kNulls,
  kLobs,
  kEncoding,
  kDuplicates,
  kHalfClosed,
  kDripping,
  kClock,
  kSizes,
  kCharacters,
};
struct CaseText {
  Case id;
  const char* name;   // of the test
  const char* title;  // of the page
  const char* asks;   // what must hold
};
const std::vector<CaseText>& all_cases();

struct Outcome {
  enum class Is : std::uint8_t { kPasses, kNotApplicable, kFails } is;
  std::string why;  // of the other two
};
inline Outcome passes() {
  return {Outcome::Is::kPasses, {}};
}
inline Outcome not_applicable(std::string why) {
  return {Outcome::Is::kNotApplicable, std::move(why)};
}
inline Outcome fails(std::string why) {
  return {Outcome::Is::kFails, std::move(why)};
}

// Stands in a value for bytes that are put in its place where the source keeps its bytes.
inline constexpr const char* kBadMark = "@@BAD@@";

struct Row {
  std::string k;
  std::optional<std::string> v;  // absent: NULL
};
struct Table {
  std::vector<Row> rows;
  Bytes bad = {};  // in place of kBadMark
};

struct Read {
  std::vector<adapters::RawRow> rows;
  std::string end = "end";  // or the error
  // The column, "!reason" for a row that is not good.
  std::vector<std::string> column(std::size_t n) const;
};

class MovedClock final : public Clock {
 public:
  UtcTime now() const override { return clock_.now().plus_ms(by_ms); }
  std::int64_t monotonic_us() const override { return clock_.monotonic_us(); }
  std::int64_t by_ms = 0;

 private:
  SystemClock clock_;
};

class NamedSecrets final : public adapters::Secrets {
 public:
  Result<Secret> find(std::string_view name) const override;
  std::map<std::string, std::string> values;
};

const adapters::http::MessageDigests& digests();

struct Address {
  std::string host;
  int port = 0;
  std::string text() const { return host + ":" + std::to_string(port); }
};

class Bench {
 public:
  Bench() = default;
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;
  virtual ~Bench() = default;
  virtual std::string name() const = 0;
  virtual const adapters::Kind& kind() const = 0;
  // What the case means for this kind where that is something of its own, or why it means nothing.
  virtual std::optional<Outcome> own(Case) { return std::nullopt; }
  virtual void put(const Table& table) = 0;  // the source has these rows, columns k and v first
  virtual std::string toml() const = 0;      // the keys of [source]
  virtual std::string input() const { return {}; }
  virtual bool can_hold(const std::string& /*value*/) const { return true; }
  virtual std::size_t characters_of_a_value() const { return 4096; }
  virtual bool writes_gb18030() const { return false; }
  // The same source at another address with this deadline; empty: there is no network.
  virtual std::string toml_at(const Address& /*at*/, int /*deadline_ms*/) const { return {}; }

  Read pull(const std::string& toml) const;
  Read pull() const { return pull(toml()); }
  // Absent: the kind has no lookup.
  std::optional<Read> find(const std::string& key) const;

  NamedSecrets secrets;
  MovedClock clock;
  crypto::SystemRandom random;
  adapters::Surroundings with{clock, random, secrets, {}, true};
};

Outcome run(Bench& bench, Case id);

// Reads XML with entities and bombs, by whatever way it comes. Each of them must end in an error.
const std::vector<std::string>& hostile_documents();
std::string gzip_of(const std::string& text);
Outcome refuses(const Read& read, const std::vector<std::string>& reasons);

// The benches, in the order of the page.
using Benches = std::vector<std::unique_ptr<Bench>>;
void add_files(Benches& to);
void add_drops(Benches& to);
void add_databases(Benches& to);
void add_services(Benches& to);
void add_messages(Benches& to);
void add_hosts(Benches& to);
void add_example(Benches& to);

}  // namespace lh::conformance
