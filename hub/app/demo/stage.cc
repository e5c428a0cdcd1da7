#include "hub/app/demo/stage.h"

#include <cstdlib>
#include <filesystem>

#include "hub/app/operations/operations.h"
#include "schemas/sample_parties.h"

namespace lh::hub::app::demo {
namespace {

namespace sample = schemas::sample;
using schemas::Json;

struct SampleDepartment {
  std::string_view uscc, name;
};
constexpr SampleDepartment kDepartments[] = {
    {sample::kApprovalBureau, sample::kApprovalBureauName},
    {sample::kMarketSupervision, sample::kMarketSupervisionName},
    {sample::kPublicSecurity, sample::kPublicSecurityName},
    {sample::kHealthCommission, sample::kHealthCommissionName},
};

struct SampleSystem {
  std::string_view uscc, name;
  std::vector<std::string> roles;
};
const std::vector<SampleSystem>& sample_systems() {
  static const std::vector<SampleSystem> systems = {
      {sample::kApprovalBureau, "approval", {"fetch", "verify", "approve"}},
      {sample::kMarketSupervision, "supervision", {"issue", "collect", "verify", "subjects_write"}},
      {sample::kPublicSecurity, "public-security", {"issue"}},
      {sample::kHealthCommission, "health", {"issue"}},
      {sample::kApprovalBureau, "security-officer", {"audit_admin"}},
      {sample::kApprovalBureau, "portal", {"holder_portal"}},
  };
  return systems;
}

Result<std::string> temporary_dir() {
  const char* base = std::getenv("TMPDIR");
  std::string pattern = std::string(base != nullptr ? base : "/tmp") + "/licencehub-demo-XXXXXX";
  if (::mkdtemp(pattern.data()) == nullptr) return Error(Reason::kFileUnwritable, pattern);
  return pattern;
}

}  // namespace

Result<Party::Answer> Party::send(const adapters::outbound::HttpRequest& request) {
  const SystemClock clock;
  const std::int64_t before = clock.monotonic_us();
  auto response = LH_TRY(client_->send(request));
  Answer answer;
  answer.status = response.status;
  answer.microseconds = clock.monotonic_us() - before;
  answer.body = LH_TRY(schemas::parse_json(response.body, 64U << 20U));
  return answer;
}

Result<Party::Answer> Party::post(const std::string& path, const Json& body) {
  return send({"POST", path, {}, "application/json", schemas::to_text(body)});
}

Result<Party::Answer> Party::get(const std::string& path) {
  return send({"GET", path, {}, "", ""});
}

Status Stage::found(const DemoOptions& options) {
  Founding founding;
  founding.config.name = "Licence Hub demonstration";
  founding.config.origin = "demo.licencehub.example/log";
  founding.config.public_url = "https://demo.licencehub.example";
  founding.config.data_dir = dir_;
  founding.config.root_key_file = dir_ + "/root.key";
  founding.config.listen = options.listen;
  founding.config.listen_public = options.listen_public;
  founding.config.disk_low_mib = 64;
  founding.config.ballast_mib = 1;
  founding.ca_name = "Licence Hub demonstration";
  founding.dns_names = {"localhost"};
  founding.ip_names = {"127.0.0.1"};
  LH_TRY(make_dir(dir_));
  const auto root = LH_TRY(crypto::RootKey::create_file(founding.config.root_key_file, random_));
  LH_TRY(found_hub(founding, root, random_, clock_));
  hub_ = LH_TRY(Hub::open(founding.config, root, random_, clock_));
  return ok_status();
}

Status Stage::register_departments(Narrator& narrator) {
  operations::Context context{*hub_, "demo", [](const Json&) {}};
  for (const auto& department : kDepartments) {
    Json j = Json::object();
    j.set("uscc", department.uscc);
    j.set("name", department.name);
    j.set("division", sample::kDivision);
    LH_TRY(operations::add_organisation(context, j));
  }
  std::vector<std::vector<std::string>> rows = {{"department", "system", "roles"}};
  for (const auto& system : sample_systems()) {
    Json roles = Json::array();
    std::string words;
    for (const auto& role : system.roles) {
      roles.push(role);
      words += (words.empty() ? "" : ", ") + role;
    }
    Json j = Json::object();
    j.set("uscc", system.uscc);
    j.set("system", system.name);
    j.set("out", certificates());
    j.set("roles", std::move(roles));
    LH_TRY(operations::issue_certificate(context, j));
    const auto organisation = hub_->registry().find_organisation(LH_TRY(parse_uscc(system.uscc)));
    rows.push_back({organisation ? organisation->name : "", std::string(system.name), words});
  }
  narrator.table(rows);
  return ok_status();
}

Result<std::unique_ptr<Party>> Stage::party(const std::string& organisation,
                                            const std::string& system, api::Listener listener) {
  adapters::outbound::HttpSettings settings;
  settings.host = "127.0.0.1";
  settings.port = service_->port(listener);
  settings.allowed_targets = {"127.0.0.1:" + std::to_string(settings.port)};
  settings.allow_loopback = true;
  settings.ca_file = hub_->dir().trust() + "/root.pem";
  if (!system.empty()) {
    settings.certificate_file = certificates() + "/" + system + ".pem";
    settings.key_file = certificates() + "/" + system + ".key";
  }
  auto client = LH_TRY(adapters::outbound::HttpClient::connect(settings));
  return std::make_unique<Party>(organisation, std::move(client));
}

Status Stage::connect() {
  for (const auto& system : sample_systems()) {
    parties_[std::string(system.name)] = LH_TRY(
        party(std::string(system.uscc), std::string(system.name), api::Listener::kDepartments));
  }
  parties_["anybody"] = LH_TRY(party("", "", api::Listener::kPublic));
  return ok_status();
}

Result<std::unique_ptr<Stage>> Stage::set(const DemoOptions& options, Narrator& narrator) {
  const bool temporary = options.data_dir.empty();
  const std::string dir = temporary ? LH_TRY(temporary_dir()) : options.data_dir;
  auto stage = std::unique_ptr<Stage>(new Stage(dir, temporary && options.once));
  LH_TRY(stage->found(options));
  LH_TRY(stage->register_departments(narrator));
  stage->service_ = LH_TRY(serve::Service::start(*stage->hub_));
  LH_TRY(stage->connect());
  return stage;
}

Stage::~Stage() {
  parties_.clear();
  service_.reset();
  hub_.reset();
  std::error_code error;
  if (temporary_) std::filesystem::remove_all(dir_, error);
}

}  // namespace lh::hub::app::demo
