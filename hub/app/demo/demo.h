// The demonstration: a hub with its own CA and sample departments on loopback performs the main job
// (product.md, steps 1-7) through its public surface, telling each step as a person would read it.
#pragma once

#include <string>

#include "base/result.h"

namespace lh::hub::app::demo {

struct DemoOptions {
  std::string data_dir;  // empty: a fresh temporary directory
  std::string listen = "127.0.0.1:0";
  std::string listen_public = "127.0.0.1:0";
  std::string source, mapping;  // a real dump instead of the sample one
  std::string applicant;        // USCC; default: the first good row with 食品 in its scope
  bool once = false;
};

// Gives the exit code: 0 when every step held, 1 when one did not.
Result<int> run_demo(const DemoOptions& options);

}  // namespace lh::hub::app::demo
