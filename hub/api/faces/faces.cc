#include "hub/api/faces/faces.h"

namespace lh::hub::api::faces {

Status add_faces(Router& router, const Procedure& procedure, Sessions& sessions,
                 const std::vector<std::string>& names) {
  for (const auto& name : names) {
    if (name == "guangdong") {
      add_guangdong(router, procedure, sessions);
    } else if (name == "national") {
      add_national(router, procedure, sessions);
    } else {
      return Error(Reason::kConfigInvalid, "faces: guangdong, national");
    }
  }
  return ok_status();
}

}  // namespace lh::hub::api::faces
