// In this room the one place that knows qpdf. What it opens was looked at when it was handed in.
#define POINTERHOLDER_TRANSITION 4
#include <qpdf/Buffer.hh>
#include <qpdf/QPDF.hh>
#include <qpdf/QPDFPageDocumentHelper.hh>
#include <qpdf/QPDFWriter.hh>

#include <algorithm>
#include <exception>

#include "hub/exchange/copies/stamp.h"

namespace lh::hub::exchange {
namespace {

void open(QPDF& pdf, const Bytes& file) {
  pdf.setSuppressWarnings(true);
  pdf.setAttemptRecovery(false);
  pdf.processMemoryFile("original", file.data(), file.size());
}

// As it is shown: what is cut off stays off, turned and in user units.
PageSize size_of_page(QPDFPageObjectHelper& page) {
  const auto box = page.getCropBox().getArrayAsRectangle();
  auto unit = page.getAttribute("/UserUnit", false);
  auto turn = page.getAttribute("/Rotate", false);
  const double scale = unit.isNumber() ? unit.getNumericValue() : 1;
  PageSize size{(box.urx - box.llx) * scale, (box.ury - box.lly) * scale};
  if (turn.isInteger() && turn.getIntValue() % 180 != 0) std::swap(size.width, size.height);
  return size;
}

// The page as one form: whatever its content does to the state of drawing ends with it.
QPDFObjectHandle form_of(QPDFPageObjectHelper page) {
  page.getObjectHandle().replaceKey("/TrimBox", page.getCropBox());  // the box a form takes
  return page.getFormXObjectForPage();
}

QPDFObjectHandle new_page(QPDF& pdf, QPDFPageObjectHelper& old, QPDFObjectHandle overlay,
                          const PageSize& size) {
  auto below = form_of(old);
  const QPDFObjectHandle::Rectangle all(0, 0, size.width, size.height);
  const std::string content = old.placeFormXObject(below, "/Below", all, false, true, true) +
                              old.placeFormXObject(overlay, "/Above", all, false, true, true);
  auto forms = QPDFObjectHandle::newDictionary();
  forms.replaceKey("/Below", below);
  forms.replaceKey("/Above", overlay);
  auto resources = QPDFObjectHandle::newDictionary();
  resources.replaceKey("/XObject", forms);
  auto page = QPDFObjectHandle::newDictionary();
  page.replaceKey("/Type", QPDFObjectHandle::newName("/Page"));
  page.replaceKey("/MediaBox", QPDFObjectHandle::newArray(all));
  page.replaceKey("/Resources", resources);
  page.replaceKey("/Contents", QPDFObjectHandle::newStream(&pdf, content));
  return pdf.makeIndirectObject(page);
}

// Layers are part of how a page looks; nothing else of the catalogue belongs to a copy.
void keep_pages_only(QPDF& pdf) {
  auto root = pdf.getRoot();
  for (const std::string& key : root.getKeys()) {
    if (key != "/Type" && key != "/Pages" && key != "/OCProperties") root.removeKey(key);
  }
  pdf.getTrailer().removeKey("/Info");
}

std::string written(QPDF& pdf) {
  QPDFWriter writer(pdf);
  writer.setOutputMemory();
  writer.setDeterministicID(true);
  writer.setDecodeLevel(qpdf_dl_none);
  writer.setObjectStreamMode(qpdf_o_disable);
  writer.write();
  const auto buffer = writer.getBufferSharedPointer();
  return std::string(reinterpret_cast<const char*>(buffer->getBuffer()), buffer->getSize());
}

std::string laid_over(const Bytes& file, const Bytes& overlays, const Bytes& cover) {
  QPDF above, last, pdf;  // the first two outlive the writing of the third
  open(above, overlays);
  open(last, cover);
  open(pdf, file);
  QPDFPageDocumentHelper pages(pdf);
  pages.flattenAnnotations();
  auto below = pages.getAllPages();
  const auto over = QPDFPageDocumentHelper(above).getAllPages();
  if (below.size() != over.size()) return {};
  std::vector<QPDFObjectHandle> made;
  for (std::size_t i = 0; i < below.size(); ++i) {
    made.push_back(
        new_page(pdf, below[i], pdf.copyForeignObject(form_of(over[i])), size_of_page(below[i])));
  }
  for (auto& page : below) pages.removePage(page);
  for (auto& page : made) pages.addPage(QPDFPageObjectHelper(page), false);
  for (auto& page : QPDFPageDocumentHelper(last).getAllPages()) pages.addPage(page, false);
  keep_pages_only(pdf);
  return written(pdf);
}

}  // namespace

std::vector<PageSize> sizes_of_pages(const Bytes& file) {
  try {
    QPDF pdf;
    open(pdf, file);
    std::vector<PageSize> out;
    for (auto& page : QPDFPageDocumentHelper(pdf).getAllPages()) out.push_back(size_of_page(page));
    return out;
  } catch (const std::exception&) {
    return {};
  }
}

std::string lay_over(const Bytes& pdf, const Bytes& overlays, const Bytes& cover) {
  try {
    return laid_over(pdf, overlays, cover);
  } catch (const std::exception&) {  // its text may quote the file
    return {};
  }
}

}  // namespace lh::hub::exchange
