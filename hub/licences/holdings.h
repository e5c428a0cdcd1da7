// What people hold, looked up for one access: each of them once for all the types that are wanted,
// the heads together. A plan of a dozen materials costs a look a person, not a look a material.
// That a licence exists is personal: what is said of LicenceStore::find_holding holds here too.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "hub/licences/licence_store.h"

namespace lh::hub::licences {

// Type codes are kept as they are stored: 21 characters.
using WantedType = std::pair<SubjectNo, std::string>;

class Holdings {
 public:
  // Nothing else than what is wanted is read of anybody.
  static Result<Holdings> look(const LicenceStore& licences, const std::vector<WantedType>& wanted,
                               const Permit& permit);
  // As LicenceStore::find_holding, of what was wanted; nothing of what was not.
  Result<std::optional<Holding>> find(SubjectNo subject, std::string_view type, UtcTime at) const;
  // All of them that are valid at `at`, newest first, at most `limit`.
  Result<std::vector<Holding>> find_valid(SubjectNo subject, std::string_view type, UtcTime at,
                                          std::size_t limit) const;

 private:
  struct Held {
    std::uint64_t commit_index = 0;
    LicenceKey key;
  };
  struct Person {
    std::vector<SubjectNo> one_with;  // and by merges
    std::map<std::string, std::vector<Held>, std::less<>> types;
  };
  explicit Holdings(const LicenceStore& licences) : licences_(&licences) {}
  Status look_at(Person& person, SubjectNo who);
  Status take(Person& person, const std::vector<store::Row>& rows);
  Status read_heads();
  Result<std::optional<Holding>> holding(const Person& person, const Held& held, UtcTime at) const;
  const std::vector<Held>* held_by(SubjectNo subject, std::string_view type,
                                   const Person*& person) const;

  const LicenceStore* licences_;
  std::map<SubjectNo, Person> people_;
  std::map<LicenceKey, LicenceHead> heads_;  // of the newest of each type
};

}  // namespace lh::hub::licences
