// The versioned catalogue (hub/api/routes/catalogue/): definitions, changes, imports.
#include "hub/api/routes/catalogue/catalogue_acts.h"

namespace lh::hub::api::routes {

void add_catalogue(Router& router, const Procedure& p) {
  add_definitions(router, p);
  add_changes(router, p);
  add_imports(router, p);
}

}  // namespace lh::hub::api::routes
