// 电子证照标识 (GB/T 36904): <OID>.<type 21>.<issuer 18>.<serial>.<version 3>.<check>.
#include <algorithm>
#include <cstdio>

#include "base/ids.h"

namespace lh {
namespace {

constexpr std::string_view kOid = "1.2.156.3005.2.";
constexpr std::size_t kTypeAt = kOid.size();
constexpr std::size_t kTypeSize = 21;
constexpr std::size_t kIssuerAt = kTypeAt + kTypeSize + 1;
constexpr std::size_t kIssuerSize = 18;
constexpr std::size_t kSerialAt = kIssuerAt + kIssuerSize + 1;
constexpr std::size_t kSerialMax = 32;  // the longest seen; the standard's own bound is not known
constexpr std::size_t kTailSize = 6;    // ".001.U"

bool alphanumeric(std::string_view text) {
  const auto fits = [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); };
  return !text.empty() && std::all_of(text.begin(), text.end(), fits);
}

struct Parts {
  std::string_view type;
  std::string_view issuer;
  std::string_view serial;
  std::string_view version;
  std::string_view check;
};

// The five parts after the OID, none with a dot in it.
Result<Parts> split(std::string_view text) {
  if (!text.starts_with(kOid)) return Error(Reason::kIdFormat, "OID 1.2.156.3005.2");
  text.remove_prefix(kOid.size());
  std::string_view parts[5];
  for (std::size_t i = 0; i < 4; ++i) {
    const auto dot = text.find('.');
    if (dot == std::string_view::npos) return Error(Reason::kIdFormat, "five parts");
    parts[i] = text.substr(0, dot);
    text.remove_prefix(dot + 1);
  }
  parts[4] = text;
  for (const auto part : parts) {
    if (!alphanumeric(part)) return Error(Reason::kIdFormat, "characters");
  }
  return Parts{parts[0], parts[1], parts[2], parts[3], parts[4]};
}

std::string joined(const Parts& p) {
  std::string out;
  for (const auto part : {p.type, p.issuer, p.serial, p.version}) out += part;
  return out;
}

bool is_version(std::string_view v) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  return v.size() == 3 && std::all_of(v.begin(), v.end(), digit) && v != "000";
}

}  // namespace

Result<LicenceTypeCode> parse_licence_type_code(std::string_view text) {
  if (text.size() != kTypeSize || !alphanumeric(text)) {
    return Error(Reason::kIdFormat, "licence type code: 21 characters");
  }
  LH_TRY(parse_uscc(text.substr(0, 18)));
  LicenceTypeCode code;
  code.text_ = text;
  return code;
}

Result<LicenceId> parse_licence_id(std::string_view text) {
  const Parts p = LH_TRY(split(text));
  if (p.type.size() != kTypeSize) return Error(Reason::kIdFormat, "type");
  if (p.serial.size() > kSerialMax) return Error(Reason::kIdFormat, "serial");
  if (!is_version(p.version)) return Error(Reason::kIdFormat, "version");
  if (p.check.size() != 1) return Error(Reason::kIdFormat, "check character");
  // Over type, issuer, serial and version without OID and dots. Some software of the field values
  // A as 11; its identifiers end here.
  if (mod37_36(joined(p)) != p.check[0]) return Error(Reason::kIdCheckDigit, "MOD 37,36");
  LH_TRY(parse_licence_type_code(p.type));
  if (!parse_uscc(p.issuer).ok()) return Error(Reason::kIdIssuer);
  LicenceId id;
  id.text_ = text;
  return id;
}

Result<LicenceId> make_licence_id(const LicenceTypeCode& type, const Uscc& issuer,
                                  std::string_view serial, int version) {
  if (version < 1 || version > 999) return Error(Reason::kIdFormat, "version");
  char number[16];
  std::snprintf(number, sizeof number, "%03d", version);
  const Parts p{type.text(), issuer.text(), serial, number, {}};
  const auto check = mod37_36(joined(p));
  if (!check) return Error(Reason::kIdFormat, "characters");
  std::string text(kOid);
  for (const auto part : {p.type, p.issuer, p.serial, p.version}) (text += part) += '.';
  text += *check;
  return parse_licence_id(text);
}

// An identifier that was never parsed is empty and so are its parts.
std::string_view LicenceId::type() const {
  return text_.empty() ? std::string_view() : std::string_view(text_).substr(kTypeAt, kTypeSize);
}

std::string_view LicenceId::issuer() const {
  if (text_.empty()) return {};
  return std::string_view(text_).substr(kIssuerAt, kIssuerSize);
}

std::string_view LicenceId::serial() const {
  if (text_.empty()) return {};
  return std::string_view(text_).substr(kSerialAt, text_.size() - kSerialAt - kTailSize);
}

int LicenceId::version() const {
  if (text_.empty()) return 0;
  const std::string_view v = std::string_view(text_).substr(text_.size() - kTailSize + 1, 3);
  return (v[0] - '0') * 100 + (v[1] - '0') * 10 + (v[2] - '0');
}

}  // namespace lh
