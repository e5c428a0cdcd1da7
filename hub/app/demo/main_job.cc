// Steps 2 to 5: sources, issuing, the plan, fetching by reference.
#include "hub/app/demo/main_job.h"

#include "hub/app/operations/operations.h"
#include "hub/app/sample_dump.h"
#include "hub/app/sources.h"
#include "schemas/sample_parties.h"

namespace lh::hub::app::demo {
namespace {

namespace sample = schemas::sample;
using schemas::Json;

constexpr const char* kCaseNumber = "DEMO-2026-0001";

Json object(std::initializer_list<std::pair<const char*, Json>> members) {
  Json j = Json::object();
  for (const auto& [name, value] : members) j.set(name, value);
  return j;
}

Json one_holder(const char* scheme, const std::string& id, const std::string& name) {
  Json list = Json::array();
  list.push(object({{"scheme", scheme}, {"id", id}, {"name", name}}));
  return list;
}

std::string number(const Json& j, const char* name) {
  return text_at(j, name);
}

}  // namespace

Json MainJob::officer() const {
  return object({{"id", "officer-0001"}, {"name", "测试审批员001"}});
}

Json MainJob::purpose() const {
  return object({{"matter", sample::kFoodBusinessMatter},
                 {"case_number", kCaseNumber},
                 {"cause", "食品经营许可审批"},
                 {"legal_basis", "《食品经营许可和备案管理办法》第十二条"},
                 {"operator", officer()},
                 {"channel", "counter"}});
}

Status MainJob::perform() {
  LH_TRY(load_sources());
  LH_TRY(issue_licences());
  LH_TRY(open_case());
  LH_TRY(fetch_materials());
  LH_TRY(verify_and_revoke());
  LH_TRY(find_reads());
  return holder_looks();
}

Status MainJob::load_one(const std::string& mapping, const std::string& input, bool first) {
  operations::Context context{stage_.hub(), "demo", [](const Json&) {}};
  const std::int64_t before = say_.clock().monotonic_us();
  const Json counts = LH_TRY(operations::load(
      context,
      object({{"mapping", mapping}, {"input", input}, {"collector", sample::kMarketSupervision}})));
  const auto us = say_.clock().monotonic_us() - before;
  say_.line((first ? "load " : "again ") + input.substr(input.rfind('/') + 1) + ": read " +
            number(counts, "read") + ", new " + number(counts, "new") + ", changed " +
            number(counts, "changed") + ", same " + number(counts, "same") + ", quarantined " +
            number(counts, "quarantined") + "  (" + std::to_string(us / 1000) + " ms)");
  const auto value = [&counts](const char* name) { return *counts.find(name)->integer(); };
  say_.check(value("read") > 0 && value("read") == value("new") + value("changed") + value("same") +
                                                       value("quarantined"),
             "every row read is new, changed, same or in quarantine");
  if (!first)
    say_.check(value("new") == 0 && value("changed") == 0, "a second load changes nothing");
  return ok_status();
}

Status MainJob::load_sources() {
  say_.step("Base data and licences come in from legacy systems", "归集");
  const auto dump = LH_TRY(write_sample_files(cast_.world, stage_.dir()));
  std::vector<std::pair<std::string, std::string>> sources = {
      {"sample-population", stage_.dir() + "/population.csv"}};
  if (options_.source.empty()) {
    sources.emplace_back("dirty-sample", stage_.dir() + "/legal-entities-dirty.gb18030.csv");
  } else {
    say_.line("persons below are fictitious (测试人员…); companies are those of the source");
    sources.emplace_back(options_.mapping, options_.source);
  }
  for (const auto& [mapping, input] : sources) {
    LH_TRY(load_one(mapping, input, true));
    LH_TRY(load_one(mapping, input, false));
  }
  const auto mapping = LH_TRY(load_mapping(sources.back().first));
  operations::Context context{stage_.hub(), "demo", [](const Json&) {}};
  const Json held = LH_TRY(
      operations::list_quarantine(context, object({{"source", mapping.name}, {"limit", 5}})));
  for (const Json& row : *held.find("rows")->items()) {
    say_.line("quarantine: row " + number(row, "row") + " " + number(row, "reason") + " " +
              number(row, "column"));
  }
  return ok_status();
}

Result<Json> MainJob::issue(Party& party, const Json& body, const std::string& what) {
  auto answer = LH_TRY(party.post("/v1/licences", body));
  say_.check(answer.status == 201,
             what + " issued: " + text_at(answer.body, "licence_id") +
                 (answer.status == 201 ? "" : text_at(answer.body, "reason")));
  if (answer.status != 201) return Error(Reason::kRowRefused, text_at(answer.body, "reason"));
  say_.fact("receipt", "entry " + text_at(answer.body, "receipt.index") + " of " +
                           text_at(answer.body, "receipt.log"));
  return std::move(answer.body);
}

Status MainJob::issue_licences() {
  say_.step("Departments issue licences: checked, numbered, signed, stored, audited", "签发");
  const std::string today = local_date(say_.clock().now()).text();
  const SampleCompany& c = cast_.new_company;
  const SamplePerson& boss = cast_.representative;
  const SamplePerson& cook = cast_.employee;
  LH_TRY(issue(stage_.supervision(),
               object({{"type", sample::kBusinessLicence},
                       {"issuer", sample::kMarketSupervision},
                       {"holder", one_holder("uscc", c.uscc, c.name)},
                       {"fields", object({{"certificate_number", c.uscc},
                                          {"enterprise_name", c.name},
                                          {"uscc", c.uscc},
                                          {"enterprise_type", c.type},
                                          {"legal_representative", boss.name},
                                          {"establishment_date", c.established.text()},
                                          {"business_scope", "食品销售"},
                                          {"domicile", c.domicile}})},
                       {"valid_from", today},
                       {"valid_until", Json()},
                       {"matter", sample::kBusinessRegistration},
                       {"case", "DEMO-REG-0001"}}),
               "business licence 营业执照"));
  LH_TRY(issue(stage_.health(),
               object({{"type", sample::kHealthCertificate},
                       {"issuer", sample::kHealthCommission},
                       {"holder", one_holder("resident_id", cook.resident_id, cook.name)},
                       {"fields", object({{"certificate_number", "DEMO-HC-0001"},
                                          {"name", cook.name},
                                          {"resident_id", cook.resident_id},
                                          {"examination_date", today}})},
                       {"valid_from", today},
                       {"valid_until", local_date(say_.clock().now()).plus_days(364).text()},
                       {"matter", sample::kHealthCertificateIssue},
                       {"case", "DEMO-HC-0001"}}),
               "health certificate 健康证明"));
  say_.line(
      "the identity card 居民身份证 came in with the population dump: collected, not issued here");
  const auto stored = LH_TRY(stage_.supervision().post(
      "/v1/subjects",
      object({{"scheme", "uscc"},
              {"id", c.uscc},
              {"kind", "legal_entity"},
              {"fields", object({{"uscc", c.uscc},
                                 {"name", c.name},
                                 {"establishment_date", c.established.text()}})}})));
  say_.check(stored.status == 200 || stored.status == 201,
             "base data of the new company stored " + text_at(stored.body, "reason"));
  return ok_status();
}

Status MainJob::open_case() {
  say_.step("The approval system opens a case and gets the material plan", "办件与材料清单");
  Json related = Json::array();
  related.push(object({{"role", "legal_representative"},
                       {"scheme", "resident_id"},
                       {"id", cast_.representative.resident_id}}));
  related.push(object(
      {{"role", "employee"}, {"scheme", "resident_id"}, {"id", cast_.employee.resident_id}}));
  const auto answer = LH_TRY(stage_.approval().post(
      "/v1/cases", object({{"matter", sample::kFoodBusinessMatter},
                           {"case_number", kCaseNumber},
                           {"applicant", object({{"scheme", "uscc"}, {"id", cast_.applicant}})},
                           {"related", related},
                           {"region", sample::kDivision},
                           {"operator", officer()}})));
  say_.fact("who", std::string(sample::kApprovalBureauName) + ", officer-0001");
  say_.fact("applicant", cast_.applicant_name + (cast_.applicant_from_dump ? "" : " (fictitious)"));
  say_.fact("why", "食品经营许可 (food business permit), case " + std::string(kCaseNumber));
  say_.check(answer.status == 201 || answer.status == 200,
             "case opened: " + text_at(answer.body, "case_id") + text_at(answer.body, "reason"));
  if (answer.status >= 300) return Error(Reason::kRowRefused, text_at(answer.body, "reason"));
  case_id_ = text_at(answer.body, "case_id");
  plan_ = answer.body;
  std::vector<std::vector<std::string>> rows = {{"material", "", "state", "because"}};
  std::size_t held = 0;
  for (const Json& item : *plan_.find("materials")->items()) {
    rows.push_back({text_at(item, "material"), text_at(item, "names.chinese"),
                    text_at(item, "state"), text_at(item, "because")});
    if (text_at(item, "state") == "held") ++held;
  }
  say_.table(rows);
  say_.check(held == 4, std::to_string(held) + " of " + std::to_string(rows.size() - 1) +
                            " materials need not be submitted: they are fetched by reference");
  say_.fact("receipt", "entry " + text_at(answer.body, "receipt.index"));
  return ok_status();
}

void MainJob::tell_fetch(const Party::Answer& answer, const Fetched& fetched) {
  std::string released;
  for (const auto& [name, value] : *answer.body.find("fields")->members()) {
    released += (released.empty() ? "" : ", ") + name;
  }
  say_.fact("released", released);
  std::map<std::string, std::string> withheld;  // rule -> fields
  for (const Json& item : *answer.body.find("withheld")->items()) {
    std::string& fields = withheld[text_at(item, "rule")];
    fields += (fields.empty() ? "" : ", ") + text_at(item, "field");
  }
  for (const auto& [rule, fields] : withheld)
    say_.fact("withheld", fields + "  (rule " + rule + ")");
  if (fetched.licence) {
    const Json* verdicts = answer.body.find("verdicts");
    say_.fact("verdicts", "integrity " + verdict_words(verdicts, "integrity") + ", issuer " +
                              verdict_words(verdicts, "issuer") + ", status " +
                              verdict_words(verdicts, "status"));
  }
  say_.fact("receipt", "entry " + std::to_string(fetched.index) + ", " +
                           std::to_string(answer.microseconds / 1000) + "." +
                           std::to_string(answer.microseconds / 100 % 10) + " ms");
}

Status MainJob::fetch(const Json& item) {
  Fetched fetched;
  fetched.material = text_at(item, "material");
  fetched.reference = text_at(item, "reference");
  const auto answer = LH_TRY(stage_.approval().post(
      "/v1/fetch", object({{"reference", fetched.reference}, {"purpose", purpose()}})));
  say_.check(answer.status == 200, fetched.material + " " + text_at(item, "names.chinese") +
                                       " fetched " + text_at(answer.body, "reason"));
  if (answer.status != 200) return ok_status();
  fetched.presentation = text_at(answer.body, "presentation");
  fetched.licence = !fetched.presentation.empty();
  fetched.licence_id = text_at(answer.body, "issued.licence_id");
  fetched.qr = text_at(answer.body, "issued.qr");
  fetched.index = std::stoull("0" + text_at(answer.body, "receipt.index"));
  tell_fetch(answer, fetched);
  fetched_.push_back(std::move(fetched));
  return ok_status();
}

Status MainJob::fetch_materials() {
  say_.step("It fetches by reference, for this case and purpose only", "用证");
  for (const Json& item : *plan_.find("materials")->items()) {
    if (text_at(item, "state") == "held") LH_TRY(fetch(item));
  }
  Json other = purpose();
  other.set("matter", "11990100MB990001310000000000002");
  if (fetched_.empty()) return Error(Reason::kRowRefused, "nothing was fetched");
  const auto refused = LH_TRY(stage_.approval().post(
      "/v1/fetch", object({{"reference", fetched_.front().reference}, {"purpose", other}})));
  say_.check(refused.status == 403, "the same reference for another purpose is refused: " +
                                        text_at(refused.body, "reason"));
  return ok_status();
}

}  // namespace lh::hub::app::demo
