// The service of service.py, started once, and the table it serves.
#pragma once

#include "kit.h"
#include "schemas/json.h"
#include "tests/integration/sql_servers.h"

namespace lh::conformance {

class Service {
 public:
  Service();
  void put(const Table& table, const std::string& mode, const std::string& encoding);
  kits::ScratchFolder folder;
  int plain = 0;
  int mutual = 0;

 private:
  kits::Process process_;
};

Service& service();

}  // namespace lh::conformance
