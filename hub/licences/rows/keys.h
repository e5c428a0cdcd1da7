// Keys of the rows of licences (docs/formats/keys.md). Private to hub/licences.
#pragma once

#include "hub/licences/licence_store.h"

namespace lh::hub::licences::rows {

Bytes head_key(const LicenceKey& key);
Bytes version_key(const LicenceKey& key, int version);
Bytes fact_key(const LicenceKey& key, std::uint32_t number);
Bytes number_key(const subjects::SubjectDirectory& directory, std::string_view licence_id);
Bytes alias_key(const subjects::SubjectDirectory& directory, std::string_view scheme,
                std::string_view value);
Bytes holding_prefix(SubjectNo subject, std::string_view type);
Bytes holding_key(SubjectNo subject, std::string_view type, const LicenceKey& key);
Bytes slot_prefix(std::uint32_t list);
Bytes slot_key(std::uint32_t list, std::uint32_t index);

// The value of number and slot rows.
Bytes encode_numbered(const Numbered& n);
Result<Numbered> decode_numbered(ByteView payload);  // store.corrupt

}  // namespace lh::hub::licences::rows
