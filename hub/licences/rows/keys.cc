#include "hub/licences/rows/keys.h"

namespace lh::hub::licences::rows {
namespace {

Bytes of_licence(char prefix, const LicenceKey& key) {
  return Bytes(1, prefix).append(view(key.value));
}

}  // namespace

Bytes head_key(const LicenceKey& key) {
  return of_licence('K', key);
}

Bytes version_key(const LicenceKey& key, int version) {
  Bytes out = of_licence('V', key);
  append_be16(out, static_cast<std::uint16_t>(version));
  return out;
}

Bytes fact_key(const LicenceKey& key, std::uint32_t number) {
  Bytes out = of_licence('H', key);
  append_be32(out, number);
  return out;
}

// The number of a licence of a natural person can be known elsewhere together with its holder: so
// the row is found by a keyed tag and the store does not tell which numbers there are.
Bytes number_key(const subjects::SubjectDirectory& directory, std::string_view licence_id) {
  return Bytes("N").append(view(directory.tag_of("licence_id", licence_id)));
}

Bytes alias_key(const subjects::SubjectDirectory& directory, std::string_view scheme,
                std::string_view value) {
  Bytes name(scheme);
  name.push_back('\0');
  name += value;
  return Bytes("A").append(view(directory.tag_of("alias", name)));
}

Bytes holding_prefix(SubjectNo subject, std::string_view type) {
  Bytes out("W");
  append_be64(out, subject.value);
  return out.append(type);
}

Bytes holding_key(SubjectNo subject, std::string_view type, const LicenceKey& key) {
  return holding_prefix(subject, type).append(view(key.value));
}

Bytes slot_prefix(std::uint32_t list) {
  Bytes out("U");
  append_be32(out, list);
  return out;
}

Bytes slot_key(std::uint32_t list, std::uint32_t index) {
  Bytes out = slot_prefix(list);
  append_be32(out, index);
  return out;
}

Bytes encode_numbered(const Numbered& n) {
  Bytes out(view(n.key.value));
  append_be16(out, static_cast<std::uint16_t>(n.version));
  return out;
}

Result<Numbered> decode_numbered(ByteView payload) {
  if (payload.size() != 18) return Error(Reason::kStoreCorrupt, "licence number row");
  return Numbered{LicenceKey{LH_TRY(to_array<16>(payload.substr(0, 16)))},
                  read_be16(payload.substr(16))};
}

}  // namespace lh::hub::licences::rows
