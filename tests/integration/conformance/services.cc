// The kinds "http", "soap" and "remote" against one service that can be made hostile.
#include "adapters/http/http_kind.h"
#include "adapters/remote/remote_kind.h"
#include "adapters/soap/soap_kind.h"
#include "kit.h"
#include "service.h"

namespace lh::conformance {
namespace {

class ServiceBench : public Bench {
 public:
  ServiceBench() {
    for (const int port : {service().plain, service().mutual}) {
      with.allowed_targets.push_back("localhost:" + std::to_string(port));
      with.allowed_targets.push_back("127.0.0.1:" + std::to_string(port));
    }
  }
  const adapters::Kind& kind() const override { return *kind_; }
  void put(const Table& table) override { service().put(table, mode_, encoding_); }
  std::string toml() const override { return toml_at({"localhost", port()}, 20000); }

  std::optional<Outcome> own(Case id) override {
    switch (id) {
      case Case::kRedirects:
        return in_mode("redirect", {"source.answer"});
      case Case::kZip:
        return both(in_mode("gzip", {"source.answer"}), in_mode("bomb", {"source.answer"}));
      case Case::kSizes:
        return both(in_mode("long", {"source.unavailable"}), in_mode("short", {"source.answer"}));
      case Case::kHalfClosed:
        return unless(in_mode("half", {"source.unavailable"}));
      case Case::kDripping:
        return unless(both(in_mode("silent", {"source.unavailable"}),
                           in_mode("drip", {"source.unavailable"})));
      case Case::kClock:
        return moved_clock();
      case Case::kLobs:
        return not_applicable("the formats have no binary values");
      default:
        return std::nullopt;
    }
  }

 protected:
  virtual int port() const { return service().plain; }
  // Of the limits.
  static std::string limits(int ms) {
    return "[limits]\nretries = 0\nfirst_byte_ms = " + std::to_string(ms) +
           "\ntotal_ms = " + std::to_string(2 * ms) + "\n";
  }
  Outcome in_mode(const std::string& mode, const std::vector<std::string>& reasons) {
    service().put({{{"1", "a"}, {"2", "b"}}}, mode, encoding_);
    const Outcome out = refuses(pull(toml_at({"localhost", port()}, 500)), reasons);
    return out.is == Outcome::Is::kPasses ? out : fails(mode + ": " + out.why);
  }
  static Outcome both(Outcome first, Outcome second) {
    return first.is == Outcome::Is::kPasses ? second : first;
  }
  // What every network has to say comes next.
  static std::optional<Outcome> unless(Outcome own) {
    return own.is == Outcome::Is::kPasses ? std::optional<Outcome>() : own;
  }
  Outcome moved_clock() {
    service().put({{{"1", "a"}}}, "denied", encoding_);
    clock.by_ms = -400'000;
    const Read read = pull();
    clock.by_ms = 0;
    const bool named = read.end.starts_with("source.refused: HTTP 401, the clock of the source");
    return named ? passes() : fails(read.end);
  }
  Outcome names_twice() {
    service().put({{{"1", "a"}, {"2", "b"}, {"3", "c"}}}, "names twice", encoding_);
    const Read read = pull();
    const std::vector<std::string> expected{"a", "!json.duplicate_key", "c"};
    return read.end == "end" && read.column(1) == expected ? passes() : fails(read.end);
  }

  std::string mode_;
  std::string encoding_ = "utf-8";
  std::unique_ptr<adapters::Kind> kind_;
};

class RestBench final : public ServiceBench {
 public:
  RestBench() {
    kind_ = adapters::http::make_kind(with, digests());
    encoding_ = "gb18030";
  }
  std::string name() const override { return "http, JSON"; }
  bool writes_gb18030() const override { return true; }
  std::string toml_at(const Address& at, int ms) const override {
    return "kind = 'http'\nurl = 'http://" + at.text() +
           "'\npath = '/rest/list'\nrows = 'data.list'\ncolumns = {k = 'k', v = 'v'}\n"
           "encoding = 'gb18030'\n" +
           limits(ms) + "[lookup]\n" + lookup_;
  }
  std::optional<Outcome> own(Case id) override {
    if (id == Case::kXml) return not_applicable("no XML in this mapping; see soap");
    if (id == Case::kDuplicates) return unless(names_twice());
    if (id == Case::kPaths) return paths();
    if (id == Case::kEncoding) return in_encoding();
    return ServiceBench::own(id);
  }

