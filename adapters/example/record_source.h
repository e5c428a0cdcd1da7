// The rows of a file of records.
#pragma once

#include <memory>

#include "adapters/adapter.h"
#include "adapters/example/record_settings.h"

namespace lh::adapters::example {

// Errors: file.unreadable, cursor.invalid.
Result<std::unique_ptr<Source>> open_records(const std::string& path, RecordSettings settings,
                                             const Cursor& from);

}  // namespace lh::adapters::example
