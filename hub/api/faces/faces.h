// Faces: operations that existing clients already speak, translated onto the hub's own acts
// (docs/formats/faces.md). Off unless the configuration names them. A face is no way around: every
// call runs through Procedure with the caller's certificate, and what it asks for passes the same
// gate and leaves the same entries as /v1/cases, /v1/fetch and /v1/verify.
// Source: domain.md 1.5 A (Guangdong family), B (Shandong family, the national sharing service).
// Never: a purpose, case number or operator the client did not send.
#pragma once

#include <string>
#include <vector>

#include "hub/api/faces/sessions.h"
#include "hub/api/procedure.h"
#include "hub/api/router.h"

namespace lh::hub::api::faces {

// What procedure and sessions refer to outlives the router.
void add_guangdong(Router& router, const Procedure& procedure, Sessions& sessions);
void add_national(Router& router, const Procedure& procedure, Sessions& sessions);

// Errors: config.invalid (no face of that name).
Status add_faces(Router& router, const Procedure& procedure, Sessions& sessions,
                 const std::vector<std::string>& names);

}  // namespace lh::hub::api::faces
