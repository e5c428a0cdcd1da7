#include "adapters/soap/described.h"

#include <algorithm>

#include "adapters/soap/wsdl/proposal.h"
#include "base/bytes.h"

namespace lh::adapters::soap {
namespace {

using wsdl::Description;
using wsdl::Element;
using wsdl::Operation;

// What a table says in place of an envelope.
struct Asked {
  SettingsNode operation;  // for its line
  std::string name;
  wsdl::Parameters parameters;
  std::string header;
};

constexpr std::string_view kOwn[] = {"wsdl",      "wsdl_sha256", "port",
                                     "operation", "parameters",  "soap_header"};

Error at_line(const SettingsNode& node, const Error& error) {
  if (error.reason() == Reason::kInputTooLarge) return error;
  const bool unread = error.reason() == Reason::kFileUnreadable;
  return invalid_setting(node, unread ? "cannot be read: " + error.detail() : error.detail());
}

Result<Description> load(const SettingsNode& node, const std::string& path) {
  if (!path.starts_with('/')) return invalid_setting(node, "wsdl: an absolute path");
  auto read = Description::load(path);
  if (!read.ok()) return at_line(node, read.error());
  return read;
}

std::string digest_of(const Description& description, const http::MessageDigests& digests) {
  return to_hex(view(digests.sha256(description.bytes())));
}

Result<Asked> read_asked(SettingsReader& in) {
  Asked out;
  const SettingsNode* name = in.find("operation");
  out.name = LH_TRY(in.required_text("operation"));
  out.operation = *name;
  out.parameters = LH_TRY(in.pairs("parameters"));
  out.header = LH_TRY(in.text("soap_header"));
  for (const char* other : {"envelope", "action", "path"}) {
    if (in.find(other) != nullptr) {
      return in.invalid(std::string(other) + ": comes from the WSDL; name the operation only");
    }
  }
  return out;
}

SettingsMember text_member(const char* name, std::string text, int line) {
  SettingsMember out;
  out.name = name;
  out.node.value = std::move(text);
  out.node.line = line;
  return out;
}

// The table without what is of descriptions, with the envelope instead.
Result<SettingsNode> with_envelope(const SettingsNode& table, const Operation& operation,
                                   const Asked& asked) {
  auto envelope = wsdl::make_envelope(operation, asked.parameters, asked.header);
  if (!envelope.ok()) return at_line(asked.operation, envelope.error());
  SettingsNode out;
  out.line = table.line;
  SettingsNode::Table members;
  for (const SettingsMember& member : *table.table()) {
    const bool own = std::find(std::begin(kOwn), std::end(kOwn), member.name) != std::end(kOwn);
    if (!own) members.push_back(member);
  }
  members.push_back(text_member("envelope", std::move(*envelope), asked.operation.line));
  members.push_back(text_member("action", operation.action, asked.operation.line));
  out.value = std::move(members);
  return out;
}

Result<Operation> operation_of(const Description& description, const Asked& asked,
                               const std::string& port) {
  auto found = wsdl::find_operation(description, asked.name, port);
  if (!found.ok()) return at_line(asked.operation, found.error());
  return found;
}

Status check_column(const Element& row, const std::string& path) {
  const std::string first = path.substr(0, path.find('/'));
  if (first == "." || first.starts_with('@') || row.child(first) != nullptr) return {};
  return Error(Reason::kMappingInvalid, "the rows have no " + first);
}

// Rows and columns can be there, as far as the description says what is.
Status check_answer(const SettingsNode& table, const Operation& operation,
                    const std::vector<std::pair<std::string, std::string>>& columns) {
  for (const char* key : {"inner", "rows"}) {
    const SettingsNode* node = table.find(key);
    const std::string* path = node == nullptr ? nullptr : node->text();
    if (path == nullptr) continue;
    const auto row = wsdl::follow(operation, *path);
    if (!row.ok()) return at_line(*node, row.error());
    const bool rows = *row != nullptr && (*row)->content == wsdl::Content::kElements;
    if (!rows || std::string_view(key) != "rows") continue;
    for (const auto& [name, column] : columns) {
      const Status known = check_column(**row, column);
      if (!known.ok()) return at_line(*node, known.error());
    }
  }
  return {};
}

// [source.lookup] and [source.push], of the same port.
Status write_out_below(SettingsNode& source, const Description& description,
                       const std::string& port) {
  auto columns = LH_TRY(LH_TRY(SettingsReader::open(source, "source")).pairs("columns"));
  for (SettingsMember& member : *std::get_if<SettingsNode::Table>(&source.value)) {
    if (member.name != "lookup" && member.name != "push") continue;
    auto in = LH_TRY(SettingsReader::open(member.node, member.name));
    const Asked asked = LH_TRY(read_asked(in));
    const Operation operation = LH_TRY(operation_of(description, asked, port));
    if (member.name == "lookup") LH_TRY(check_answer(member.node, operation, columns));
    member.node = LH_TRY(with_envelope(member.node, operation, asked));
  }
  return {};
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out.push_back('\\');
    if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) out.push_back(c);
  }
  return out + "\"";
}

