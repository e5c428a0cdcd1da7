// What of another hub's answer becomes the values of a row. Private to this folder.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/hub/judge.h"

namespace lh::adapters::hub {

// Columns beside the fields. licence_id is signed; the others only that hub says.
inline constexpr std::array<std::string_view, 5> kStatedColumns{
    "licence_id", "licence_record", "licence_status", "licence_from", "licence_until"};

// A field named so would hide what the hub says. licence_id is the same either way.
inline bool is_stated_column(std::string_view name) {
  return std::find(kStatedColumns.begin() + 1, kStatedColumns.end(), name) != kStatedColumns.end();
}

struct Stated {
  std::string record;  // the same for all versions of one licence
  std::string status;
  std::string from, until;  // dates; empty: none
};

std::vector<std::string> values_of(const std::vector<std::string>& columns,
                                   const SignedLicence& licence, const Stated& stated);

}  // namespace lh::adapters::hub
