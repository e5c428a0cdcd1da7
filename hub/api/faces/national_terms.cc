#include "hub/api/faces/national_terms.h"

#include <array>

#include "base/limits.h"

namespace lh::hub::api::faces::national {
namespace {

using schemas::Json;

std::string text_at(const Json* object, std::string_view name) {
  const Json* member = object == nullptr ? nullptr : object->find(name);
  return member != nullptr && member->string() != nullptr ? *member->string() : std::string();
}

struct StatusOf {
  std::string_view start;  // of a reason id
  Head head;
};
// The first that fits.
constexpr std::array kHeads = {
    StatusOf{"id.unknown_scheme", Head::kHolderType},
    StatusOf{"caller.", Head::kNotAuthenticated},
    StatusOf{"reference.unknown", Head::kNotAuthenticated},  // a token that is not good
    StatusOf{"role.missing", Head::kNoPermission},
    StatusOf{"rule.", Head::kNoPermission},
    StatusOf{"scope.", Head::kNoPermission},
    StatusOf{"consent.missing", Head::kNoPermission},
    StatusOf{"purpose.not_registered", Head::kNoPermission},
    StatusOf{"purpose.missing", Head::kParameterEmpty},
    StatusOf{"licence.unknown", Head::kNotFound},
    StatusOf{"subject.unknown", Head::kNotFound},
    StatusOf{"case.unknown", Head::kNotFound},
    StatusOf{"json.", Head::kParameterEmpty},
    StatusOf{"id.", Head::kParameterEmpty},
    StatusOf{"input.", Head::kParameterEmpty},
    StatusOf{"http.media_type", Head::kParameterEmpty},
};

Verified ended_as(const std::string& reason) {
  if (reason == "status.not_active" || reason == "status.not_yet_valid") {
    return Verified::kNotActivated;
  }
  return reason == "status.suspended" ? Verified::kSuspended : Verified::kNoLongerValid;
}

}  // namespace

Result<std::string> access_id_of(const Json& body) {
  return LH_TRY(LH_TRY(Members::open(body, "")).object("head")).line("accessId", 64);
}

Result<Access> access_of(const Json& body) {
  const auto head = LH_TRY(LH_TRY(Members::open(body, "")).object("head"));
  return Access{LH_TRY(head.line("accessId", 64)), LH_TRY(head.line("accessToken", 256))};
}

Result<IdScheme> scheme_of(std::string_view holder_type, std::string where) {
  if (holder_type == "111") return IdScheme::kResidentId;
  if (holder_type == "001") return IdScheme::kUscc;
  if (holder_type == "414") return IdScheme::kPassport;
  return Error(Reason::kIdScheme, std::move(where));
}

Result<CertInfo> cert_info_of(const Json& body) {
  const auto data = LH_TRY(LH_TRY(Members::open(body, "")).object("data"));
  CertInfo out;
  const std::string code = LH_TRY(data.line("holderCode", 64));
  const std::string type = LH_TRY(data.line("holderTypeCode", 8));
  const IdScheme scheme = LH_TRY(scheme_of(type, data.path("holderTypeCode")));
  auto holder = parse_subject_id(scheme, code);
  if (!holder.ok()) return Error(holder.error().reason(), data.path("holderCode"));
  out.holder = std::move(*holder);
  out.licence_id = LH_TRY(data.optional_line("certIdentifier", 128));
  if (!out.licence_id.empty()) return out;
  out.number = LH_TRY(data.line("certNo", 128));
  if (parse_licence_id(out.number).ok()) {
    out.licence_id = std::exchange(out.number, {});
    return out;
  }
  out.type = LH_TRY(data.line("certTypeCode", 32));  // a number is one of its type only
  return out;
}

Error refuse_data(const Json& body) {
  const auto read = [&body]() -> Status {
    const auto data = LH_TRY(LH_TRY(Members::open(body, "")).object("data"));
    LH_TRY(data.line("holderCode", 64));
    LH_TRY(data.line("holderTypeCode", 8));
    LH_TRY(data.line("certTypeCode", 32));
    const auto use = LH_TRY(data.object("useCause"));
    LH_TRY(use.line("certificateCopyCause", 512));
    LH_TRY(use.line("certificateEventCode", 36));
    return ok_status();
  };
  const Status whole = read();
  if (!whole.ok()) return whole.error();
  return Error(
      Reason::kPurposeMissing,
      "data.useCause: business number and operator, for which this interface has no member");
}

Head head_of(const Refusal& refusal) {
  if (refusal.reason == "json.missing_member") {
    if (refusal.detail == "data.certNo") return Head::kCertNoEmpty;
    if (refusal.detail == "data.holderCode") return Head::kHolderCodeEmpty;
    if (refusal.detail.starts_with("head.")) return Head::kNotAuthenticated;
  }
  for (const auto& known : kHeads) {
    if (refusal.reason.starts_with(known.start)) return known.head;
  }
  return Head::kNotOffered;  // the hub or a source cannot answer now, or never
}

std::optional<Verified> result_of(const Refusal& refusal, const Json& body) {
  const Head head = head_of(refusal);
  const bool empty =
      head == Head::kParameterEmpty || head == Head::kCertNoEmpty || head == Head::kHolderCodeEmpty;
  if (!empty) return std::nullopt;
  if (refusal.reason.starts_with("id.")) return Verified::kPartlyWrong;
  const Json* data = body.find("data");
  for (const char* name : {"certNo", "certIdentifier", "certTypeCode", "holderCode"}) {
    if (!text_at(data, name).empty()) return Verified::kNotEnough;
  }
  return Verified::kNoParameters;
}

Verified result_of(const Json& verdicts) {
  const auto said = [&verdicts](std::string_view of, std::string_view what) {
    return text_at(verdicts.find(of), what);
  };
  // The hub answers an unknown number and somebody else's number alike, so that numbers cannot be
  // tried out: "partly wrong" is not told from "no such licence".
  if (said("status", "verdict") == "indeterminate") return Verified::kNoSuchLicence;
  if (said("integrity", "verdict") == "invalid" || said("issuer", "verdict") == "invalid") {
    return Verified::kPartlyWrong;
  }
  if (said("status", "verdict") == "invalid") return ended_as(said("status", "reason"));
  const bool certain = said("integrity", "verdict") == "valid" &&
                       said("issuer", "verdict") == "valid" && said("status", "verdict") == "valid";
  return certain ? Verified::kValid : Verified::kNotEnough;
}

Json reply(Head head, const std::string& message, Json data) {
  Json first = Json::object();
  first.set("status", static_cast<int>(head)).set("message", message);
  Json j = Json::object();
  j.set("head", std::move(first)).set("data", std::move(data));
  return j;
}

}  // namespace lh::hub::api::faces::national
