#include "adapters/drop/drop_kind.h"

#include "adapters/drop/drop_source.h"
#include "adapters/drop/drop_stock.h"
#include "adapters/drop/file_names.h"

namespace lh::adapters::drop {
namespace {

Result<std::unique_ptr<Folder>> open_folder(const DropSettings& settings,
                                            const Surroundings& around) {
  if (settings.sftp) return open_sftp_folder(settings, around);
  return open_local_folder(settings);
}

void append_value(Bytes& line, std::string_view value, bool first, char delimiter) {
  if (!first) line.push_back(delimiter);
  line.push_back('"');
  for (const char c : value) {
    if (c == '"') line.push_back('"');
    line.push_back(c);
  }
  line.push_back('"');
}

// A header line and the record (RFC 4180), every value in quotes.
Result<Bytes> file_of(const KeyValues& record, const file::FileSourceSettings& settings) {
  Bytes head;
  Bytes row;
  for (const auto& [column, value] : record) {
    append_value(head, column, head.empty(), settings.delimiter);
    append_value(row, value, row.empty(), settings.delimiter);
  }
  const Bytes text = head + "\r\n" + row + "\r\n";
  if (!is_utf8(text) || text.find('\0') != Bytes::npos) return Error(Reason::kInputEncoding);
  return settings.encoding == file::Encoding::kUtf8 ? text : file::encode_gb18030(text);
}

class DropPush final : public Push {
 public:
  DropPush(DropSettings settings, const Surroundings& around)
      : settings_(std::move(settings)), around_(around) {}
  Status send(std::string_view id, const KeyValues& record) override {
    const std::string name = LH_TRY(name_of_id(id)) + ".csv";
    if (record.empty()) return Error(Reason::kInputMalformed, "a push without values");
    const Bytes bytes = LH_TRY(file_of(record, settings_.file));
    // A connection is not kept: hours may lie between two pushes.
    return LH_TRY(open_folder(settings_, around_))->add(settings_.push_folder, name, bytes);
  }

 private:
  DropSettings settings_;
  const Surroundings& around_;
};

class DropKind final : public Kind {
 public:
  explicit DropKind(const Surroundings& around) : around_(around) {}
  std::string_view name() const override { return "drop"; }
  Rerun rerun(const SettingsNode& /*source*/) const override { return Rerun::kFromTheCursor; }
  Status check(const SettingsNode& source) const override {
    LH_TRY(read_settings(source));
    return {};
  }
  Result<std::unique_ptr<Source>> pull(const SettingsNode& source, const Input& input,
                                       const Cursor& from) const override {
    const DropSettings settings = LH_TRY(settings_of(source, input));
    auto folder = LH_TRY(open_folder(settings, around_));
    return open_drop(std::move(folder), settings, around_.clock, from);
  }
  Stock stock_of(const SettingsNode& source) const override {
    const auto settings = read_settings(source);
    const bool whole = settings.ok() && settings->delivery == Delivery::kWhole;
    return whole ? Stock::kAsItStands : Stock::kDeliveries;
  }
  Result<std::unique_ptr<Source>> stock(const SettingsNode& source, const Input& input,
                                        const Cursor& read) const override {
    const DropSettings settings = LH_TRY(settings_of(source, input));
    StockFolders folders{LH_TRY(open_folder(settings, around_)), nullptr};
    if (settings.after == After::kArchive) {
      DropSettings archive = settings;
      archive.folder = settings.archive;
      folders.archive = LH_TRY(open_folder(archive, around_));
    }
    return open_stock(std::move(folders), settings, read);
  }
  Result<KeptRow> reread(const SettingsNode& source, KeptRow kept) const override {
    return file::reread_row(LH_TRY(read_settings(source)).file, std::move(kept));
  }
  Result<std::unique_ptr<Push>> push(const SettingsNode& source) const override {
    DropSettings settings = LH_TRY(read_settings(source));
    if (settings.push_folder.empty() || settings.file.format != file::Format::kCsv) {
      return Error(Reason::kAdapterUnsupported, "drop: push needs push_folder and the format csv");
    }
    return std::unique_ptr<Push>(std::make_unique<DropPush>(std::move(settings), around_));
  }

 private:
  static Result<DropSettings> settings_of(const SettingsNode& source, const Input& input) {
    if (!input.path.empty()) {
      return Error(Reason::kUsage, "the source is a folder named by its mapping, not an input");
    }
    return read_settings(source);
  }
  const Surroundings& around_;
};

}  // namespace

std::unique_ptr<Kind> make_kind(const Surroundings& around) {
  return std::make_unique<DropKind>(around);
}

}  // namespace lh::adapters::drop
