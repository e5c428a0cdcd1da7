// A drop kind with a clock and secrets of the test.
#pragma once

#include <gmock/gmock.h>

#include <map>

#include "adapters/drop/drop_kind.h"
#include "adapters_scratch.h"

namespace lh::adapters::drop {

class SteppedClock final : public Clock {
 public:
  UtcTime now() const override { return SystemClock().now().plus_ms(ahead_ms); }
  std::int64_t monotonic_us() const override { return 0; }
  std::int64_t ahead_ms = 3'600'000;  // files made a moment ago are old
};

class MapSecrets final : public Secrets {
 public:
  Result<Secret> find(std::string_view name) const override {
    const auto it = values.find(std::string(name));
    if (it == values.end()) return Error(Reason::kKeyMissing, std::string(name));
    return Secret::copy_of(it->second);
  }
  std::map<std::string, std::string> values;
};

class NoRandom final : public Random {
 public:
  void fill(std::uint8_t* out, std::size_t n) override { std::fill(out, out + n, 7); }
};

class DropScratch : public file::Scratch {
 protected:
  DropScratch() {
    for (const char* name : {"in", "done", "out", "spool"}) {
      std::filesystem::create_directory(path(name));
    }
  }
  void drop(const std::string& name, const std::string& bytes) { write(bytes, "in/" + name); }

  virtual std::string where() const {
    return "folder = \"" + path("in") + "\"\npush_folder = \"" + path("out") + "\"\n";
  }
  SettingsNode source(const std::string& more = "", const std::string& file = "") const {
    const std::string keys =
        more.find("pattern") == std::string::npos ? "pattern = \"*.csv\"\n" : "";
    const auto node = parse_settings("kind = \"drop\"\nheader = [\"a\"]\n" + where() + keys + more +
                                     "[file]\nencoding = \"utf-8\"\n" + file);
    EXPECT_TRUE(node.ok()) << node.error().describe();
    return *node;
  }
  std::string archive() const {
    return "after = \"archive\"\narchive = \"" + path("done") + "\"\n";
  }

  struct Read {
    std::vector<std::string> values;  // of the first column; a reason of a bad row
    std::vector<std::uint64_t> numbers;
    std::string error;  // of opening or reading
    Cursor cursor;
  };
  // At most `most` rows.
  Read pull(const SettingsNode& node, const Cursor& from = {}, std::size_t most = 1000) const {
    Read out;
    out.cursor = from;
    auto opened = make_kind(around_)->pull(node, {}, from);
    if (!opened.ok()) {
      out.error = opened.error().describe();
      return out;
    }
    for (; most > 0; --most) {
      auto row = (*opened)->next();
      if (!row.ok()) out.error = row.error().describe();
      if (!row.ok() || !*row) break;
      out.values.push_back((*row)->malformed ? std::string((*row)->malformed->id())
                                             : (*row)->values[0]);
      out.numbers.push_back((*row)->number);
    }
    out.cursor = (*opened)->cursor();
    return out;
  }
  std::vector<std::string> names(const std::string& folder) const {
    std::vector<std::string> out;
    for (const auto& item : std::filesystem::directory_iterator(path(folder))) {
      out.push_back(item.path().filename().string());
    }
    std::sort(out.begin(), out.end());
    return out;
  }

  SteppedClock clock_;
  NoRandom random_;
  MapSecrets secrets_;
  Surroundings around_{clock_, random_, secrets_, {}, true};
};

}  // namespace lh::adapters::drop
