// What the page of a copy shows, from the released fields and the annotation. Pure. Private to
// hub/exchange.
#pragma once

#include "hub/exchange/copies/copy_rows.h"
#include "hub/exchange/copies/page.h"
#include "schemas/catalogue.h"

namespace lh::hub::exchange {

struct CopyFrame {
  schemas::Names type;
  std::vector<schemas::FieldDefinition> definitions;
  std::vector<std::string> released;
  std::string maker;  // name and USCC of the organisation
  std::string matter;
  CopyNote note;
  std::string number, made, expires;
  std::string check_url;
};
std::string copy_number(const Tag& tag);
// The last page of a copy of an original: what it is a copy of, and where it can be checked.
struct OriginalFrame {
  CopyFrame copy;
  std::string media_type, sha256;
  int pages = 1;
};
CopyPage cover_of(const OriginalFrame& frame);
CopyPage page_of(const schemas::Fields& fields, const CopyFrame& frame);

}  // namespace lh::hub::exchange
