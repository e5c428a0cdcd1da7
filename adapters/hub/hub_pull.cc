#include "adapters/hub/hub_pull.h"

#include <algorithm>

#include "adapters/hub/hub_call.h"
#include "adapters/hub/hub_row.h"
#include "base/limits.h"

namespace lh::adapters::hub {
namespace {

using http::request::Repeat;
using schemas::Json;

constexpr std::size_t kCursorBytes = 1024;  // of what another hub calls its cursor
constexpr std::size_t kEmptyPages = 10000;  // in a row: every one moves on, none has anything

std::string url_of(const Place& place) {
  return place.connection.scheme + "://" + place.connection.target() + place.connection.base_path;
}

bool is_cursor(const std::string& text) {
  return !text.empty() && text.size() <= kCursorBytes && is_utf8(text);
}

// Our own settings are at fault, not the row: the run stops and nothing is held.
bool is_ours(const Error& error) {
  return error.reason() == Reason::kTrustMissing || error.reason() == Reason::kFileUnreadable ||
         info(error.reason()).http_status >= 500;
}

struct Judging {
  const HubSettings& settings;
  const std::vector<std::string>& columns;
  const Judge& judge;
  const std::string& trust;
};

// The values, or why the change is no row. Errors of the outer result stop the run.
Result<Result<std::vector<std::string>>> judged_values(const Json& change, const Judging& by) {
  using Values = Result<std::vector<std::string>>;
  const std::string presentation = text_at(change, "presentation");
  const Json* receipt = change.find("receipt");
  const Stated stated{text_at(change, "record"), text_at(change, "status"),
                      text_at(change, "valid_from"), text_at(change, "valid_until")};
  if (presentation.empty() || receipt == nullptr || stated.record.empty() ||
      stated.status.empty()) {
    return Values(not_as_agreed("no presentation, receipt, record or status"));
  }
  const Demand demand =
      by.settings.stock_data == Flag::kYes ? Demand::kStockData : Demand::kAnyTime;
  const auto licence = by.judge.judge(presentation, schemas::to_text(*receipt), by.trust, demand);
  if (!licence.ok() && is_ours(licence.error())) return licence.error();
  if (!licence.ok()) return Values(licence.error());
  if (licence->type != by.settings.type || licence->licence_id != text_at(change, "licence_id")) {
    return Values(not_as_agreed("another licence than it is said to be"));
  }
  return Values(values_of(by.columns, *licence, stated));
}

Status fill_row(RawRow& row, const Json& change, const Judging& by) {
  auto values = LH_TRY(judged_values(change, by));
  if (values.ok()) {
    row.values = std::move(*values);
  } else {
    row.malformed = values.error();
  }
  return {};
}

class HubPull final : public Source {
 public:
  HubPull(HubSettings settings, const PullTools& with, HubsCursor from)
      : settings_(std::move(settings)),
        columns_(settings_.columns()),
        calls_(with.tools),
        judge_(with.judge),
        row_bytes_(limits::kRowBytes) {
    calls_.obey(with.calls);
    at_.rows = from.rows;
    for (const Place& place : settings_.places) {  // those that are asked no more are forgotten
      const std::string url = url_of(place);
      std::string cursor = from.of(url);
      if (!cursor.empty()) at_.set(url, std::move(cursor));
    }
  }

  const std::vector<std::string>& columns() const override { return columns_; }

  Result<std::optional<RawRow>> next() override {
    while (place_ < settings_.places.size()) {
      if (given_ < changes_.size()) return take_row();
      LH_TRY(close_page());
      if (!more_) {
        ++place_;
        more_ = true;
        empty_pages_ = 0;
        continue;
      }
      LH_TRY(fetch_page());
    }
    return std::optional<RawRow>();
  }

  Cursor cursor() const override { return encode_cursor(at_); }
  std::optional<std::uint64_t> size_bytes() const override { return std::nullopt; }
  std::uint64_t position_bytes() const override { return bytes_; }

 private:
  const Place& place() const { return settings_.places[place_]; }

  // The cursor moves with the row it stands behind.
  Result<std::optional<RawRow>> take_row() {
    const Json& change = changes_[given_];
    RawRow row;
    row.number = at_.rows + 1;
    row.bytes = schemas::to_text(change);
    bytes_ += row.bytes.size();
    if (row.bytes.size() > row_bytes_) {
      row.bytes.resize(row_bytes_);
      row.malformed = Error(Reason::kRowTooLong);
    } else {
      LH_TRY(fill_row(row, change, {settings_, columns_, judge_, place().trust}));
    }
    ++given_;
    at_.rows = row.number;
    at_.set(url_of(place()), text_at(change, "cursor"));
    return std::optional(std::move(row));
  }

