// The [source] table of the kind "http", read strictly. Format: docs/formats/source-http.md.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/http/answer/answer.h"
#include "adapters/http/request/operation.h"

namespace lh::adapters::http {

enum class PagingKind : std::uint8_t { kNone, kPage, kOffset, kNext, kToken };

struct Paging {
  PagingKind kind = PagingKind::kNone;
  std::size_t size = 100;
  std::size_t first = 1;       // number of the first page
  std::string parameter;       // query parameter of page, offset or token; empty: a place has it
  std::string size_parameter;  // empty: none
  std::string path;            // of the next link or token in the answer
  std::string total;           // of the announced number of rows; empty: none
  Flag keep = Flag::kNo;       // token: the next run begins where this one ended
};

enum class SinceOrder : std::uint8_t { kAny, kAscending };
enum class SinceEdge : std::uint8_t { kInclusive, kExclusive };  // what the source compares with

struct Since {
  std::string column;  // empty: none
  std::string parameter;
  std::string initial;
  SinceOrder order = SinceOrder::kAny;
  SinceEdge edge = SinceEdge::kInclusive;
};

// Said in the answer, whatever its HTTP status: {"code":"0"}.
struct Success {
  std::string path;  // empty: HTTP status alone
  std::vector<std::string> values;
  std::vector<std::string> not_found;  // a lookup that found nothing
};

struct LookupSettings {
  request::Operation operation;
  request::Repeat repeat = request::Repeat::kNever;
  answer::Shape shape;
  Flag not_found_404 = Flag::kNo;
};

struct PushSettings {
  request::Operation operation;
  std::string idempotency_header;
};

// Whether answers may be SOAP faults; they come with HTTP 400 and 500.
enum class Faults : std::uint8_t { kNone, kSoap };

struct HttpSource {
  request::Connection connection;
  answer::Form form;
  Faults faults = Faults::kNone;
  request::Operation pull;
  request::Repeat repeat = request::Repeat::kNever;
  answer::Shape shape;
  Paging paging;
  Since since;
  Flag conditional = Flag::kNo;
  Success success;
  std::optional<LookupSettings> lookup;
  std::optional<PushSettings> push;
};

// How a kind writes its requests into a mapping.
struct Style {
  std::string_view kind;
  Faults faults;
  // Asks for the keys of one request; errors: mapping.invalid.
  Result<request::Operation> (*read_operation)(SettingsReader&, const request::Connection&,
                                               std::vector<std::string_view> names);
};
Style rest_style();

// Errors: mapping.invalid with the line.
Result<HttpSource> read_source(const SettingsNode& source, const Style& style);

// Errors: source.refused with the source's code (a short one; nothing else of the answer),
// source.answer where there is none.
enum class Outcome : std::uint8_t { kGood, kNotFound };
Result<Outcome> judge(const Success& success, const answer::Answer& answer);

std::vector<int> accepted_statuses(Faults faults);
// Errors: source.refused with the fault's code, or what an HTTP error without a fault is.
Status check_faults(Faults faults, const outbound::HttpResponse& response);

}  // namespace lh::adapters::http
