// 容缺 and 告知承诺 tickets: what an applicant still owes. Rows (docs/formats/keys.md):
//   data "u" ‖ subject_no(8) ‖ ticket_id(16)       -> the ticket: numbers, codes and dates only
//   data "t" ‖ ticket_id(16)                       -> subject_no(8) of the applicant
//   data "o" ‖ USCC ‖ due day(4) ‖ ticket_id(16)   -> subject_no(8): tickets of a department
//   data "g" ‖ due day(4) ‖ ticket_id(16)          -> subject_no(8): open ones, for reminders
// Private to hub/exchange.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/permit.h"
#include "hub/ledger/change.h"
#include "hub/store/store.h"

namespace lh::hub::exchange {

struct TicketIdKind {
  static constexpr const char* kPrefix = "tkt_";
};
using TicketId = RandomId<TicketIdKind>;

enum class TicketKind : std::uint8_t { kDeferral = 1, kCommitment = 2 };  // stored
std::string_view kind_text(TicketKind k);                                 // "deferral", …

enum class TicketState : std::uint8_t {  // stored; never renumber
  kOpen = 1,
  kMet = 2,       // the material followed; the commitment was checked and kept
  kEnded = 3,     // given up: the consequence applies
  kBreached = 4,  // the commitment was not kept
  kRepaired = 5,  // a breach that no longer counts
};
std::string_view state_text(TicketState s);

enum class Card : std::uint8_t { kGreen, kYellow, kRed };  // 黄牌, 红牌
std::string_view card_text(Card c);

// How a commitment was signed, and by whom.
enum class Signing : std::uint8_t {  // stored; never renumber
  kNone = 0,                         // a deferral
  kPaper = 1,
  kApplicant = 2,  // an assertion of the applicant
  kAgent = 3       // an assertion of who is entrusted with it
};

struct Ticket {
  TicketId id;
  TicketKind kind = TicketKind::kDeferral;
  TicketState state = TicketState::kOpen;
  CaseId case_id;
  Uscc organisation;
  std::string matter;
  int matter_version = 1;
  std::string material;
  SubjectNo applicant;
  UtcTime opened;
  LocalDate due;  // the material follows, or the commitment is checked, by the end of that day
  std::optional<UtcTime> closed;
  std::optional<LocalDate> holds_until;  // a breach counts until then
  std::optional<Digest> document;        // of what was signed, or handed in
  Signing signing = Signing::kNone;
  std::uint32_t reminders = 0;     // given so far
  std::uint64_t commit_index = 0;  // 0 = not stored yet
};

// Yellow: the first of its reminders is due; red: open after its day.
Card card_of(const Ticket& ticket, LocalDate today, int yellow_before);
// Does it keep the applicant from another deferral or commitment that day?
bool is_missed(const Ticket& ticket, LocalDate today);
bool is_breach(const Ticket& ticket, LocalDate today);

// Rows and preconditions that store it as it is now.
void write_ticket(const Ticket& ticket, ledger::Change& change);
// That there is one is personal: hence the Permit. Errors: store.corrupt.
Result<std::vector<Ticket>> tickets_of(const store::Store& store, SubjectNo applicant,
                                       const Permit& permit);
Result<std::optional<Ticket>> find_ticket(const store::Store& store, const TicketId& id,
                                          const Permit& permit);

struct TicketPage {
  std::vector<Ticket> tickets;  // by due day
  Bytes next;                   // where the next page begins; empty: there is none
};
Result<TicketPage> tickets_of(const store::Store& store, const Uscc& organisation, ByteView from,
                              std::size_t limit, const Permit& permit);
// Open ones due by that day, of all departments.
Result<TicketPage> open_tickets(const store::Store& store, LocalDate due_by, ByteView from,
                                std::size_t limit, const Permit& permit);

}  // namespace lh::hub::exchange
