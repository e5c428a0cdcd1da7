#include "adapters/message/message_kind.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <unordered_set>

#include "adapters/http/answer/answer.h"
#include "adapters/message/spool.h"
#include "base/cbor.h"
#include "base/limits.h"
#include "schemas/json.h"

namespace lh::adapters::message {
namespace {

using http::answer::Shape;

constexpr std::uint64_t kFormat = 2;  // stored; never renumber
constexpr std::size_t kFileBytes = 32U << 20U;

struct MessageSettings {
  std::string folder;
  std::vector<std::string> types;  // of events; empty: all
  Shape shape;
  std::size_t files = 10000;    // of one run
  std::size_t remember = 1000;  // files of done/ whose events are known
};

struct MessageCursor {
  std::uint64_t number = 0;  // of the file
  std::uint64_t events = 0;  // of it that were given or left out; all: see whole
  bool whole = true;
  std::uint64_t rows = 0;
};

Result<MessageSettings> read_settings(const SettingsNode& source) {
  auto in = LH_TRY(SettingsReader::open(source, "source"));
  in.find("kind");
  in.find("header_guard");  // read with the mapping
  MessageSettings out;
  out.folder = LH_TRY(in.text("folder"));
  out.types = LH_TRY(in.texts("types"));
  out.shape.rows = ".";
  out.shape.columns = LH_TRY(in.pairs("columns"));
  out.shape.max_row_bytes =
      LH_TRY(in.number("max_event_bytes", 1024, limits::kRowBytes, limits::kRowBytes));
  out.files = LH_TRY(in.number("files", 1, 1000000, out.files));
  out.remember = LH_TRY(in.number("remember", 0, 100000, out.remember));
  if (out.shape.columns.empty()) return in.invalid("columns are missing");
  if (out.shape.columns.size() > limits::kRowColumns) return in.invalid("too many columns");
  const auto checked = http::answer::check_json_shape(out.shape);
  if (!checked.ok()) return in.invalid(checked.error().detail());
  for (const std::string& name : LH_TRY(in.texts("header"))) {
    const bool known = std::any_of(out.shape.columns.begin(), out.shape.columns.end(),
                                   [&name](const auto& c) { return c.first == name; });
    if (!known) return in.invalid("header: " + name + " is not among the columns");
  }
  LH_TRY(in.finish());
  return out;
}

Cursor encode_cursor(const MessageCursor& at) {
  CborWriter out;
  out.array(5);
  out.uint(kFormat);
  out.uint(at.number);
  out.uint(at.events);
  out.boolean(at.whole);
  out.uint(at.rows);
  return Cursor{out.take()};
}

Result<MessageCursor> parse_cursor(const Cursor& cursor) {
  if (cursor.value.empty()) return MessageCursor{};
  CborReader in(cursor.value);
  const auto items = in.read_array();
  const auto format = in.read_uint();
  const auto number = in.read_uint();
  const auto events = in.read_uint();
  const auto whole = in.read_bool();
  const auto rows = in.read_uint();
  if (!items.ok() || *items != 5 || !format.ok() || *format != kFormat || !number.ok() ||
      !events.ok() || !whole.ok() || !rows.ok() || !in.finish().ok()) {
    return Error(Reason::kCursorInvalid, "not a cursor of a spool");
  }
  return MessageCursor{*number, *events, *whole, *rows};
}

// A regular file, at most kFileBytes + 1 of it.
Result<std::string> read_file(const std::string& path) {
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

std::vector<std::string_view> split_events(std::string_view text, bool lines) {
  constexpr std::string_view kSpace = " \t\r\n";
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const auto end = lines ? std::min(text.find('\n'), text.size()) : text.size();
    auto piece = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    while (!piece.empty() && kSpace.find(piece.back()) != std::string_view::npos) {
      piece.remove_suffix(1);
    }
    if (!piece.empty()) out.push_back(piece);
  }
  return out;
}

const std::string* text_of(const schemas::Json& event, std::string_view name) {
  const schemas::Json* value = event.find(name);
  return value != nullptr && value->string() != nullptr && !value->string()->empty()
             ? value->string()
             : nullptr;
}

// CloudEvents 1.0 section 3.1, required attributes. The value: what tells it from other events.
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

class MessageSource final : public Source {
 public:
  MessageSource(MessageSettings settings, const MessageCursor& from)
      : settings_(std::move(settings)), at_(from) {
    for (const auto& [name, path] : settings_.shape.columns) columns_.push_back(name);
  }

  Status start() {
    const std::uint64_t covered = at_.whole || at_.number == 0 ? at_.number : at_.number - 1;
    files_ = LH_TRY(take_files(settings_.folder, covered, settings_.files));
    for (const SpoolFile& file : LH_TRY(done_files(settings_.folder, settings_.remember))) {
      LH_TRY(remember(file));
    }
    return {};
  }

  const std::vector<std::string>& columns() const override { return columns_; }

