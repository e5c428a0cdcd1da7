// Tickets in answers. Private to hub/exchange.
#pragma once

#include "hub/access/catalogue.h"
#include "hub/exchange/tickets/ticket.h"
#include "schemas/json.h"

namespace lh::hub::exchange {

// The material as the catalogue has it today; null when it is gone.
const schemas::Material* material_of(const Ticket& ticket, const access::Policy& policy,
                                     LocalDate today);
// Calendar days before its day from which a ticket is yellow.
int yellow_before(const schemas::Material* material);
schemas::Json ticket_json(const Ticket& ticket, const access::Policy& policy, LocalDate today);

}  // namespace lh::hub::exchange
