// The memo file beside a DBF file: .dbt of dBASE III and IV, .fpt of FoxPro.
#pragma once

#include <optional>

#include "adapters/file/formats/dbf_header.h"

namespace lh::adapters::file::formats {

class DbfMemoFile {
 public:
  // The file lies beside `dbf_path` under the same name. Errors: adapter.unsupported when it is
  // missing (the path is named), source.answer when its header cannot be.
  static Result<DbfMemoFile> open(const std::string& dbf_path, DbfMemo layout);

  // The text of a memo, as stored. Input: the number in the record, 0 = none. Errors: row.cut (the
  // number or the length points outside the file), row.too_long, row.encoding (not text but a
  // picture or an object), source.unavailable (the run stops).
  Result<Bytes> read(std::uint64_t block, std::size_t max_bytes) const;

 private:
  DbfMemoFile(FileBytes file, DbfMemo layout, std::size_t block_bytes)
      : file_(std::move(file)), layout_(layout), block_bytes_(block_bytes) {}
  Result<Bytes> read_until_mark(std::uint64_t offset, std::size_t max_bytes) const;
  Result<Bytes> read_exactly(std::uint64_t offset, std::uint64_t n, std::size_t max_bytes) const;

  FileBytes file_;
  DbfMemo layout_;
  std::size_t block_bytes_;
};

}  // namespace lh::adapters::file::formats
