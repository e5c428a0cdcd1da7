// The procedure every act goes through: who calls, is it a replay, prepare, commit, answer. A stale
// change is prepared once more, then 409. A known caller's refusal becomes an entry before the
// problem leaves; an anonymous one is counted. A call out is intent, call, outcome; it is made
// once.
#pragma once

#include <functional>
#include <memory>

#include "hub/access/act.h"
#include "hub/api/outcome.h"
#include "hub/api/problem.h"
#include "hub/api/router.h"
#include "hub/api/services.h"

namespace lh::hub::api {

enum class Repeat : std::uint8_t { kIdempotent, kEachTimeAnew };  // kEachTimeAnew: reads

// What a route prepares for a known caller. Runs again when the change was stale.
using Prepare = std::function<Result<access::Prepared>(const Call&, const access::Caller&,
                                                       const access::Policy&)>;
// The same for somebody without an account.
using PreparePublic = std::function<Result<access::Prepared>(const Call&, const access::Policy&)>;

class Procedure {
 public:
  explicit Procedure(const Services& services) : s_(services) {}
  Outcome run(CallPtr call, Repeat repeat, Prepare prepare) const;
  Outcome run_public(CallPtr call, PreparePublic prepare) const;
  // Whose certificate it is. Errors: caller.no_certificate, caller.untrusted_certificate,
  // caller.unknown, caller.suspended.
  Result<access::Caller> identify(const ClientCertificate& certificate) const;
  // Refusal of whoever calls: an entry when the caller is known, else as refuse_anonymous().
  Outcome refuse(CallPtr call, const Error& error) const;
  // Refusal of somebody unknown: counted, then the problem.
  Response refuse_anonymous(const Error& error, const Call& call) const;
  const Services& services() const { return s_; }

 private:
  struct Turn;
  Outcome attempt(const std::shared_ptr<Turn>& turn) const;
  Outcome prepared(const std::shared_ptr<Turn>& turn, Result<access::Prepared> prepared) const;
  Outcome commit(const std::shared_ptr<Turn>& turn, access::Act act) const;
  Outcome call_out(const std::shared_ptr<Turn>& turn, access::CallOut call) const;
  Outcome concluded(const std::shared_ptr<Turn>& turn, const access::Conclude& conclude) const;
  Outcome record_refusal(const std::shared_ptr<Turn>& turn, access::Refused refused) const;
  Result<access::Prepared> replay(const Turn& turn) const;
  Status remember(const Turn& turn, access::Act& act) const;
  const Services& s_;
};

// {…answer…} with ,"receipt":{…} put before the last brace.
std::string with_receipt(std::string answer, std::string_view log, const Recorded& recorded);

}  // namespace lh::hub::api