  // All of the page has been given: now the cursor may pass what that hub left out of it.
  Status close_page() {
    if (!next_.empty()) at_.set(url_of(place()), std::exchange(next_, {}));
    changes_.clear();
    given_ = 0;
    return {};
  }

  Json request() const {
    Json types = Json::array();
    types.push(settings_.type);
    Json purpose = Json::object();
    purpose.set("matter", settings_.matter).set("cause", settings_.cause);
    purpose.set("legal_basis", settings_.legal_basis);
    purpose.set("operator", operator_json(settings_.operator_id, settings_.operator_name));
    Json out = Json::object();
    out.set("types", std::move(types));
    const std::string after = at_.of(url_of(place()));
    if (!after.empty()) out.set("after", after);
    out.set("limit", static_cast<std::int64_t>(settings_.page_rows));
    out.set("purpose", std::move(purpose));
    return out;
  }

  Status fetch_page() {
    const std::string before = at_.of(url_of(place()));
    const Json answer =
        LH_TRY(calls_.post(place(), "/v1/licence-changes", request(), Repeat::kSafe));
    const Json* changes = answer.find("changes");
    const Json* more = answer.find("more");
    std::string next = text_at(answer, "next");
    if (changes == nullptr || changes->items() == nullptr || more == nullptr ||
        more->boolean() == nullptr || !is_cursor(next)) {
      return not_as_agreed("no page of changes");
    }
    const auto& items = *changes->items();
    const bool good = std::all_of(items.begin(), items.end(), [](const Json& item) {
      return item.members() != nullptr && is_cursor(text_at(item, "cursor"));
    });
    if (!good || items.size() > settings_.page_rows) return not_as_agreed("changes of a page");
    if (*more->boolean() && next == before) return not_as_agreed("a page that does not move on");
    empty_pages_ = items.empty() ? empty_pages_ + 1 : 0;
    if (empty_pages_ > kEmptyPages) return not_as_agreed("pages without an end");
    changes_ = items;
    next_ = std::move(next);
    more_ = *more->boolean();
    return {};
  }

  HubSettings settings_;
  std::vector<std::string> columns_;
  HubCalls calls_;
  const Judge& judge_;
  std::size_t row_bytes_;
  HubsCursor at_;
  std::size_t place_ = 0;
  std::vector<Json> changes_;  // of the page
  std::size_t given_ = 0;      // of them
  std::string next_;           // behind the page
  bool more_ = true;
  std::size_t empty_pages_ = 0;
  std::uint64_t bytes_ = 0;
};

}  // namespace

std::vector<std::string> values_of(const std::vector<std::string>& columns,
                                   const SignedLicence& licence, const Stated& stated) {
  std::vector<std::string> out;
  for (const std::string& column : columns) {
    std::string value = column == "licence_id"       ? licence.licence_id
                        : column == "licence_record" ? stated.record
                        : column == "licence_status" ? stated.status
                        : column == "licence_from"   ? stated.from
                        : column == "licence_until"  ? stated.until
                                                     : std::string();
    for (const auto& [name, text] : licence.fields) {
      if (name == column && !is_stated_column(name)) value = text;
    }
    out.push_back(std::move(value));
  }
  return out;
}

Result<std::unique_ptr<Source>> open_pull(HubSettings settings, const PullTools& with,
                                          const Cursor& from) {
  HubsCursor at = LH_TRY(parse_cursor(from));
  return std::unique_ptr<Source>(
      std::make_unique<HubPull>(std::move(settings), with, std::move(at)));
}

// Of several hubs the one that is believed: what is signed says whose it is.
Result<KeptRow> reread_change(const HubSettings& settings, const Judge& judge, KeptRow kept) {
  kept.columns = settings.columns();
  kept.types.clear();
  kept.row.values.clear();
  kept.row.malformed.reset();
  const auto change = schemas::parse_json(kept.row.bytes, limits::kRowBytes);
  if (!change.ok() || change->members() == nullptr) {
    kept.row.malformed = not_as_agreed("not a change");
    return kept;
  }
  for (const Place& place : settings.places) {
    kept.row.malformed.reset();
    LH_TRY(fill_row(kept.row, *change, {settings, kept.columns, judge, place.trust}));
    if (!kept.row.malformed) break;
  }
  return kept;
}

}  // namespace lh::adapters::hub
