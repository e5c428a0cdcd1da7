#include "adapters/drop/drop_stock.h"

#include <algorithm>
#include <tuple>

#include "adapters/drop/file_names.h"

namespace lh::adapters::drop {
namespace {

constexpr std::size_t kLongAgo = 0;  // before everything the cursor remembers; then 1, 2, …

// Nothing in an archive is written over: a second file of a name has ".1", ".2" … behind it.
struct FirstName {
  std::string name;
  int copy = 0;
};
FirstName first_name(const std::string& name) {
  const auto dot = name.rfind('.');
  const std::string digits = dot == std::string::npos ? std::string() : name.substr(dot + 1);
  const bool number = !digits.empty() && digits.size() <= 3 && digits.front() != '0' &&
                      digits.find_first_not_of("0123456789") == std::string::npos;
  if (!number || dot == 0) return {name, 0};
  return {name.substr(0, dot), std::stoi(digits)};
}

struct Ranked {
  std::size_t rank = kLongAgo;
  FirstName was;
  Delivered file;
};

// One that is remembered comes in the order of the reading. Of others the best order there is: of
// their times, and of the names under which they came.
auto order_of(const Ranked& r) {
  return std::make_tuple(r.rank, r.rank == kLongAgo ? r.file.entry.modified_ns : 0,
                         std::cref(r.was.name), r.was.copy);
}

class Ordering {
 public:
  Ordering(const DropSettings& settings, const DropCursor& read)
      : settings_(settings), read_(read), found_(read.done.size()) {}

  void add_archived(const Entry& entry) {
    if (entry.name.front() == '.') return;
    const FirstName was = first_name(entry.name);
    for (const FirstName& name : {FirstName{entry.name, 0}, was}) {
      if (const auto rank = rank_of(entry, name.name)) {
        return put(*rank, name, {Where::kArchive, entry, read_.done[*rank - 1].content});
      }
    }
    if (matches(settings_.pattern, entry.name)) {
      put(kLongAgo, {entry.name, 0}, {Where::kArchive, entry, {}});
    } else if (was.copy > 0 && matches(settings_.pattern, was.name)) {
      put(kLongAgo, was, {Where::kArchive, entry, {}});
    }
  }

  void add_left(const Entry& entry) {
    if (entry.name == read_.name) {  // a run stands in it
      found_current_ = true;
      return put(read_.done.size() + 1, {entry.name, 0}, {Where::kFolder, entry, read_.content});
    }
    const auto rank = rank_of(entry, entry.name);
    if (rank) put(*rank, {entry.name, 0}, {Where::kFolder, entry, read_.done[*rank - 1].content});
  }

  Result<std::vector<Delivered>> finish() {
    if (const std::size_t gone = count_gone(); gone > 0) {
      const bool kept = settings_.after == After::kArchive;
      return Error(Reason::kAdapterState,
                   std::to_string(gone) + " of the files that were read are no longer in " +
                       (kept ? settings_.archive
                             : settings_.folder + ": keep them, with after = \"archive\""));
    }
    std::sort(files_.begin(), files_.end(),
              [](const Ranked& a, const Ranked& b) { return order_of(a) < order_of(b); });
    std::vector<Delivered> out;
    for (Ranked& r : files_) out.push_back(std::move(r.file));
    return out;
  }

 private:
  // From 1; nothing: it is not remembered.
  std::optional<std::size_t> rank_of(Entry entry, const std::string& name) const {
    entry.name = name;
    const std::uint64_t key = key_of(entry);
    for (std::size_t i = 0; i < read_.done.size(); ++i) {
      if (read_.done[i].key == key) return i + 1;
    }
    return std::nullopt;
  }
  void put(std::size_t rank, FirstName was, Delivered file) {
    if (rank > kLongAgo && rank <= found_.size()) found_[rank - 1] = true;
    files_.push_back({rank, std::move(was), std::move(file)});
  }
  // The same content under another key (a file that was touched) is there as well.
  bool is_there(std::size_t i) const {
    for (std::size_t other = 0; other < found_.size(); ++other) {
      if (found_[other] && read_.done[other].content == read_.done[i].content) return true;
    }
    return false;
  }
  std::size_t count_gone() const {
    std::size_t gone = !read_.name.empty() && !found_current_ ? 1 : 0;
    for (std::size_t i = 0; i < found_.size(); ++i) {
      if (!is_there(i)) ++gone;
    }
    return gone;
  }

  const DropSettings& settings_;
  const DropCursor& read_;
  std::vector<Ranked> files_;
  std::vector<bool> found_;  // of read_.done
  bool found_current_ = false;
};

class StockSource final : public Source {
 public:
  StockSource(StockFolders folders, const DropSettings& settings)
      : folders_(std::move(folders)), settings_(settings) {}

