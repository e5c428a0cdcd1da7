// Files as departments hand them in, made here byte by byte; and hostile ones. Nobody's papers.
#pragma once

#include <zlib.h>

#include <string>
#include <vector>

#include "base/bytes.h"

namespace lh::kits {

// A PDF of objects 1, 2, 3 … as they are given; the first one is the catalogue.
inline Bytes pdf_of_objects(const std::vector<std::string>& objects, std::string trailer = {}) {
  Bytes out = "%PDF-1.6\n";
  std::vector<std::size_t> at;
  for (std::size_t i = 0; i < objects.size(); ++i) {
    at.push_back(out.size());
    out += std::to_string(i + 1) + " 0 obj\n" + objects[i] + "\nendobj\n";
  }
  const std::size_t table = out.size();
  const std::string count = std::to_string(objects.size() + 1);
  out += "xref\n0 " + count + "\n0000000000 65535 f \n";
  for (const std::size_t offset : at) {
    std::string digits = std::to_string(offset);
    out += std::string(10 - digits.size(), '0') + digits + " 00000 n \n";
  }
  out += "trailer\n<</Size " + count + "/Root 1 0 R" + trailer + ">>\nstartxref\n";
  return out + std::to_string(table) + "\n%%EOF\n";
}

inline std::string pdf_stream(const std::string& content, const std::string& more = {}) {
  return "<</Length " + std::to_string(content.size()) + more + ">>\nstream\n" + content +
         "\nendstream";
}

struct PdfShape {
  int pages = 1;
  std::string catalogue;  // more entries
  std::string page;       // more entries of each page
  std::string content = "0.5 g 100 100 50 50 re f % original-mark";
  std::vector<std::string> more;  // objects; the first one is number 4 + pages
};
// Objects: 1 catalogue, 2 page tree, 3 content, then the pages.
inline Bytes pdf_file(const PdfShape& shape = {}) {
  std::string kids;
  std::vector<std::string> pages;
  for (int i = 0; i < shape.pages; ++i) {
    kids += std::to_string(4 + i) + " 0 R ";
    pages.push_back("<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 400]/Contents 3 0 R" + shape.page +
                    ">>");
  }
  std::vector<std::string> all = {
      "<</Type/Catalog/Pages 2 0 R" + shape.catalogue + ">>",
      "<</Type/Pages/Count " + std::to_string(shape.pages) + "/Kids[" + kids + "]>>",
      pdf_stream(shape.content)};
  all.insert(all.end(), pages.begin(), pages.end());
  all.insert(all.end(), shape.more.begin(), shape.more.end());
  return pdf_of_objects(all);
}

inline Bytes png_chunk(const std::string& type, const Bytes& data) {
  Bytes out, covered = type + data;
  append_be32(out, static_cast<std::uint32_t>(data.size()));
  out += covered;
  append_be32(out,
              static_cast<std::uint32_t>(crc32(0, reinterpret_cast<const Bytef*>(covered.data()),
                                               static_cast<uInt>(covered.size()))));
  return out;
}
inline Bytes deflated(const Bytes& plain) {
  uLongf size = compressBound(plain.size());
  Bytes out(size, '\0');
  compress(reinterpret_cast<Bytef*>(out.data()), &size,
           reinterpret_cast<const Bytef*>(plain.data()), plain.size());
  out.resize(size);
  return out;
}
// 8-bit grey; `says` is the size of the header, the picture itself is width × height.
inline Bytes png_file(std::uint32_t width, std::uint32_t height, std::uint32_t says_width = 0) {
  Bytes header;
  append_be32(header, says_width == 0 ? width : says_width);
  append_be32(header, height);
  header += Bytes("\x08\x00\x00\x00\x00", 5);
  Bytes rows;
  for (std::uint32_t y = 0; y < height; ++y) rows += '\0' + Bytes(width, static_cast<char>(y));
  return Bytes("\x89PNG\r\n\x1a\n") + png_chunk("IHDR", header) +
         png_chunk("IDAT", deflated(rows)) + png_chunk("IEND", {});
}

inline Bytes jpeg_file(std::uint16_t width, std::uint16_t height) {
  Bytes out("\xff\xd8\xff\xe0\x00\x04\x4a\x46", 8);
  out += Bytes("\xff\xc0\x00\x0b\x08", 5);
  append_be16(out, height);
  append_be16(out, width);
  out += Bytes("\x01\x01\x11\x00", 4);
  out += Bytes("\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00", 10);
  return out + Bytes("\x12\xff\x00\x34\xff\xd9", 6);
}

}  // namespace lh::kits
