// The table of divisions with validity intervals (schemas/data/divisions/*.csv: code, name, from,
// until). Source and year of the list stand in the file; an operator may import the official one.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/time.h"

namespace lh::schemas {

class DivisionTable {
 public:
  static Result<DivisionTable> parse(std::string_view csv);
  static const DivisionTable& shipped();
  // The name at that date. 9- and 12-digit codes are looked up by their first six digits.
  std::optional<std::string> find_name(const Division& d, LocalDate at) const;
  Status check(const Division& d, LocalDate at) const;  // id.division_unknown
  // What a code became, following merges, at a later date.
  std::optional<Division> successor(const Division& d, LocalDate at) const;
  // What the table says of a code at that date, or of its last days before it (it ended).
  struct Entry {
    std::string code;  // six digits
    std::string name;
    LocalDate from;
    std::optional<LocalDate> until;  // inclusive
    std::string successor;           // after `until`; empty: not known
  };
  std::optional<Entry> find(const Division& d, LocalDate at) const;
  // The divisions that contain it by code, the province first.
  std::vector<Entry> parents(const Division& d, LocalDate at) const;
  std::size_t size() const { return rows_.size(); }

 private:
  using Row = Entry;
  static Result<Row> row_from(std::string_view line, std::size_t number);
  Result<DivisionTable> sorted() &&;
  const Row* find_row(std::string_view code, LocalDate at) const;  // the last that began by then
  std::vector<Row> rows_;                                          // sorted by code, then from
};

}  // namespace lh::schemas
