#include "adapters/sql/session/row_cells.h"
#include "adapters/sql/sql_cursor.h"
#include "adapters/sql/sql_exchange.h"

namespace lh::adapters::sql {
namespace {

constexpr std::size_t kChunkRows = 256;
constexpr std::size_t kNullRows = 10000;

class SqlSource final : public Source {
 public:
  SqlSource(OpenTable table, std::vector<CursorColumn> cursor, const SqlSettings& settings)
      : table_(std::move(table)),
        cursor_(std::move(cursor)),
        names_(table_.names()),
        digest_(query_digest(settings)),
        page_rows_(settings.page_rows) {
    for (const CursorColumn& c : cursor_) places_.push_back(column_at(table_.columns, c.name));
    first_page_ = page(Page::kFirst);
    next_page_ = page(Page::kNext);
  }

  Status start(const Cursor& from) {
    at_ = LH_TRY(parse_cursor(from, digest_, cursor_));
    for (const std::size_t place : places_) {
      if (table_.columns[place].nulls == Nulls::kPossible) stage_ = Stage::kNulls;
    }
    return open_stage();
  }

  const std::vector<std::string>& columns() const override { return names_; }
  std::vector<std::string> column_types() const override {
    std::vector<std::string> out;
    for (const Column& c : table_.columns) out.push_back(type_text(c));
    return out;
  }

  Result<std::optional<RawRow>> next() override {
    for (;;) {
      while (taken_ < chunk_.size()) {
        auto row = LH_TRY(take(std::move(chunk_[taken_++])));
        if (row) return row;
      }
      if (stage_ == Stage::kEnd) return std::optional<RawRow>();
      LH_TRY(refill());
    }
  }

  Cursor cursor() const override { return make_cursor(digest_, at_); }
  std::optional<std::uint64_t> size_bytes() const override { return std::nullopt; }
  std::uint64_t position_bytes() const override { return bytes_; }

 private:
  enum class Stage : std::uint8_t { kNulls, kPages, kEnd };

  // One row more than is given: it tells whether there is a next page, and whether it begins with a
  // row that is the same in the cursor columns.
  PageSql page(Page which) const {
    return page_sql(table_.relation, table_.selected, cursor_, which, page_rows_ + 1);
  }

  Status open_stage() {
    seen_ = 0;
    if (stage_ == Stage::kNulls) {
      LH_TRY(table_.session->query(
          nulls_sql(table_.relation, table_.selected, cursor_, kNullRows + 1), {}));
      return {};
    }
    const PageSql& page = at_.last.empty() ? first_page_ : next_page_;
    Parameters values;
    for (const std::size_t which : page.parameters) values.push_back(at_.last[which]);
    LH_TRY(table_.session->query(page.sql, values));
    return {};
  }

  Status refill() {
    chunk_ = LH_TRY(table_.session->rows(kChunkRows));
    taken_ = 0;
    if (!chunk_.empty()) return {};
    if (stage_ == Stage::kPages && seen_ == 0 && more_) {
      // Compared with a value of theirs, rows that came are not behind it.
      return Error(Reason::kSourceAnswer, "cursor: the columns are not ordered as they compare");
    }
    more_ = stage_ == Stage::kPages && seen_ > page_rows_;
    if (stage_ == Stage::kPages && !more_) {
      stage_ = Stage::kEnd;
      return {};
    }
    stage_ = Stage::kPages;
    return open_stage();
  }

  // No row: it is the first of the next page.
  Result<std::optional<RawRow>> take(Bytes bytes) {
    ++seen_;
    LH_TRY(read_cells(bytes, table_.columns.size(), cells_));
    if (stage_ == Stage::kPages) {
      Parameters now = LH_TRY(values_of(cells_));
      LH_TRY(refuse_tie(now));
      if (seen_ > page_rows_) return std::optional<RawRow>();
      at_.last = std::move(now);
    } else if (seen_ > kNullRows) {
      return Error(Reason::kSourceAnswer,
                   "cursor: more than 10000 rows have no value in the cursor columns");
    }
    RawRow row = make_row(cells_, table_.columns);
    row.number = ++at_.rows;
    bytes_ += bytes.size();
    row.bytes = std::move(bytes);
    return std::optional(std::move(row));
  }

  Result<Parameters> values_of(const std::vector<Cell>& cells) const {
    Parameters out;
    for (std::size_t i = 0; i < cursor_.size(); ++i) {
      const Cell& cell = cells[places_[i]];
      if (cell.kind != CellKind::kText) {
        return Error(Reason::kSourceAnswer,
                     "cursor: column " + cursor_[i].name + " has a value that is not whole text");
      }
      out.push_back({cursor_[i].type, std::string(cell.bytes)});
    }
    return out;
  }

  Status refuse_tie(const Parameters& now) const {
    if (at_.last.empty()) return {};
    for (std::size_t i = 0; i < now.size(); ++i) {
      if (now[i].text != at_.last[i].text) return {};
    }
    return Error(Reason::kSourceAnswer,
                 "cursor: two rows are the same in the cursor columns; add one that is unique");
  }

  OpenTable table_;
  std::vector<CursorColumn> cursor_;
  std::vector<std::string> names_;
  std::uint64_t digest_;
  std::size_t page_rows_;
  std::vector<std::size_t> places_;  // of the cursor columns among the columns
  PageSql first_page_;
  PageSql next_page_;
  Stage stage_ = Stage::kPages;
  SqlCursor at_;
  std::vector<Bytes> chunk_;
  std::size_t taken_ = 0;    // of chunk_
  std::size_t seen_ = 0;     // rows of this page
  bool more_ = false;        // the page before saw the first row of this one
  std::uint64_t bytes_ = 0;  // of rows given
  std::vector<Cell> cells_;  // kept for its storage
};

}  // namespace

Result<std::unique_ptr<Source>> open_pull(const Parts& parts, const SqlSettings& settings,
                                          const Cursor& from) {
  if (settings.table.empty() && settings.query.empty()) {
    return Error(Reason::kAdapterUnsupported, "sql: pull without table or query");
  }
  if (settings.cursor.empty()) {
    return Error(Reason::kAdapterUnsupported, "sql: pull without cursor columns");
  }
  OpenTable table = LH_TRY(open_table(parts, settings));
  auto cursor = LH_TRY(cursor_columns(table, settings.cursor));
  auto source = std::make_unique<SqlSource>(std::move(table), std::move(cursor), settings);
  LH_TRY(source->start(from));
  return std::unique_ptr<Source>(std::move(source));
}

}  // namespace lh::adapters::sql
