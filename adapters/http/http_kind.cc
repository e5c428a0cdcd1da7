#include "adapters/http/http_kind.h"

#include "adapters/http/pull_source.h"
#include "schemas/json.h"

namespace lh::adapters::http {
namespace {

constexpr std::size_t kRowsOfKey = 100;

std::string object_of(const KeyValues& record) {
  schemas::Json object = schemas::Json::object();
  for (const auto& [column, value] : record) object.set(column, value);
  return schemas::to_text(object);
}

class HttpLookup final : public Lookup {
 public:
  HttpLookup(HttpSource settings, std::unique_ptr<request::Exchange> exchange)
      : settings_(std::move(settings)), exchange_(std::move(exchange)) {
    for (const auto& [name, path] : settings_.shape.columns) columns_.push_back(name);
  }
  const std::vector<std::string>& columns() const override { return columns_; }

  void obey(CallGate* calls) override { exchange_->obey(calls); }

  Result<std::vector<RawRow>> find(const KeyValues& key) override {
    const LookupSettings& lookup = *settings_.lookup;
    request::Values values;
    for (const auto& [column, value] : key) values.set("key." + column, value);
    values.set("key", object_of(key));
    request::Sending sending;
    sending.repeat = lookup.repeat;
    sending.accepted = accepted_statuses(settings_.faults);
    if (lookup.not_found_404 == Flag::kYes) sending.accepted.push_back(404);
    auto response = LH_TRY(exchange_->run(lookup.operation, values, sending));
    std::vector<RawRow> out;
    if (response.status == 404) return out;
    LH_TRY(check_faults(settings_.faults, response));
    auto answer = LH_TRY(answer::read(std::move(response.body), settings_.form, lookup.shape));
    if (LH_TRY(judge(settings_.success, *answer)) == Outcome::kNotFound) return out;
    LH_TRY(answer->locate_rows(answer::Rows::kOneOrMany));
    if (answer->rows_left() > kRowsOfKey) return Error(Reason::kInputTooLarge, "rows of one key");
    for (auto row = answer->next(); row; row = answer->next()) out.push_back(std::move(*row));
    return out;
  }

 private:
  HttpSource settings_;
  std::unique_ptr<request::Exchange> exchange_;
  std::vector<std::string> columns_;
};

class HttpPush final : public Push {
 public:
  HttpPush(HttpSource settings, std::unique_ptr<request::Exchange> exchange)
      : settings_(std::move(settings)), exchange_(std::move(exchange)) {}

  void obey(CallGate* calls) override { exchange_->obey(calls); }
  Status send(std::string_view id, const KeyValues& record) override {
    const PushSettings& push = *settings_.push;
    request::Values values;
    values.set("id", std::string(id));
    for (const auto& [column, value] : record) values.set("record." + column, value);
    values.set("record", object_of(record));
    request::Sending sending;
    sending.repeat = request::Repeat::kSafe;  // the same id does nothing twice
    sending.accepted = accepted_statuses(settings_.faults);
    sending.headers.emplace_back(push.idempotency_header, std::string(id));
    auto response = LH_TRY(exchange_->run(push.operation, values, sending));
    LH_TRY(check_faults(settings_.faults, response));
    if (settings_.success.path.empty()) return {};
    answer::Shape nothing = settings_.shape;
    auto answer = LH_TRY(answer::read(std::move(response.body), settings_.form, nothing));
    if (LH_TRY(judge(settings_.success, *answer)) == Outcome::kNotFound) {
      return Error(Reason::kSourceRefused, "the source does not know the record");
    }
    return {};
  }

 private:
  HttpSource settings_;
  std::unique_ptr<request::Exchange> exchange_;
};

class HttpKind final : public Kind {
 public:
  HttpKind(Style style, const Surroundings& with, const MessageDigests& digests,
           std::unique_ptr<transport::Transports> transports)
      : style_(style),
        transports_(std::move(transports)),
        pauses_(request::make_pauses()),
        tools_{with, digests, *transports_, *pauses_} {}

  std::string_view name() const override { return style_.kind; }
  // Only a source that can be asked what changed goes on where it was; others are read whole.
  Rerun rerun(const SettingsNode& source) const override {
    const auto read = read_source(source, style_);
    if (!read.ok()) return Rerun::kFromTheBeginning;
    const bool changes = !read->since.column.empty() || read->paging.keep == Flag::kYes ||
                         read->conditional == Flag::kYes;
    return changes ? Rerun::kFromTheCursor : Rerun::kFromTheBeginning;
  }
  Status check(const SettingsNode& source) const override {
    LH_TRY(read_source(source, style_));
    return {};
  }
  Result<std::unique_ptr<Source>> pull(const SettingsNode& source, const Input& input,
                                       const Cursor& from) const override {
    return open_pull(LH_TRY(read_source(source, style_)), tools_, from, input.calls);
  }
  PullCalls pull_calls() const override { return PullCalls::kEach; }
  Result<KeptRow> reread(const SettingsNode& source, KeptRow kept) const override {
    const HttpSource settings = LH_TRY(read_source(source, style_));
    return answer::reread_item(settings.form.format, settings.shape, std::move(kept));
  }
  Result<std::unique_ptr<Lookup>> lookup(const SettingsNode& source) const override {
    HttpSource settings = LH_TRY(read_source(source, style_));
    if (!settings.lookup) return unsupported("[source.lookup]");
    return open_lookup(std::move(settings), tools_);
  }
  Result<std::unique_ptr<Push>> push(const SettingsNode& source) const override {
    HttpSource settings = LH_TRY(read_source(source, style_));
    if (!settings.push) return unsupported("[source.push]");
    return open_push(std::move(settings), tools_);
  }

 private:
  Error unsupported(const char* table) const {
    return Error(Reason::kAdapterUnsupported, std::string(style_.kind) + ": no " + table);
  }
  Style style_;
  std::unique_ptr<transport::Transports> transports_;
  std::unique_ptr<request::Pauses> pauses_;
  request::Tools tools_;
};

}  // namespace

Result<std::unique_ptr<Lookup>> open_lookup(HttpSource settings, const request::Tools& tools) {
  auto exchange = LH_TRY(request::Exchange::open(settings.connection, tools));
  return std::unique_ptr<Lookup>(
      std::make_unique<HttpLookup>(std::move(settings), std::move(exchange)));
}

Result<std::unique_ptr<Push>> open_push(HttpSource settings, const request::Tools& tools) {
  auto exchange = LH_TRY(request::Exchange::open(settings.connection, tools));
  return std::unique_ptr<Push>(
      std::make_unique<HttpPush>(std::move(settings), std::move(exchange)));
}

std::unique_ptr<Kind> make_kind_of(const Style& style, const Surroundings& with,
                                   const MessageDigests& digests,
                                   std::unique_ptr<transport::Transports> transports) {
  if (transports == nullptr) transports = transport::make_outbound_transports();
  return std::make_unique<HttpKind>(style, with, digests, std::move(transports));
}

std::unique_ptr<Kind> make_kind(const Surroundings& with, const MessageDigests& digests,
                                std::unique_ptr<transport::Transports> transports) {
  return make_kind_of(rest_style(), with, digests, std::move(transports));
}

}  // namespace lh::adapters::http
