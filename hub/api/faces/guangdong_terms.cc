#include "hub/api/faces/guangdong_terms.h"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "base/limits.h"

namespace lh::hub::api::faces::guangdong {
namespace {

using schemas::Json;

std::string text_at(const Json& object, std::string_view name) {
  const Json* member = object.find(name);
  return member != nullptr && member->string() != nullptr ? *member->string() : std::string();
}

// What the purpose is made of: missing means that the purpose is not stated.
Result<std::string> stated(const Members& from, std::string_view name, std::size_t max_bytes) {
  auto text = from.line(name, max_bytes);
  if (!text.ok() && text.error().reason() == Reason::kJsonMissingMember) {
    return Error(Reason::kPurposeMissing, from.path(name));
  }
  return text;
}

// Numbers come as numbers or as digits.
Result<std::size_t> count_at(const Json& data, const char* name, std::size_t otherwise) {
  const Json* member = data.find(name);
  if (member == nullptr || member->is_null()) return otherwise;
  std::int64_t number = 0;
  if (const auto* integer = member->integer()) {
    number = *integer;
  } else if (const std::string* text = member->string()) {
    const char* end = text->data() + text->size();
    const auto read = std::from_chars(text->data(), end, number);
    if (text->empty() || read.ec != std::errc() || read.ptr != end) number = 0;
  }
  constexpr std::int64_t kMost = 10000;
  if (number < 1 || number > kMost) {
    return Error(Reason::kJsonValue, std::string("data.") + name);
  }
  return static_cast<std::size_t>(number);
}

// The division the operator works in, where it is one; it only scopes, so 9 of 12 digits will do.
Result<std::string> region_of(const Members& officer) {
  std::string code = LH_TRY(officer.optional_line("division_code", 12));
  if (code.empty()) return code;
  const auto division = parse_division(code);
  if (!division.ok()) {
    return Error(division.error().reason(), officer.path("division_code"));
  }
  return code;
}

const Json* status_verdict(const Json& fetched) {
  const Json* verdicts = fetched.find("verdicts");
  return verdicts == nullptr ? nullptr : verdicts->find("status");
}

// Where the hub holds the licence, and where it obtained it from a department's system.
const Json* about_of(const Json& fetched) {
  const Json* issued = fetched.find("issued");
  return issued != nullptr ? issued : fetched.find("obtained");
}

Json data_fields(const Json& fields, const schemas::LicenceType* type) {
  Json out = Json::array();
  int order = 0;
  for (const auto& [name, value] : *fields.members()) {
    Json item = Json::object();
    item.set("name", name);
    if (type != nullptr) {
      const auto same = [&name = name](const auto& f) { return f.name == name; };
      const auto found = std::find_if(type->fields.begin(), type->fields.end(), same);
      if (found != type->fields.end()) item.set("name", found->chinese);
    }
    item.set("columnName", name).set("valueType", "STRING").set("value", value);
    item.set("orderNum", ++order);
    out.push(std::move(item));
  }
  return out;
}

Json begin(const Envelope& e, const char* ack_code) {
  Json j = Json::object();
  j.set("ack_code", ack_code).set("errors", Json::array());
  // The family's signature is not public; what proves this answer is the receipt.
  j.set("sign", "").set("sign_method", "").set("timestamp", stamp_text(e.now));
  j.set("correlation_id", e.request_id).set("response_id", e.response_id);
  return j;
}

}  // namespace

Result<Login> login_of(const Json& body) {
  // Some clients put the members into the envelope's data, some do not.
  const Json* data = body.find("data");
  const auto in = data != nullptr && data->members() != nullptr
                      ? LH_TRY(Members::open(*data, "data"))
                      : LH_TRY(Members::open(body, ""));
  LH_TRY(in.line("app_key", 128));
  return Login{LH_TRY(in.line("account", 64))};
}

Result<Auth> auth_of(const Json& body) {
  const auto top = LH_TRY(Members::open(body, ""));
  const auto data = LH_TRY(top.object("data"));
  Auth out;
  const std::string number = LH_TRY(data.line("identity_number", 64));
  out.request.applicant = LH_TRY(holder_number(number, data.path("identity_number")));
  out.request.matter = LH_TRY(stated(data, "service_item_code", 36));
  out.cause = LH_TRY(stated(data, "service_item_name", 512));
  out.request.case_number = LH_TRY(stated(data, "biz_num", 64));
  if (!data.has("operator")) return Error(Reason::kPurposeMissing, data.path("operator"));
  const auto officer = LH_TRY(data.object("operator"));
  out.request.officer.id = LH_TRY(stated(officer, "account", 64));
  out.request.officer.name = Personal<std::string>(LH_TRY(stated(officer, "name", 128)));
  out.request.region = LH_TRY(region_of(officer));
  out.page_size = LH_TRY(count_at(*body.find("data"), "page_size", 0));
  out.page_index = LH_TRY(count_at(*body.find("data"), "page_index", 1));
  return out;
}

schemas::Purpose purpose_of(const Auth& auth, std::string legal_basis) {
  schemas::Purpose p;
  p.matter = auth.request.matter;
  p.case_number = auth.request.case_number;
  p.cause = auth.cause;
  p.legal_basis = std::move(legal_basis);
  p.officer = auth.request.officer;
  p.channel = "counter";  // 依职能: an officer's own act
  return p;
}

std::vector<Offer> offers_of(const Json& plan, const access::Policy& policy, LocalDate today) {
  std::vector<Offer> out;
  const auto* matter = policy.find_matter(text_at(plan, "matter"), today);
  const Json* materials = plan.find("materials");
  if (matter == nullptr || materials == nullptr || materials->items() == nullptr) return out;
  for (const auto& item : *materials->items()) {
    Offer offer{text_at(item, "reference"), text_at(item, "legal_basis"),
                text_at(item, "licence_status"), nullptr};
    const std::string code = text_at(item, "material");
    const auto found = std::find_if(matter->materials.begin(), matter->materials.end(),
                                    [&code](const auto& m) { return m.code == code; });
    if (offer.reference.empty() || found == matter->materials.end()) continue;
    if (!found->licence_type) continue;  // base data is no licence
    offer.type = policy.find_type(found->licence_type->text(), today);
    if (offer.type != nullptr) out.push_back(std::move(offer));
  }
  return out;
}

std::pair<std::size_t, std::size_t> page_of(const Auth& auth, std::size_t count) {
  if (auth.page_size == 0) return {0, count};
  const std::size_t first = std::min(count, (auth.page_index - 1) * auth.page_size);
  return {first, std::min(count, first + auth.page_size)};
}

Json offer_json(const Offer& offer, const std::string& auth_code) {
  Json j = Json::object();
  j.set("name", offer.type->names.chinese);
  j.set("license_type_name", offer.type->names.chinese);
  j.set("license_item_code", offer.type->code.text());
  // What is to be obtained from its source has no status before it was asked.
  if (!offer.licence_status.empty()) {
    j.set("license_status", offer.licence_status == "valid" ? "ISSUED" : offer.licence_status);
  }
  j.set("auth_code", auth_code);
  return j;
}

std::string licence_status(const Json& fetched) {
  const Json* status = status_verdict(fetched);
  if (status == nullptr) return "UNKNOWN";
  const std::string verdict = text_at(*status, "verdict");
  if (verdict == "valid") return "ISSUED";
  std::string reason = text_at(*status, "reason");
  constexpr std::string_view kTopic = "status.";
  if (verdict != "invalid" || !reason.starts_with(kTopic)) return "UNKNOWN";
  reason.erase(0, kTopic.size());
  std::transform(reason.begin(), reason.end(), reason.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return reason;
}

Json licence_data(const Json& fetched, const access::Policy& policy, LocalDate today) {
  const Json* about = about_of(fetched);
  const std::string code = about == nullptr ? std::string() : text_at(*about, "type");
  const auto* type = policy.find_type(code, today);
  const Json* fields = fetched.find("fields");
  const Json none = Json::object();
  if (fields == nullptr || fields->members() == nullptr) fields = &none;
  Json j = Json::object();
  if (about != nullptr && about->find("licence_id") != nullptr) {
    j.set("license_code", text_at(*about, "licence_id"));
  }
  j.set("license_item_code", code);
  if (type != nullptr) j.set("name", type->names.chinese);
  if (type != nullptr && fields->find(type->number_field) != nullptr) {
    j.set("id_code", *fields->find(type->number_field));
  }
  j.set("license_status", licence_status(fetched));
  j.set("data_fields", data_fields(*fields, type));
  Json extend = Json::object();
  for (const char* name : {"verdicts", "withheld", "obtained"}) {
    if (const Json* member = fetched.find(name)) extend.set(name, *member);
  }
  return std::move(j.set("extend_props", std::move(extend)));
}

Json archive_data(const Json& fetched) {
  const Json* issued = fetched.find("issued");
  const std::string name =
      issued == nullptr ? std::string("attestation") : text_at(*issued, "licence_id");
  Json j = Json::object();
  // Not PDF or OFD, which the hub does not hold: the signed licence with what was released.
  j.set("file_name", name + ".sd-jwt").set("file_type", "application/dc+sd-jwt");
  j.set("file_data", to_base64(text_at(fetched, "presentation")));
  return j;
}

std::string request_id_of(std::string_view body) {
  constexpr std::size_t kMostBytes = 128;
  const auto parsed = schemas::parse_json(body, limits::kJsonBodyBytes);
  if (!parsed.ok()) return {};
  const auto top = Members::open(*parsed, "");
  if (!top.ok()) return {};
  auto id = top->optional_line("request_id", kMostBytes);
  return id.ok() ? std::move(*id) : std::string();
}

Json success(const Envelope& envelope, Json data) {
  return std::move(begin(envelope, "SUCCESS").set("data", std::move(data)));
}

Json failure(const Envelope& envelope, const Refusal& refusal) {
  Json error = Json::object();
  error.set("code", refusal.reason).set("message", refusal.title);
  if (!refusal.detail.empty()) error.set("field", refusal.detail);
  Json errors = Json::array();
  errors.push(std::move(error));
  return std::move(begin(envelope, "FAILURE").set("errors", std::move(errors)).set("data", Json()));
}

}  // namespace lh::hub::api::faces::guangdong
