#include "schemas/xml/xml_rows.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>

#include <algorithm>
#include <deque>

#include "base/bytes.h"
#include "base/limits.h"
#include "schemas/xml/xml_guard.h"

namespace lh::schemas {
namespace {

constexpr std::size_t kDepth = 64;
constexpr std::size_t kFeedBytes = 64U << 10U;

Error not_xml(std::string_view what) {
  return Error(Reason::kInputMalformed, "XML: " + std::string(what));
}

Error too_large(std::string_view what) {
  return Error(Reason::kInputTooLarge, "XML: " + std::string(what));
}

// ---- which part of a row goes where ------------------------------------------------------------

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

// An element of a row that leads to a column.
struct Place {
  std::string name;
  std::size_t column = kNone;                                   // of its text
  std::vector<std::pair<std::string, std::size_t>> attributes;  // name, column
  std::vector<Place> children;

  const Place* child(std::string_view local) const {
    for (const Place& p : children) {
      if (p.name == local) return &p;
    }
    return nullptr;
  }
};

Error bad_path(std::string_view path) {
  return Error(Reason::kMappingInvalid, "not a path, or there twice: " + std::string(path));
}

// Adds the column at `path` below `row`.
Status add_column(Place& row, std::string_view path, std::size_t column) {
  Place* at = &row;
  std::string_view left = path == "." ? std::string_view() : path;
  if (path.empty()) return bad_path(path);
  for (std::size_t depth = 0; !left.empty(); ++depth) {
    const std::size_t end = std::min(left.find('/'), left.size());
    const std::string step(left.substr(0, end));
    const bool last = end == left.size();
    if (step.empty() || step == "." || step == ".." || depth == kDepth) return bad_path(path);
    left.remove_prefix(last ? end : end + 1);
    if (!last && left.empty()) return bad_path(path);
    if (step.front() == '@') {
      const auto same = [&](const auto& a) { return a.first == step.substr(1); };
      if (!last || step.size() == 1 ||
          std::any_of(at->attributes.begin(), at->attributes.end(), same)) {
        return bad_path(path);
      }
      at->attributes.emplace_back(step.substr(1), column);
      return {};
    }
    if (at->child(step) == nullptr) at->children.emplace_back().name = step;
    at = const_cast<Place*>(at->child(step));  // NOLINT: a part of row, which is not const
  }
  if (at->column != kNone) return bad_path(path);
  at->column = column;
  return {};
}

Result<std::vector<std::string>> read_row_path(std::string_view path) {
  std::vector<std::string> out;
  std::string_view left = path;
  while (left.starts_with('/')) {
    left.remove_prefix(1);
    const std::size_t end = std::min(left.find('/'), left.size());
    if (end == 0 || out.size() == kDepth) return bad_path(path);
    out.emplace_back(left.substr(0, end));
    left.remove_prefix(end);
  }
  if (!left.empty() || out.empty()) return bad_path(path);
  return out;
}

std::string_view text_of(const xmlChar* begin, std::size_t n) {
  return {reinterpret_cast<const char*>(begin), n};  // NOLINT: xmlChar is a byte of UTF-8
}

std::string_view name_of(const xmlChar* name) {
  return text_of(name, static_cast<std::size_t>(xmlStrlen(name)));
}

struct FreeParser {
  void operator()(xmlParserCtxtPtr p) const {
    if (p->myDoc != nullptr) xmlFreeDoc(p->myDoc);
    xmlFreeParserCtxt(p);
  }
};

}  // namespace

// ---- the reader --------------------------------------------------------------------------------

struct XmlRows::Impl {
  std::vector<std::string> row_path;
  Place row;
  std::size_t columns = 0;
  std::size_t max_row_bytes = 0;

  std::unique_ptr<xmlParserCtxt, FreeParser> parser;
  XmlGuard guard;
  std::optional<Error> failed;

  std::size_t depth = 0;             // open elements
  std::size_t on_path = 0;           // of them, from the root, those that follow row_path
  std::vector<const Place*> places;  // of the row element and below; null: leads nowhere
  XmlRow current;
  std::vector<bool> seen;
  std::size_t row_bytes = 0;
  std::deque<XmlRow> ready;

