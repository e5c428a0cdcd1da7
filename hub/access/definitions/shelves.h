// The shelves of a policy: all versions of all definitions, by kind, id and version. A definition
// stands on the shelves of many policies; it never changes.
#pragma once

#include <functional>
#include <map>
#include <tuple>

#include "hub/access/definitions/kinds.h"

namespace lh::hub::access {

class Shelves {
 public:
  template <class T>
  struct Kept {
    std::shared_ptr<const T> value;
    std::uint64_t mark = 0;  // of the row it was read from; 0: of no row
  };
  template <class T>
  using Shelf = std::map<std::string, std::map<int, Kept<T>>, std::less<>>;

  template <class T>
  const Shelf<T>& of() const {
    return std::get<Shelf<T>>(shelves_);
  }
  // Takes the place of a definition of the same kind, id and version.
  void put(const Definition& definition, std::uint64_t mark);
  // From the earlier shelves when it was read from a row with this mark there; false otherwise.
  bool take_over(const Shelves& earlier, ObjectKind kind, std::string_view id, int version,
                 std::uint64_t mark);
  // After the last put: what is looked up together.
  void index();

  template <class T>
  const T* find(std::string_view id, LocalDate at) const {
    const auto versions = of<T>().find(id);
    if (versions == of<T>().end()) return nullptr;
    for (auto it = versions->second.rbegin(); it != versions->second.rend(); ++it) {
      if (covers(*it->second.value, at)) return it->second.value.get();
    }
    return nullptr;
  }
  // The greatest version there is, in force or not; null when none.
  std::optional<Definition> newest(ObjectKind kind, std::string_view id) const;
  std::optional<Definition> in_force(ObjectKind kind, std::string_view id, LocalDate at) const;
  // Ids of a kind that have a version in force that day, ascending.
  std::vector<std::string> ids_in_force(ObjectKind kind, LocalDate at) const;

  const schemas::LicenceType* find_type(std::string_view code, LocalDate at) const;
  const std::vector<const schemas::SharingRule*>& rules_about(std::string_view object) const;

 private:
  template <class T>
  static bool covers(const T& definition, LocalDate at) {
    if constexpr (requires { definition.effective; }) {
      return definition.effective.covers(at);
    } else {
      return true;
    }
  }
  using Segments = std::vector<std::pair<LocalDate, std::shared_ptr<const schemas::LicenceType>>>;
  void resolve_tables(const schemas::LicenceType& type);
  void fill_codes(schemas::FieldDefinition& field, LocalDate day,
                  const schemas::LicenceType& type) const;

  std::tuple<Shelf<schemas::LicenceType>, Shelf<schemas::BaseKind>, Shelf<schemas::Matter>,
             Shelf<schemas::SharingRule>, Shelf<schemas::Bundle>, Shelf<schemas::Proof>,
             Shelf<schemas::CodeTable>, Shelf<schemas::DirectoryEntry>,
             Shelf<schemas::PublicationRule>>
      shelves_;
  // By object; of one id the greatest version first.
  std::map<std::string, std::vector<const schemas::SharingRule*>, std::less<>> rules_by_object_;
  // Types that name code tables, with the codes of each day from which on they differ.
  std::map<const schemas::LicenceType*, Segments> resolved_;
};

// Policies in the making, for the catalogue and for what would be if more were published.
class PolicyMaker {
 public:
  // The same definitions and more; an equal (kind, id, version) is replaced. Same epoch.
  static std::shared_ptr<const Policy> with(const Policy& policy,
                                            const std::vector<Definition>& more);
};

}  // namespace lh::hub::access
