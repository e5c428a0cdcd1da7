#include "kit.h"

#include <zlib.h>

#include "adapters/file/encoding.h"
#include "crypto/digest.h"

namespace lh::conformance {

using adapters::Cursor;

std::vector<std::string> Read::column(std::size_t n) const {
  std::vector<std::string> out;
  for (const auto& row : rows) {
    out.push_back(row.malformed ? "!" + std::string(row.malformed->id()) : row.values.at(n));
  }
  return out;
}

Result<Secret> NamedSecrets::find(std::string_view name) const {
  const auto at = values.find(std::string(name));
  if (at == values.end()) return Error(Reason::kKeyMissing, std::string(name));
  return Secret::copy_of(at->second);
}

namespace {

class CryptoDigests final : public adapters::http::MessageDigests {
 public:
  Digest sha256(ByteView data) const override { return crypto::sha256(data); }
  Digest hmac_sha256(ByteView key, ByteView data) const override {
    return crypto::hmac_sha256(key, data);
  }
};

// The keys of [source] as a table of its own.
Result<adapters::SettingsNode> source_of(const std::string& toml) {
  return adapters::parse_settings(toml);
}

}  // namespace

const adapters::http::MessageDigests& digests() {
  static const CryptoDigests instance;
  return instance;
}

Read Bench::pull(const std::string& toml) const {
  Read out;
  const auto source = source_of(toml);
  if (!source.ok()) return {{}, source.error().describe()};
  auto opened = kind().pull(*source, {input()}, Cursor{});
  if (!opened.ok()) return {{}, opened.error().describe()};
  for (;;) {
    auto row = (*opened)->next();
    if (!row.ok()) out.end = row.error().describe();
    if (!row.ok() || !*row) return out;
    out.rows.push_back(std::move(**row));
  }
}

std::optional<Read> Bench::find(const std::string& key) const {
  const auto source = source_of(toml());
  if (!source.ok()) return Read{{}, source.error().describe()};
  auto lookup = kind().lookup(*source);
  if (!lookup.ok()) {
    if (lookup.error().reason() == Reason::kAdapterUnsupported) return std::nullopt;
    return Read{{}, lookup.error().describe()};
  }
  auto rows = (*lookup)->find({{"k", key}});
  if (!rows.ok()) return Read{{}, rows.error().describe()};
  return Read{std::move(*rows)};
}

const std::vector<std::string>& hostile_documents() {
  static const std::vector<std::string> documents = [] {
    std::string bomb = "<?xml version=\"1.0\"?><!DOCTYPE t [<!ENTITY a \"aaaaaaaaaa\">";
    for (char c = 'b'; c < 'k'; ++c) {
      const std::string before = "&" + std::string(1, static_cast<char>(c - 1)) + ";";
      bomb += "<!ENTITY " + std::string(1, c) + " \"";
      for (int i = 0; i < 10; ++i) bomb += before;
      bomb += "\">";
    }
    bomb += "]><t><r><k>1</k><v>&j;</v></r></t>";
    std::string deep;
    for (int i = 0; i < 100000; ++i) deep += "<t>";
    return std::vector<std::string>{
        bomb,
        "<!DOCTYPE t [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><t><r><k>1</k><v>&x;</v></r></t>",
        "<!DOCTYPE t SYSTEM \"http://127.0.0.1:1/t.dtd\"><t><r><k>1</k><v>x</v></r></t>",
        "<t xmlns:xi=\"http://www.w3.org/2001/XInclude\"><r><k>1</k><v>&undefined;</v></r></t>",
        deep,
    };
  }();
  return documents;
}

std::string gzip_of(const std::string& text) {
  z_stream z = {};
  deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string out(text.size() + 1000, '\0');
  std::string in = text;
  z.next_in = reinterpret_cast<Bytef*>(in.data());
  z.avail_in = static_cast<uInt>(in.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  deflate(&z, Z_FINISH);
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}

Outcome refuses(const Read& read, const std::vector<std::string>& reasons) {
  for (const auto& row : read.rows) {
    if (!row.malformed) return fails("a good row came out of it");
  }
  if (read.end == "end" && read.rows.empty()) return fails("it was taken for an empty source");
  if (read.end == "end") return passes();
  for (const auto& reason : reasons) {
    if (read.end.starts_with(reason)) return passes();
  }
  return fails(read.end);
}

}  // namespace lh::conformance
