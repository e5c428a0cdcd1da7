// Where the rows of an XML file begin and end, found on its bytes: a broken row costs one row, and
// each row is read by itself (schemas/xml/xml_rows.h).
#pragma once

#include <optional>
#include <vector>

#include "adapters/file/byte_window.h"
#include "adapters/file/encoding.h"

namespace lh::adapters::file::formats {

struct XmlFrame {
  enum class Kind : std::uint8_t {
    kRow,      // from the start tag of a row element to its end tag
    kTooLong,  // its first max_bytes
    kCut,      // the file ends inside the row or inside the elements around it
    kStray     // what cannot stand there; the rest of the file cannot be understood
  };
  Kind kind = Kind::kRow;
  Bytes bytes;
};

class XmlFrames {
 public:
  // path: local names from the root to the row element, in bytes of the encoding.
  XmlFrames(ByteWindow& window, Encoding encoding, std::vector<Bytes> path, std::size_t max_bytes)
      : window_(window), encoding_(encoding), path_(std::move(path)), max_bytes_(max_bytes) {}

  // Reads up to the root element. Errors: source.answer (the declaration names another encoding or
  // version, a DOCTYPE, no root element), source.unavailable.
  Status start();
  // Consumes up to the end of the row. nullopt: the document has ended as it should. After kCut and
  // kStray there is nothing more. Errors: source.unavailable.
  Result<std::optional<XmlFrame>> next();
  // The start tags around the row, in bytes of the encoding: rows may use their namespaces.
  Bytes around() const;
  std::uint64_t around_version() const { return around_version_; }  // changes with around()

 private:
  enum class Kind : std::uint8_t {
    kText,
    kStartTag,
    kEmptyTag,
    kEndTag,
    kComment,  // and instructions
    kCdata,    // its opening only
    kDeclaration,
    kTooLong,  // one piece of markup longer than a row may be
    kCut,      // the file ends inside it
    kEnd
  };
  struct Token {
    Kind kind = Kind::kEnd;
    std::size_t bytes = 0;  // of the view
  };
  struct Open {
    Bytes name;
    Bytes tag;
    bool on_path = false;
  };

  Result<Token> look();  // at the window; nothing is consumed
  Result<Token> until(ByteView mark, std::size_t from);
  Result<Token> look_at_tag();
  Result<Token> look_at_markup();
  Status read_declaration();
  bool is_row(ByteView name) const;
  bool take_start(const Token& token);
  bool take_end(const Token& token);
  bool take_outer(const Token& token);
  Result<XmlFrame> take_row(Token token);
  Status take_cdata(Bytes* kept);
  void keep(Bytes* kept, std::size_t n);
  Result<std::optional<XmlFrame>> rest(XmlFrame::Kind kind);

  ByteWindow& window_;
  Encoding encoding_;
  std::vector<Bytes> path_;
  std::size_t max_bytes_;
  std::vector<Open> open_;
  std::uint64_t around_version_ = 0;
  bool root_seen_ = false;
  bool too_long_ = false;  // the row being taken
  bool ended_ = false;
};

}  // namespace lh::adapters::file::formats
