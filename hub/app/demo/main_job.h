// The main job, step by step, through HTTP only (product.md, "The main job, end to end").
#pragma once

#include <string>
#include <vector>

#include "hub/app/demo/cast.h"
#include "hub/app/demo/narrator.h"
#include "hub/app/demo/stage.h"

namespace lh::hub::app::demo {

class MainJob {
 public:
  MainJob(Stage& stage, Cast cast, const DemoOptions& options, Narrator& narrator)
      : stage_(stage), cast_(std::move(cast)), options_(options), say_(narrator) {}
  Status perform();

 private:
  // One licence of the case, as the approval system came to know it.
  struct Fetched {
    std::string material, reference, licence_id, presentation, qr;
    std::uint64_t index = 0;
    bool licence = false;
  };
  Status load_sources();
  Status load_one(const std::string& mapping, const std::string& input, bool first);
  Status issue_licences();
  Result<schemas::Json> issue(Party& party, const schemas::Json& body, const std::string& what);
  Status open_case();
  Status fetch_materials();
  Status fetch(const schemas::Json& item);
  void tell_fetch(const Party::Answer& answer, const Fetched& fetched);
  Status verify_and_revoke();
  Status find_reads();
  Status check_offline();
  Status holder_looks();
  schemas::Json purpose() const;
  schemas::Json officer() const;

  Stage& stage_;
  Cast cast_;
  const DemoOptions& options_;
  Narrator& say_;
  std::string case_id_;
  schemas::Json plan_;
  std::vector<Fetched> fetched_;
};

}  // namespace lh::hub::app::demo
