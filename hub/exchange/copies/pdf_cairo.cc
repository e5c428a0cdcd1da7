// The one place that knows cairo, pango and libqrencode.
#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <qrencode.h>

#include <algorithm>
#include <memory>

#include "hub/exchange/copies/page.h"

namespace lh::hub::exchange {
namespace {

constexpr double kWidth = 595, kHeight = 842;  // A4 in points
constexpr double kMargin = 48;
constexpr double kLabel = 150;
constexpr double kQrSide = 96;
constexpr const char* kFont = "WenQuanYi Zen Hei";

struct Release {
  void operator()(cairo_surface_t* s) const { cairo_surface_destroy(s); }
  void operator()(cairo_t* c) const { cairo_destroy(c); }
  void operator()(PangoLayout* l) const { g_object_unref(l); }
  void operator()(PangoFontDescription* f) const { pango_font_description_free(f); }
  void operator()(QRcode* q) const { QRcode_free(q); }
};
template <class T>
using Held = std::unique_ptr<T, Release>;

cairo_status_t append(void* to, const unsigned char* data, unsigned int size) {
  static_cast<std::string*>(to)->append(data, data + size);
  return CAIRO_STATUS_SUCCESS;
}

struct Text {
  double size = 10, width = kWidth - 2 * kMargin;
};

Held<PangoLayout> lay_out(cairo_t* c, const std::string& text, Text how) {
  Held<PangoLayout> layout(pango_cairo_create_layout(c));
  const Held<PangoFontDescription> font(pango_font_description_from_string(kFont));
  pango_font_description_set_absolute_size(font.get(), how.size * PANGO_SCALE);
  pango_layout_set_font_description(layout.get(), font.get());
  pango_layout_set_width(layout.get(), static_cast<int>(how.width * PANGO_SCALE));
  pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
  pango_layout_set_text(layout.get(), text.data(), static_cast<int>(text.size()));
  return layout;
}

double height_of(const Held<PangoLayout>& layout) {
  int height = 0;
  pango_layout_get_size(layout.get(), nullptr, &height);
  return static_cast<double>(height) / PANGO_SCALE;
}

// Draws at the current point; gives the height it took.
double write(cairo_t* c, const std::string& text, Text how) {
  const auto layout = lay_out(c, text, how);
  pango_cairo_show_layout(c, layout.get());
  return height_of(layout);
}

// Rows of label and value; gives where the next row would begin.
double write_rows(cairo_t* c, const std::vector<std::pair<std::string, std::string>>& rows,
                  double y, double right) {
  for (const auto& [label, value] : rows) {
    cairo_move_to(c, kMargin, y);
    const double a = write(c, label, {9, kLabel - 8});
    cairo_move_to(c, kMargin + kLabel, y);
    const double b = write(c, value, {10, right - kMargin - kLabel});
    y += (a > b ? a : b) + 5;
  }
  return y;
}

// From edge to edge, slanted, in rows: no part of the page can be cut out without it.
void draw_watermark(cairo_t* c, const std::string& text, double size) {
  cairo_save(c);
  cairo_scale(c, size, size);  // of A4
  cairo_set_source_rgba(c, 0.75, 0.1, 0.1, 0.16);
  cairo_rotate(c, -0.5);
  for (double y = -kHeight / 4; y < kHeight * 1.4; y += 74) {
    cairo_move_to(c, -kWidth * 0.7, y);
    write(c, text + "   " + text + "   " + text, {13, 4000});
  }
  cairo_restore(c);
}

// How much larger than A4 upright a page is, on the side where it is most.
double size_of(const PageSize& page) {
  return std::max({page.width / kWidth, page.height / kHeight, page.width / kHeight});
}

// The annotation in small type at the foot, on a ground that lets it be read.
void draw_foot(cairo_t* c, const CopyPage& page, const PageSize& size) {
  std::string text;
  for (const auto& [label, value] : page.annotation) {
    text += (text.empty() ? "" : "   ") + label + ": " + value;
  }
  const double scale = std::min(size.width / kWidth, size.height / kHeight);
  const double margin = 12 * scale;
  const Text how{8 * scale, size.width - 2 * margin};
  const auto layout = lay_out(c, text, how);
  const double height = height_of(layout);
  const double top = size.height - height - margin;
  cairo_set_source_rgba(c, 1, 1, 1, 0.8);
  cairo_rectangle(c, 0, top - margin / 2, size.width, height + margin);
  cairo_fill(c);
  cairo_set_source_rgb(c, 0.6, 0.05, 0.05);
  cairo_move_to(c, margin, top);
  pango_cairo_show_layout(c, layout.get());
}

bool draw_qr(cairo_t* c, const std::string& text, double x, double y) {
  const Held<QRcode> code(QRcode_encodeString(text.c_str(), 0, QR_ECLEVEL_M, QR_MODE_8, 1));
  if (!code) return false;
  const double cell = kQrSide / code->width;
  for (int row = 0; row < code->width; ++row) {
    for (int column = 0; column < code->width; ++column) {
      if ((code->data[row * code->width + column] & 1U) == 0) continue;
      cairo_rectangle(c, x + column * cell, y + row * cell, cell, cell);
    }
  }
  cairo_fill(c);
  return true;
}

// The annotation stands at the foot; fields that would run into it do not fit.
bool draw(cairo_t* c, const CopyPage& page) {
  const double foot = kHeight - kMargin - 150;
  cairo_set_source_rgb(c, 0, 0, 0);
  cairo_move_to(c, kMargin, kMargin);
  const double title = write(c, page.title, {20});
  if (write_rows(c, page.fields, kMargin + title + 18, kWidth - kMargin) > foot - 8) return false;
  cairo_set_line_width(c, 0.8);
  cairo_move_to(c, kMargin, foot);
  cairo_line_to(c, kWidth - kMargin, foot);
  cairo_stroke(c);
  const double right = kWidth - kMargin - kQrSide - 12;
  if (write_rows(c, page.annotation, foot + 10, right) > kHeight - 16) return false;
  if (!draw_qr(c, page.qr, kWidth - kMargin - kQrSide, foot + 14)) return false;
  draw_watermark(c, page.watermark, 1);
  return cairo_status(c) == CAIRO_STATUS_SUCCESS;
}

struct Source {
  const Bytes* file;
  std::size_t at = 0;
};
cairo_status_t give(void* from, unsigned char* data, unsigned int size) {
  auto* source = static_cast<Source*>(from);
  if (source->file->size() - source->at < size) return CAIRO_STATUS_READ_ERROR;
  std::copy_n(source->file->data() + source->at, size, reinterpret_cast<char*>(data));
  source->at += size;
  return CAIRO_STATUS_SUCCESS;
}

// Height and width of the first frame of a JPEG that was looked at when it was handed in.
std::pair<int, int> jpeg_size(const Bytes& file) {
  for (std::size_t at = 2; at + 9 < file.size();) {
    const auto marker = static_cast<unsigned char>(file[at + 1]);
    if (marker >= 0xC0 && marker <= 0xC2) {
      return {read_be16(ByteView(file).substr(at + 5)), read_be16(ByteView(file).substr(at + 7))};
    }
    at += marker == 0xFF ? 1 : 2U + read_be16(ByteView(file).substr(at + 2));
  }
  return {0, 0};
}

Held<cairo_surface_t> open_picture(Picture kind, const Bytes& file) {
  if (kind == Picture::kPng) {
    Source source{&file};
    return Held<cairo_surface_t>(cairo_image_surface_create_from_png_stream(give, &source));
  }
  // The pixels are never touched: the file itself is what is written.
  const auto [height, width] = jpeg_size(file);
  Held<cairo_surface_t> out(cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height));
  auto* bytes = reinterpret_cast<const unsigned char*>(file.data());
  cairo_surface_set_mime_data(out.get(), CAIRO_MIME_TYPE_JPEG, bytes, file.size(), nullptr,
                              nullptr);
  return out;
}

}  // namespace

