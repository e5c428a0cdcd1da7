#include "hub/licences/sd_jwt/sd_jwt.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/limits.h"
#include "crypto/digest.h"

namespace lh::hub::licences::sd_jwt {
namespace {

using schemas::Json;

Error malformed(std::string_view why) {
  return Error(Reason::kSdJwtMalformed, std::string(why));
}

constexpr std::array<std::string_view, 10> kPlainOnly = {
    "iss", "nbf", "exp", "iat", "cnf", "vct", "vct#integrity", "status", "licence_id", "version"};

struct Opened {
  bool element = false;  // [salt, value]: of an array; else [salt, name, value]
  bool used = false;
  std::string name;
  Json value;
};

// RFC 9901 section 4.2.1 and 4.2.2: exactly three, or exactly two members.
Result<Opened> open_disclosure(std::string_view text) {
  const auto bytes = parse_base64url(text);
  if (!bytes.ok()) return malformed("a disclosure is not base64url");
  Json json = LH_TRY(schemas::parse_json(*bytes, limits::kJsonBodyBytes));
  Json::Array* items = json.items();
  if (items == nullptr || (items->size() != 2 && items->size() != 3)) {
    return malformed("a disclosure is not a list of two or three");
  }
  if ((*items)[0].string() == nullptr) return malformed("the salt of a disclosure is not text");
  Opened out;
  out.element = items->size() == 2;
  if (!out.element) {
    const std::string* name = (*items)[1].string();
    if (name == nullptr) return malformed("the name in a disclosure is not text");
    if (*name == "_sd" || *name == "..." || *name == "_sd_alg") {
      return Error(Reason::kSdJwtClaim, "a disclosure of a reserved name");
    }
    out.name = *name;
  }
  out.value = std::move(items->back());
  return out;
}

// Puts disclosures where their digests stand, from the payload downwards.
class Unpacker {
 public:
  Unpacker(std::map<std::string, Opened> opened, Reserved reserved)
      : opened_(std::move(opened)), reserved_(reserved) {}

  Result<Json> payload(const Json::Object& members) {
    Json out = LH_TRY(object(members, 0));
    const bool all = std::all_of(opened_.begin(), opened_.end(),
                                 [](const auto& entry) { return entry.second.used; });
    if (!all) return Error(Reason::kSdJwtUnreferenced);  // section 7.1, step 5
    return out;
  }

 private:
  Result<Json> any(const Json& value, int depth) {
    if (depth > limits::kJsonDepth) return Error(Reason::kJsonDepth, "through disclosures");
    if (value.members() != nullptr) return object(*value.members(), depth);
    if (value.items() != nullptr) return array(*value.items(), depth);
    return value;
  }

  Result<Json> object(const Json::Object& members, int depth) {
    Json::Object out;
    const Json* digests = nullptr;
    for (const auto& [name, value] : members) {
      if (name == "_sd") {
        digests = &value;
      } else if (name == "...") {
        return malformed("\"...\" outside an array element");
      } else if (name != "_sd_alg") {
        out.emplace_back(name, LH_TRY(any(value, depth + 1)));
      } else if (depth > 0) {
        return Error(Reason::kSdJwtClaim, "_sd_alg below the top level");
      }
    }
    if (digests != nullptr) LH_TRY(add_disclosed(*digests, depth, out));
    return Json(std::move(out));
  }

  Status add_disclosed(const Json& digests, int depth, Json::Object& out) {
    if (digests.items() == nullptr) return malformed("_sd is not a list");
    for (const Json& digest : *digests.items()) {
      Opened* opened = LH_TRY(take(digest));
      if (opened == nullptr) continue;  // withheld, or a decoy
      if (opened->element) return malformed("an array element stands in _sd");
      LH_TRY(check_name(opened->name, depth, out));
      Json value = LH_TRY(any(opened->value, depth + 1));
      out.emplace_back(opened->name, std::move(value));
    }
    return ok_status();
  }

  Status check_name(const std::string& name, int depth, const Json::Object& out) const {
    const bool there = std::any_of(out.begin(), out.end(),
                                   [&name](const Json::Member& m) { return m.first == name; });
    if (there) return Error(Reason::kSdJwtClaim, "a disclosure would replace a claim");
    const bool plain_only =
        std::find(kPlainOnly.begin(), kPlainOnly.end(), name) != kPlainOnly.end();
    if (depth == 0 && reserved_ == Reserved::kLicence && plain_only) {
      return Error(Reason::kSdJwtClaim, "a disclosure of a claim that must be plain");
    }
    return ok_status();
  }

  Result<Json> array(const Json::Array& items, int depth) {
    Json::Array out;
    for (const Json& item : items) {
      const Json* digest = item.find("...");
      if (digest == nullptr) {
        out.push_back(LH_TRY(any(item, depth + 1)));
        continue;
      }
      if (item.members()->size() != 1) return malformed("\"...\" is not alone");
      const Opened* opened = LH_TRY(take(*digest));
      if (opened == nullptr) continue;
      if (!opened->element) return malformed("a named disclosure stands in an array");
      out.push_back(LH_TRY(any(opened->value, depth + 1)));
    }
    return Json(std::move(out));
  }

  // Section 7.1, step 4: no digest appears twice, decoys included.
  Result<Opened*> take(const Json& digest) {
    const std::string* text = digest.string();
    if (text == nullptr) return malformed("a digest is not text");
    if (!seen_.insert(*text).second) return Error(Reason::kSdJwtRepeated);
    const auto it = opened_.find(*text);
    if (it == opened_.end()) return static_cast<Opened*>(nullptr);
    it->second.used = true;
    return &it->second;
  }

  std::map<std::string, Opened> opened_;
  std::set<std::string> seen_;
  Reserved reserved_;
};

}  // namespace

Result<Parts> split(std::string_view text) {
  if (text.size() > limits::kDocumentBytes) return Error(Reason::kInputTooLarge, "SD-JWT");
  const std::size_t first = text.find('~');
  if (first == std::string_view::npos) return malformed("no tilde");
  Parts out;
  out.jwt = text.substr(0, first);
  std::string_view rest = text.substr(first + 1);
  for (std::size_t end = rest.find('~'); end != std::string_view::npos; end = rest.find('~')) {
    if (end == 0) return malformed("an empty disclosure");
    if (out.disclosures.size() == limits::kSdJwtDisclosures) {
      return Error(Reason::kInputTooLarge, "disclosures");
    }
    out.disclosures.push_back(rest.substr(0, end));
    rest.remove_prefix(end + 1);
  }
  out.key_binding = rest;
  return out;
}

Result<Processed> process(const Json& payload, const std::vector<std::string_view>& disclosures,
                          Reserved reserved) {
  if (payload.members() == nullptr) return malformed("the payload is not an object");
  if (const Json* alg = payload.find("_sd_alg")) {
    if (alg->string() == nullptr) return malformed("_sd_alg is not text");
    if (*alg->string() != "sha-256") return Processed{Json::object(), "_sd_alg"};
  }
  std::map<std::string, Opened> opened;
  for (const auto text : disclosures) {
    Opened one = LH_TRY(open_disclosure(text));
    std::string digest = to_base64url(view(crypto::sha256(text)));
    if (!opened.emplace(std::move(digest), std::move(one)).second) {
      return Error(Reason::kSdJwtRepeated, "the same disclosure twice");
    }
  }
  Json claims = LH_TRY(Unpacker(std::move(opened), reserved).payload(*payload.members()));
  return Processed{std::move(claims), {}};
}

}  // namespace lh::hub::licences::sd_jwt
