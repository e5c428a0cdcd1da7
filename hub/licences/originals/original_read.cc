// Giving back: the raw file to the organisation that handed it in. Everybody else gets annotated
// copies (hub/exchange/copies).
#include "hub/licences/office/entry_facts.h"
#include "hub/licences/originals/upload.h"
#include "schemas/json.h"

namespace lh::hub::licences {
namespace {

struct FileFrame {
  std::string licence, media_type, sha256;
  int version = 1;
};

std::string file_answer(Bytes&& file, const FileFrame& f) {
  std::string out = "{\"licence_key\":\"" + f.licence + "\",\"version\":";
  out += std::to_string(f.version) + ",\"media_type\":\"" + f.media_type + "\",\"bytes\":";
  out += std::to_string(file.size()) + ",\"sha256\":\"" + f.sha256 + "\",\"content\":\"";
  out.reserve(out.size() + file.size() / 3 * 4 + 1024);  // and the receipt
  append_base64(out, file);
  return out += "\"}";
}

}  // namespace

Result<access::Act> OriginalOffice::given_back(const Version& version, const access::Caller& caller,
                                               const Permit& permit,
                                               audit::EntryFacts& facts) const {
  const auto record = LH_TRY(parts_.originals.find(version.head.key, version.entry.version));
  if (!record || record->organisation != caller.organisation) {
    return Error(Reason::kDocumentUnknown);
  }
  const Digest digest = LH_TRY(parts_.originals.digest(*record));
  const FileFrame frame{version.head.key.text(), std::string(media_type_of(record->shape.kind)),
                        to_hex(view(digest)), record->version};
  auto file = LH_TRY(parts_.originals.read(*record, permit));
  auto answer = std::move(file).map(
      [](Bytes&& bytes, const FileFrame& f) { return file_answer(std::move(bytes), f); }, frame);
  say_personal(facts, version.entry.licence_id + "\n" + frame.sha256);
  return make_act({parts_.entries, parts_.random, parts_.clock.now(), {}}, facts, {},
                  std::move(answer));
}

Result<access::Prepared> OriginalOffice::read(const std::string& licence,
                                              std::optional<int> version,
                                              const access::Caller& caller,
                                              const access::Policy& policy) const {
  audit::EntryFacts facts = facts_of(schemas::AuditEvent::kDocumentRead, caller, policy);
  facts.purpose = "original";
  const auto no = [&facts](const Error& error) {
    return access::Prepared(refuse(error, std::move(facts)));
  };
  const auto permit = own_role(caller, policy);
  if (!permit.ok()) return no(permit.error());
  const auto own = find_own(licence, version, caller);
  if (!own.ok()) return no(own.error());
  name_licence(facts, parts_.directory, own->head);
  auto act = given_back(*own, caller, *permit, facts);
  if (!act.ok()) return no(act.error());
  return access::Prepared(std::move(*act));
}

}  // namespace lh::hub::licences
