#include "schemas/sd_jwt_json.h"

#include <algorithm>
#include <array>

#include "base/limits.h"

namespace lh::schemas {
namespace {

constexpr std::size_t kHeaderBytes = 256U
                                     << 10U;  // eight certificates of 16 KiB in base64, and names

constexpr std::int64_t kLargestInteger = (std::int64_t{1} << 53) - 1;  // RFC 8259 section 6

Error bad_header(std::string_view why) {
  return Error(Reason::kJwsHeader, std::string(why));
}

// Members that bring a key along or change how the bytes are read (RFC 7515 section 4.1,
// RFC 7797 section 3). x5u too: the verifier never fetches what a message tells it to.
constexpr std::array<std::string_view, 8> kRefused = {"crit", "b64", "jku", "jwk",
                                                      "x5u",  "zip", "enc", "epk"};

Status read_text(const Json& header, std::string_view name, std::string& out) {
  const Json* value = header.find(name);
  if (value == nullptr) return {};
  if (value->string() == nullptr || value->string()->empty() || value->string()->size() > 256) {
    return bad_header(std::string(name) + " is not a short text");
  }
  out = *value->string();
  return {};
}

// RFC 7515 section 4.1.6: base64 (not base64url) of DER, the signer's certificate first.
Status read_x5c(const Json& header, std::vector<std::string>& out) {
  const Json* value = header.find("x5c");
  if (value == nullptr) return {};
  if (value->items() == nullptr || value->items()->empty() ||
      value->items()->size() > limits::kChainCertificates) {
    return bad_header("x5c is not a list of 1.." + std::to_string(limits::kChainCertificates));
  }
  for (const Json& item : *value->items()) {
    const std::string* text = item.string();
    if (text == nullptr) return bad_header("x5c holds something other than text");
    const auto der = parse_base64(*text);
    if (!der.ok() || der->empty() || der->size() > limits::kCertificateBytes) {
      return bad_header("x5c holds something other than a certificate in base64");
    }
    out.push_back(*text);
  }
  return {};
}

// "none" in any spelling (RFC 7518 section 3.6) and the MAC algorithms, whose key would have to be
// shared with the verifier, end here; which of the others fits is decided by the key.
bool is_refused_algorithm(std::string alg) {
  std::transform(alg.begin(), alg.end(), alg.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return alg == "none" || alg.starts_with("hs");
}

}  // namespace

std::string sd_jwt_header(std::string_view alg, std::string_view typ,
                          const std::vector<std::string>& x5c) {
  Json header = Json::object();
  header.set("alg", alg).set("typ", typ);
  if (!x5c.empty()) {
    Json list = Json::array();
    for (const std::string& certificate : x5c) list.push(certificate);
    header.set("x5c", std::move(list));
  }
  return to_text(header);
}

// RFC 9901 section 4.2.1: the text is encoded once and these bytes are what is hashed and shown.
std::string disclosure_text(std::string_view salt, std::string_view name, const Json& value) {
  std::string text = "[";
  append_json_string(text, salt);
  text += ',';
  append_json_string(text, name);
  text += ',';
  if (const std::string* plain = value.string()) {
    append_json_string(text, *plain);
  } else {
    text += to_text(value);
  }
  text += ']';
  return to_base64url(text);
}

std::string sd_jwt_payload(const SdJwtPayload& p) {
  LH_CHECK(std::is_sorted(p.sd.begin(), p.sd.end()), "digests in order (RFC 9901 section 4.2.4.1)");
  std::string out;
  out.reserve(512 + 48 * p.sd.size());
  const auto text = [&out](std::string_view name, std::string_view value) {
    out += name;
    append_json_string(out, value);
  };
  const auto number = [&out](std::string_view name, std::int64_t value) {
    LH_CHECK(value >= -kLargestInteger && value <= kLargestInteger, "a JSON integer beyond 2^53");
    out.append(name).append(std::to_string(value));
  };
  text("{\"iss\":", p.iss);
  text(",\"vct\":", p.vct);
  number(",\"iat\":", p.iat);
  number(",\"nbf\":", p.nbf);
  text(",\"licence_id\":", p.licence_id);
  number(",\"version\":", p.version);
  number(",\"status\":{\"status_list\":{\"idx\":", static_cast<std::int64_t>(p.status_index));
  text(",\"uri\":", p.status_uri);
  out += "}},\"_sd_alg\":\"sha-256\",\"_sd\":[";
  for (std::size_t i = 0; i < p.sd.size(); ++i) text(i == 0 ? "" : ",", p.sd[i]);
  return out += "]}";
}

Result<JoseHeader> parse_jose_header(std::string_view json) {
  const auto parsed = parse_json(json, kHeaderBytes);
  if (!parsed.ok()) return bad_header(parsed.error().id());
  const Json& header = *parsed;
  if (header.members() == nullptr) return bad_header("not an object");
  for (const auto name : kRefused) {
    if (header.find(name) != nullptr) return bad_header(std::string(name) + " is not accepted");
  }
  JoseHeader out;
  for (const Status& s : {read_text(header, "alg", out.alg), read_text(header, "typ", out.typ),
                          read_text(header, "kid", out.kid), read_x5c(header, out.x5c)}) {
    if (!s.ok()) return s.error();
  }
  if (out.alg.empty()) return bad_header("alg is missing");
  if (is_refused_algorithm(out.alg)) return Error(Reason::kAlgorithmRefused, "not a signature");
  return out;
}

}  // namespace lh::schemas
