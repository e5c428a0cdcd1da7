#include "adapters/hub/hub_kind.h"

#include <map>

#include "adapters/hub/hub_call.h"
#include "adapters/hub/hub_pull.h"
#include "adapters/hub/hub_row.h"

namespace lh::adapters::hub {
namespace {

using http::request::Repeat;
using schemas::Json;

// Why a plan names no reference, where that says "there is none" and not "you may not".
constexpr std::string_view kNotThere[] = {"plan.not_held", "plan.held_not_valid",
                                          "plan.subject_not_named"};

struct Asked {
  std::string holder, division, case_number, operator_id, operator_name, cause, licence_id;
};

class HubLookup final : public Lookup {
 public:
  HubLookup(HubSettings settings, const http::request::Tools& tools, const Judge& judge)
      : settings_(std::move(settings)),
        columns_(settings_.columns()),
        random_(tools.with.random),
        calls_(tools),
        judge_(judge) {}
  const std::vector<std::string>& columns() const override { return columns_; }

  void obey(CallGate* calls) override { calls_.obey(calls); }

  Result<std::vector<RawRow>> find(const KeyValues& key) override {
    const Asked asked = LH_TRY(read_key(key));
    const Place& place = *LH_TRY(place_of(settings_, asked.division));
    const std::string reference = LH_TRY(open_case(place, asked));
    std::vector<RawRow> out;
    if (reference.empty()) return out;
    auto row = LH_TRY(fetch(place, asked, reference));
    if (row) out.push_back(std::move(*row));
    return out;
  }

 private:
  // What a call does not name comes from the mapping; every call is a case of its own unless it
  // names one.
  Result<Asked> read_key(const KeyValues& key) {
    Asked out;
    out.operator_id = settings_.operator_id;
    out.operator_name = settings_.operator_name;
    out.cause = settings_.cause;
    out.case_number = "FED-" + to_hex(view(random_.array<12>()));
    const std::map<std::string_view, std::string*> places{{"holder", &out.holder},
                                                          {"division", &out.division},
                                                          {"case_number", &out.case_number},
                                                          {"operator_id", &out.operator_id},
                                                          {"operator_name", &out.operator_name},
                                                          {"cause", &out.cause},
                                                          {"licence_id", &out.licence_id}};
    for (const auto& [column, value] : key) {
      const auto found = places.find(column);
      if (found == places.end()) {
        return Error(Reason::kMappingInvalid, "a hub is not asked by " + column);
      }
      if (!value.empty()) *found->second = value;
    }
    if (out.holder.empty()) return Error(Reason::kMappingInvalid, "a hub is asked by holder");
    return out;
  }

  // The reference of the material; empty: that hub holds none.
  Result<std::string> open_case(const Place& place, const Asked& asked) {
    Json applicant = Json::object();
    applicant.set("scheme", settings_.scheme).set("id", asked.holder);
    Json body = Json::object();
    body.set("matter", settings_.matter).set("case_number", asked.case_number);
    body.set("applicant", std::move(applicant));
    if (!settings_.region.empty()) body.set("region", settings_.region);
    body.set("operator", operator_json(asked.operator_id, asked.operator_name));
    const Json plan = LH_TRY(calls_.post(place, "/v1/cases", body, Repeat::kNever));
    const Json* materials = plan.find("materials");
    if (materials == nullptr || materials->items() == nullptr) return not_as_agreed("no plan");
    for (const Json& item : *materials->items()) {
      if (text_at(item, "material") != settings_.material) continue;
      std::string reference = text_at(item, "reference");
      if (!reference.empty()) return reference;
      const std::string because = text_at(item, "because");
      for (const std::string_view reason : kNotThere) {
        if (because == reason) return std::string();
      }
      return Error(Reason::kSourceRefused, "the other hub has no rule that gives us the material");
    }
    return Error(Reason::kSourceRefused, "the matter has no such material there");
  }

