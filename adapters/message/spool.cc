#include "adapters/message/spool.h"

#include <algorithm>
#include <charconv>
#include <filesystem>

namespace lh::adapters::message {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kDigits = 16;  // of a number in a name: names sort as numbers do

Error unavailable(const char* what) {
  return Error(Reason::kSourceUnavailable, std::string("spool: ") + what);
}

bool is_event_file(const fs::directory_entry& entry) {
  std::error_code error;
  const std::string name = entry.path().filename().string();
  const bool named = name.ends_with(".json") || name.ends_with(".jsonl");
  return named && !name.starts_with('.') &&
         entry.symlink_status(error).type() == fs::file_type::regular;
}

// Number of "0000000000000012-name.json"; 0: it has none.
std::uint64_t number_of(const std::string& name) {
  std::uint64_t out = 0;
  if (name.size() <= kDigits || name[kDigits] != '-') return 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + kDigits, out);
  return error == std::errc() && end == name.data() + kDigits ? out : 0;
}

std::string numbered(std::uint64_t number, const std::string& name) {
  const std::string digits = std::to_string(number);
  return std::string(kDigits - std::min(kDigits, digits.size()), '0') + digits + "-" + name;
}

Result<std::vector<std::string>> names_in(const std::string& folder) {
  std::vector<std::string> out;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (is_event_file(*it)) out.push_back(it->path().filename().string());
  }
  if (error) return unavailable("the folder cannot be listed");
  std::sort(out.begin(), out.end());
  return out;
}

Status move_file(const std::string& from, const std::string& to) {
  std::error_code error;
  fs::rename(from, to, error);
  if (error) return unavailable("a file cannot be moved");
  return {};
}

}  // namespace

Result<std::vector<SpoolFile>> take_files(const std::string& folder, std::uint64_t covered,
                                          std::size_t max_files) {
  const std::string waiting = folder + "/taken/";
  const std::string done = folder + "/done/";
  std::error_code error;
  fs::create_directory(waiting, error);
  if (!error) fs::create_directory(done, error);
  if (error) return unavailable("taken/ and done/ cannot be made");
  for (const std::string& name : LH_TRY(names_in(waiting))) {
    if (number_of(name) <= covered) LH_TRY(move_file(waiting + name, done + name));
  }
  for (const std::string& name : LH_TRY(names_in(done))) {
    if (number_of(name) > covered) LH_TRY(move_file(done + name, waiting + name));
  }
  std::vector<SpoolFile> out;
  std::uint64_t last = covered;
  for (const std::string& name : LH_TRY(names_in(waiting))) {
    out.push_back({number_of(name), waiting + name});
    last = std::max(last, out.back().number);
  }
  for (const std::string& name : LH_TRY(names_in(folder))) {
    if (out.size() >= max_files) break;
    const std::string taken = waiting + numbered(++last, name);
    LH_TRY(move_file(folder + "/" + name, taken));
    out.push_back({last, taken});
  }
  return out;
}

Result<std::vector<SpoolFile>> done_files(const std::string& folder, std::size_t count) {
  const auto names = LH_TRY(names_in(folder + "/done/"));
  std::vector<SpoolFile> out;
  for (std::size_t i = names.size() - std::min(count, names.size()); i < names.size(); ++i) {
    out.push_back({number_of(names[i]), folder + "/done/" + names[i]});
  }
  return out;
}

Result<std::vector<SpoolFile>> kept_files(const std::string& folder, std::uint64_t covered) {
  std::vector<SpoolFile> out;
  if (covered == 0) return out;  // no run has been here
  for (const char* part : {"/done/", "/taken/"}) {
    for (const std::string& name : LH_TRY(names_in(folder + part))) {
      const std::uint64_t number = number_of(name);
      if (number > 0 && number <= covered) out.push_back({number, folder + part + name});
    }
  }
  std::sort(out.begin(), out.end(),
            [](const SpoolFile& a, const SpoolFile& b) { return a.number < b.number; });
  for (std::size_t i = 0; i < covered; ++i) {
    if (i < out.size() && out[i].number == i + 1) continue;
    return Error(Reason::kAdapterState,
                 "file " + std::to_string(i + 1) + " of the " + std::to_string(covered) +
                     " that were read is no longer in done/: a spool is compared while done/ keeps "
                     "every file");
  }
  return out;
}

}  // namespace lh::adapters::message
