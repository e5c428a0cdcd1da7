// What the routes may use. Everything outlives the routes.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/random.h"
#include "base/time.h"
#include "hub/access/catalogue.h"
#include "hub/access/gate.h"
#include "hub/access/registry.h"
#include "hub/audit/entry.h"
#include "hub/audit/log_view.h"
#include "hub/audit/refusals.h"
#include "hub/exchange/answers/answer_desk.h"
#include "hub/exchange/bundles/joint_desk.h"
#include "hub/exchange/cases/feed_desk.h"
#include "hub/exchange/changes/change_desk.h"
#include "hub/exchange/copies/copy_desk.h"
#include "hub/exchange/exchange.h"
#include "hub/exchange/forms/form_desk.h"
#include "hub/exchange/idempotency.h"
#include "hub/exchange/own_accesses.h"
#include "hub/exchange/people/base_data_acts.h"
#include "hub/exchange/rights/holder_desk.h"
#include "hub/exchange/sharing/sharing_desk.h"
#include "hub/exchange/tickets/ticket_office.h"
#include "hub/ingest/collection.h"
#include "hub/licences/licence_office.h"
#include "hub/licences/originals/original_office.h"

namespace lh::hub::api {

struct Readiness {
  bool keys_usable = false;
  bool log_writable = false;
  bool disk_above_watermark = false;
  Reason reason = Reason::kVerdictGood;  // of the first thing that is not so
  bool ready() const { return keys_usable && log_writable && disk_above_watermark; }
};

// Where adapter hosts come for work. A system as mappings name it, and which of its processes.
struct HostSystem {
  std::string organisation;
  std::string name;
  std::string instance;  // as it calls itself; may be empty
};
struct HostDesk {
  // The taker is called once, on any thread: with a task, or with nothing after a while.
  std::function<void(const HostSystem&, std::function<void(std::optional<std::string>)>)> take;
  // It has the task and works on it. Errors: as answer.
  std::function<Status(const HostSystem&, const std::string& id)> at_work;
  // Errors: adapter.state (not a task this system was given, or too late).
  std::function<Status(const HostSystem&, const std::string& id, std::string answer)> answer;
};

struct Services {
  const access::Registry& registry;
  access::Catalogue& catalogue;
  const access::Gate& gate;
  licences::LicenceOffice& office;
  const licences::LicenceStore& licences;
  licences::OriginalOffice& originals;
  exchange::Exchange& exchange;
  const exchange::AnswerDesk& answers;
  const exchange::FormDesk& forms;
  const exchange::CopyDesk& copies;
  const exchange::TicketOffice& tickets;
  const exchange::JointDesk& joint;
  const exchange::FeedDesk& feed;
  const exchange::ChangeDesk& changes;
  const exchange::OwnAccesses& own_accesses;
  const exchange::BaseDataActs& base_data;
  const exchange::HolderDesk& holder_desk;
  const exchange::SharingDesk& sharing_desk;
  ingest::Collection& collection;
  subjects::SubjectDirectory& directory;
  const exchange::Idempotency& idempotency;
  const audit::EntryMaker& entries;
  const audit::LogView& log;
  audit::RefusalCounter& refusals;
  const crypto::KeyStore& keys;
  Random& random;
  const Clock& clock;
  std::string public_url;
  std::string log_vkey;
  std::function<Readiness()> readiness;
  std::function<std::string()> metrics_text;
  std::function<Result<std::string>(std::uint32_t list)> status_list;  // signed token
  std::function<Result<std::string>()> adapters;                       // {"adapters":[…]}
  HostDesk hosts;
  std::string openapi;  // docs/openapi.yaml as built in
};

}  // namespace lh::hub::api