std::string listed(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + quoted(name);
  return out;
}

// The lines that the table lacks.
std::string lacking(const SettingsNode& source, const wsdl::Proposal& made,
                    const std::string& digest) {
  std::string out;
  if (source.find("wsdl_sha256") == nullptr) out += "wsdl_sha256 = " + quoted(digest) + "\n";
  if (source.find("parameters") == nullptr && !made.needed.empty()) {
    std::string pairs;
    for (const std::string& name : made.needed) {
      pairs += (pairs.empty() ? " " : ", ") + quoted(name) + " = \"\"";
    }
    out += "parameters = {" + pairs + " }  # their values, or places such as {since}\n";
  }
  if (!made.optional.empty()) out += "# may be named too: " + listed(made.optional) + "\n";
  if (made.rows.empty()) {
    return out + "# the answer is a text: say inner, rows and columns of the document inside\n";
  }
  if (source.find("rows") == nullptr) out += "rows = " + quoted(made.rows) + "\n";
  std::string pairs;
  for (const auto& [name, path] : made.columns) {
    pairs += (pairs.empty() ? " " : ", ") + quoted(name) + " = " + quoted(path);
  }
  return out + "columns = {" + pairs + " }\n";
}

}  // namespace

Result<SettingsNode> written_out(const SettingsNode& source, const http::MessageDigests& digests) {
  const SettingsNode* file = source.find("wsdl");
  if (file == nullptr) return source;
  auto in = LH_TRY(SettingsReader::open(source, "source"));
  const Description description = LH_TRY(load(*file, LH_TRY(in.required_text("wsdl"))));
  const std::string known = LH_TRY(in.text("wsdl_sha256"));
  const std::string digest = digest_of(description, digests);
  if (known != digest) {
    return in.invalid(known.empty() ? "wsdl_sha256 is missing: of this description it is " + digest
                                    : "wsdl_sha256: the description is another one, of " + digest);
  }
  const Asked asked = LH_TRY(read_asked(in));
  const Operation operation = LH_TRY(operation_of(description, asked, LH_TRY(in.text("port"))));
  LH_TRY(check_answer(source, operation, LH_TRY(in.pairs("columns"))));
  SettingsNode out = LH_TRY(with_envelope(source, operation, asked));
  if (source.find("url") == nullptr) {
    auto* members = std::get_if<SettingsNode::Table>(&out.value);
    members->push_back(text_member("url", operation.endpoint, file->line));
  }
  LH_TRY(write_out_below(out, description, operation.port));
  return out;
}

Result<std::optional<Described>> describe(const SettingsNode& source, const std::string& toml,
                                          const http::MessageDigests& digests) {
  const SettingsNode* file = source.find("wsdl");
  if (file == nullptr || source.find("columns") != nullptr) return std::optional<Described>();
  auto in = LH_TRY(SettingsReader::open(source, "source"));
  const Description description = LH_TRY(load(*file, LH_TRY(in.required_text("wsdl"))));
  const Asked asked = LH_TRY(read_asked(in));
  const Operation operation = LH_TRY(operation_of(description, asked, LH_TRY(in.text("port"))));
  const wsdl::Proposal made = wsdl::propose(operation);
  Described out;
  for (const auto& [name, path] : made.columns) out.columns.push_back(name);
  constexpr std::string_view kTable = "[source]\n";
  const auto at = toml.find(kTable);
  if (at == std::string::npos) return in.invalid("[source] stands on a line of its own");
  out.toml = toml;
  out.toml.insert(at + kTable.size(), lacking(source, made, digest_of(description, digests)));
  return std::optional(std::move(out));
}

}  // namespace lh::adapters::soap
