// What holders allow: a consent 授权 (weeks, counted) or a use code 用证码 (minutes, once at the
// counter). Both are bound to the subject, one using organisation, one matter and one object; the
// token is random and only its HMAC is kept. A use is counted in the very change of the fetch.
//   data "Ec" ‖ HMAC(token)(32)                   -> the consent, its purpose sealed for the holder
//   data "Eh" ‖ subject_no(8) ‖ consent_id(16)    -> HMAC(token): what the holder gave
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/random.h"
#include "crypto/key_store.h"
#include "hub/ledger/change.h"
#include "hub/store/store.h"
#include "hub/subjects/subject_directory.h"

namespace lh::hub::exchange {

struct ConsentIdKind {
  static constexpr const char* kPrefix = "con_";
};
using ConsentId = RandomId<ConsentIdKind>;

enum class ConsentKind : std::uint8_t { kConsent = 1, kUseCode = 2 };  // stored

// Who may use what for which matter.
struct ConsentScope {
  Uscc user;
  std::string matter;
  std::string object;  // licence type or base-data kind
  bool operator==(const ConsentScope&) const = default;
};

struct Consent {
  ConsentId id;
  ConsentKind kind = ConsentKind::kConsent;
  SubjectNo subject;
  Uscc portal;  // before whom it was given
  ConsentScope scope;
  std::uint32_t uses_left = 1;
  UtcTime given, expires;
  std::optional<UtcTime> withdrawn;
  Bytes purpose;  // sealed under the subject's key
};

enum class ConsentState : std::uint8_t { kLive, kWithdrawn, kExpired, kUsed };
ConsentState state_of(const Consent& consent, UtcTime now);
std::string_view state_text(ConsentState s);
// Whether this use is covered. First whose it is and for what, so that a stranger learns nothing of
// its state. Errors: consent.scope, consent.ended, use_code.expired, use_code.used.
Status check_consent(const Consent& consent, SubjectNo subject, const ConsentScope& use,
                     UtcTime now);

class Consents {
 public:
  static constexpr std::size_t kMostOfSubject = 500;
  // "reference" must be in the key store.
  static Result<Consents> create(const store::Store& store, const crypto::KeyStore& keys,
                                 const subjects::SubjectDirectory& directory, std::string origin);
  struct Made {
    std::string token;
    std::vector<ledger::RowWrite> rows;
  };
  // The token of a use code begins with the time it was given.
  Made make(Consent consent, const subjects::SubjectKey& subject, std::string_view purpose,
            Random& random) const;

  struct Found {
    Consent consent;
    Bytes row_key;
    std::uint64_t commit_index = 0;
  };
  // Errors: consent.unknown, use_code.unknown (what looks like one).
  Result<Found> find(std::string_view token) const;
  // What the holder gave, in no order. Errors: consent.unknown (of somebody else: alike).
  Result<std::vector<Found>> given_by(SubjectNo subject) const;
  Result<Found> given_by(SubjectNo subject, const ConsentId& id) const;
  enum class OnRecord : std::uint8_t { kYes, kNo };
  // Is there any live one for this use? Says nothing about whether the caller holds its token.
  Result<OnRecord> on_record(SubjectNo subject, const ConsentScope& use, UtcTime now) const;
  Result<std::string> purpose_of(const Found& found, const subjects::SubjectKey& subject) const;

  // Of two who take the last use at once, one is stale.
  void count_use(Found& found, ledger::Change& change) const;
  ledger::RowWrite withdraw(Found& found, UtcTime now) const;

 private:
  Consents(const store::Store& store, Secret key, const subjects::SubjectDirectory& directory,
           std::string origin);
  Result<Found> find_row(Bytes row_key) const;
  const store::Store* store_;
  Secret key_;
  const subjects::SubjectDirectory* directory_;
  std::string origin_;
};

}  // namespace lh::hub::exchange
