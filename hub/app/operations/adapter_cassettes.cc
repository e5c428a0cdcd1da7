// Exchanges with a source over HTTP, recorded once and tried again without a network. A cassette
// holds what the source answered, so it is sealed for this hub unless somebody asks for clear text.
#include <sys/mman.h>
#include <unistd.h>

#include <filesystem>

#include "crypto/seal.h"
#include "hub/app/operations/adapter_trials.h"
#include "hub/app/sources.h"
#include "hub/ingest/book/adapter_book.h"

namespace lh::hub::app::operations {
namespace {

using schemas::ObjectReader;

constexpr std::string_view kSealedMark = "LHSC1\n";  // a sealed cassette; behind it the sealed text
constexpr std::string_view kSealedFor = "cassette";
constexpr std::size_t kCassetteBytes = 64U << 20U;
constexpr std::int64_t kMostRows = 100000;
constexpr std::int64_t kMostShown = 200;

// A file in memory: clear text of a source never touches the disk by the way.
class MemoryFile {
 public:
  MemoryFile() : file_(::memfd_create("cassette", MFD_CLOEXEC)) {}
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile() {
    if (file_ >= 0) ::close(file_);
  }
  Result<int> share() const {
    const int other = ::dup(file_);
    if (other < 0) return Error(Reason::kFileUnwritable, "a file in memory");
    return other;
  }
  Result<std::string> text() const {
    std::string out;
    char buffer[65536];
    for (;;) {
      const ssize_t n = ::pread(file_, buffer, sizeof buffer, static_cast<off_t>(out.size()));
      if (n < 0) return Error(Reason::kFileUnreadable, "a file in memory");
      if (n == 0) return out;
      out.append(buffer, static_cast<std::size_t>(n));
      if (out.size() > kCassetteBytes) return Error(Reason::kInputTooLarge, "cassette");
    }
  }

 private:
  int file_;
};

struct Subject {
  adapters::Mapping mapping;
  std::string input;
};

// An adapter by its name, or a mapping.
Result<Subject> read_subject(Hub& hub, ObjectReader& reader) {
  const auto name = LH_TRY(reader.optional_string("name", 200));
  const auto mapping = LH_TRY(reader.optional_string("mapping", 4096));
  if (name.has_value() == mapping.has_value()) {
    return Error(Reason::kUsage, "name an adapter or a mapping");
  }
  if (mapping) return Subject{LH_TRY(hub.sources().mapping(*mapping)), {}};
  const auto adapter = LH_TRY(ingest::find_adapter(hub.store(), *name));
  if (!adapter) return Error(Reason::kAdapterUnknown, *name);
  return Subject{LH_TRY(hub.sources().parse(adapter->mapping)), adapter->input};
}

Result<std::uint64_t> read_rows(adapters::Source& source, std::uint64_t most) {
  std::uint64_t rows = 0;
  while (rows < most) {
    if (!LH_TRY(source.next())) break;
    ++rows;
  }
  return rows;
}

Result<std::string> clear_text(Hub& hub, const std::string& path) {
  auto text = LH_TRY(read_file(path, kCassetteBytes + 4096));
  if (!text.starts_with(kSealedMark)) return text;
  const Secret key = LH_TRY(hub.keys().get("quarantine"));
  return crypto::open(key.bytes(), ByteView(text).substr(kSealedMark.size()), kSealedFor);
}

}  // namespace

Result<Json> record_adapter(Context& context, const Json& arguments) {
  Hub& hub = context.hub;
  auto reader = LH_TRY(ObjectReader::open(arguments, "adapter.record"));
  const Subject subject = LH_TRY(read_subject(hub, reader));
  const auto out = LH_TRY(reader.string("out", 4096));
  const auto most = LH_TRY(reader.optional_integer("rows")).value_or(kMostRows);
  const bool clear = LH_TRY(reader.optional_boolean("clear")).value_or(false);
  LH_TRY(reader.finish());
  if (most < 1 || most > kMostRows) return Error(Reason::kUsage, "rows: 1 to 100000");
  if (std::filesystem::exists(out)) return Error(Reason::kFileUnwritable, out + " is there");
  const auto turn = LH_TRY(hub.sources().take_turn(subject.mapping.name));
  LH_TRY(note_look(context, subject.mapping.name, clear ? "record.clear" : "record"));
  const MemoryFile file;
  const auto kind = LH_TRY(hub.sources().recording_kind(subject.mapping, LH_TRY(file.share())));
  std::uint64_t rows = 0;
  {
    const auto source = LH_TRY(hub.sources().look_into(*kind, subject.mapping, subject.input));
    rows = LH_TRY(read_rows(*source, static_cast<std::uint64_t>(most)));
  }
  std::string text = LH_TRY(file.text());
  if (!clear) {
    const Secret key = LH_TRY(hub.keys().get("quarantine"));
    text = std::string(kSealedMark) + crypto::seal(key.bytes(), text, kSealedFor, hub.random());
  }
  LH_TRY(write_file(out, text, Audience::kOwner));
  Json j = Json::object();
  j.set("file", out).set("rows", rows).set("sealed", !clear);
  return j;
}

Result<Json> replay_adapter(Context& context, const Json& arguments) {
  Hub& hub = context.hub;
  auto reader = LH_TRY(ObjectReader::open(arguments, "adapter.replay"));
  const Subject subject = LH_TRY(read_subject(hub, reader));
  const auto cassette = LH_TRY(reader.string("cassette", 4096));
  const auto rows = LH_TRY(reader.optional_integer("rows")).value_or(10);
  const bool clear = LH_TRY(reader.optional_boolean("clear")).value_or(false);
  LH_TRY(reader.finish());
  if (rows < 1 || rows > kMostShown) return Error(Reason::kUsage, "rows: 1 to 200");
  LH_TRY(note_look(context, subject.mapping.name, clear ? "replay.clear" : "replay"));
  const auto text = LH_TRY(clear_text(hub, cassette));
  const auto replaying = LH_TRY(hub.sources().replaying_kind(subject.mapping, text));
  const auto source = LH_TRY(replaying.kind->pull(subject.mapping.source, {subject.input}, {}));
  const auto shown = static_cast<std::size_t>(rows);
  const auto trial = LH_TRY(
      ingest::try_mapping(subject.mapping, *source, static_cast<std::uint64_t>(kMostRows), shown));
  return trial_json(trial, clear ? Values::kClear : Values::kShapes);
}

}  // namespace lh::hub::app::operations
