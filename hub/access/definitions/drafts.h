// How a change of the catalogue stands in the store (docs/formats/keys.md).
#pragma once

#include "hub/access/definitions/kinds.h"

namespace lh::hub::access {

Bytes definition_row(ObjectKind kind, std::string_view id, int version);
// kind, id and version of a definition row; store.corrupt.
struct DefinitionKey {
  ObjectKind kind = ObjectKind::kLicenceType;
  std::string_view id;
  int version = 0;
};
Result<DefinitionKey> parse_definition_row(ByteView key);
Bytes draft_row(const ChangeId& id);
Bytes closed_row(const ChangeId& id);
Bytes encode_draft(const Draft& d);
Result<Draft> decode_draft(const ChangeId& id, ByteView bytes);

}  // namespace lh::hub::access
