#include "adapters/soap/wsdl/description.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <set>

#include "base/bytes.h"

namespace lh::adapters::soap::wsdl {
namespace {

using schemas::XmlElement;
using schemas::XmlName;

constexpr std::size_t kFileBytes = 1U << 20U;
constexpr std::size_t kAllBytes = 4U << 20U;
constexpr std::size_t kFiles = 32;
constexpr std::string_view kWsdl2 = "http://www.w3.org/ns/wsdl";

class OpenFile {
 public:
  explicit OpenFile(const std::string& path)
      : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}  // NOLINT: POSIX
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() {
    if (fd_ >= 0) ::close(fd_);
  }
  bool is_regular() const {
    struct stat about {};
    return fd_ >= 0 && ::fstat(fd_, &about) == 0 && S_ISREG(about.st_mode);
  }
  // Up to one byte more than a file may have.
  std::optional<std::string> read() const {
    std::string out(kFileBytes + 1, '\0');
    std::size_t n = 0;
    while (n < out.size()) {
      const ssize_t got = ::read(fd_, out.data() + n, out.size() - n);
      if (got < 0) return std::nullopt;
      if (got == 0) break;
      n += static_cast<std::size_t>(got);
    }
    out.resize(n);
    return out;
  }

 private:
  int fd_;
};

// The name of a file of the same folder: no folder, no scheme, no query, nothing hidden.
bool is_beside(std::string_view name) {
  return !name.empty() && name.size() <= 200 && name.front() != '.' &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '.' || c == '_' || c == '-';
         });
}

std::string space_of(const XmlElement& node) {
  const std::string* space = node.attribute("targetNamespace");
  return space == nullptr ? std::string() : *space;
}

}  // namespace

Error wrong_at(const Document& in, const XmlElement& at, std::string_view what) {
  return Error(Reason::kMappingInvalid,
               in.file + ", line " + std::to_string(at.line) + ": " + std::string(what));
}

class Description::Loading {
 public:
  Loading(Description& out, const std::string& path) : out_(out) {
    const auto slash = path.rfind('/');
    folder_ = slash == std::string::npos ? std::string() : path.substr(0, slash + 1);
    first_ = path.substr(folder_.size());
  }

  Status all() {
    LH_TRY(file(first_, ""));
    for (std::size_t i = 0; i < out_.documents_.size(); ++i) {
      LH_TRY(document(out_.documents_[i], includer_[i]));
    }
    return {};
  }

 private:
  // Reads a file, once. includer: the namespace of the schema that includes it.
  Status file(const std::string& name, const std::string& includer) {
    if (!known_.insert(name).second) return {};
    if (known_.size() > kFiles) return Error(Reason::kInputTooLarge, "files beside the WSDL");
    const OpenFile opened(folder_ + name);
    const auto text = opened.is_regular() ? opened.read() : std::nullopt;
    if (!text) return Error(Reason::kFileUnreadable, name);
    if (text->size() > kFileBytes || out_.bytes_.size() + text->size() > kAllBytes) {
      return Error(Reason::kInputTooLarge, name);
    }
    auto tree = schemas::parse_xml_tree(*text);
    if (!tree.ok()) {
      const bool large = tree.error().reason() == Reason::kInputTooLarge;
      return Error(large ? Reason::kInputTooLarge : Reason::kMappingInvalid,
                   name + ", " + tree.error().detail());
    }
    out_.bytes_ += *text;
    out_.documents_.push_back({name, std::move(*tree)});
    includer_.push_back(includer);
    return {};
  }

  Status document(const Document& in, const std::string& includer) {
    if (in.root.is(kXsd, "schema")) return schema(in, in.root, includer);
    if (in.root.name.space == kWsdl2) return wrong_at(in, in.root, "WSDL 2.0 is not supported");
    if (!in.root.is(kWsdl, "definitions")) {
      return wrong_at(in, in.root, "neither WSDL 1.1 nor a schema");
    }
    out_.definitions_.push_back(&in);
    for (const XmlElement& child : in.root.children) {
      if (child.is(kWsdl, "import")) LH_TRY(beside(in, child, "location", ""));
      if (!child.is(kWsdl, "types")) continue;
      for (const XmlElement& one : child.children) {
        if (one.is(kXsd, "schema")) LH_TRY(schema(in, one, ""));
      }
    }
    return {};
  }

  Status schema(const Document& in, const XmlElement& node, const std::string& includer) {
    const std::string own = space_of(node);
    const std::string& space = own.empty() ? includer : own;
    out_.schemas_.push_back({&node, &in, space});
    for (const XmlElement& child : node.children) {
      if (child.is(kXsd, "redefine")) return wrong_at(in, child, "redefine is not supported");
      if (child.is(kXsd, "include")) LH_TRY(beside(in, child, "schemaLocation", space));
      if (child.is(kXsd, "import") && child.attribute("schemaLocation") != nullptr) {
        LH_TRY(beside(in, child, "schemaLocation", ""));
      }
    }
    return {};
  }

  Status beside(const Document& in, const XmlElement& node, std::string_view attribute,
                const std::string& includer) {
    const std::string* name = node.attribute(attribute);
    if (name == nullptr || !is_beside(*name)) {
      return wrong_at(in, node, std::string(attribute) + ": only the name of a file beside it");
    }
    const Status read = file(*name, includer);
    if (!read.ok() && read.error().reason() == Reason::kFileUnreadable) {
      return wrong_at(in, node, *name + " is not there, or is no file");
    }
    return read;
  }

  Description& out_;
  std::string folder_;
  std::string first_;
  std::set<std::string> known_;
  std::vector<std::string> includer_;  // of each document
};

Result<Description> Description::load(const std::string& path) {
  Description out;
  LH_TRY(Loading(out, path).all());
  return out;
}

Result<Found> Description::definition(std::string_view what, const XmlName& name,
                                      const Found& from) const {
  for (const Document* document : definitions_) {
    if (space_of(document->root) != name.space) continue;
    for (const XmlElement& child : document->root.children) {
      const std::string* own = child.attribute("name");
      if (child.is(kWsdl, what) && own != nullptr && *own == name.local) {
        return Found{&child, document, nullptr};
      }
    }
  }
  return wrong_at(*from.in, *from.node, std::string(what) + " " + name.local + " is not there");
}

Found Description::component(std::string_view what, const XmlName& name) const {
  for (const Schema& schema : schemas_) {
    if (schema.space != name.space) continue;
    for (const XmlElement& child : schema.node->children) {
      const std::string* own = child.attribute("name");
      if (child.is(kXsd, what) && own != nullptr && *own == name.local) {
        return {&child, schema.in, &schema};
      }
    }
  }
  return {};
}

}  // namespace lh::adapters::soap::wsdl
