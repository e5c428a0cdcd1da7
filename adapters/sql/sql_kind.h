// The kind "sql": any database with an ODBC driver. Drivers run in a child process where the hub
// says how to start one; a driver that crashes or hangs is source.unavailable then.
#pragma once

#include <memory>

#include "adapters/kind.h"
#include "adapters/sql/session/session.h"

namespace lh::adapters::sql {

// How to start a driver host: a program whose main is run_driver_host(0, 1). Empty: drivers run in
// this process (tests, and the host itself).
struct HostCommand {
  std::vector<std::string> argv;
};

// around outlives the kind and all it opens.
std::unique_ptr<Kind> make_kind(const Surroundings& around, HostCommand host = {});

// The loop of `licencehub adapter-driver`: sessions asked for on `in`, answered on `out`. Ends with
// the input. Output: the exit code.
int run_driver_host(int in, int out);

// What `adapter new` and the watch for changed columns see of a source. Sample rows hold personal
// data: mask them before they are shown.
struct Discovery {
  std::vector<Column> columns;  // all, whatever the mapping names; types as declared
  std::vector<RawRow> sample;   // values in the order of columns
};
// Errors: mapping.invalid, those of pull.
Result<Discovery> discover(const Surroundings& around, const HostCommand& host,
                           const SettingsNode& source, std::size_t rows);

}  // namespace lh::adapters::sql