 private:
  // The bytes of a row are those of its text in UTF-8: a byte that is none stands behind 0xF8.
  Outcome in_encoding() {
    for (const char* bad : {"\xFF", "\x81", "\x81\x30\x81"}) {
      put({{{"1", "甲"}, {"2", std::string("乙") + kBadMark + " 乙"}, {"3", "丙"}}, bad});
      const Read read = pull();
      const std::vector<std::string> expected{"甲", "!row.encoding", "丙"};
      if (read.end != "end" || read.column(1) != expected) return fails(read.end);
      const Bytes kept = Bytes("\xF8") + bad[0];
      if (read.rows[1].bytes.find(kept) == Bytes::npos) return fails("the bytes are not kept");
    }
    return passes();
  }
  Outcome paths() {
    put({{{"1", "a"}}});
    const std::string before = std::exchange(lookup_, "path = '/rest/{key.k}/x'\n");
    Outcome out = passes();
    for (const char* key : {"..", ".", ""}) {
      const std::string end = find(key)->end;
      if (!end.starts_with("input.malformed")) out = fails(std::string(key) + ": " + end);
    }
    // Another segment would be the list of all rows: it must stay one segment, which is not there.
    for (const char* key : {"list?x=", "list#", "list/../list", "%2e%2e/rest/list"}) {
      const std::string end = find(key)->end;
      if (!end.starts_with("source.refused: HTTP 404")) out = fails(std::string(key) + ": " + end);
    }
    lookup_ = before;
    return out;
  }
  std::string lookup_ = "path = '/rest/one'\nmethod = 'POST'\nbody = '{\"k\":\"{key.k}\"}'\n";
};

class SoapBench final : public ServiceBench {
 public:
  SoapBench() { kind_ = adapters::soap::make_kind(with, digests()); }
  std::string name() const override { return "soap"; }
  std::string toml_at(const Address& at, int ms) const override {
    static const std::string kEnvelope =
        "envelope = '''<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\"><e:Body>";
    return "kind = 'soap'\nurl = 'http://" + at.text() +
           "/soap'\nrows = '/Envelope/Body/list/row'\ncolumns = {k = 'k', v = 'v'}\n"
           "action = 'urn:list'\n" +
           kEnvelope + "</e:Body></e:Envelope>'''\n" + limits(ms) +
           "[lookup]\naction = 'urn:one'\n" + kEnvelope +
           "<key>{key.k}</key></e:Body></e:Envelope>'''\n";
  }
  std::optional<Outcome> own(Case id) override {
    if (id == Case::kPaths) return not_applicable("keys stand in envelopes, never in a path");
    if (id == Case::kXml) return documents();
    if (id == Case::kEncoding) return in_encoding();
    return ServiceBench::own(id);
  }

 private:
  Outcome documents() {
    for (const std::string& document : hostile_documents()) {
      kits::store_file(service().folder / "document", document);
      const Outcome out = in_mode("document", {"source.answer", "input.too_large"});
      if (out.is != Outcome::Is::kPasses) return out;
    }
    return passes();
  }
  // A document with a byte that is no character is no XML: nothing of it is taken.
  Outcome in_encoding() {
    service().put({{{"1", "a"}, {"2", std::string("b") + kBadMark}}, "\xFF"}, "", "utf-8");
    return refuses(pull(), {"source.answer"});
  }
};

class RemoteBench final : public ServiceBench {
 public:
  RemoteBench() {
    kind_ = adapters::remote::make_kind(with, digests());
    secrets.values["client"] = kits::load_file(service().folder / "client.key");
  }
  std::string name() const override { return "remote"; }
  std::string toml_at(const Address& at, int ms) const override {
    return "kind = 'remote'\nurl = 'https://" + at.text() + "'\npage_rows = 100\n" + limits(ms) +
           "[tls]\nca = '" + (service().folder / "root.pem") + "'\ncertificate = '" +
           (service().folder / "client.pem") + "'\nkey = 'client'\n";
  }
  std::optional<Outcome> own(Case id) override {
    if (id == Case::kXml) return not_applicable("no XML");
    if (id == Case::kPaths) return not_applicable("keys stand in bodies, never in a path");
    if (id == Case::kDuplicates) return unless(names_twice());
    return ServiceBench::own(id);
  }

 private:
  int port() const override { return service().mutual; }
};

}  // namespace

void add_services(Benches& to) {
  to.push_back(std::make_unique<RestBench>());
  to.push_back(std::make_unique<SoapBench>());
  to.push_back(std::make_unique<RemoteBench>());
}

}  // namespace lh::conformance
