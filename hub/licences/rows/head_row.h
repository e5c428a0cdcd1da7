// The head row in bytes. Private to hub/licences.
#pragma once

#include "hub/licences/licence_store.h"

namespace lh::hub::licences::rows {

// An index of 0 in a version or a fact means "recorded by the change that writes this row"; reading
// puts the commit index of the row there.
Bytes encode_head(const LicenceHead& head);
// Input: the stored value with its prefix. Errors: store.corrupt.
Result<LicenceHead> decode_head(const LicenceKey& key, ByteView stored);
// Copies what the newest version says to the head's own members.
void show_newest(LicenceHead& head);

}  // namespace lh::hub::licences::rows