  Status start_parser();
  Status fail(Error error);
  void start(std::string_view name, int attributes, const xmlChar** values);
  void end();
  void text(std::string_view piece);
  void add(std::size_t column, std::string_view piece);
  void first(std::size_t column);
  void stop(Error error);
};

void XmlRows::Impl::stop(Error error) {
  if (!failed) failed = std::move(error);
  xmlStopParser(parser.get());
}

void XmlRows::Impl::add(std::size_t column, std::string_view piece) {
  row_bytes += piece.size();
  if (row_bytes > max_row_bytes) {
    current.malformed = Error(Reason::kRowTooLong);
  } else {
    current.values[column].append(piece);
  }
}

// A column that is there twice has two values, and none of them is the right one.
void XmlRows::Impl::first(std::size_t column) {
  if (seen[column]) current.malformed = Error(Reason::kRowWidth, "a column is there twice");
  seen[column] = true;
}

void XmlRows::Impl::start(std::string_view name, int attributes, const xmlChar** values) {
  if (failed) return;
  ++depth;
  if (depth > kDepth) return stop(too_large("depth"));
  const Place* place = nullptr;
  if (!places.empty()) {
    place = places.back() == nullptr ? nullptr : places.back()->child(name);
  } else if (on_path + 1 == depth && on_path < row_path.size() && row_path[on_path] == name) {
    if (++on_path < row_path.size()) return;
    place = &row;
    current = XmlRow{std::vector<std::string>(columns), std::nullopt};
    seen.assign(columns, false);
    row_bytes = 0;
  } else {
    return;
  }
  places.push_back(place);
  if (place == nullptr) return;
  if (place->column != kNone) first(place->column);
  // Five pointers an attribute: local name, prefix, namespace, begin and end of the value.
  for (int i = 0; i < attributes; ++i, values += 5) {
    for (const auto& [wanted, column] : place->attributes) {
      if (wanted != name_of(values[0])) continue;
      first(column);
      add(column, text_of(values[3], static_cast<std::size_t>(values[4] - values[3])));
    }
  }
}

void XmlRows::Impl::end() {
  if (failed) return;
  if (!places.empty()) {
    places.pop_back();
    if (places.empty()) {
      if (current.malformed) current.values.clear();
      ready.push_back(std::move(current));
    }
  }
  --depth;
  on_path = std::min(on_path, depth);
}

void XmlRows::Impl::text(std::string_view piece) {
  if (failed || places.empty() || places.back() == nullptr) return;
  if (places.back()->column != kNone) add(places.back()->column, piece);
}

Status XmlRows::Impl::fail(Error error) {
  if (!failed) failed = std::move(error);
  return *failed;
}

Status XmlRows::Impl::start_parser() {
  forbid_loading();
  xmlSAXHandler sax = {};
  sax.initialized = XML_SAX2_MAGIC;
  sax.startElementNs = [](void* self, const xmlChar* name, const xmlChar*, const xmlChar*, int,
                          const xmlChar**, int n, int, const xmlChar** attributes) {
    static_cast<Impl*>(self)->start(name_of(name), n, attributes);
  };
  sax.endElementNs = [](void* self, const xmlChar*, const xmlChar*, const xmlChar*) {
    static_cast<Impl*>(self)->end();
  };
  sax.characters = [](void* self, const xmlChar* piece, int n) {
    static_cast<Impl*>(self)->text(text_of(piece, static_cast<std::size_t>(n)));
  };
  sax.ignorableWhitespace = sax.characters;
  sax.cdataBlock = sax.characters;
  sax.internalSubset = [](void* self, const xmlChar*, const xmlChar*, const xmlChar*) {
    static_cast<Impl*>(self)->stop(not_xml("DOCTYPE"));
  };
  sax.serror = [](void*, xmlErrorPtr) {};  // else it would be printed; it may hold personal data
  parser.reset(xmlCreatePushParserCtxt(&sax, this, nullptr, 0, nullptr));
  // NOENT: without it libxml2 gives "&#38;" for "&amp;" in attributes. There is nothing to expand:
  // declarations are refused by the guard.
  constexpr int kOptions = XML_PARSE_NONET | XML_PARSE_IGNORE_ENC | XML_PARSE_NOENT;
  if (!parser || xmlCtxtUseOptions(parser.get(), kOptions) != 0) {
    return fail(Error(Reason::kInputMalformed, "XML: no parser"));
  }
  return {};
}

XmlRows::XmlRows(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
XmlRows::XmlRows(XmlRows&&) noexcept = default;
XmlRows& XmlRows::operator=(XmlRows&&) noexcept = default;
XmlRows::~XmlRows() = default;

Result<XmlRows> XmlRows::create(std::string_view row_path, const std::vector<std::string>& columns,
                                std::size_t max_row_bytes) {
  auto impl = std::make_unique<Impl>();
  impl->row_path = LH_TRY(read_row_path(row_path));
  for (std::size_t i = 0; i < columns.size(); ++i) LH_TRY(add_column(impl->row, columns[i], i));
  impl->columns = columns.size();
  impl->max_row_bytes = max_row_bytes;
  LH_TRY(impl->start_parser());
  return XmlRows(std::move(impl));
}

Status XmlRows::feed(std::string_view utf8) {
  if (impl_->failed) return *impl_->failed;
  if (utf8.find('\0') != std::string_view::npos || !is_utf8(utf8)) {
    return impl_->fail(Error(Reason::kInputEncoding, "XML"));
  }
  if (const Status s = impl_->guard.pass(utf8); !s.ok()) return impl_->fail(s.error());
  while (!utf8.empty() && !impl_->failed) {
    const std::string_view piece = utf8.substr(0, kFeedBytes);
    xmlParserCtxtPtr parser = impl_->parser.get();
    xmlParseChunk(parser, piece.data(), static_cast<int>(piece.size()), 0);
    if (impl_->failed) break;
    if (parser->wellFormed == 0 || parser->nsWellFormed == 0) {
      return impl_->fail(not_xml("error " + std::to_string(parser->errNo)));
    }
    utf8.remove_prefix(piece.size());
  }
  return impl_->failed ? Status(*impl_->failed) : Status();
}

Status XmlRows::finish() {
  if (impl_->failed) return *impl_->failed;
  xmlParserCtxtPtr parser = impl_->parser.get();
  xmlParseChunk(parser, nullptr, 0, 1);
  if (impl_->failed) return *impl_->failed;
  if (parser->wellFormed == 0 || parser->nsWellFormed == 0) {
    return impl_->fail(not_xml("error " + std::to_string(parser->errNo)));
  }
  return {};
}

std::optional<XmlRow> XmlRows::take() {
  if (impl_->ready.empty()) return std::nullopt;
  std::optional<XmlRow> out(std::move(impl_->ready.front()));
  impl_->ready.pop_front();
  return out;
}

}  // namespace lh::schemas
