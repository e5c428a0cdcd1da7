// A file on its way into the store. Private to hub/licences.
#pragma once

#include "base/secret.h"
#include "hub/licences/originals/original_office.h"

namespace lh::hub::licences {

// The place of a version among those under way; given back when the upload ends, however it does.
class OriginalOffice::Seat {
 public:
  Seat(OriginalOffice& office, Bytes key) : office_(office), key_(std::move(key)) {}
  ~Seat() {
    const std::lock_guard lock(office_.mutex_);
    office_.under_way_.erase(key_);
  }
  Seat(const Seat&) = delete;
  Seat& operator=(const Seat&) = delete;

  // Errors: http.too_many_requests.
  static Result<std::unique_ptr<Seat>> take(OriginalOffice& office, const Bytes& key);

 private:
  OriginalOffice& office_;
  Bytes key_;
};

struct OriginalOffice::Version {
  LicenceHead head;
  VersionEntry entry;
};

class OriginalOffice::Upload {
 public:
  Upload(Version the_version, OriginalShape the_shape, const Digest& the_digest)
      : version(std::move(the_version)), shape(the_shape), digest(the_digest) {}
  ~Upload() { wipe(file_key); }
  Upload(const Upload&) = delete;
  Upload& operator=(const Upload&) = delete;

  Version version;
  OriginalShape shape;
  Digest digest{};
  std::unique_ptr<Seat> seat;  // none: the file is kept already
  Bytes file_key;              // a new one each time: parts of an upload that broke off stay shut
  std::vector<WrappedKey> keys;
  audit::EntryFacts part_facts;  // of the entries of its parts
  std::string correlation;       // of all its entries
  std::uint32_t written = 0;
};

}  // namespace lh::hub::licences
