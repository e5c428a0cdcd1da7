#include "hub/exchange/tickets/ticket.h"

namespace lh::hub::exchange {

std::string_view kind_text(TicketKind k) {
  return k == TicketKind::kDeferral ? "deferral" : "commitment";
}

std::string_view state_text(TicketState s) {
  switch (s) {
    case TicketState::kOpen:
      return "open";
    case TicketState::kMet:
      return "met";
    case TicketState::kEnded:
      return "ended";
    case TicketState::kBreached:
      return "breached";
    case TicketState::kRepaired:
      break;
  }
  return "repaired";
}

std::string_view card_text(Card c) {
  if (c == Card::kGreen) return "green";
  return c == Card::kYellow ? "yellow" : "red";
}

Card card_of(const Ticket& ticket, LocalDate today, int yellow_before) {
  if (ticket.state != TicketState::kOpen) return Card::kGreen;
  if (today > ticket.due) return Card::kRed;
  return today.plus_days(yellow_before) >= ticket.due ? Card::kYellow : Card::kGreen;
}

bool is_missed(const Ticket& ticket, LocalDate today) {
  return ticket.kind == TicketKind::kDeferral && ticket.state == TicketState::kOpen &&
         today > ticket.due;
}

bool is_breach(const Ticket& ticket, LocalDate today) {
  return ticket.state == TicketState::kBreached &&
         (!ticket.holds_until || today <= *ticket.holds_until);
}

}  // namespace lh::hub::exchange
