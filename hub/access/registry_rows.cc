#include "hub/access/registry_rows.h"

#include "base/cbor.h"

namespace lh::hub::access {
namespace {

Error corrupt(const char* what) {
  return Error(Reason::kStoreCorrupt, what);
}

Result<State> read_state(CborReader& r) {
  const std::uint64_t n = LH_TRY(r.read_uint());
  if (n != 1 && n != 2) return corrupt("state");
  return static_cast<State>(n);
}

Result<Uscc> read_uscc(CborReader& r) {
  auto uscc = parse_uscc(LH_TRY(r.read_text()));
  if (!uscc.ok()) return corrupt("USCC");
  return std::move(uscc).value();
}

Result<std::set<Role>> read_roles(CborReader& r) {
  std::set<Role> out;
  const std::uint64_t n = LH_TRY(r.read_array());
  for (std::uint64_t i = 0; i < n; ++i) {
    const std::uint64_t number = LH_TRY(r.read_uint());
    const auto role = static_cast<Role>(number);
    if (number > 255 || role_text(role) == "unknown") return corrupt("role");
    if (!out.insert(role).second) return corrupt("a role twice");
  }
  return out;
}

template <std::size_t N>
Result<std::array<std::uint8_t, N>> read_array(CborReader& r) {
  auto bytes = to_array<N>(LH_TRY(r.read_bytes()));
  if (!bytes.ok()) return corrupt("byte length");
  return *bytes;
}

Bytes row_key(char prefix, ByteView rest) {
  return Bytes(1, prefix).append(rest);
}

}  // namespace

Bytes organisation_row(const Uscc& uscc) {
  return row_key(kOrganisationPrefix, uscc.text());
}
Bytes system_row(const SystemId& id) {
  return row_key(kSystemPrefix, view(id.value));
}
Bytes certificate_row(const Digest& fingerprint) {
  return row_key(kCertificatePrefix, view(fingerprint));
}

Bytes encode_organisation(const Organisation& o) {
  CborWriter w;
  w.array(6);
  w.text(o.uscc.text());
  w.text(o.name);
  w.text(o.division);
  w.text(o.parent ? o.parent->text() : std::string());
  w.uint(static_cast<std::uint64_t>(o.state));
  w.uint(static_cast<std::uint64_t>(o.case_feed));
  return w.take();
}

Result<Organisation> decode_organisation(ByteView bytes) {
  CborReader r(bytes);
  const std::uint64_t members = LH_TRY(r.read_array());
  if (members != 5 && members != 6) return corrupt("organisation");  // 5: before case feeds
  Organisation o;
  o.uscc = LH_TRY(read_uscc(r));
  o.name = LH_TRY(r.read_text());
  o.division = LH_TRY(r.read_text());
  const auto parent = LH_TRY(r.read_text());
  if (!parent.empty()) {
    const auto uscc = parse_uscc(parent);
    if (!uscc.ok()) return corrupt("parent");
    o.parent = *uscc;
  }
  o.state = LH_TRY(read_state(r));
  if (members == 6) {
    const std::uint64_t feed = LH_TRY(r.read_uint());
    if (feed != 1 && feed != 2) return corrupt("case feed");
    o.case_feed = static_cast<CaseFeed>(feed);
  }
  LH_TRY(r.finish());
  return o;
}

Bytes encode_system(const System& s) {
  CborWriter w;
  w.array(6);
  w.bytes(view(s.id.value));
  w.text(s.organisation.text());
  w.text(s.name);
  w.array(s.roles.size());
  for (const Role role : s.roles) w.uint(static_cast<std::uint64_t>(role));
  w.uint(static_cast<std::uint64_t>(s.state));
  w.array(s.certificates.size());
  for (const Digest& c : s.certificates) w.bytes(view(c));
  return w.take();
}

Result<System> decode_system(ByteView bytes) {
  CborReader r(bytes);
  if (LH_TRY(r.read_array()) != 6) return corrupt("system");
  System s;
  s.id.value = LH_TRY(read_array<16>(r));
  s.organisation = LH_TRY(read_uscc(r));
  s.name = LH_TRY(r.read_text());
  s.roles = LH_TRY(read_roles(r));
  s.state = LH_TRY(read_state(r));
  const std::uint64_t n = LH_TRY(r.read_array());
  for (std::uint64_t i = 0; i < n; ++i) s.certificates.push_back(LH_TRY(read_array<32>(r)));
  LH_TRY(r.finish());
  return s;
}

Bytes encode_certificate(const CertificateRow& c) {
  Bytes out(1, static_cast<char>(c.state));
  return out.append(view(c.system.value));
}

Result<CertificateRow> decode_certificate(ByteView bytes) {
  if (bytes.size() != 17) return corrupt("certificate row");
  const auto state = static_cast<std::uint8_t>(bytes[0]);
  if (state != 1 && state != 2) return corrupt("certificate row");
  return CertificateRow{static_cast<CertificateState>(state),
                        SystemId{LH_TRY(to_array<16>(bytes.substr(1)))}};
}

}  // namespace lh::hub::access
