// The kind "records" of adapters/example.
#include "adapters/example/example_kind.h"
#include "adapters/file/encoding.h"
#include "kit.h"

namespace lh::conformance {
namespace {

class ExampleBench final : public Bench {
 public:
  std::string name() const override { return "records (example)"; }
  const adapters::Kind& kind() const override { return *kind_; }
  bool writes_gb18030() const override { return true; }
  bool can_hold(const std::string& value) const override {
    return value.find('\n') == std::string::npos;
  }
  std::string toml() const override {
    return "kind = 'records'\nencoding = 'gb18030'\npath = '" + input() +
           "'\ncolumns = ['k', 'v']\n";
  }
  std::string input() const override { return folder_ / "records.txt"; }
  void put(const Table& table) override {
    std::string text;
    for (const Row& row : table.rows) {
      text += "k=" + row.k + "\n" + (row.v ? "v=" + *row.v + "\n" : "") + "\n";
    }
    Bytes bytes = adapters::file::encode_gb18030(text).value();
    for (std::size_t at = 0; (at = bytes.find(kBadMark, at)) != Bytes::npos;) {
      bytes.replace(at, std::string(kBadMark).size(), table.bad);
    }
    kits::store_file(input(), bytes);
  }
  std::optional<Outcome> own(Case id) override {
    switch (id) {
      case Case::kTargets:
      case Case::kRedirects:
      case Case::kHalfClosed:
      case Case::kDripping:
        return not_applicable("a file on this machine");
      case Case::kPaths:
        return not_applicable("one file, named by the operator; no value of it is a path");
      case Case::kClock:
        return not_applicable("no clock is read");
      case Case::kXml:
        return not_applicable("no XML");
      case Case::kLobs:
        return not_applicable("text only");
      case Case::kSizes:
        return not_applicable("the format announces no sizes");
      case Case::kDuplicates:
        return names_twice();
      default:
        return std::nullopt;
    }
  }

 private:
  // The rows themselves are asked about next.
  std::optional<Outcome> names_twice() {
    kits::store_file(input(), "k=1\nv=a\n\nk=2\nv=b\nv=z\n\nk=3\nv=c\n");
    const Read read = pull();
    const std::vector<std::string> expected{"a", "!row.width", "c"};
    const bool good = read.end == "end" && read.column(1) == expected;
    return good ? std::optional<Outcome>() : fails(read.end);
  }
  kits::ScratchFolder folder_;
  std::unique_ptr<adapters::Kind> kind_ = adapters::example::make_kind();
};

}  // namespace

void add_example(Benches& to) {
  to.push_back(std::make_unique<ExampleBench>());
}

}  // namespace lh::conformance
