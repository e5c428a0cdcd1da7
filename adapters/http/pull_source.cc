#include "adapters/http/pull_source.h"

#include <algorithm>

#include "adapters/http/pages.h"
#include "adapters/http/pull_cursor.h"

namespace lh::adapters::http {
namespace {

std::vector<std::string> names_of(const answer::Shape& shape) {
  std::vector<std::string> out;
  for (const auto& [name, path] : shape.columns) out.push_back(name);
  return out;
}

class PullSource final : public Source {
 public:
  PullSource(HttpSource settings, std::unique_ptr<request::Exchange> exchange, PullCursor from)
      : settings_(std::move(settings)),
        columns_(names_of(settings_.shape)),
        exchange_(std::move(exchange)),
        from_(std::move(from)),
        mark_(settings_.since, from_),
        pages_(settings_.paging, settings_.connection,
               settings_.paging.keep == Flag::kYes ? from_.token : std::string()),
        at_(from_) {
    const auto column = std::find(columns_.begin(), columns_.end(), settings_.since.column);
    since_column_ = static_cast<std::size_t>(column - columns_.begin());
    values_.set("since", mark_.asked());
  }

  const std::vector<std::string>& columns() const override { return columns_; }

  Result<std::optional<RawRow>> next() override {
    for (;;) {
      if (answer_ != nullptr && answer_->rows_left() > 0) return take_row();
      if (pages_.done()) {
        finish();
        return std::optional<RawRow>();
      }
      LH_TRY(fetch_page());
    }
  }

  Cursor cursor() const override { return encode_cursor(at_); }
  std::optional<std::uint64_t> size_bytes() const override { return std::nullopt; }
  std::uint64_t position_bytes() const override { return bytes_; }

 private:
  Result<std::optional<RawRow>> take_row() {
    std::optional<RawRow> row = answer_->next();
    if (!row->malformed && since_column_ < row->values.size()) {
      LH_TRY(mark_.observe(row->values[since_column_]));
    }
    row->number = from_.rows + ++given_;
    at_.rows = row->number;
    if (settings_.since.order == SinceOrder::kAscending) mark_.write(at_);
    return row;
  }

  Status fetch_page() {
    // The rows of the page before have been given, so a kept token may move.
    if (settings_.paging.keep == Flag::kYes) at_.token = pages_.token();
    pages_.fill(values_);
    request::Sending sending;
    sending.repeat = settings_.repeat;
    sending.accepted = accepted_statuses(settings_.faults);
    if (settings_.conditional == Flag::kYes) add_conditions(sending);
    const auto& link = pages_.next_path();
    auto response = LH_TRY(link ? exchange_->run_at(*link, settings_.pull, sending)
                                : exchange_->run(settings_.pull, values_, sending));
    bytes_ += response.body.size();
    if (response.status == 304) return nothing_new();
    etag_ = std::string(request::header_of(response, "etag"));
    modified_ = std::string(request::header_of(response, "last-modified"));
    LH_TRY(check_faults(settings_.faults, response));
    return take_answer(std::move(response.body));
  }

  Status take_answer(std::string body) {
    auto answer = LH_TRY(answer::read(body, settings_.form, settings_.shape));
    const Outcome outcome = LH_TRY(judge(settings_.success, *answer));
    LH_TRY(
        answer->locate_rows(outcome == Outcome::kGood ? answer::Rows::kMany : answer::Rows::kNone));
    LH_TRY(pages_.advance(*answer, answer->rows_left(), body));
    answer_ = std::move(answer);
    return {};
  }

  void add_conditions(request::Sending& sending) const {
    if (!from_.etag.empty()) sending.headers.emplace_back("If-None-Match", from_.etag);
    if (!from_.modified.empty()) sending.headers.emplace_back("If-Modified-Since", from_.modified);
    if (!sending.headers.empty()) sending.accepted.push_back(304);
  }

  Status nothing_new() {
    etag_ = from_.etag;
    modified_ = from_.modified;
    pages_.end();
    return {};
  }

  // All rows were given: now the cursor may say so.
  void finish() {
    mark_.write(at_);
    if (settings_.paging.keep == Flag::kYes) at_.token = pages_.token();
    if (settings_.conditional == Flag::kYes) {
      at_.etag = etag_;
      at_.modified = modified_;
    }
  }

  HttpSource settings_;
  std::vector<std::string> columns_;
  std::unique_ptr<request::Exchange> exchange_;
  PullCursor from_;
  SinceMark mark_;
  Pages pages_;
  PullCursor at_;
  std::size_t since_column_ = 0;
  request::Values values_;
  std::unique_ptr<answer::Answer> answer_;
  std::string etag_;
  std::string modified_;
  std::uint64_t given_ = 0;
  std::uint64_t bytes_ = 0;
};

}  // namespace

Result<std::unique_ptr<Source>> open_pull(HttpSource settings, const request::Tools& tools,
                                          const Cursor& from, CallGate* calls) {
  PullCursor at = LH_TRY(parse_cursor(from));
  auto exchange = LH_TRY(request::Exchange::open(settings.connection, tools));
  exchange->obey(calls);
  return std::unique_ptr<Source>(
      std::make_unique<PullSource>(std::move(settings), std::move(exchange), std::move(at)));
}

}  // namespace lh::adapters::http
