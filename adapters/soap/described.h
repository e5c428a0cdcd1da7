// A [source] table that names a WSDL file and operations, written out as one with envelopes: url,
// action and envelope come from the description, the parameters and paths of the mapping are
// checked against it. Everything else stays as it is.
#pragma once

#include "adapters/http/digests.h"
#include "adapters/kind.h"

namespace lh::adapters::soap {

// A table without `wsdl` comes back as it was. Reads the files at every call (1 ms). Errors:
// mapping.invalid with the line of the mapping, and the file and line of the description.
Result<SettingsNode> written_out(const SettingsNode& source, const http::MessageDigests& digests);

// An unfinished table with `wsdl` and `operation`: its text with what it lacks. Nothing: it names
// no WSDL, or has its columns. Errors: as written_out.
Result<std::optional<Described>> describe(const SettingsNode& source, const std::string& toml,
                                          const http::MessageDigests& digests);

}  // namespace lh::adapters::soap
