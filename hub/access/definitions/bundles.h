// 一件事: the one list of materials of a bundle, each of them once.
#pragma once

#include "hub/access/catalogue.h"

namespace lh::hub::access {

struct NeededBy {
  std::string matter;    // code
  std::string material;  // its code there
};
struct BundleMaterial {
  // As the first matter that may demand it describes it; `subject` is the part in the bundle.
  schemas::Material material;
  std::vector<NeededBy> needed_by;  // in the order of the bundle; only where there is a legal basis
  std::string first_basis;          // empty: no matter may demand it (not_demandable)
  std::string from_matter;  // it is the result of this earlier matter: nobody brings it. Or empty
};

// Materials are one when they are of the same part and: the same licence type (after mergers of
// that day), or the same kind of base data, or documents of the same code and Chinese name. What a
// department issues itself is one with nothing of another department. In the order in which the
// matters first ask.
// Errors: matter.unknown with the code (a matter of the bundle is not in force that day).
Result<std::vector<BundleMaterial>> bundle_materials(const schemas::Bundle& bundle,
                                                     const Policy& policy, LocalDate at);
schemas::Json bundle_materials_to_json(const std::vector<BundleMaterial>& materials);

}  // namespace lh::hub::access
