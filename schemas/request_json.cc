// The bodies of POST /v1/cases, /v1/fetch, /v1/licences and /v1/licences/status.
#include <algorithm>
#include <array>

#include "base/limits.h"
#include "schemas/purpose.h"
#include "schemas/purpose_parts.h"

namespace lh::schemas {
namespace {

constexpr std::size_t kRelated = 16;  // with the applicant at most 16 subjects an entry (audit.md)
constexpr std::size_t kFieldNames = 256;

struct ActionName {
  StatusAction action;
  std::string_view text;
};
constexpr std::array kActions = {
    ActionName{StatusAction::kActivate, "activate"},
    ActionName{StatusAction::kSuspend, "suspend"},
    ActionName{StatusAction::kResume, "resume"},
    ActionName{StatusAction::kCancel, "cancel"},
    ActionName{StatusAction::kRevoke, "revoke"},
    ActionName{StatusAction::kForfeit, "forfeit"},
    ActionName{StatusAction::kTransferOut, "transfer_out"},
};

struct ChangeName {
  ChangeKind kind;
  std::string_view text;
};
constexpr std::array kChanges = {
    ChangeName{ChangeKind::kNew, "new"},
    ChangeName{ChangeKind::kRenewal, "renewal"},
    ChangeName{ChangeKind::kChange, "change"},
    ChangeName{ChangeKind::kCorrection, "correction"},
    ChangeName{ChangeKind::kTransfer, "transfer"},
};

Result<Operator> read_optional_operator(ObjectReader& r) {
  const Json* j = r.optional("operator");
  if (j == nullptr) return Operator{};
  return operator_from_json(*j, r.path("operator"));
}

Result<std::pair<std::string, SubjectId>> related_from_json(const Json& j, std::string where) {
  ObjectReader r = LH_TRY(ObjectReader::open(j, std::move(where)));
  std::string role = LH_TRY(r.string("role", 32));
  if (role != "legal_representative" && role != "employee" && role != "agent") {
    return Error(Reason::kJsonValue, r.path("role") + ": legal_representative, employee or agent");
  }
  SubjectId id = LH_TRY(read_subject_id(r));
  LH_TRY(r.finish());
  return std::pair{std::move(role), std::move(id)};
}

Status read_field_names(ObjectReader& r, std::vector<std::string>& out) {
  if (r.optional("fields") == nullptr) return {};
  const Json* array = LH_TRY(r.array("fields"));
  if (array->items()->size() > kFieldNames) {
    return Error(Reason::kJsonValue, r.path("fields") + ": too many");
  }
  for (const Json& item : *array->items()) {
    const std::string* name = item.string();
    if (name == nullptr) return Error(Reason::kJsonWrongType, r.path("fields") + ": texts");
    if (name->empty() || name->size() > 64 ||
        std::find(out.begin(), out.end(), *name) != out.end()) {
      return Error(Reason::kJsonValue, r.path("fields") + ": empty, too long or repeated");
    }
    out.push_back(*name);
  }
  // No list asks for all; an empty list would ask for nothing and must not turn into all.
  if (out.empty()) return Error(Reason::kJsonValue, r.path("fields") + ": empty list");
  return {};
}

Status read_holders(ObjectReader& r, IssueRequest& q) {
  const Json* array = LH_TRY(r.array("holder"));
  const std::size_t n = array->items()->size();
  if (n == 0 || n > limits::kHoldersPerLicence) {
    return Error(Reason::kJsonValue, r.path("holder") + ": none or too many");
  }
  for (std::size_t i = 0; i < n; ++i) {
    Holder h =
        LH_TRY(holder_from_json((*array->items())[i], r.path("holder[" + std::to_string(i) + "]")));
    const bool again = std::any_of(q.holders.begin(), q.holders.end(), [&h](const Holder& other) {
      return other.id.scheme == h.id.scheme && other.id.value.reveal() == h.id.value.reveal();
    });
    if (again) return Error(Reason::kJsonValue, r.path("holder") + ": the same holder twice");
    q.holders.push_back(std::move(h));
  }
  return {};
}

Result<std::optional<LocalDate>> read_date(ObjectReader& r, std::string_view member) {
  const auto text = LH_TRY(r.optional_string(member, 32));
  if (!text) return std::optional<LocalDate>();
  const auto date = parse_date(*text);
  if (!date.ok()) return Error(date.error().reason(), r.path(member));
  return std::optional<LocalDate>(*date);
}

Status read_dates(ObjectReader& r, IssueRequest& q) {
  q.valid_from = LH_TRY(read_date(r, "valid_from"));
  q.valid_until = LH_TRY(read_date(r, "valid_until"));
  if (q.valid_from && q.valid_until && *q.valid_until < *q.valid_from) {
    return Error(Reason::kLicenceDates, r.path("valid_until") + " is before valid_from");
  }
  return {};
}

Status read_change(ObjectReader& r, IssueRequest& q) {
  if (r.optional("supersedes") != nullptr) q.supersedes = LH_TRY(read_line(r, "supersedes", 128));
  const auto text = LH_TRY(r.optional_string("change", 16)).value_or("new");
  const auto it = std::find_if(kChanges.begin(), kChanges.end(),
                               [&text](const ChangeName& c) { return c.text == text; });
  if (it == kChanges.end()) return Error(Reason::kJsonValue, r.path("change") + ": unknown");
  q.change = it->kind;
  if (q.supersedes.has_value() != (q.change != ChangeKind::kNew)) {
    return Error(Reason::kJsonValue, r.path("change") + ": goes with supersedes");
  }
  return {};
}

Result<Uscc> read_issuer(ObjectReader& r) {
  auto uscc = parse_uscc(LH_TRY(r.string("issuer", 18)));
  if (!uscc.ok()) return Error(uscc.error().reason(), r.path("issuer"));
  return *uscc;
}

Result<LicenceTypeCode> read_type(ObjectReader& r) {
  auto code = parse_licence_type_code(LH_TRY(r.string("type", 32)));
  if (!code.ok()) return Error(code.error().reason(), r.path("type"));
  return *code;
}

// Exactly one of the two names of a licence.
Result<std::string> read_licence(ObjectReader& r) {
  const std::string key = LH_TRY(read_optional_line(r, "licence_key", 64));
  const std::string id = LH_TRY(read_optional_line(r, "licence_id", 128));
  if (key.empty() == id.empty()) {
    return Error(key.empty() ? Reason::kJsonMissingMember : Reason::kJsonValue,
                 r.path("licence_key") + " or licence_id, one of them");
  }
  if (!key.empty()) {
    const auto parsed = LicenceKey::parse(key);
    if (!parsed.ok()) return Error(parsed.error().reason(), r.path("licence_key"));
    return key;
  }
  const auto parsed = parse_licence_id(id);
  if (!parsed.ok()) return Error(parsed.error().reason(), r.path("licence_id"));
  return id;
}

}  // namespace

Result<std::string> read_division(ObjectReader& r, std::string_view member) {
  std::string code = LH_TRY(read_optional_line(r, member, 12));
  if (code.empty()) return code;
  const auto division = parse_division(code);
  if (!division.ok()) return Error(division.error().reason(), r.path(member));
  return code;
}

Status read_related(ObjectReader& r, CaseRequest& c) {
  if (r.optional("related") == nullptr) return {};
  const Json* array = LH_TRY(r.array("related"));
  if (array->items()->size() >= kRelated) {
    return Error(Reason::kJsonValue, r.path("related") + ": too many");
  }
  for (std::size_t i = 0; i < array->items()->size(); ++i) {
    c.related.push_back(LH_TRY(
        related_from_json((*array->items())[i], r.path("related[" + std::to_string(i) + "]"))));
  }
  return {};
}

Result<CaseRequest> case_request_from_json(const Json& j) {
  ObjectReader r = LH_TRY(ObjectReader::open(j, "case"));
  CaseRequest c;
  c.matter = LH_TRY(read_line(r, "matter", 36));
  c.case_number = LH_TRY(read_line(r, "case_number", 64));
  c.applicant = LH_TRY(subject_id_from_json(*LH_TRY(r.object("applicant")), r.path("applicant")));
  LH_TRY(read_related(r, c));
  c.region = LH_TRY(read_division(r, "region"));
  c.officer = LH_TRY(operator_from_json(*LH_TRY(r.object("operator")), r.path("operator")));
  LH_TRY(r.finish());
  return c;
}

Result<FetchRequest> fetch_request_from_json(const Json& j) {
  ObjectReader r = LH_TRY(ObjectReader::open(j, "fetch"));
  FetchRequest f;
  f.reference = LH_TRY(read_line(r, "reference", 512));
  const Json* purpose = r.optional("purpose");
  if (purpose == nullptr) return Error(Reason::kPurposeMissing, r.path("purpose"));
  f.purpose = LH_TRY(purpose_from_json(*purpose, r.path("purpose")));
  LH_TRY(read_field_names(r, f.fields));
  LH_TRY(r.finish());
  return f;
}

Result<IssueRequest> issue_request_from_json(const Json& j) {
  ObjectReader r = LH_TRY(ObjectReader::open(j, "licence"));
  IssueRequest q;
  q.type = LH_TRY(read_type(r));
  q.issuer = LH_TRY(read_issuer(r));
  q.fields = LH_TRY(fields_from_json(*LH_TRY(r.object("fields")), r.path("fields")));
  for (const auto step : {read_holders, read_dates, read_change}) {
    LH_TRY(step(r, q));
  }
  q.matter = LH_TRY(read_line(r, "matter", 36));
  q.case_number = LH_TRY(read_line(r, "case", 64));
  q.division = LH_TRY(read_division(r, "division"));
  q.officer = LH_TRY(read_optional_operator(r));
  LH_TRY(r.finish());
  return q;
}

Result<StatusAction> parse_status_action(std::string_view text) {
  for (const ActionName& a : kActions) {
    if (a.text == text) return a.action;
  }
  return Error(Reason::kJsonValue, "not a status action");
}

std::string_view action_text(StatusAction a) {
  for (const ActionName& name : kActions) {
    if (name.action == a) return name.text;
  }
  check_failed("action_text", "a status action outside the list");
}

std::string_view status_text(LicenceStatus s) {
  constexpr std::array<std::string_view, 9> kNames = {"valid",       "revoked",    "suspended",
                                                      "not_active",  "cancelled",  "forfeited",
                                                      "transferred", "superseded", "expired"};
  const auto i = static_cast<std::size_t>(s);
  LH_CHECK(i < kNames.size(), "a licence status outside the list");
  return kNames[i];
}

Result<StatusRequest> status_request_from_json(const Json& j) {
  ObjectReader r = LH_TRY(ObjectReader::open(j, "status"));
  StatusRequest q;
  q.licence = LH_TRY(read_licence(r));
  const auto action = parse_status_action(LH_TRY(r.string("action", 32)));
  if (!action.ok()) return Error(action.error().reason(), r.path("action"));
  q.action = *action;
  q.ground = LH_TRY(read_line(r, "ground", 512));  // a legal ground is part of every transition
  if (const auto text = LH_TRY(r.optional_string("effective_at", 64))) {
    const auto time = parse_time(*text);
    if (!time.ok()) return Error(time.error().reason(), r.path("effective_at"));
    q.effective_at = *time;
  }
  q.officer = LH_TRY(read_optional_operator(r));
  LH_TRY(r.finish());
  return q;
}

}  // namespace lh::schemas