  Status start(const Cursor& cursor) {
    DropCursor read = LH_TRY(parse_cursor(cursor));
    const auto left = LH_TRY(folders_.folder->list());
    const auto archived =
        folders_.archive ? LH_TRY(folders_.archive->list()) : std::vector<Entry>();
    if (settings_.delivery == Delivery::kWhole) keep_newest(read);
    files_ = LH_TRY(delivered_files(left, archived, settings_, read));
    if (settings_.delivery == Delivery::kWhole) {
      if (files_.size() > 1) files_.erase(files_.begin(), files_.end() - 1);
    } else {
      covered_ = read.rows_before + read.rows;
    }
    for (const Delivered& file : files_) total_bytes_ += file.entry.size;
    LH_TRY(open_next());
    if (!columns_known_) columns_ = columns_of_mapping(settings_);
    return {};
  }

  const std::vector<std::string>& columns() const override { return columns_; }
  std::vector<std::string> column_types() const override { return types_; }

  Result<std::optional<RawRow>> next() override {
    while (inner_) {
      auto row = inner_->next();
      if (!row.ok()) return in_file(row.error());
      if (*row) {
        rows_of_file_ = (*row)->number;
        (*row)->number += rows_before_;
        return row;
      }
      LH_TRY(picked_->unchanged());
      rows_before_ += std::exchange(rows_of_file_, 0);
      finished_bytes_ += current_->entry.size;
      LH_TRY(open_next());
    }
    // Also files of which nothing is remembered were counted when they were read.
    if (rows_before_ < covered_) {
      return Error(Reason::kAdapterState, "of " + std::to_string(covered_) +
                                              " rows that were read only " +
                                              std::to_string(rows_before_) + " are still kept");
    }
    return std::optional<RawRow>();
  }

  Cursor cursor() const override { return {}; }  // nothing goes on from here
  std::optional<std::uint64_t> size_bytes() const override { return total_bytes_; }
  std::uint64_t position_bytes() const override {
    return finished_bytes_ + (inner_ ? inner_->position_bytes() : 0);
  }

 private:
  Error in_file(const Error& error) const {
    return Error(error.reason(), current_->entry.name + ": " + std::string(error.detail()));
  }

  // Of deliveries that replace each other the newest that was read whole; one that repeated an
  // earlier content was none.
  static void keep_newest(DropCursor& read) {
    read.name.clear();
    std::optional<DoneFile> newest;
    std::vector<std::uint64_t> contents;
    for (const DoneFile& file : read.done) {
      const bool known =
          std::find(contents.begin(), contents.end(), file.content) != contents.end();
      if (known) continue;
      contents.push_back(file.content);
      newest = file;
    }
    read.done.clear();
    if (newest) read.done.push_back(*newest);
  }

  Status open_next() {
    inner_.reset();
    picked_.reset();
    for (; next_ < files_.size(); ++next_) {
      current_ = &files_[next_];
      const bool archived = current_->where == Where::kArchive;
      picked_ = LH_TRY((archived ? folders_.archive : folders_.folder)->pick(current_->entry));
      const std::uint64_t content = LH_TRY(content_of(picked_->path()));
      if (current_->content && *current_->content != content) {
        return Error(Reason::kAdapterState,
                     current_->entry.name + " is another file than the one that was read");
      }
      // As the runs did: a content that came before is not read again.
      const bool repeated = seen_.knows_content(content);
      seen_.remember({key_of(current_->entry), content});
      if (repeated) {
        finished_bytes_ += current_->entry.size;
        continue;
      }
      ++next_;
      return open_inner();
    }
    return {};
  }

  Status open_inner() {
    auto opened = file::open_file(picked_->path(), settings_.file, {});
    if (!opened.ok()) return in_file(opened.error());
    if (columns_known_ && (*opened)->columns() != columns_) {
      return Error(Reason::kSourceChanged,
                   current_->entry.name + " has other columns than the file before");
    }
    inner_ = std::move(opened).value();
    columns_ = inner_->columns();
    types_ = inner_->column_types();
    columns_known_ = true;
    return {};
  }

  StockFolders folders_;
  DropSettings settings_;
  std::vector<Delivered> files_;
  std::size_t next_ = 0;  // of files_
  const Delivered* current_ = nullptr;
  std::unique_ptr<Picked> picked_;
  std::unique_ptr<Source> inner_;  // over picked_; null: no file is open
  DropCursor seen_;                // contents of this reading
  std::vector<std::string> columns_;
  std::vector<std::string> types_;
  bool columns_known_ = false;
  std::uint64_t covered_ = 0;  // rows that the runs have read
  std::uint64_t rows_before_ = 0;
  std::uint64_t rows_of_file_ = 0;
  std::uint64_t total_bytes_ = 0;
  std::uint64_t finished_bytes_ = 0;
};

}  // namespace

Result<std::vector<Delivered>> delivered_files(const std::vector<Entry>& folder,
                                               const std::vector<Entry>& archive,
                                               const DropSettings& settings,
                                               const DropCursor& read) {
  Ordering out(settings, read);
  for (const Entry& entry : archive) out.add_archived(entry);
  for (const Entry& entry : folder) out.add_left(entry);
  return out.finish();
}

Result<std::unique_ptr<Source>> open_stock(StockFolders folders, const DropSettings& settings,
                                           const Cursor& read) {
  auto source = std::make_unique<StockSource>(std::move(folders), settings);
  LH_TRY(source->start(read));
  return std::unique_ptr<Source>(std::move(source));
}

}  // namespace lh::adapters::drop
