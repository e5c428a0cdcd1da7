#include "hub/exchange/acts/case_people.h"

#include "crypto/seal.h"

namespace lh::hub::exchange {
namespace {

enum class Scheme : std::uint8_t { kNone = 0 };  // IdScheme, or none

Bytes person_key(const CaseId& case_id, SubjectNo person) {
  Bytes key = Bytes("P").append(view(case_id.value));
  append_be64(key, person.value);
  return key;
}

std::optional<IdScheme> scheme_in(ByteView payload) {
  const auto code = payload.empty() ? 0 : static_cast<std::uint8_t>(payload.front());
  if (code < 1 || code > static_cast<std::uint8_t>(IdScheme::kLocal)) return std::nullopt;
  return static_cast<IdScheme>(code);
}

std::optional<SubjectId> open_person(const std::optional<Bytes>& row, const Digest& data_key,
                                     const Bytes& place) {
  if (!row) return std::nullopt;
  const auto stored = ledger::parse_stored(*row);
  if (!stored.ok()) return std::nullopt;
  const auto scheme = scheme_in(stored->payload);
  if (!scheme) return std::nullopt;
  auto plain = crypto::open(view(data_key), stored->payload.substr(1), place);
  if (!plain.ok() || plain->empty() || plain->front() != stored->payload.front()) {
    return std::nullopt;
  }
  auto id = parse_subject_id(*scheme, ByteView(*plain).substr(1));
  wipe(*plain);
  return id.ok() ? std::optional<SubjectId>(std::move(*id)) : std::nullopt;
}

}  // namespace

ledger::RowWrite person_row(const subjects::SubjectDirectory& directory, const CaseId& case_id,
                            const subjects::SubjectKey& person, const SubjectId& id) {
  Bytes key = person_key(case_id, person.no);
  Bytes plain(1, static_cast<char>(id.scheme));
  plain += id.value.reveal();
  Bytes value(1, static_cast<char>(id.scheme));
  value += directory.seal(person, plain, key);
  wipe(plain);
  return {store::Family::kData, std::move(key), std::move(value)};
}

Result<Undisclosed<std::optional<SubjectId>>> find_person(const store::Store& store,
                                                          const CaseId& case_id,
                                                          const subjects::SubjectKey& person,
                                                          const Permit& permit) {
  const Bytes place = person_key(case_id, person.no);
  auto row = LH_TRY(store.latest().find(store::PersonalKey{place}, permit));
  return std::move(row).map([](std::optional<Bytes>&& stored, const Digest& data_key,
                               const Bytes& where) { return open_person(stored, data_key, where); },
                            person.data_key, place);
}

Result<std::optional<IdScheme>> find_scheme(const store::Store& store, const CaseId& case_id,
                                            SubjectNo person, const Permit& permit) {
  const auto row =
      LH_TRY(store.latest().find(store::PersonalKey{person_key(case_id, person)}, permit));
  const Scheme scheme = row.decide([](const std::optional<Bytes>& stored) {
    if (!stored) return Scheme::kNone;
    const auto value = ledger::parse_stored(*stored);
    const auto found = value.ok() ? scheme_in(value->payload) : std::nullopt;
    return found ? static_cast<Scheme>(*found) : Scheme::kNone;
  });
  if (scheme == Scheme::kNone) return std::optional<IdScheme>();
  return std::optional<IdScheme>(static_cast<IdScheme>(scheme));
}

}  // namespace lh::hub::exchange
