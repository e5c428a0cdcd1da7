// The stage: a founded and serving hub with its sample departments, and the systems that call it.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "adapters/outbound/http_client.h"
#include "crypto/system_random.h"
#include "hub/app/demo/demo.h"
#include "hub/app/demo/narrator.h"
#include "hub/app/hub.h"
#include "hub/app/serve/service.h"

namespace lh::hub::app::demo {

// A calling system with its own certificate, or (without one) somebody of the public.
class Party {
 public:
  Party(std::string organisation, std::unique_ptr<adapters::outbound::HttpClient> client)
      : organisation_(std::move(organisation)), client_(std::move(client)) {}
  struct Answer {
    int status = 0;
    schemas::Json body;
    std::int64_t microseconds = 0;
  };
  Result<Answer> post(const std::string& path, const schemas::Json& body);
  Result<Answer> get(const std::string& path);
  const std::string& organisation() const { return organisation_; }

 private:
  Result<Answer> send(const adapters::outbound::HttpRequest& request);
  std::string organisation_;  // USCC
  std::unique_ptr<adapters::outbound::HttpClient> client_;
};

class Stage {
 public:
  static Result<std::unique_ptr<Stage>> set(const DemoOptions& options, Narrator& narrator);
  ~Stage();
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  Party& approval() { return *parties_.at("approval"); }
  Party& supervision() { return *parties_.at("supervision"); }
  Party& public_security() { return *parties_.at("public-security"); }
  Party& health() { return *parties_.at("health"); }
  Party& officer() { return *parties_.at("security-officer"); }
  Party& portal() { return *parties_.at("portal"); }
  Party& anybody() { return *parties_.at("anybody"); }
  Hub& hub() { return *hub_; }
  const std::string& dir() const { return dir_; }
  std::string certificates() const { return dir_ + "/certificates"; }
  std::uint16_t port(api::Listener listener) const { return service_->port(listener); }

 private:
  Stage(std::string dir, bool temporary) : dir_(std::move(dir)), temporary_(temporary) {}
  Status found(const DemoOptions& options);
  Status register_departments(Narrator& narrator);
  Status connect();
  Result<std::unique_ptr<Party>> party(const std::string& organisation, const std::string& system,
                                       api::Listener listener);
  std::string dir_;
  bool temporary_;
  crypto::SystemRandom random_;
  SystemClock clock_;
  std::unique_ptr<Hub> hub_;
  std::unique_ptr<serve::Service> service_;
  std::map<std::string, std::unique_ptr<Party>> parties_;
};

}  // namespace lh::hub::app::demo
