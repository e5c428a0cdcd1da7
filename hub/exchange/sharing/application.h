// An application for sharing 共享申请: a department asks for fields of an object for its matters;
// the department that provides it reviews, a security administrator grants. Closed states, every
// step with its author and time.
//   data "Ea" ‖ application_id(16)
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "hub/ledger/change.h"
#include "hub/store/store.h"
#include "schemas/catalogue.h"

namespace lh::hub::exchange {

struct ApplicationIdKind {
  static constexpr const char* kPrefix = "app_";
};
using ApplicationId = RandomId<ApplicationIdKind>;

enum class ApplicationState : std::uint8_t {  // stored; never renumber
  kApplied = 1,
  kReturned = 2,  // for correction, to the applicant
  kAccepted = 3,  // by the provider; waits for the security administrator
  kRefused = 4,
  kGranted = 5,
  kEnded = 6
};
std::string_view state_text(ApplicationState s);
Result<ApplicationState> parse_application_state(std::string_view text);

enum class ApplicationMove : std::uint8_t {
  kAccept,
  kReturn,
  kRefuse,   // by the provider
  kCorrect,  // by the applicant
  kGrant,
  kDecline,  // by the security administrator
  kEnd
};
// Errors: application.state.
Result<ApplicationState> next_state(ApplicationState from, ApplicationMove move);

// What is asked for.
struct SharingTerms {
  std::string object;
  std::vector<std::string> fields;  // empty with verify_only only
  schemas::RuleMode mode = schemas::RuleMode::kValues;
  std::vector<std::string> matters;
  std::vector<std::string> divisions;
  std::string legal_basis;
  std::string reason;
  LocalDate from, until;
  bool consent_needed = false;  // of each holder; the provider may ask for it
};

// How the sharing directory lists an object that day; without an entry, how its licence type says.
struct Listing {
  Uscc provider;
  std::string attribute;    // "unconditional", "conditional"; "not_shared" of old applications only
  std::string legal_basis;  // of the entry
  std::string entry;        // id; empty: the licence type says it itself
  int entry_version = 0;
};

struct ApplicationStep {
  ApplicationState state = ApplicationState::kApplied;
  std::string organisation, system;
  UtcTime at;
  std::string note;
};

struct Application {
  ApplicationId id;
  ApplicationState state = ApplicationState::kApplied;
  Uscc applicant;
  Listing listing;  // taken when applied for and when corrected; its provider reviews
  SharingTerms terms;
  std::optional<LocalDate> due;  // of what has to be done next
  std::string deadline;          // which one that is
  std::vector<ApplicationStep> steps;
  std::uint64_t commit_index = 0;  // 0 = not stored yet
};

// Row and precondition that store it as it is now.
void write_application(const Application& application, ledger::Change& change);
// Errors: application.unknown, store.corrupt.
Result<Application> find_application(const store::Store& store, const ApplicationId& id);
Result<std::vector<Application>> all_applications(const store::Store& store);

}  // namespace lh::hub::exchange
