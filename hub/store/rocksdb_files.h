// Our own walk over the files that RocksDB itself forgives too much: CURRENT, MANIFEST and the
// write-ahead log. A record whose length rots at the end of a log looks to RocksDB like a torn
// tail, and padding is not looked at. Internal to hub/store.
// Format: blocks of 32 KiB of records crc(4) ‖ length(2) ‖ type(1) ‖ data, little endian, the CRC
// masked over type and data (RocksDB, "Write Ahead Log File Format").
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace rocksdb {
class Env;
}

namespace lh::hub::store {

// kTorn: the file ends inside a record, as after a power cut. Anything else wrong is an Error.
struct RecordFile {
  std::uint64_t records = 0;
  std::optional<std::uint64_t> torn_at;
};
// Errors: store.corrupt "000012.log: byte 4711".
Result<RecordFile> walk_records(rocksdb::Env& env, const std::string& dir, const std::string& name);

// Walks CURRENT, the MANIFEST it names and every *.log. Gives the torn files ("000012.log: torn at
// byte 4711"). Errors: store.corrupt, naming the file; store.missing without CURRENT.
Result<std::vector<std::string>> walk_journals(rocksdb::Env& env, const std::string& dir);

// After RocksDB refused to open: the names of table files that do not hold.
std::vector<std::string> damaged_tables(rocksdb::Env& env, const std::string& dir);

}  // namespace lh::hub::store
