#include "adapters/example/example_kind.h"

#include <algorithm>

#include "adapters/example/record_source.h"

namespace lh::adapters::example {
namespace {

constexpr std::size_t kRowsOfKey = 100;

// [quote: lookup]
// The file is read anew for every question, so the answer is never an old one.
class RecordLookup final : public Lookup {
 public:
  explicit RecordLookup(RecordSettings settings) : settings_(std::move(settings)) {}
  const std::vector<std::string>& columns() const override { return settings_.columns; }

  Result<std::vector<RawRow>> find(const KeyValues& key) override {
    const auto source = LH_TRY(open_records(settings_.path, settings_, {}));
    std::vector<RawRow> out;
    for (auto row = LH_TRY(source->next()); row; row = LH_TRY(source->next())) {
      if (!LH_TRY(fits(*row, key))) continue;
      if (out.size() == kRowsOfKey) return Error(Reason::kInputTooLarge, "rows of one key");
      out.push_back(std::move(*row));
    }
    return out;
  }
  // [end]

 private:
  Result<bool> fits(const RawRow& row, const KeyValues& key) const {
    for (const auto& [name, value] : key) {
      const auto column = std::find(settings_.columns.begin(), settings_.columns.end(), name);
      if (column == settings_.columns.end()) {
        return Error(Reason::kMappingInvalid, "the key is no column");
      }
      const auto at = static_cast<std::size_t>(column - settings_.columns.begin());
      if (row.malformed || row.values[at] != value) return false;
    }
    return true;
  }
  RecordSettings settings_;
};

// [quote: kind]
class RecordKind final : public Kind {
 public:
  std::string_view name() const override { return "records"; }

  Status check(const SettingsNode& source) const override {
    LH_TRY(read_settings(source));
    return {};
  }

  Result<std::unique_ptr<Source>> pull(const SettingsNode& source, const Input& input,
                                       const Cursor& from) const override {
    RecordSettings settings = LH_TRY(read_settings(source));
    const std::string path = input.path.empty() ? settings.path : input.path;
    if (path.empty()) return Error(Reason::kUsage, "no file: --input, or path in the mapping");
    return open_records(path, std::move(settings), from);
  }

  Result<std::unique_ptr<Lookup>> lookup(const SettingsNode& source) const override {
    RecordSettings settings = LH_TRY(read_settings(source));
    if (settings.path.empty()) {
      return Error(Reason::kAdapterUnsupported, "a lookup needs path in the mapping");
    }
    return std::unique_ptr<Lookup>(std::make_unique<RecordLookup>(std::move(settings)));
  }
};
// [end]

}  // namespace

std::unique_ptr<Kind> make_kind() {
  return std::make_unique<RecordKind>();
}

}  // namespace lh::adapters::example
