// What the tests of the sql kind share: a mapping's [source] as text, surroundings, whole reads.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "adapters/sql/sql_kind.h"
#include "tests/integration/sql_servers.h"
#include "tests/kits/code_points.h"
#include "tests/kits/seeded_random.h"

namespace lh::adapters::sql {

class NamedSecrets final : public Secrets {
 public:
  std::map<std::string, std::string> values;
  Result<Secret> find(std::string_view name) const override {
    const auto at = values.find(std::string(name));
    if (at == values.end()) return Error(Reason::kKeyMissing, std::string(name));
    return Secret::copy_of(at->second);
  }
};

// Whether drivers run in the test or in a child.
enum class Drivers : std::uint8_t { kHere, kInChild };
inline std::string name_of(const ::testing::TestParamInfo<Drivers>& info) {
  return info.param == Drivers::kHere ? "Here" : "InChild";
}

class World {
 public:
  explicit World(Drivers drivers) : surroundings_{clock_, random_, secrets, {}, true} {
    if (drivers == Drivers::kInChild) host_.argv = {LH_DRIVER_HOST};
    kind_ = make_kind(surroundings_, host_);
  }
  void allow(const std::string& target) { surroundings_.allowed_targets.push_back(target); }
  Surroundings& surroundings() { return surroundings_; }
  const HostCommand& host() const { return host_; }
  const Kind& kind() const { return *kind_; }

  static SettingsNode source(const std::string& toml) {
    auto root = parse_settings("[source]\nkind = \"sql\"\n" + toml);
    EXPECT_TRUE(root.ok()) << root.error().describe();
    return *root->find("source");
  }
  Result<std::unique_ptr<Source>> pull(const std::string& toml, const Cursor& from = {}) const {
    return kind_->pull(source(toml), {}, from);
  }
  Result<std::unique_ptr<Lookup>> lookup(const std::string& toml) const {
    return kind_->lookup(source(toml));
  }
  Result<std::unique_ptr<Push>> push(const std::string& toml) const {
    return kind_->push(source(toml));
  }
  NamedSecrets secrets;

 private:
  SystemClock clock_;
  kits::SeededRandom random_{7};
  Surroundings surroundings_;
  HostCommand host_;
  std::unique_ptr<Kind> kind_;
};

template <class T>
T must(Result<T> result) {
  if (!result.ok()) ADD_FAILURE() << result.error().describe();
  return std::move(result).value();
}

inline std::vector<RawRow> rows_of(Source& source) {
  std::vector<RawRow> out;
  for (;;) {
    auto row = source.next();
    EXPECT_TRUE(row.ok()) << row.error().describe();
    if (!row.ok() || !*row) return out;
    out.push_back(std::move(**row));
  }
}

inline std::vector<RawRow> pulled(const World& world, const std::string& toml) {
  auto source = world.pull(toml);
  EXPECT_TRUE(source.ok()) << source.error().describe();
  return source.ok() ? rows_of(**source) : std::vector<RawRow>();
}

// The values of one column, "!reason" for a row that is not good.
inline std::vector<std::string> values_of(const std::vector<RawRow>& rows, std::size_t column) {
  std::vector<std::string> out;
  for (const RawRow& row : rows) {
    out.push_back(row.malformed ? "!" + std::string(row.malformed->id()) : row.values[column]);
  }
  return out;
}

inline std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    out.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

// Every character of Unicode but U+0000 and the surrogates (all of them are in GB 18030), 4,096 a
// text: the planes of CJK, the 2022 edition's, emoji, private use.
inline std::vector<std::string> all_characters() {
  std::vector<std::string> out;
  std::string text;
  for (std::uint32_t c = 1; c <= 0x10FFFF; ++c) {
    if (c % 4096 == 0) out.push_back(std::exchange(text, {}));
    if (c >= 0xD800 && c < 0xE000) continue;
    text += kits::utf8(c);
  }
  out.push_back(text);
  return out;
}

}  // namespace lh::adapters::sql
