// A small hub in memory: store, keys, subjects, entry maker and a ledger of real audit entries.
// All persons and organisations are made up (测试人员001, 测试企业001).
#pragma once

#include <gtest/gtest.h>

#include "crypto/system_random.h"
#include "hub/access/gate.h"
#include "hub/audit/entry.h"
#include "hub/audit/search.h"
#include "hub/ledger/ledger.h"
#include "hub/store/memory_store.h"
#include "hub/subjects/base_data.h"
#include "tests/kits/ledger_kit.h"

namespace lh::kits {

inline std::vector<std::pair<std::uint8_t, Tag>> entry_postings(ByteView bytes) {
  const auto entry = hub::audit::parse_entry(bytes);
  return entry.ok() ? hub::audit::postings_of(*entry) : std::vector<std::pair<std::uint8_t, Tag>>();
}

// A resident id with right check digit, numbered: born 1990-01-01 in the made-up division 990100.
inline SubjectId test_person(int number) {
  std::string digits = "99010019900101" + std::to_string(1000 + number).substr(1);
  digits.push_back(*mod11_2(digits));
  return parse_subject_id(IdScheme::kResidentId, digits).value();
}

inline Uscc test_uscc(int number, std::string_view kind = "91") {
  std::string text = std::string(kind) + "990100MA0" + std::to_string(10000 + number) + "0X";
  text.resize(17);
  text.push_back(*mod31_3(text));
  return parse_uscc(text).value();
}

inline SubjectId test_company(int number, std::string_view kind = "91") {
  return parse_subject_id(IdScheme::kUscc, test_uscc(number, kind).text()).value();
}

inline std::vector<schemas::FieldDefinition> definition_of(const std::vector<std::string>& names) {
  std::vector<schemas::FieldDefinition> out;
  for (const std::string& name : names) out.emplace_back().name = name;
  return out;
}

class AuditHub {
 public:
  // On a store in memory, or on the given one with the outside checkpoint at that path.
  explicit AuditHub(std::unique_ptr<hub::store::Store> on = hub::store::make_memory_store(),
                    std::string checkpoint = {})
      : store(std::move(on)), checkpoint_path(std::move(checkpoint)) {
    for (const char* name : {"lookup", "tag"}) {
      Secret secret = Secret::zeroed(32);
      random.fill(secret.data(), secret.size());
      keys.put(name, std::move(secret), random).value();
    }
    hub::audit::ensure_months(keys, clock.now(), random).value();
    directory = hub::subjects::SubjectDirectory::create(*store, keys, buckets, random).value();
    maker = std::make_unique<hub::audit::EntryMaker>(keys, *directory, random);
    base_data = std::make_unique<hub::subjects::BaseData>(*store, *directory, clock);
  }

  void open_ledger() {
    auto settings = toy_settings(checkpoint_path);
    settings.extract_postings = entry_postings;
    hub::audit::EntryFacts opened;
    opened.event = schemas::AuditEvent::kLogOpened;
    ledger = hub::ledger::Ledger::open(*store, settings, key, clock, draft(opened)).value();
  }

  std::unique_ptr<hub::ledger::EntryDraft> draft(const hub::audit::EntryFacts& facts) {
    return maker->make(facts, crypto::CommitKey(random), clock.now()).value();
  }

  hub::ledger::Change change(const hub::audit::EntryFacts& facts) {
    hub::ledger::Change out;
    out.access = AccessId{random.array<16>()};
    out.entries.push_back(draft(facts));
    return out;
  }

  Result<std::vector<Recorded>> commit(const hub::audit::EntryFacts& facts,
                                       std::vector<hub::ledger::RowWrite> rows = {},
                                       std::vector<hub::ledger::Precondition> conditions = {}) {
    auto c = change(facts);
    c.rows = std::move(rows);
    c.preconditions = std::move(conditions);
    return ledger->commit(std::move(c));
  }

  // Registers the subject and commits that.
  hub::subjects::SubjectKey subject(const SubjectId& id) {
    auto r = directory->find_or_register(id).value();
    if (!r.rows.empty()) {
      hub::audit::EntryFacts facts;
      facts.event = schemas::AuditEvent::kSubjectStored;
      facts.subjects = {r.key};
      commit(facts, r.rows, r.preconditions).value();
      directory->forget_pending(r.key.no);
    }
    return r.key;
  }

  crypto::NoteKey note_key() const {
    return crypto::make_note_key(kToyOrigin, key.public_key()).value();
  }

  FakeClock clock;
  crypto::SystemRandom random;
  crypto::KeyStore keys = crypto::KeyStore::in_memory();
  crypto::BucketKeys buckets = crypto::BucketKeys::in_memory(random);
  crypto::PrivateKey key = toy_key();
  std::unique_ptr<hub::store::Store> store;
  std::string checkpoint_path;
  std::unique_ptr<hub::subjects::SubjectDirectory> directory;
  std::unique_ptr<hub::audit::EntryMaker> maker;
  std::unique_ptr<hub::subjects::BaseData> base_data;
  std::unique_ptr<hub::ledger::Ledger> ledger;
};

}  // namespace lh::kits
