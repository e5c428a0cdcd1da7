// Who plays in the demonstration: the applicant and the fictitious persons around it.
#pragma once

#include <optional>
#include <string>

#include "adapters/mapping.h"
#include "hub/app/demo/demo.h"
#include "hub/app/demo/stage.h"
#include "hub/app/sample_world.h"

namespace lh::hub::app::demo {

struct Cast {
  SampleWorld world;
  SampleCompany new_company;  // gets its business licence in step 3
  std::string applicant;      // USCC
  std::string applicant_name;
  bool applicant_from_dump = false;
  SamplePerson representative, employee;
};

// The applicant of a real dump: the row of that USCC, or the first good row whose scope has 食品.
// Errors: usage.wrong when there is none.
Result<std::pair<std::string, std::string>> find_applicant(const DemoOptions& options,
                                                           const adapters::Mapping& mapping);
Result<Cast> choose_cast(const DemoOptions& options);

}  // namespace lh::hub::app::demo
