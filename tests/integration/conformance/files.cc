// The kind "file", one bench a format, in GB18030.
#include "kit.h"
#include "tests/integration/adapters_formats_kit.h"

namespace lh::conformance {
namespace {

using adapters::file::Encoding;

void replace_all(Bytes& text, const Bytes& what, const Bytes& by) {
  for (std::size_t at = 0; (at = text.find(what, at)) != Bytes::npos; at += by.size()) {
    text.replace(at, what.size(), by);
  }
}

class FileBench final : public Bench {
 public:
  explicit FileBench(adapters::file::FormatCase format) : format_(std::move(format)) {}
  std::string name() const override {
    return "file, " + (format_.name == "fixed_lines" ? "fixed" : format_.name);
  }
  const adapters::Kind& kind() const override { return *kind_; }
  std::string toml() const override {
    return toml_.empty() ? "kind = 'file'\nencoding = 'gb18030'\n" + format_.toml : toml_;
  }
  std::string input() const override { return path_; }
  bool writes_gb18030() const override { return true; }
  std::size_t characters_of_a_value() const override { return of_one_width() ? 60 : 4096; }
  bool can_hold(const std::string& value) const override {
    return format_.name == "csv" || format_.name == "dbf" || value.find('\n') == std::string::npos;
  }
  void put(const Table& table) override {
    adapters::file::Rows rows;
    for (const Row& row : table.rows) rows.push_back({row.k, row.v.value_or("@@NULL@@")});
    Bytes bytes = format_.write(rows, Encoding::kGb18030);
    Bytes bad = table.bad;
    bad.resize(std::string(kBadMark).size(), ' ');  // what has a width keeps it
    replace_all(bytes, kBadMark, bad);
    if (format_.name.starts_with("json")) replace_all(bytes, "\"@@NULL@@\"", "null");
    replace_all(bytes, "@@NULL@@", of_one_width() ? Bytes(8, ' ') : Bytes());
    store(bytes, {});
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
        return format_.name == "xml" ? xml() : not_applicable("no XML");
      case Case::kHugeRows:
        return of_one_width() ? not_applicable("a row has the width of its columns")
                              : std::optional<Outcome>();
      case Case::kLongText:
        return of_one_width() ? long_text() : std::optional<Outcome>();
      case Case::kLobs:
        return format_.name == "dbf" ? pictures() : not_applicable("text only");
      case Case::kDuplicates:
        return names_twice();
      case Case::kSizes:
        return sizes();
      default:
        return std::nullopt;
    }
  }

 private:
  bool of_one_width() const { return format_.name == "dbf" || format_.name == "fixed_lines"; }
  void store(const Bytes& bytes, const std::string& toml) {
    toml_ = toml;
    path_ = folder_ / (format_.name == "dbf" ? "t.dbf" : "rows");
    kits::store_file(path_, bytes);
  }
  Outcome expect(const std::vector<std::string>& values) const {
    const Read read = pull();
    if (read.end != "end") return fails(read.end);
    if (read.column(1) != values) return fails(std::to_string(read.rows.size()) + " other rows");
    return passes();
  }

  Outcome xml() {
    for (const std::string& document : hostile_documents()) {
      store(document,
            "kind = 'file'\nencoding = 'utf-8'\nformat = 'xml'\nrows = '/t/r'\n"
            "columns = [{name = 'k', path = 'k'}, {name = 'v', path = 'v'}]\n");
      const Outcome out = refuses(pull(), {"source.", "xml.", "input.", "mapping.", "row."});
      if (out.is != Outcome::Is::kPasses) return fails(document.substr(0, 40) + ": " + out.why);
    }
    return passes();
  }

  Outcome long_text() {
    std::string text;
    while (text.size() < 300'000) text += "大字段x";
    const Bytes bytes = adapters::file::in_encoding(text, Encoding::kGb18030);
    if (format_.name == "dbf") {
      Bytes memo("\x02\0\0\0", 4);
      memo.resize(512, '\0');
      kits::store_file(folder_ / "t.dbt", memo + bytes + "\x1A\x1A");
      store(adapters::file::dbf_head(
                1, 12,
                adapters::file::dbf_field("K", 'C', 1) + adapters::file::dbf_field("V", 'M', 10),
                '\x83') +
                " 1         1\x1A",
            "kind = 'file'\nencoding = 'gb18030'\nformat = 'dbf'\n");
      return expect({text});
    }
    store("1" + bytes + "\n2" + Bytes(bytes.size(), ' ') + "\n",
          "kind = 'file'\nencoding = 'gb18030'\nformat = 'fixed'\n[[columns]]\nname = 'k'\n"
          "start = 1\nlength = 1\n[[columns]]\nname = 'v'\nstart = 2\nlength = " +
              std::to_string(bytes.size()) + "\n");
    return expect({text, ""});
  }

  Outcome pictures() {
    store(adapters::file::dbf_head(0, 11, adapters::file::dbf_field("P", 'G', 10), '\x83'),
          "kind = 'file'\nencoding = 'gb18030'\nformat = 'dbf'\n");
    const Read read = pull();
    return read.end.starts_with("adapter.unsupported") ? passes() : fails(read.end);
  }

  // Absent: the rows themselves are asked about next.
  std::optional<Outcome> names_twice() {
    if (!format_.name.starts_with("json")) return std::nullopt;
    put({{{"1", "a"}, {"2", "b"}, {"3", "c"}}});
    Bytes bytes = kits::load_file(path_);
    const Bytes name = adapters::file::in_encoding("\"名称\":", Encoding::kGb18030);
    replace_all(bytes, name + "\"b\"", name + "\"b\"," + name + "\"z\"");
    store(bytes, {});
    const Outcome out = expect({"a", "!json.duplicate_key", "c"});
    return out.is == Outcome::Is::kPasses ? std::optional<Outcome>() : out;
  }

  Outcome sizes() {
    put({{{"1", "a"}, {"2", "b"}, {"3", "c"}}});
    Bytes bytes = kits::load_file(path_);
    if (format_.name == "csv") {
      replace_all(bytes, "\"b\"", "\"b\",\"one more\"");
      store(bytes, {});
      return expect({"a", "!row.width", "c"});
    }
    if (format_.name == "fixed_lines") {
      bytes.insert(bytes.find("\r\n") + 12, "longer");
      store(bytes, {});
      return expect({"a", "!row.width", "c"});
    }
    if (format_.name == "dbf") {
      bytes[4] = 9;  // records
      store(bytes, {});
      return expect({"a", "b", "c", "!row.cut"});
    }
    return not_applicable("the format announces no sizes");
  }

  adapters::file::FormatCase format_;
  std::unique_ptr<adapters::Kind> kind_ = adapters::file::make_kind();
  kits::ScratchFolder folder_;
  std::string path_;
  std::string toml_;
};

}  // namespace

void add_files(Benches& to) {
  for (auto& format : adapters::file::every_format()) {
    if (format.name != "fixed_records") to.push_back(std::make_unique<FileBench>(format));
  }
}

}  // namespace lh::conformance
