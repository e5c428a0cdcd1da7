// The dirty dump of the sample world: what an old department sends, in GB18030, with every trap at
// a known number of rows, so that what an import reports can be compared with the truth.
#pragma once

#include <map>
#include <string>

#include "base/bytes.h"
#include "hub/app/sample_world.h"

namespace lh::hub::app {

struct DirtyDump {
  Bytes bytes;                            // GB18030, CRLF; mapping: dirty-sample.toml
  std::size_t rows = 0;                   // data rows, bad ones included
  std::size_t good = 0;                   // rows whose company is new: all companies of the world
  std::size_t same = 0;                   // identical repeats of a good row
  std::size_t conflicts = 0;              // repeats of a code with another name: row.conflict
  std::map<Reason, std::size_t> refused;  // rows the mapping refuses, by reason
};

// Every company of the world stands in the dump once and readable: with dates and amounts in
// several spellings, full-width codes, quoted commas and line ends, names with four-byte characters
// and with characters of the 2022 edition. Beside them, companies that are not of the world in rows
// with each kind of damage. Input: at least 1 company (LH_CHECK).
Result<DirtyDump> make_dirty_dump(const SampleWorld& world);

// population.csv, legal-entities.csv and legal-entities-dirty.gb18030.csv in an existing directory.
// Errors: file.unwritable.
Result<DirtyDump> write_sample_files(const SampleWorld& world, const std::string& directory);

}  // namespace lh::hub::app
