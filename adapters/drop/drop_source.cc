#include "adapters/drop/drop_source.h"

#include "adapters/drop/file_names.h"

namespace lh::adapters::drop {
namespace {

// The same reason, and in which file.
Error in_file(const Error& error, const std::string& name) {
  return Error(error.reason(), name + ": " + std::string(error.detail()));
}

Status refuse_zip(const Entry& entry, const Picked& picked) {
  const auto file = LH_TRY(file::FileBytes::open(picked.path()));
  char head[4] = {};
  const std::size_t got = LH_TRY(file.read_at(0, head, sizeof head));
  const bool zip = ByteView(head, got) == ByteView("PK\x03\x04", 4);
  if (!zip && !has_ending(entry.name, ".zip")) return {};
  return Error(Reason::kAdapterUnsupported,
               entry.name + " is a zip file: unpack it before it is put into the folder");
}

class DropSource final : public Source {
 public:
  DropSource(std::unique_ptr<Folder> folder, const DropSettings& settings, UtcTime now)
      : folder_(std::move(folder)), settings_(settings), now_(now) {}

  Status start(const Cursor& from) {
    at_ = LH_TRY(parse_cursor(from));
    LH_TRY(list());
    if (!at_.name.empty()) LH_TRY(resume());
    LH_TRY(archive_durable());
    if (!inner_ && LH_TRY(open_next()) == Step::kEnd && !columns_known_) {
      columns_ = columns_of_mapping(settings_);
    }
    return {};
  }

  const std::vector<std::string>& columns() const override { return columns_; }
  std::vector<std::string> column_types() const override { return types_; }

  Result<std::optional<RawRow>> next() override {
    if (peeked_) {
      auto row = std::move(*peeked_);
      peeked_.reset();
      return std::optional(counted(std::move(row)));
    }
    while (inner_) {
      auto row = inner_->next();
      if (!row.ok()) return in_file(row.error(), at_.name);
      if (*row) return std::optional(counted(std::move(**row)));
      LH_TRY(picked_->unchanged());
      finish_file();
      LH_TRY(open_next());
    }
    return std::optional<RawRow>();
  }

  Cursor cursor() const override {
    DropCursor out = at_;
    // A row that was looked at and not given is not behind the cursor.
    if (inner_ && !peeked_) out.inner = inner_->cursor();
    return make_cursor(out);
  }

  std::optional<std::uint64_t> size_bytes() const override { return total_bytes_; }
  std::uint64_t position_bytes() const override {
    return finished_bytes_ + (inner_ ? inner_->position_bytes() : 0);
  }

 private:
  enum class Step : std::uint8_t { kOpened, kEnd };

  RawRow counted(RawRow row) {
    at_.rows = row.number;
    row.number += at_.rows_before;
    return row;
  }

  // The files of the folder that this source is about, in the order of their names.
  Status list() {
    for (Entry& entry : LH_TRY(folder_->list())) {
      const bool part = entry.name.ends_with(settings_.part_suffix);
      if (part || entry.name.front() == '.' || !matches(settings_.pattern, entry.name)) continue;
      total_bytes_ += entry.size;
      entries_.push_back(std::move(entry));
    }
    // More than can be remembered would be read again and again.
    if (settings_.after == After::kLeave && entries_.size() > DropCursor::kRemembered) {
      return Error(Reason::kSourceAnswer, "more than 1,024 files in a folder without an archive");
    }
    return {};
  }

  // Still being written, as far as can be seen: its time is too near, or ahead of the clock.
  bool is_unsettled(const Entry& entry) const {
    return settings_.ready == Ready::kSettled &&
           now_.ms - entry.changed_ms < settings_.settle_seconds * 1000;
  }

  // Opens the file the cursor stands in. When nothing of it is left it is done, and durable.
  Status resume() {
    const Entry* entry = nullptr;
    for (const Entry& e : entries_) entry = e.name == at_.name ? &e : entry;
    if (entry == nullptr) return Error(Reason::kCursorInvalid, at_.name + " is gone");
    picked_ = LH_TRY(folder_->pick(*entry));
    if (LH_TRY(content_of(picked_->path())) != at_.content) {
      return Error(Reason::kCursorInvalid, at_.name + " is another file than it was");
    }
    current_ = *entry;
    LH_TRY(open_inner());
    auto row = inner_->next();
    if (!row.ok()) return in_file(row.error(), at_.name);
    if (*row) {
      peeked_ = std::move(**row);
    } else {
      finish_file();
    }
    return {};
  }

  Status archive_durable() {
    std::vector<Entry> left;
    for (Entry& entry : entries_) {
      if (!at_.knows_key(key_of(entry))) {
        left.push_back(std::move(entry));
      } else if (settings_.after == After::kArchive) {
        LH_TRY(folder_->move(entry.name, settings_.archive));
      }
    }
    entries_ = std::move(left);
    return {};
  }

  Result<Step> open_next() {
    for (; next_ < entries_.size(); ++next_) {
      const Entry& entry = entries_[next_];
      // Later files wait for it: what they say may be newer than what it says.
      if (is_unsettled(entry)) return Step::kEnd;
      if (entry.name == at_.name) continue;  // resumed
      auto picked = LH_TRY(folder_->pick(entry));
      LH_TRY(refuse_zip(entry, *picked));
      const std::uint64_t content = LH_TRY(content_of(picked->path()));
      if (at_.knows_content(content)) {
        at_.remember({key_of(entry), content});
        finished_bytes_ += entry.size;
        continue;
      }
      picked_ = std::move(picked);
      current_ = entry;
      at_.name = entry.name;
      at_.content = content;
      at_.inner = {};
      ++next_;
      LH_TRY(open_inner());
      return Step::kOpened;
    }
    return Step::kEnd;
  }

  Status open_inner() {
    auto opened = file::open_file(picked_->path(), settings_.file, at_.inner);
    if (!opened.ok()) return in_file(opened.error(), at_.name);
    if (columns_known_ && (*opened)->columns() != columns_) {
      return Error(Reason::kSourceChanged, at_.name + " has other columns than the file before");
    }
    inner_ = std::move(opened).value();
    columns_ = inner_->columns();
    types_ = inner_->column_types();
    columns_known_ = true;
    return {};
  }

  void finish_file() {
    at_.remember({key_of(current_), at_.content});
    at_.rows_before += at_.rows;
    at_.rows = 0;
    at_.name.clear();
    at_.content = 0;
    at_.inner = {};
    finished_bytes_ += current_.size;
    inner_.reset();
    picked_.reset();
  }

  std::unique_ptr<Folder> folder_;
  DropSettings settings_;
  UtcTime now_;
  std::vector<Entry> entries_;
  std::size_t next_ = 0;  // of entries_
  Entry current_;
  std::unique_ptr<Picked> picked_;
  std::unique_ptr<Source> inner_;  // over picked_; null: no file is open
  std::optional<RawRow> peeked_;
  std::vector<std::string> columns_;
  std::vector<std::string> types_;
  bool columns_known_ = false;
  DropCursor at_;
  std::uint64_t total_bytes_ = 0;
  std::uint64_t finished_bytes_ = 0;
};

}  // namespace

Result<std::unique_ptr<Source>> open_drop(std::unique_ptr<Folder> folder,
                                          const DropSettings& settings, const Clock& clock,
                                          const Cursor& from) {
  auto source = std::make_unique<DropSource>(std::move(folder), settings, clock.now());
  LH_TRY(source->start(from));
  return std::unique_ptr<Source>(std::move(source));
}

}  // namespace lh::adapters::drop
