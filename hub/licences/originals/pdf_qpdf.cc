// PDF: opened without repair, every object looked at. In this room the one place that knows qpdf.
#define POINTERHOLDER_TRANSITION 4
#include <qpdf/Pipeline.hh>
#include <qpdf/QPDF.hh>
#include <qpdf/QPDFPageDocumentHelper.hh>

#include <array>
#include <exception>
#include <set>

#include "hub/licences/originals/inspect.h"

namespace lh::hub::licences {
namespace {

constexpr std::size_t kObjects = 100'000;
constexpr int kDepth = 40;  // arrays and dictionaries in each other, inside one object
constexpr double kShortestSide = 36, kLongestSide = 14'400;  // points

Error unsafe(std::string what) {
  return Error(Reason::kDocumentUnsafe, std::move(what));
}

// What acts, or carries another file, by the name of its entry.
constexpr std::array<std::string_view, 8> kActingKeys = {
    "/JS", "/JavaScript", "/AA", "/EmbeddedFiles", "/EF", "/XFA", "/RichMediaContent", "/Encrypt"};
// Actions (12.6.4) that do more than show another place; a link to a web page is only a link.
constexpr std::array<std::string_view, 12> kActions = {
    "/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE",       "/Rendition",
    "/Movie",      "/Sound",  "/GoTo3DView", "/ResetForm",  "/SetOCGState", "/RichMediaExecute"};
constexpr std::array<std::string_view, 6> kAnnotations = {
    "/FileAttachment", "/RichMedia", "/Movie", "/Screen", "/3D", "/Sound"};

template <std::size_t N>
bool among(const std::array<std::string_view, N>& names, const std::string& name) {
  for (const auto one : names) {
    if (one == name) return true;
  }
  return false;
}

std::string name_in(QPDFObjectHandle& dictionary, const char* key) {
  auto value = dictionary.getKey(key);
  return value.isName() ? value.getName() : std::string();
}

Status look_at(QPDFObjectHandle object, int depth);

Status look_at_dictionary(QPDFObjectHandle& dictionary, int depth) {
  const std::string action = name_in(dictionary, "/S");
  if (among(kActions, action)) return unsafe("action " + action);
  const std::string kind = name_in(dictionary, "/Subtype");
  if (among(kAnnotations, kind)) return unsafe("annotation " + kind);
  for (const std::string& key : dictionary.getKeys()) {
    if (among(kActingKeys, key)) return unsafe(key);
    auto value = dictionary.getKey(key);
    // On opening, a file may choose what it shows (a destination) and nothing else.
    if (key == "/OpenAction" && value.isDictionary() && name_in(value, "/S") != "/GoTo") {
      return unsafe("/OpenAction");
    }
    if (!value.isIndirect()) LH_TRY(look_at(value, depth + 1));
  }
  return ok_status();
}

// One object and all inside it; objects it refers to have their own turn.
Status look_at(QPDFObjectHandle object, int depth) {
  if (depth > kDepth) return unsafe("objects nested too deeply");
  if (object.isStream()) {
    auto dictionary = object.getDict();
    if (!dictionary.getKey("/F").isNull()) return unsafe("a stream in another file");
    return look_at_dictionary(dictionary, depth);
  }
  if (object.isDictionary()) return look_at_dictionary(object, depth);
  if (!object.isArray()) return ok_status();
  for (auto& item : object.getArrayAsVector()) {
    if (!item.isIndirect()) LH_TRY(look_at(item, depth + 1));
  }
  return ok_status();
}

// Counts what goes through it.
class Counting : public Pipeline {
 public:
  Counting() : Pipeline("count", nullptr) {}
  void write(unsigned char const*, size_t n) override {
    count_ += n;
    if (count_ > kOriginalPageBytes) throw std::runtime_error("content of a page");
  }
  void finish() override {}

 private:
  std::size_t count_ = 0;
};

Status look_at_page(QPDFPageObjectHelper page) {
  auto box = page.getCropBox();
  if (!box.isRectangle() || !page.getMediaBox().isRectangle())
    return unsafe("a page without a size");
  const auto r = box.getArrayAsRectangle();
  auto unit = page.getAttribute("/UserUnit", false);
  const double scale = unit.isNumber() ? unit.getNumericValue() : 1;
  for (const double side : {(r.urx - r.llx) * scale, (r.ury - r.lly) * scale}) {
    // The other way round, a size that is no number would pass.
    if (!(side >= kShortestSide && side <= kLongestSide)) return unsafe("the size of a page");
  }
  Counting counting;
  page.pipeContents(&counting);
  return ok_status();
}

Result<OriginalShape> look_at_pdf(QPDF& pdf) {
  if (pdf.isEncrypted()) return unsafe("encrypted");
  if (pdf.getObjectCount() > kObjects) return unsafe("more than 100000 objects");
  for (auto& object : pdf.getAllObjects()) LH_TRY(look_at(object, 0));
  LH_TRY(look_at(pdf.getTrailer(), 0));
  const auto pages = QPDFPageDocumentHelper(pdf).getAllPages();
  if (pages.empty()) return unsafe("no page");
  if (pages.size() > static_cast<std::size_t>(kOriginalPages)) return unsafe("more than 200 pages");
  for (const auto& page : pages) LH_TRY(look_at_page(page));
  if (pdf.anyWarnings()) return unsafe("damaged");
  return OriginalShape{OriginalKind::kPdf, static_cast<int>(pages.size())};
}

}  // namespace

Result<OriginalShape> inspect_pdf(ByteView file) {
  try {
    QPDF pdf;
    pdf.setSuppressWarnings(true);
    pdf.setAttemptRecovery(false);
    pdf.processMemoryFile("original", file.data(), file.size());
    return look_at_pdf(pdf);
  } catch (const std::exception&) {  // its text may quote the file
    return unsafe("encrypted or damaged");
  }
}

}  // namespace lh::hub::licences
