// The rooms of a hub; private to hub/app/hub*.cc.
#pragma once

#include <atomic>

#include "hub/app/calls/pushes.h"
#include "hub/app/calls/sources_on_call.h"
#include "hub/app/calls/unfinished.h"
#include "hub/app/hub.h"
#include "hub/app/sources.h"
#include "hub/ledger/ledger.h"

namespace lh::hub::app {

// Order matters: what stands below is built from what stands above and destroyed before it.
struct Hub::Parts {
  Config config;
  DataDir dir;
  Random& random;
  const Clock& clock;
  crypto::KeyStore keys;
  crypto::BucketKeys buckets;
  crypto::PrivateKey log_private;
  crypto::NoteKey log_key;
  std::vector<pki::Certificate> anchors;
  std::vector<pki::Certificate> server_chain;
  licences::Signer hub_signer;
  store::DiskGuard guard;
  std::unique_ptr<store::Store> store{};
  std::unique_ptr<subjects::SubjectDirectory> directory{};
  std::unique_ptr<audit::EntryMaker> entries{};
  std::unique_ptr<ledger::Ledger> ledger{};
  std::unique_ptr<access::Registry> registry{};
  std::unique_ptr<access::Catalogue> catalogue{};
  std::unique_ptr<access::Gate> gate{};
  std::unique_ptr<licences::Signers> signers{};
  std::unique_ptr<Sources> sources{};
  std::unique_ptr<calls::Board> board{};
  std::unique_ptr<calls::SourcesOnCall> on_call{};
  std::unique_ptr<licences::Signer> attester{};  // the hub's signing key, for attestations
  std::unique_ptr<licences::LicenceStore> licences{};
  std::unique_ptr<licences::LicenceOffice> office{};
  std::unique_ptr<licences::OriginalStore> original_files{};
  std::unique_ptr<licences::OriginalOffice> originals{};
  std::unique_ptr<subjects::BaseData> base_data{};
  std::unique_ptr<exchange::References> references{};
  std::unique_ptr<exchange::Consents> consents{};
  std::shared_ptr<const exchange::SubjectAssertions> assertions{};
  std::unique_ptr<exchange::HolderDesk> holder_desk{};
  std::unique_ptr<exchange::SharingDesk> sharing_desk{};
  std::unique_ptr<exchange::Exchange> exchange{};
  std::unique_ptr<exchange::AnswerDesk> answers{};
  std::unique_ptr<exchange::FormDesk> forms{};
  std::unique_ptr<exchange::CopyDesk> copies{};
  std::unique_ptr<exchange::TicketOffice> tickets{};
  std::unique_ptr<exchange::JointDesk> joint{};
  std::unique_ptr<exchange::FeedDesk> feed{};
  std::unique_ptr<audit::LogView> log{};
  std::unique_ptr<exchange::ChangeDesk> changes{};
  std::unique_ptr<exchange::OwnAccesses> own_accesses{};
  std::unique_ptr<exchange::BaseDataActs> base_data_acts{};
  std::unique_ptr<exchange::Idempotency> idempotency{};
  std::unique_ptr<ingest::Collection> collection{};
  std::unique_ptr<calls::Pushes> pushes{};
  std::unique_ptr<calls::Unfinished> unfinished{};
  audit::RefusalCounter refusals{};
  LocalDate reminded{};  // the day whose reminders were all given
  std::shared_ptr<const pki::TrustStore> trust{};
  std::function<std::string()> metrics_text{};
  LookAtOriginal look_at_original{};  // null: none is taken
  std::unique_ptr<api::Services> services{};

  std::shared_ptr<const pki::TrustStore> trust_now() const { return std::atomic_load(&trust); }
  Status open_rooms();
  Status open_ledger();
  Status open_calls();
  Status open_exchange();
  Status open_rights();
  void open_services();
  Status reload_trust();
  api::Readiness readiness() const;
  Result<std::string> status_list(std::uint32_t list) const;
  Result<std::string> adapters() const;
};

}  // namespace lh::hub::app