namespace {

// A PDF whose pages `draw_all` draws; the same pages and time, the same bytes.
template <class DrawAll>
std::string to_pdf(const std::string& title, const std::string& made, DrawAll draw_all) {
  std::string out;
  const Held<cairo_surface_t> surface(
      cairo_pdf_surface_create_for_stream(append, &out, kWidth, kHeight));
  cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_TITLE, title.c_str());
  cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATE_DATE, made.c_str());
  const Held<cairo_t> c(cairo_create(surface.get()));
  if (!draw_all(c.get(), surface.get())) return {};
  cairo_surface_finish(surface.get());
  if (cairo_surface_status(surface.get()) != CAIRO_STATUS_SUCCESS) return {};
  return out;
}

}  // namespace

std::string draw_pdf(const CopyPage& page) {
  return to_pdf(page.title, page.made, [&page](cairo_t* c, cairo_surface_t*) {
    if (!draw(c, page)) return false;
    cairo_show_page(c);
    return true;
  });
}

std::string draw_overlays(const CopyPage& page, const std::vector<PageSize>& sizes) {
  return to_pdf(page.title, page.made, [&](cairo_t* c, cairo_surface_t* surface) {
    for (const PageSize& size : sizes) {
      cairo_pdf_surface_set_size(surface, size.width, size.height);
      draw_watermark(c, page.watermark, size_of(size));
      draw_foot(c, page, size);
      cairo_show_page(c);
    }
    return cairo_status(c) == CAIRO_STATUS_SUCCESS;
  });
}

std::string draw_picture(Picture kind, const Bytes& file, const std::string& made) {
  const auto picture = open_picture(kind, file);
  if (cairo_surface_status(picture.get()) != CAIRO_STATUS_SUCCESS) return {};
  const double width = cairo_image_surface_get_width(picture.get());
  const double height = cairo_image_surface_get_height(picture.get());
  if (width < 1 || height < 1) return {};
  return to_pdf("", made, [&](cairo_t* c, cairo_surface_t* surface) {
    const bool across = width > height;
    const PageSize page{across ? kHeight : kWidth, across ? kWidth : kHeight};
    cairo_pdf_surface_set_size(surface, page.width, page.height);
    const double scale = std::min(page.width / width, page.height / height);
    cairo_translate(c, (page.width - width * scale) / 2, (page.height - height * scale) / 2);
    cairo_scale(c, scale, scale);
    cairo_set_source_surface(c, picture.get(), 0, 0);
    cairo_paint(c);
    cairo_show_page(c);
    return cairo_status(c) == CAIRO_STATUS_SUCCESS;
  });
}

}  // namespace lh::hub::exchange
