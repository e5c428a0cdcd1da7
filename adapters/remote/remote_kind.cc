#include "adapters/remote/remote_kind.h"

#include "adapters/http/pull_source.h"
#include "adapters/remote/description.h"

namespace lh::adapters::remote {
namespace {

using http::HttpSource;
using http::request::Exchange;
using http::request::Operation;
using http::request::Place;
using http::request::Repeat;
using http::request::Template;

constexpr const char* kBase = "/adapter/v1/";

struct Settings {
  http::request::Connection connection;
  std::size_t page_rows = 500;
};

Result<Settings> read_settings(const SettingsNode& source) {
  auto in = LH_TRY(SettingsReader::open(source, "source"));
  in.find("kind");
  in.find("header_guard");  // read with the mapping
  LH_TRY(in.texts("header"));
  Settings out;
  out.connection = LH_TRY(http::request::read_connection(in));
  if (out.connection.certificate_file.empty()) {
    return in.invalid("an adapter is asked over https with [source.tls] certificate and key");
  }
  out.page_rows = LH_TRY(in.number("page_rows", 1, 10000, out.page_rows));
  LH_TRY(in.finish());
  return out;
}

// The contract's own texts: that they are templates is known.
Template text_of(std::string_view text, Place place, const std::vector<std::string_view>& names) {
  auto parsed = Template::parse(text, place, names);
  LH_CHECK(parsed.ok(), "a template of the contract");
  return std::move(parsed).value();
}

Operation operation(const Settings& s, const char* name) {
  Operation out;
  out.path.push_back(text_of(s.connection.base_path + kBase + name, Place::kPath, {}));
  return out;
}

Operation posting(const Settings& s, const char* name, std::string_view body,
                  std::string_view place) {
  Operation out = operation(s, name);
  out.method = "POST";
  out.content_type = "application/json";
  out.body = text_of(body, Place::kAsItIs, {place});
  return out;
}

// RFC 6901 section 3.
std::string pointer_of(const std::string& name) {
  std::string out = "/";
  for (const char c : name) {
    out += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  }
  return out;
}

class RemoteKind final : public Kind {
 public:
  RemoteKind(const Surroundings& with, const http::MessageDigests& digests,
             std::unique_ptr<http::transport::Transports> transports)
      : transports_(std::move(transports)),
        pauses_(http::request::make_pauses()),
        tools_{with, digests, *transports_, *pauses_} {}

  std::string_view name() const override { return "remote"; }
  // A stream of changes: what was read is not read again.
  Rerun rerun(const SettingsNode& /*source*/) const override { return Rerun::kFromTheCursor; }
  Status check(const SettingsNode& source) const override {
    LH_TRY(read_settings(source));
    return {};
  }

  Result<std::unique_ptr<Source>> pull(const SettingsNode& source, const Input& input,
                                       const Cursor& from) const override {
    const Settings s = LH_TRY(read_settings(source));
    const Description said = LH_TRY(description_of(s));
    if (!said.changes) return unsupported("changes");
    HttpSource http = shape_of(s, said);
    http.pull = operation(s, "changes");
    http.pull.query.emplace_back("cursor", text_of("{token}", Place::kQuery, {"token"}));
    http.pull.query.emplace_back("limit", text_of("{size}", Place::kQuery, {"size"}));
    http.repeat = Repeat::kSafe;
    http.paging.kind = http::PagingKind::kToken;
    http.paging.size = s.page_rows;
    http.paging.path = "next";
    http.paging.keep = Flag::kYes;
    return http::open_pull(std::move(http), tools_, from, input.calls);
  }
  PullCalls pull_calls() const override { return PullCalls::kEach; }

  Result<KeptRow> reread(const SettingsNode& /*source*/, KeptRow kept) const override {
    const auto shape = shape_of({}, {kept.columns, {}, true, false, false}).shape;
    return http::answer::reread_item(http::answer::Format::kJson, shape, std::move(kept));
  }

  Result<std::unique_ptr<Lookup>> lookup(const SettingsNode& source) const override {
    const Settings s = LH_TRY(read_settings(source));
    const Description said = LH_TRY(description_of(s));
    if (!said.lookup) return unsupported("lookup");
    HttpSource http = shape_of(s, said);
    http.lookup = http::LookupSettings{posting(s, "lookup", R"({"key":{key}})", "key"),
                                       Repeat::kSafe, http.shape, Flag::kNo};
    return http::open_lookup(std::move(http), tools_);
  }

  Result<std::unique_ptr<Push>> push(const SettingsNode& source) const override {
    const Settings s = LH_TRY(read_settings(source));
    const Description said = LH_TRY(description_of(s));
    if (!said.push) return unsupported("push");
    HttpSource http = shape_of(s, said);
    http.push = http::PushSettings{posting(s, "push", R"({"record":{record}})", "record"),
                                   "Idempotency-Key"};
    http.success = {"done", {"true"}, {}};
    return http::open_push(std::move(http), tools_);
  }

 private:
  Result<Description> description_of(const Settings& s) const {
    auto exchange = LH_TRY(Exchange::open(s.connection, tools_));
    http::request::Sending sending;
    sending.repeat = Repeat::kSafe;
    const auto response = LH_TRY(exchange->run(operation(s, "describe"), {}, sending));
    return parse_description(response.body);
  }
  static HttpSource shape_of(const Settings& s, const Description& said) {
    HttpSource out;
    out.connection = s.connection;
    out.shape.rows = "rows";
    out.shape.max_items = s.page_rows;
    out.shape.max_row_bytes = s.connection.limits.row_bytes;
    for (const std::string& name : said.columns) {
      out.shape.columns.emplace_back(name, pointer_of(name));
    }
    return out;
  }
  static Error unsupported(const char* operation) {
    return Error(Reason::kAdapterUnsupported, std::string("the adapter has no ") + operation);
  }

  std::unique_ptr<http::transport::Transports> transports_;
  std::unique_ptr<http::request::Pauses> pauses_;
  http::request::Tools tools_;
};

}  // namespace

std::unique_ptr<Kind> make_kind(const Surroundings& with, const http::MessageDigests& digests,
                                std::unique_ptr<http::transport::Transports> transports) {
  if (transports == nullptr) transports = http::transport::make_outbound_transports();
  return std::make_unique<RemoteKind>(with, digests, std::move(transports));
}

}  // namespace lh::adapters::remote
