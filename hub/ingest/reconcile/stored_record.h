// A stored record beside the one a source gives: in which fields they differ.
#pragma once

#include <set>

#include "hub/ingest/collection.h"
#include "hub/ingest/row_memory.h"
#include "hub/licences/licence_store.h"

namespace lh::hub::ingest {

class StoredRecords {
 public:
  // permit and recorded: of the entry that says that stored records are read to compare them.
  StoredRecords(const CollectionParts& parts, const access::Policy& policy, const Permit& permit,
                const Recorded& recorded)
      : parts_(parts),
        policy_(policy),
        licences_(parts.store, parts.directory),
        permit_(permit),
        recorded_(recorded) {}

  struct Compared {
    enum class Outcome : std::uint8_t { kGone, kCompared } outcome = Outcome::kCompared;
    std::vector<std::string> fields;  // that differ
    std::string licence_id;
  };
  // kGone: the record is not there any more (its key was erased, say).
  Result<Compared> compare(const adapters::MappedRecord& record, const Remembered& known) const;

  // What a stored record may be called in a report.
  struct Name {
    adapters::RecordKind record = adapters::RecordKind::kBaseData;
    std::string object, key, licence_id, division;
  };
  Result<Name> name_of(const Bytes& place) const;

 private:
  Result<std::vector<SubjectNo>> holder_of(const adapters::MappedRecord& record) const;
  Result<Compared> compare_licence(const adapters::MappedRecord& record, ByteView key) const;
  Result<Compared> compare_base(const adapters::MappedRecord& record, ByteView place) const;
  const CollectionParts& parts_;
  const access::Policy& policy_;
  licences::LicenceStore licences_;
  const Permit& permit_;
  const Recorded& recorded_;
};

}  // namespace lh::hub::ingest
