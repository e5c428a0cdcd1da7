// The formats of the file kind beside CSV; what they have in common is said in file_source.h.
#pragma once

#include "adapters/file/file_source.h"

namespace lh::adapters::file::formats {

// Errors: those of open_file.
Result<std::unique_ptr<Source>> open_fixed(const std::string& path,
                                           const FileSourceSettings& settings, const Cursor& from);
// dBASE III to IV, FoxPro and Visual FoxPro; fields of type C N F D L M. See source-file.md.
Result<std::unique_ptr<Source>> open_dbf(const std::string& path,
                                         const FileSourceSettings& settings, const Cursor& from);
Result<std::unique_ptr<Source>> open_xml(const std::string& path,
                                         const FileSourceSettings& settings, const Cursor& from);
Result<std::unique_ptr<Source>> open_json_lines(const std::string& path,
                                                const FileSourceSettings& settings,
                                                const Cursor& from);
Result<std::unique_ptr<Source>> open_json_array(const std::string& path,
                                                const FileSourceSettings& settings,
                                                const Cursor& from);

}  // namespace lh::adapters::file::formats
