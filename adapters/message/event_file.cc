#include "adapters/message/event_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

namespace lh::adapters::message {
namespace {

const std::string* text_of(const schemas::Json& event, std::string_view name) {
  const schemas::Json* value = event.find(name);
  return value != nullptr && value->string() != nullptr && !value->string()->empty()
             ? value->string()
             : nullptr;
}

}  // namespace

Result<std::string> read_event_file(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (file < 0) return Error(Reason::kFileUnreadable, "event file");
  struct stat info {};
  if (::fstat(file, &info) != 0 || !S_ISREG(info.st_mode)) {
    ::close(file);
    return Error(Reason::kFileUnreadable, "event file");
  }
  const auto size = static_cast<std::size_t>(info.st_size);
  std::string out(std::min(size, kFileBytes) + 1, '\0');
  std::size_t have = 0;
  ssize_t n = 1;
  while (n > 0 && have < out.size()) {
    n = ::read(file, out.data() + have, out.size() - have);
    if (n > 0) have += static_cast<std::size_t>(n);
  }
  ::close(file);
  if (n < 0) return Error(Reason::kFileUnreadable, "event file");
  out.resize(have);
  return out;
}

Events events_of(const std::string& path) {
  return path.ends_with(".jsonl") ? Events::kOneALine : Events::kOne;
}

std::vector<std::string_view> split_events(std::string_view text, Events events) {
  constexpr std::string_view kSpace = " \t\r\n";
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const auto end =
        events == Events::kOneALine ? std::min(text.find('\n'), text.size()) : text.size();
    auto piece = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    while (!piece.empty() && kSpace.find(piece.back()) != std::string_view::npos) {
      piece.remove_suffix(1);
    }
    if (!piece.empty()) out.push_back(piece);
  }
  return out;
}

Result<std::string> read_identity(const schemas::Json& event,
                                  const std::vector<std::string>& types) {
  const std::string* version = text_of(event, "specversion");
  const std::string* id = text_of(event, "id");
  const std::string* source = text_of(event, "source");
  const std::string* type = text_of(event, "type");
  if (version == nullptr || *version != "1.0" || id == nullptr || source == nullptr ||
      type == nullptr) {
    return Error(Reason::kRowCheck, "not a CloudEvent 1.0");
  }
  if (!types.empty() && std::find(types.begin(), types.end(), *type) == types.end()) {
    return Error(Reason::kRowCheck, "an event of another type");
  }
  return *source + '\x1F' + *id;
}

}  // namespace lh::adapters::message
