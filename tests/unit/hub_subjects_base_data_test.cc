#include <gtest/gtest.h>

#include "tests/kits/audit_kit.h"

namespace lh {
namespace {

using hub::subjects::BaseRecord;
using hub::subjects::StoreOutcome;
using kits::AuditHub;

const SubjectId kPerson = kits::test_person(1);
const SubjectId kCompany = kits::test_company(1);

BaseRecord person_record(const std::string& address) {
  return {"natural_person", {{"name", "测试人员001"}, {"address", address}}, "population", "p-1"};
}

class BaseDataTest : public testing::Test {
 protected:
  void SetUp() override { hub_.open_ledger(); }

  // Stores and commits; what happened.
  StoreOutcome put(const hub::subjects::SubjectKey& subject, const SubjectId& id,
                   const BaseRecord& record) {
    const hub::access::Gate gate(hub_.random);
    auto change = hub_.base_data->put(subject, id, record, gate.maintenance()).value();
    if (change.rows.empty()) return change.outcome;
    hub::audit::EntryFacts facts;
    facts.event = schemas::AuditEvent::kSubjectStored;
    facts.subjects = {subject};
    hub_.commit(facts, change.rows, change.preconditions).value();
    return change.outcome;
  }

  // Reads under a Permit, commits the entry, opens.
  std::optional<BaseRecord> read(const hub::subjects::SubjectKey& subject, std::string_view kind) {
    const hub::access::Gate gate(hub_.random);
    const Permit permit = gate.maintenance();
    auto answer = hub_.base_data->read(subject, kind, permit).value();
    hub::audit::EntryFacts facts;
    facts.event = schemas::AuditEvent::kSubjectRead;
    facts.subjects = {subject};
    auto change = hub_.change(facts);
    change.access = permit.access_id();
    const auto recorded = hub_.ledger->commit(std::move(change)).value();
    return std::move(answer).open(recorded[0]);
  }

  bool in_clear(std::string_view text) {
    for (const auto& row :
         hub_.store->latest().scan(hub::store::Family::kData, "", "", 1000).value()) {
      if (row.value.find(text) != Bytes::npos) return true;
    }
    return false;
  }

  AuditHub hub_;
};

TEST_F(BaseDataTest, SameRecordTwiceIsStoredOnce) {
  const auto subject = hub_.subject(kPerson);
  EXPECT_EQ(put(subject, kPerson, person_record("甲路1号")), StoreOutcome::kNew);
  const auto size = hub_.ledger->state().size;
  EXPECT_EQ(put(subject, kPerson, person_record("甲路1号")), StoreOutcome::kSame);
  EXPECT_EQ(hub_.ledger->state().size, size);
}

TEST_F(BaseDataTest, ChangedRecordIsReadAndItsPredecessorKept) {
  const auto subject = hub_.subject(kPerson);
  put(subject, kPerson, person_record("甲路1号"));
  EXPECT_EQ(put(subject, kPerson, person_record("乙路2号")), StoreOutcome::kChanged);
  EXPECT_EQ(read(subject, "natural_person")->fields[1].second, "乙路2号");
  EXPECT_EQ(hub_.store->latest().scan(hub::store::Family::kData, "v", "", 10)->size(), 2U);
  EXPECT_EQ(put(subject, kPerson, person_record("甲路1号")), StoreOutcome::kChanged);
  EXPECT_EQ(hub_.store->latest().scan(hub::store::Family::kData, "v", "", 10)->size(), 3U);
}

TEST_F(BaseDataTest, ReadsBackTheWholeRecord) {
  const auto subject = hub_.subject(kPerson);
  put(subject, kPerson, person_record("甲路1号"));
  const auto record = read(subject, "natural_person");
  ASSERT_TRUE(record.has_value());
  EXPECT_EQ(record->kind, "natural_person");
  EXPECT_EQ(record->source, "population");
  EXPECT_EQ(record->source_key, "p-1");
  EXPECT_EQ(record->fields, person_record("甲路1号").fields);
  EXPECT_FALSE(read(subject, "address").has_value());
}

TEST_F(BaseDataTest, PersonsAreSealedAndPublicFactsOfCompaniesArePlain) {
  const auto person = hub_.subject(kPerson);
  const auto company = hub_.subject(kCompany);
  put(person, kPerson, person_record("甲路1号"));
  EXPECT_FALSE(in_clear("测试人员001"));
  EXPECT_FALSE(in_clear("甲路1号"));
  put(company, kCompany, {"legal_entity", {{"name", "测试企业001"}}, "registry", "1"});
  EXPECT_TRUE(in_clear("测试企业001"));
  put(company, kCompany,
      {"legal_entity", {{"legal_representative", "测试人员009"}}, "registry", "1"});
  EXPECT_FALSE(in_clear("测试人员009")) << "a person inside an entity record";
}

TEST_F(BaseDataTest, SoleTraderIsAPerson) {
  const auto id = kits::test_company(7, "92");
  const auto subject = hub_.subject(id);
  put(subject, id, {"legal_entity", {}, "registry-of-sole-traders", "1"});
  EXPECT_FALSE(in_clear("registry-of-sole-traders"));
}

TEST_F(BaseDataTest, TwoWritersOfOneVersionDoNotBothWin) {
  const auto subject = hub_.subject(kPerson);
  const hub::access::Gate gate(hub_.random);
  const auto one = hub_.base_data->put(subject, kPerson, person_record("甲"), gate.maintenance());
  const auto two = hub_.base_data->put(subject, kPerson, person_record("乙"), gate.maintenance());
  EXPECT_TRUE(hub_.commit({}, one->rows, one->preconditions).ok());
  const auto late = hub_.commit({}, two->rows, two->preconditions);
  ASSERT_FALSE(late.ok());
  EXPECT_EQ(late.error().reason(), Reason::kStoreStale);
  EXPECT_EQ(read(subject, "natural_person")->fields[1].second, "甲");
}

TEST_F(BaseDataTest, AnotherSubjectsKeyDoesNotOpenTheRecord) {
  auto subject = hub_.subject(kPerson);
  put(subject, kPerson, person_record("甲路1号"));
  subject.data_key[0] ^= 1U;
  const hub::access::Gate gate(hub_.random);
  const auto answer = hub_.base_data->read(subject, "natural_person", gate.maintenance());
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().reason(), Reason::kSealBroken);
}

TEST_F(BaseDataTest, RefusesTextThatIsNotText) {
  const auto subject = hub_.subject(kPerson);
  const hub::access::Gate gate(hub_.random);
  const auto reason = [&](const BaseRecord& record) {
    return hub_.base_data->put(subject, kPerson, record, gate.maintenance()).error().reason();
  };
  EXPECT_EQ(reason({"", {}, "", ""}), Reason::kInputMalformed);
  EXPECT_EQ(reason({std::string("a\0b", 3), {}, "", ""}), Reason::kInputMalformed);
  EXPECT_EQ(reason({"address", {{"name", "\xFF"}}, "", ""}), Reason::kInputEncoding);
}

}  // namespace
}  // namespace lh
