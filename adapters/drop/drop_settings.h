// The [source] table of the kind "drop" (docs/formats/source-drop.md).
#pragma once

#include <optional>

#include "adapters/file/file_source.h"
#include "adapters/kind.h"

namespace lh::adapters::drop {

struct SftpSettings {
  std::string host;
  std::uint16_t port = 22;
  std::string user;
  Digest fingerprint{};      // SHA-256 of the host's public key
  std::string password;      // name of a secret; exactly one of the two
  std::string key;           // name of a secret: a private key in PEM
  int timeout_seconds = 30;  // of each step
};

enum class Ready : std::uint8_t { kSettled, kRenamed };
enum class After : std::uint8_t { kLeave, kArchive };
enum class Delivery : std::uint8_t { kPart, kWhole };  // of what there is, by each file

struct DropSettings {
  std::string folder;  // absolute
  std::string pattern;
  Ready ready = Ready::kSettled;
  std::int64_t settle_seconds = 60;
  std::string part_suffix = ".part";
  After after = After::kLeave;
  std::string archive;  // folder of files that were read
  Delivery delivery = Delivery::kPart;
  std::string push_folder;  // empty: no push
  std::string spool;        // folder for what is fetched by SFTP; nothing in it has a name
  std::optional<SftpSettings> sftp;
  file::FileSourceSettings file;  // how each of the files is read
};

// Errors: mapping.invalid with the line.
Result<DropSettings> read_settings(const SettingsNode& source);
// What the mapping says of them: the columns where there is no file to ask.
std::vector<std::string> columns_of_mapping(const DropSettings& settings);

}  // namespace lh::adapters::drop
