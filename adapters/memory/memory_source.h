// A source held in memory, for tests and for the generated sample world.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "adapters/adapter.h"

namespace lh::adapters::memory {

std::unique_ptr<Source> make_source(std::vector<std::string> columns,
                                    std::vector<std::vector<std::string>> rows);
// From a cursor of such a source. Errors: cursor.invalid.
Result<std::unique_ptr<Source>> open_source(std::vector<std::string> columns,
                                            std::vector<std::vector<std::string>> rows,
                                            const Cursor& from);

}  // namespace lh::adapters::memory
