// The kind "message": a spool of CloudEvents.
#include "adapters/message/message_kind.h"
#include "kit.h"
#include "schemas/json.h"

namespace lh::conformance {
namespace {

namespace fs = std::filesystem;

class MessageBench final : public Bench {
 public:
  std::string name() const override { return "message"; }
  const adapters::Kind& kind() const override { return *kind_; }
  std::string toml() const override {
    return "kind = 'message'\nfolder = '" + (folder_ / "spool") +
           "'\ncolumns = {k = 'data.k', v = 'data.v'}\n";
  }
  void put(const Table& table) override {
    std::string text;
    for (std::size_t i = 0; i < table.rows.size(); ++i) {
      schemas::Json data = schemas::Json::object();
      data.set("k", table.rows[i].k);
      if (table.rows[i].v) data.set("v", *table.rows[i].v);
      schemas::Json event = schemas::Json::object();
      event.set("specversion", "1.0").set("id", std::to_string(i)).set("source", "urn:t");
      event.set("type", "t").set("data", std::move(data));
      text += schemas::to_text(event) + "\n";
    }
    for (std::size_t at = 0; (at = text.find(kBadMark, at)) != std::string::npos;) {
      text.replace(at, std::string(kBadMark).size(), table.bad);
    }
    store("1.jsonl", text);
  }

  std::optional<Outcome> own(Case id) override {
    switch (id) {
      case Case::kTargets:
      case Case::kHalfClosed:
      case Case::kDripping:
      case Case::kRedirects:
        return not_applicable("a folder on this machine");
      case Case::kXml:
        return not_applicable("no XML");
      case Case::kLobs:
        return not_applicable("JSON has no binary values");
      case Case::kClock:
        return not_applicable("events are ordered by their files' names, no clock is read");
      case Case::kSizes:
        return not_applicable("the format announces no sizes");
      case Case::kPaths:
        return paths();
      case Case::kZip:
        return packed();
      case Case::kDuplicates:
        return names_twice();
      default:
        return std::nullopt;
    }
  }

 private:
  void store(const std::string& name, const std::string& bytes) {
    fs::remove_all(folder_ / "spool");
    fs::create_directory(folder_ / "spool");
    kits::store_file(folder_ / ("spool/" + name), bytes);
  }
  Outcome paths() {
    put({{{"1", "a"}}});
    kits::store_file(folder_ / "outside.json",
                     R"({"specversion":"1.0","id":"x","source":"s","type":"t","data":{"k":"x"}})");
    fs::create_symlink(folder_ / "outside.json", folder_ / "spool/2.json");
    const Read read = pull();
    if (read.end != "end" || read.column(0) != std::vector<std::string>{"1"}) {
      return fails("a link was followed");
    }
    return fs::exists(folder_ / "outside.json") ? passes() : fails("a file outside was moved");
  }
  Outcome packed() {
    store("1.json", gzip_of("{}"));
    return refuses(pull(), {"source."});
  }
  // The rows themselves are asked about next.
  std::optional<Outcome> names_twice() {
    store("1.json", R"({"specversion":"1.0","id":"1","source":"s","type":"t","data":{"k":"1",)"
                    R"("v":"a","v":"b"}})");
    const Outcome out = refuses(pull(), {});
    return out.is == Outcome::Is::kPasses ? std::optional<Outcome>() : out;
  }

  kits::ScratchFolder folder_;
  std::unique_ptr<adapters::Kind> kind_ = adapters::message::make_kind();
};

}  // namespace

void add_messages(Benches& to) {
  to.push_back(std::make_unique<MessageBench>());
}
}  // namespace lh::conformance
