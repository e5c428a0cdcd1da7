// The child's side: one session at a time, asked for on one descriptor and answered on the other.
#pragma once

#include "adapters/sql/session/session.h"

namespace lh::adapters::sql {

// Until the input ends: 0; 1: something came that is no question. Takes the descriptors 0 and 1
// away from the drivers (what one prints is not an answer), allows no core dump (it would hold
// personal data), and ends at once when the other side goes, also while a driver is busy.
int serve_driver(int in, int out, const Connector& drivers);

}  // namespace lh::adapters::sql
