// Changes of licences for another hub (上下级节点): issued, collected or changed in status, in the
// order of the log, a page at a time, with what the sharing rules give the caller for its matter.
// A licence stands in the feed at its last change only, as it is now. What no rule gives, what
// needs the holder's consent, and what was erased is not there, without a word about it. Each
// licence given is an act of its own: decided by the gate, recorded as licence.shared, answered
// with its receipt. docs/walks/sharing.md, "Changes for another hub".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hub/exchange/exchange.h"
#include "hub/ledger/ledger.h"

namespace lh::hub::exchange {

// POST /v1/licence-changes: {types[1..16], after|null, limit 1..100, purpose{matter, cause,
// legal_basis, operator}}. There is no case and no holder's consent.
struct ChangesRequest {
  static constexpr std::size_t kMostTypes = 16;
  static constexpr std::size_t kMostChanges = 100;
  std::vector<std::string> types;  // ascending, each once
  std::string after;               // cursor; empty: the beginning
  std::size_t limit = kMostChanges;
  schemas::Purpose purpose;
};
// Errors: json.*, purpose.missing.
Result<ChangesRequest> changes_request_from_json(const schemas::Json& j);

struct LicenceChange {
  LicenceKey key;
  schemas::AuditEvent event = schemas::AuditEvent::kLicenceIssued;
  UtcTime time;
  std::string before, cursor;  // to read on from this change, and from behind it
};
struct ChangePage {
  std::vector<LicenceChange> changes;
  std::string next;
  bool more = false;  // there is more of the log to look at now
};

class ChangeDesk {
 public:
  // Entries of the log looked at for one page; then the cursor goes on.
  static constexpr std::size_t kMostExamined = 2048;
  ChangeDesk(const ExchangeParts& parts, const ledger::Ledger& ledger, const crypto::KeyStore& keys)
      : parts_(parts), ledger_(ledger), keys_(keys) {}

  // Which licences a page holds. Errors: role.missing, case.not_in_feed (an organisation that must
  // name a case for every reading pulls nothing), purpose.not_registered, cursor.invalid (not one
  // this caller was given for these types and this matter; of another log).
  Result<ChangePage> find_page(const ChangesRequest& request, const access::Caller& caller,
                               const access::Policy& policy) const;
  // One of them, decided anew.
  Result<access::Prepared> share(const ChangesRequest& request, const LicenceChange& change,
                                 ByteView raw, const access::Caller& caller,
                                 const access::Policy& policy) const;
  access::Refused refused(Error error, const ChangesRequest& request, const access::Caller& caller,
                          const access::Policy& policy) const;

 private:
  struct Reading;
  audit::EntryFacts facts_of_request(const ChangesRequest& request, const access::Caller& caller,
                                     const access::Policy& policy) const;
  Result<std::vector<std::uint64_t>> find_entries(Reading& reading) const;
  Result<std::optional<LicenceChange>> read_change(std::uint64_t index,
                                                   const Reading& reading) const;
  Result<bool> stands_here(std::uint64_t index, const LicenceKey& key,
                           const std::string& type) const;
  std::string cursor_at(std::uint64_t index, const Reading& reading) const;
  Result<std::uint64_t> parse_cursor(std::string_view text, const Reading& reading) const;

  ExchangeParts parts_;
  const ledger::Ledger& ledger_;
  const crypto::KeyStore& keys_;
};

// The page as it leaves: what was answered for each change, in order, with its cursor. A change
// whose right or licence went meanwhile is left out; at one that failed for another reason, or
// where the page is full, the page ends, and goes on there next time. Empty: the first one failed
// so.
struct SharedChange {
  const LicenceChange& change;
  int status = 200;
  std::string_view body;
};
inline constexpr std::size_t kChangePageBytes = 4U << 20U;
std::string change_page_json(const ChangePage& page, const std::vector<SharedChange>& shared);

}  // namespace lh::hub::exchange
