#include "adapters/message/message_source.h"

#include <algorithm>
#include <deque>
#include <unordered_map>

#include "adapters/message/event_file.h"
#include "adapters/message/spool.h"

namespace lh::adapters::message {
namespace {

class MessageSource final : public Source {
 public:
  MessageSource(MessageSettings settings, const MessageCursor& from)
      : settings_(std::move(settings)), at_(from) {
    for (const auto& [name, path] : settings_.shape.columns) columns_.push_back(name);
  }

  Status start_waiting() {
    const std::uint64_t covered = at_.whole || at_.number == 0 ? at_.number : at_.number - 1;
    files_ = LH_TRY(take_files(settings_.folder, covered, settings_.files));
    for (const SpoolFile& file : LH_TRY(done_files(settings_.folder, settings_.remember))) {
      LH_TRY(remember(file));
    }
    return {};
  }

  // The events of as many files are known as a run may know of.
  Status start_kept() {
    files_ = LH_TRY(kept_files(settings_.folder, std::exchange(at_, {}).number));
    window_ = settings_.files + settings_.remember;
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
    if (window_ > 0) forget_oldest();
    const bool again = file.number == at_.number && !at_.whole;
    const std::uint64_t given = again ? at_.events : 0;
    auto text = read_event_file(file.path);
    unreadable_ = !text.ok();
    text_ = text.ok() ? std::move(text).value() : std::string("{}");
    bytes_ += text_.size();
    const bool too_large = text_.size() > kFileBytes;
    events_ = too_large ? std::vector<std::string_view>{text_}
                        : split_events(text_, events_of(file.path));
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
    if (!know(std::move(identity).value())) return std::nullopt;
    auto answer = http::answer::read_json(std::string(text), settings_.shape);
    if (!answer.ok()) return malformed(text, max, answer.error());
    const auto located = (*answer)->locate_rows(http::answer::Rows::kOneOrMany);
    if (!located.ok()) return malformed(text, max, located.error());
    return (*answer)->next();
  }

  Status remember(const SpoolFile& file) {
    const auto text = read_event_file(file.path);
    if (!text.ok() || text->size() > kFileBytes) return {};
    for (const auto piece : split_events(*text, events_of(file.path))) {
      const auto event = schemas::parse_json(piece, settings_.shape.max_row_bytes);
      if (!event.ok()) continue;
      auto identity = read_identity(*event, settings_.types);
      if (identity.ok()) static_cast<void>(know(std::move(identity).value()));
    }
    return {};
  }

  // False: it is known already.
  bool know(std::string identity) {
    const auto [at, fresh] = known_.try_emplace(std::move(identity), 0);
    ++at->second;
    if (window_ > 0) by_file_.back().push_back(&at->first);
    return fresh;
  }

  // Memory stays what it is for a run, however many files there were.
  void forget_oldest() {
    by_file_.emplace_back();
    if (by_file_.size() <= window_) return;
    for (const std::string* identity : by_file_.front()) {
      const auto at = known_.find(*identity);
      if (--at->second == 0) known_.erase(at);
    }
    by_file_.pop_front();
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
  std::unordered_map<std::string, std::size_t> known_;   // and how often it came
  std::size_t window_ = 0;                               // files; 0: of a run, nothing is forgotten
  std::deque<std::vector<const std::string*>> by_file_;  // in known_
  std::uint64_t bytes_ = 0;
};

}  // namespace

Result<std::unique_ptr<Source>> open_waiting(MessageSettings settings, const MessageCursor& from) {
  auto out = std::make_unique<MessageSource>(std::move(settings), from);
  LH_TRY(out->start_waiting());
  return std::unique_ptr<Source>(std::move(out));
}

Result<std::unique_ptr<Source>> open_kept(MessageSettings settings, const MessageCursor& read) {
  auto out = std::make_unique<MessageSource>(std::move(settings), read);
  LH_TRY(out->start_kept());
  return std::unique_ptr<Source>(std::move(out));
}

}  // namespace lh::adapters::message
