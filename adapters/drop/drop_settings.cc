#include "adapters/drop/drop_settings.h"

namespace lh::adapters::drop {
namespace {

constexpr std::size_t kDaySeconds = 86400;

// "SHA256:" and the base64 of the digest without padding, as ssh-keygen -l prints it.
Result<Digest> read_fingerprint(const SettingsReader& in, std::string_view text) {
  constexpr std::string_view kPrefix = "SHA256:";
  const Error bad = in.invalid("fingerprint is of the form SHA256:…, as ssh-keygen -l prints it");
  if (!text.starts_with(kPrefix)) return bad;
  const auto bytes = parse_base64(std::string(text.substr(kPrefix.size())) + "=");
  if (!bytes.ok() || bytes->size() != sizeof(Digest)) return bad;
  return to_array<sizeof(Digest)>(*bytes);
}

Result<SftpSettings> read_sftp(const SettingsNode& table) {
  auto in = LH_TRY(SettingsReader::open(table, "sftp"));
  SftpSettings out;
  out.host = LH_TRY(in.required_text("host"));
  out.port = static_cast<std::uint16_t>(LH_TRY(in.number("port", 1, 65535, 22)));
  out.user = LH_TRY(in.required_text("user"));
  out.fingerprint = LH_TRY(read_fingerprint(in, LH_TRY(in.required_text("fingerprint"))));
  out.password = LH_TRY(in.text("password"));
  out.key = LH_TRY(in.text("key"));
  if (out.password.empty() == out.key.empty()) {
    return in.invalid("exactly one of password and key names a secret");
  }
  out.timeout_seconds = static_cast<int>(LH_TRY(in.number("timeout_seconds", 1, 600, 30)));
  LH_TRY(in.finish());
  return out;
}

Result<std::string> read_folder(SettingsReader& in, std::string_view key) {
  std::string folder = LH_TRY(in.text(key));
  if (!folder.empty() && folder.front() != '/') {
    return in.invalid(std::string(key) + " is an absolute path");
  }
  while (folder.size() > 1 && folder.back() == '/') folder.pop_back();
  return folder;
}

Status read_folders(SettingsReader& in, DropSettings& out) {
  out.folder = LH_TRY(read_folder(in, "folder"));
  out.archive = LH_TRY(read_folder(in, "archive"));
  out.push_folder = LH_TRY(read_folder(in, "push_folder"));
  out.spool = LH_TRY(read_folder(in, "spool"));
  if (out.folder.empty()) return in.invalid("folder is missing");
  if (LH_TRY(in.choice("after", {"leave", "archive"})) == "archive") out.after = After::kArchive;
  if ((out.after == After::kArchive) == out.archive.empty()) {
    return in.invalid("archive is a folder, and only with after = \"archive\"");
  }
  if (out.archive == out.folder || out.push_folder == out.folder) {
    return in.invalid("archive and push_folder are folders of their own");
  }
  if (out.sftp.has_value() == out.spool.empty()) {
    return in.invalid("spool is a folder, and only with sftp");
  }
  return {};
}

Status read_ready(SettingsReader& in, DropSettings& out) {
  out.pattern = LH_TRY(in.required_text("pattern"));
  if (out.pattern.find('/') != std::string::npos) return in.invalid("pattern is of a file name");
  if (LH_TRY(in.choice("delivery", {"part", "whole"})) == "whole") out.delivery = Delivery::kWhole;
  if (LH_TRY(in.choice("ready", {"settled", "renamed"})) == "renamed") out.ready = Ready::kRenamed;
  out.settle_seconds =
      static_cast<std::int64_t>(LH_TRY(in.number("settle_seconds", 1, kDaySeconds, 60)));
  const std::string suffix = LH_TRY(in.text("part_suffix"));
  if (!suffix.empty()) out.part_suffix = suffix;
  return {};
}

Status read_file(SettingsReader& in, DropSettings& out) {
  const auto header = LH_TRY(in.texts("header"));
  const SettingsNode* table = LH_TRY(in.table("file"));
  if (table == nullptr) return in.invalid("the table source.file is missing: how files are read");
  out.file = LH_TRY(file::read_settings(*table));
  if (!out.file.path.empty() || !out.file.header.empty()) {
    return invalid_setting(*table, "path and header do not stand here but in [source]");
  }
  out.file.header = header;
  if (header.empty() && out.file.columns.empty()) {
    return in.invalid("header is missing: an empty folder has no columns to ask for");
  }
  return {};
}

}  // namespace

std::vector<std::string> columns_of_mapping(const DropSettings& settings) {
  if (settings.file.columns.empty()) return settings.file.header;
  std::vector<std::string> out;
  for (const auto& column : settings.file.columns) out.push_back(column.name);
  return out;
}

Result<DropSettings> read_settings(const SettingsNode& source) {
  auto in = LH_TRY(SettingsReader::open(source, "source"));
  in.find("kind");
  in.find("header_guard");  // read with the mapping
  DropSettings out;
  if (const SettingsNode* sftp = LH_TRY(in.table("sftp"))) out.sftp = LH_TRY(read_sftp(*sftp));
  LH_TRY(read_folders(in, out));
  LH_TRY(read_ready(in, out));
  LH_TRY(read_file(in, out));
  LH_TRY(in.finish());
  return out;
}

}  // namespace lh::adapters::drop