  // Absent: another licence than the one asked for.
  Result<std::optional<RawRow>> fetch(const Place& place, const Asked& asked,
                                      const std::string& reference) {
    Json purpose = Json::object();
    purpose.set("matter", settings_.matter).set("case_number", asked.case_number);
    purpose.set("cause", asked.cause).set("legal_basis", settings_.legal_basis);
    purpose.set("operator", operator_json(asked.operator_id, asked.operator_name))
        .set("channel", "online");
    Json fields = Json::array();
    for (const std::string& name : settings_.fields) fields.push(name);
    Json body = Json::object();
    body.set("reference", reference).set("purpose", std::move(purpose));
    body.set("fields", std::move(fields));
    const Json answer = LH_TRY(calls_.post(place, "/v1/fetch", body, Repeat::kNever));
    const std::string presentation = text_at(answer, "presentation");
    const Json* receipt = answer.find("receipt");
    if (presentation.empty() || receipt == nullptr) {
      return not_as_agreed("no presentation or no receipt");
    }
    LH_TRY(check_status(answer));
    auto judged =
        judge_.judge(presentation, schemas::to_text(*receipt), place.trust, Demand::kInForce);
    if (!judged.ok()) {
      return Error(Reason::kSourceAnswer,
                   "not what its issuer signed: " + std::string(judged.error().id()));
    }
    if (judged->type != settings_.type) return not_as_agreed("a licence of another type");
    if (!asked.licence_id.empty() && judged->licence_id != asked.licence_id) {
      return std::optional<RawRow>();
    }
    RawRow row;
    row.number = 1;
    row.bytes = presentation.substr(0, limits::kRowBytes);
    row.values = values_of(columns_, *judged, Stated{{}, "valid", {}, {}});
    return std::optional(std::move(row));
  }

  // Only that hub knows it; a status it cannot tell is none.
  static Status check_status(const Json& answer) {
    const Json* verdicts = answer.find("verdicts");
    const Json* status = verdicts == nullptr ? nullptr : verdicts->find("status");
    if (status == nullptr || text_at(*status, "verdict") != "valid") {
      return Error(Reason::kSourceRefused, "the other hub does not call the licence valid");
    }
    return {};
  }

  HubSettings settings_;
  std::vector<std::string> columns_;
  Random& random_;
  HubCalls calls_;
  const Judge& judge_;
};

class HubKind final : public Kind {
 public:
  HubKind(const Surroundings& with, const http::MessageDigests& digests, const Judge& judge,
          std::unique_ptr<http::transport::Transports> transports)
      : transports_(std::move(transports)),
        pauses_(http::request::make_pauses()),
        tools_{with, digests, *transports_, *pauses_},
        judge_(judge) {}
  std::string_view name() const override { return "hub"; }
  Status check(const SettingsNode& source) const override {
    LH_TRY(read_settings(source));
    return {};
  }
  Result<std::unique_ptr<Source>> pull(const SettingsNode& source, const Input& input,
                                       const Cursor& from) const override {
    return open_pull(LH_TRY(read_settings(source)), {tools_, judge_, input.calls}, from);
  }
  PullCalls pull_calls() const override { return PullCalls::kEach; }
  Rerun rerun(const SettingsNode& /*source*/) const override { return Rerun::kFromTheCursor; }
  Result<KeptRow> reread(const SettingsNode& source, KeptRow kept) const override {
    return reread_change(LH_TRY(read_settings(source)), judge_, std::move(kept));
  }
  Result<std::unique_ptr<Lookup>> lookup(const SettingsNode& source) const override {
    auto settings = LH_TRY(read_settings(source));
    if (settings.material.empty()) {
      return Error(Reason::kAdapterUnsupported, "a lookup needs material in the mapping");
    }
    return std::unique_ptr<Lookup>(
        std::make_unique<HubLookup>(std::move(settings), tools_, judge_));
  }

 private:
  std::unique_ptr<http::transport::Transports> transports_;
  std::unique_ptr<http::request::Pauses> pauses_;
  http::request::Tools tools_;
  const Judge& judge_;
};

}  // namespace

std::unique_ptr<Kind> make_kind(const Surroundings& with, const http::MessageDigests& digests,
                                const Judge& judge,
                                std::unique_ptr<http::transport::Transports> transports) {
  if (transports == nullptr) transports = http::transport::make_outbound_transports();
  return std::make_unique<HubKind>(with, digests, judge, std::move(transports));
}

}  // namespace lh::adapters::hub