  Result<std::optional<RawRow>> next() override {
    for (;;) {
      while (event_ < events_.size()) {
        const std::string_view text = events_[event_++];
        at_.events = event_;
        at_.whole = event_ == events_.size();
        auto row = read_event(text);
        if (!row) continue;  // a duplicate
        row->number = ++at_.rows;
        return row;
      }
      if (file_ == files_.size()) return std::optional<RawRow>();
      LH_TRY(open_next());
    }
  }

  Cursor cursor() const override { return encode_cursor(at_); }
  std::optional<std::uint64_t> size_bytes() const override { return std::nullopt; }
  std::uint64_t position_bytes() const override { return bytes_; }

 private:
  Status open_next() {
    const SpoolFile& file = files_[file_++];
    const bool again = file.number == at_.number && !at_.whole;
    const std::uint64_t given = again ? at_.events : 0;
    auto text = read_file(file.path);
    unreadable_ = !text.ok();
    text_ = text.ok() ? std::move(text).value() : std::string("{}");
    bytes_ += text_.size();
    const bool too_large = text_.size() > kFileBytes;
    events_ = too_large ? std::vector<std::string_view>{text_}
                        : split_events(text_, file.path.ends_with(".jsonl"));
    event_ = 0;
    at_.number = file.number;
    at_.events = given;
    // What was given before the cursor is not given again, but it is known.
    while (event_ < std::min<std::size_t>(given, events_.size())) read_event(events_[event_++]);
    at_.whole = event_ == events_.size();
    return {};
  }

  static RawRow malformed(std::string_view text, std::size_t max, Error why) {
    RawRow row;
    row.bytes = Bytes(text.substr(0, max));
    row.malformed = std::move(why);
    return row;
  }

  // Absent: an event that was given before.
  std::optional<RawRow> read_event(std::string_view text) {
    const std::size_t max = settings_.shape.max_row_bytes;
    if (unreadable_) return malformed("", 0, Error(Reason::kFileUnreadable, "event file"));
    if (text.size() > max) return malformed(text, max, Error(Reason::kRowTooLong));
    const auto event = schemas::parse_json(text, max);
    if (!event.ok()) {
      const bool encoding = event.error().reason() == Reason::kInputEncoding;
      return malformed(text, max, encoding ? Error(Reason::kRowEncoding) : event.error());
    }
    auto identity = read_identity(*event, settings_.types);
    if (!identity.ok()) return malformed(text, max, identity.error());
    if (!known_.insert(std::move(identity).value()).second) return std::nullopt;
    auto answer = http::answer::read_json(std::string(text), settings_.shape);
    if (!answer.ok()) return malformed(text, max, answer.error());
    const auto located = (*answer)->locate_rows(http::answer::Rows::kOneOrMany);
    if (!located.ok()) return malformed(text, max, located.error());
    return (*answer)->next();
  }

  Status remember(const SpoolFile& file) {
    const auto text = read_file(file.path);
    if (!text.ok() || text->size() > kFileBytes) return {};
    for (const auto piece : split_events(*text, file.path.ends_with(".jsonl"))) {
      const auto event = schemas::parse_json(piece, settings_.shape.max_row_bytes);
      if (!event.ok()) continue;
      auto identity = read_identity(*event, settings_.types);
      if (identity.ok()) known_.insert(std::move(identity).value());
    }
    return {};
  }

  MessageSettings settings_;
  std::vector<std::string> columns_;
  MessageCursor at_;
  std::vector<SpoolFile> files_;
  std::size_t file_ = 0;
  std::string text_;
  std::vector<std::string_view> events_;  // in text_
  std::size_t event_ = 0;
  bool unreadable_ = false;
  std::unordered_set<std::string> known_;
  std::uint64_t bytes_ = 0;
};

class MessageKind final : public Kind {
 public:
  std::string_view name() const override { return "message"; }
  Rerun rerun(const SettingsNode& /*source*/) const override { return Rerun::kFromTheCursor; }
  Status check(const SettingsNode& source) const override {
    LH_TRY(read_settings(source));
    return {};
  }
  Result<std::unique_ptr<Source>> pull(const SettingsNode& source, const Input& input,
                                       const Cursor& from) const override {
    MessageSettings settings = LH_TRY(read_settings(source));
    if (!input.path.empty()) settings.folder = input.path;
    if (settings.folder.empty()) return Error(Reason::kUsage, "the source is a folder: name it");
    auto opened = std::make_unique<MessageSource>(std::move(settings), LH_TRY(parse_cursor(from)));
    LH_TRY(opened->start());
    return std::unique_ptr<Source>(std::move(opened));
  }
  Result<KeptRow> reread(const SettingsNode& source, KeptRow kept) const override {
    const MessageSettings settings = LH_TRY(read_settings(source));
    return http::answer::reread_item(http::answer::Format::kJson, settings.shape, std::move(kept));
  }
};

}  // namespace

std::unique_ptr<Kind> make_kind() {
  return std::make_unique<MessageKind>();
}

}  // namespace lh::adapters::message
