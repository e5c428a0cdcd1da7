// The one place that knows cairo, pango and libqrencode.
#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <qrencode.h>

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

// Draws at the current point; gives the height it took.
double write(cairo_t* c, const std::string& text, Text how) {
  const Held<PangoLayout> layout(pango_cairo_create_layout(c));
  const Held<PangoFontDescription> font(pango_font_description_from_string(kFont));
  pango_font_description_set_absolute_size(font.get(), how.size * PANGO_SCALE);
  pango_layout_set_font_description(layout.get(), font.get());
  pango_layout_set_width(layout.get(), static_cast<int>(how.width * PANGO_SCALE));
  pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
  pango_layout_set_text(layout.get(), text.data(), static_cast<int>(text.size()));
  pango_cairo_show_layout(c, layout.get());
  int height = 0;
  pango_layout_get_size(layout.get(), nullptr, &height);
  return static_cast<double>(height) / PANGO_SCALE;
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
void draw_watermark(cairo_t* c, const std::string& text) {
  cairo_save(c);
  cairo_set_source_rgba(c, 0.75, 0.1, 0.1, 0.16);
  cairo_rotate(c, -0.5);
  for (double y = -kHeight / 4; y < kHeight * 1.4; y += 74) {
    cairo_move_to(c, -kWidth * 0.7, y);
    write(c, text + "   " + text + "   " + text, {13, 4000});
  }
  cairo_restore(c);
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
  draw_watermark(c, page.watermark);
  return cairo_status(c) == CAIRO_STATUS_SUCCESS;
}

}  // namespace

std::string draw_pdf(const CopyPage& page) {
  std::string out;
  {
    const Held<cairo_surface_t> surface(
        cairo_pdf_surface_create_for_stream(append, &out, kWidth, kHeight));
    cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_TITLE, page.title.c_str());
    cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATE_DATE,
                                   page.made.c_str());
    const Held<cairo_t> c(cairo_create(surface.get()));
    if (!draw(c.get(), page)) return {};
    cairo_show_page(c.get());
    cairo_surface_finish(surface.get());
    if (cairo_surface_status(surface.get()) != CAIRO_STATUS_SUCCESS) return {};
  }
  return out;
}

}  // namespace lh::hub::exchange
