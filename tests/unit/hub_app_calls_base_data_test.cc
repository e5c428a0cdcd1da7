// Base data that changes here is told to whoever asks for it: in the batch of the act, the version
// that the act made, in order; not to the organisation that wrote it.
#include <gtest/gtest.h>

#include "tests/kits/seeded_random.h"
#include "tests/unit/hub_app_calls_kit.h"

namespace lh {
namespace {

using hub::exchange::PushAbout;
using hub::exchange::PushState;
using kits::CallingHub;
using schemas::AuditEvent;

const std::atomic<bool> kGoOn = false;

// The adapter "firms" is the supervision's; the bureau writes.
struct TellingHub : CallingHub {
  TellingHub() : pushes(call_parts()) {
    hub::exchange::BaseDataParts parts{*store, *ledger, *directory, *base_data,
                                       gate,   *maker,  random,     clock};
    parts.outbox = [this](const hub::exchange::BaseDataEvent& event) {
      return hub::app::calls::rows_for(board, event, random);
    };
    acts = std::make_unique<hub::exchange::BaseDataActs>(parts);
    enable(hub::ingest::AdapterMode::kLive, mapping());
  }
  static std::string mapping() {
    return std::string(kits::kCallsMapping) +
           R"([[pushes]]
object = "legal_entity"
on = ["base_data"]
record = { code = "{field.uscc}", name = "{field.name}", what = "{event}", no = "{version}", )"
           R"(since = "{valid_from}", by = "{source}", kind = "{kind}" }
)";
  }
  schemas::Json put(int company, const std::string& name, const hub::access::Caller& by,
                    std::optional<LocalDate> from = {}) {
    clock.pass_ms(1);
    const hub::exchange::SubjectUpsert request{
        kits::test_company(company),
        "legal_entity",
        {{"uscc", kits::test_uscc(company).text()}, {"name", name}},
        from};
    return answer(acts->upsert(request, {by, *catalogue.policy(), "{}"}));
  }
  schemas::Json correct(int company, std::uint32_t version, const std::string& name) {
    clock.pass_ms(1);
    const hub::exchange::SubjectCorrection request{
        kits::test_company(company),
        "legal_entity",
        {{"uscc", kits::test_uscc(company).text()}, {"name", name}},
        version,
        "登记错误",
        officer()};
    return answer(acts->correct(request, {bureau(), *catalogue.policy(), "{}"}));
  }
  void deliver() { ASSERT_TRUE(pushes.deliver("firms", kGoOn).ok()); }
  std::string value(std::size_t push, std::string_view column) {
    for (const auto& [name, text] : world_of_sources.pushed.at(push).second) {
      if (name == column) return text;
    }
    return "-";
  }
  std::string told(std::size_t push) {
    return value(push, "what") + " " + value(push, "no") + " " + value(push, "name");
  }
  std::vector<hub::exchange::OutboxRow> waiting() {
    return hub::exchange::list_outbox(*store, "firms", PushState::kWaiting, 1000).value();
  }
  hub::app::calls::Pushes pushes;
  std::unique_ptr<hub::exchange::BaseDataActs> acts;
};

TEST(PushBaseData, TheRowIsInTheBatchOfTheActAndHoldsNothingPersonal) {
  TellingHub hub;
  const auto before = hub.ledger->state().size;
  hub.put(21, "测试企业二十一", hub.bureau());
  EXPECT_EQ(hub.ledger->state().size, before + 1);
  const auto rows = hub.waiting();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].commit_index, before);
  EXPECT_EQ(rows[0].about, PushAbout::kBaseData);
  EXPECT_EQ(rows[0].kind, "legal_entity");
  EXPECT_EQ(rows[0].event, "new");
  const auto payload = hub::exchange::outbox_row(rows[0]).payload.value();
  EXPECT_EQ(payload.find(kits::test_uscc(21).text()), Bytes::npos);
  EXPECT_EQ(payload.find("测试企业"), Bytes::npos);
}

TEST(PushBaseData, IsAnnouncedAndToldAsTheVersionThatTheActMade) {
  TellingHub hub;
  hub.put(21, "一", hub.bureau(), parse_date("2020-03-01").value());
  hub.put(21, "二", hub.bureau());
  hub.correct(21, 1, "一改");
  const auto before = hub.ledger->state().size;
  hub.deliver();
  ASSERT_EQ(hub.world_of_sources.pushed.size(), 3U);
  EXPECT_EQ(hub.told(0), "new 1 一") << "as it was then";
  EXPECT_EQ(hub.told(1), "changed 2 二");
  EXPECT_EQ(hub.told(2), "corrected 3 一改");
  EXPECT_EQ(hub.value(0, "since"), "2020-03-01");
  EXPECT_EQ(hub.value(2, "since"), "2020-03-01");
  EXPECT_EQ(hub.value(0, "code"), kits::test_uscc(21).text());
  EXPECT_EQ(hub.value(0, "by"), kits::uscc_of(kits::kBureau).text());
  EXPECT_EQ(hub.value(0, "kind"), "legal_entity");
  EXPECT_EQ(hub.ledger->state().size, before + 6);
  const auto intent = hub.entry(before);
  EXPECT_EQ(intent.event, AuditEvent::kSourceIntent);
  EXPECT_EQ(intent.object, "legal_entity");
  EXPECT_EQ(intent.purpose, "firms");
  EXPECT_EQ(intent.subjects.size(), 1U) << "the subject sees it";
  EXPECT_EQ(intent.correlation, hub.world_of_sources.pushed[0].first);
  EXPECT_EQ(hub.entry(before + 1).event, AuditEvent::kSourceOutcome);
  EXPECT_EQ(hub.outbox().waiting + hub.outbox().failed, 0U);
  EXPECT_EQ(hub.open_calls(), 0U);
}

TEST(PushBaseData, WhoWroteItIsNotTold) {
  TellingHub hub;
  hub.put(21, "一", hub.caller(kits::kSupervision, {hub::access::Role::kSubjectsWrite}));
  EXPECT_TRUE(hub.waiting().empty());
  hub.put(21, "二", hub.bureau());
  EXPECT_EQ(hub.waiting().size(), 1U) << "a change of it by somebody else is told";
}

TEST(PushBaseData, NothingIsToldOfAWriteThatChangesNothingOrWasRefused) {
  TellingHub hub;
  hub.put(21, "一", hub.bureau());
  EXPECT_EQ(hub.waiting().size(), 1U);
  EXPECT_EQ(kits::text_of(hub.put(21, "一", hub.bureau()), "outcome"), "same");
  EXPECT_EQ(hub.waiting().size(), 1U);
  const hub::exchange::SubjectUpsert wrong{kits::test_person(3), "legal_entity", {}, {}};
  ASSERT_TRUE(hub.acts->upsert(wrong, {hub.bureau(), *hub.catalogue.policy(), "{}"}).ok());
  EXPECT_EQ(hub.waiting().size(), 1U);
}

// Exactly what is asked for: another kind is not, nor is a licence by a push of base data.
TEST(PushBaseData, OnlyTheKindThatIsAskedFor) {
  TellingHub hub;
  const hub::exchange::SubjectUpsert person{
      kits::test_person(9),
      "natural_person",
      {{"resident_id", kits::test_person(9).value.reveal()}, {"name", "测试人员9"}},
      {}};
  hub.answer(hub.acts->upsert(person, {hub.bureau(), *hub.catalogue.policy(), "{}"}));
  EXPECT_TRUE(hub.waiting().empty());
  hub.enable(hub::ingest::AdapterMode::kLive);  // without the push of base data
  hub.put(22, "一", hub.bureau());
  EXPECT_TRUE(hub.waiting().empty());
  hub.enable(hub::ingest::AdapterMode::kDisabled, TellingHub::mapping());
  hub.put(23, "一", hub.bureau());
  EXPECT_TRUE(hub.waiting().empty()) << "nobody is told who is not live";
}

TEST(PushBaseData, APersonsRecordOpensWithTheIntentOnly) {
  TellingHub hub;
  std::string people = TellingHub::mapping();
  people.replace(people.find("\"legal_entity\""), 14, "\"natural_person\"");
  hub.enable(hub::ingest::AdapterMode::kLive, people);
  const hub::exchange::SubjectUpsert person{
      kits::test_person(9),
      "natural_person",
      {{"resident_id", kits::test_person(9).value.reveal()}, {"name", "测试人员9"}},
      {}};
  hub.answer(hub.acts->upsert(person, {hub.bureau(), *hub.catalogue.policy(), "{}"}));
  EXPECT_EQ(hub.everything().find("测试人员9"), Bytes::npos) << "nothing personal in clear";
  hub.ledger->set_write_guard([]() -> Status { return Error(Reason::kAuditUnavailable); });
  EXPECT_FALSE(hub.pushes.deliver("firms", kGoOn).ok());
  EXPECT_TRUE(hub.world_of_sources.pushed.empty()) << "no intent, no call";
  hub.ledger->set_write_guard([]() { return ok_status(); });
  hub.deliver();
  ASSERT_EQ(hub.world_of_sources.pushed.size(), 1U);
  EXPECT_EQ(hub.told(0), "new 1 测试人员9");
}

// Whatever is written, by whom: the pushes are the changes of others, each once, in their order.
TEST(PushBaseData, TellsEveryChangeOfOthersOnceInOrder) {
  TellingHub hub;
  kits::SeededRandom random(31);
  std::vector<std::string> expected;
  const auto own = hub.caller(kits::kSupervision, {hub::access::Role::kSubjectsWrite});
  for (int i = 0; i < 60; ++i) {
    const int company = 30 + static_cast<int>(random.u64() % 3);
    const std::string name = "名" + std::to_string(random.u64() % 4);
    const bool mine = random.u64() % 4 == 0;
    const auto said = hub.put(company, name, mine ? own : hub.bureau());
    if (mine || kits::text_of(said, "outcome") == "same") continue;
    expected.push_back(kits::test_uscc(company).text() + " " + kits::text_of(said, "outcome") +
                       " " + name);
  }
  hub.deliver();
  std::vector<std::string> told;
  for (std::size_t i = 0; i < hub.world_of_sources.pushed.size(); ++i) {
    told.push_back(hub.value(i, "code") + " " + hub.value(i, "what") + " " + hub.value(i, "name"));
  }
  EXPECT_EQ(told, expected);
  EXPECT_GT(expected.size(), 20U);
}

TEST(PushBaseData, ASourceThatIsDownIsToldLaterWithTheSameRecord) {
  TellingHub hub;
  hub.put(21, "一", hub.bureau());
  hub.world_of_sources.push_down = Error(Reason::kSourceUnavailable);
  hub.deliver();
  const auto rows = hub.waiting();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].attempts, 1U);
  EXPECT_EQ(rows[0].kind, "legal_entity") << "rewritten as it was";
  hub.put(21, "二", hub.bureau());
  hub.world_of_sources.push_down.reset();
  hub.clock.pass_ms(3'600'000);
  hub.deliver();
  ASSERT_EQ(hub.world_of_sources.pushed.size(), 3U);
  EXPECT_EQ(hub.world_of_sources.pushed[0], hub.world_of_sources.pushed[1]);
  EXPECT_EQ(hub.told(2), "changed 2 二");
}

TEST(PushBaseData, WhatIsNoLongerAskedForIsGivenUp) {
  TellingHub hub;
  hub.put(21, "一", hub.bureau());
  std::string other = TellingHub::mapping();
  other.replace(other.find("\"legal_entity\""), 14, "\"natural_person\"");
  hub.enable(hub::ingest::AdapterMode::kLive, other);
  hub.deliver();
  EXPECT_TRUE(hub.world_of_sources.pushed.empty());
  EXPECT_EQ(hub.outbox().failed, 1U);
  const auto shown = hub::app::calls::pushes_json(*hub.store, "firms", 5).value();
  EXPECT_EQ(kits::text_of((*shown.find("pushes")->items())[0], "about"), "base_data");
}

// A folder has an inbox; files and spools are only read.
TEST(PushBaseData, OnlyWhatCanBeToldMayHavePushes) {
  const auto check = [](const std::string& kind, bool asked, bool told) {
    auto mapping = adapters::parse_mapping(TellingHub::mapping()).value();
    mapping.kind = kind;
    if (!asked) mapping.outputs.front().lookup.clear();
    if (!told) mapping.pushes.clear();
    const Status good = hub::app::calls::check_calls(mapping);
    return good.ok() ? "good" : std::string(good.error().detail());
  };
  for (const char* kind : {"file", "message"}) {
    EXPECT_NE(check(kind, false, true).find("pushes: not of a source"), std::string::npos) << kind;
    EXPECT_NE(check(kind, true, false).find("lookup: not of a source"), std::string::npos) << kind;
    EXPECT_EQ(check(kind, false, false), "good");
  }
  EXPECT_EQ(check("drop", false, true), "good");
  EXPECT_NE(check("drop", true, true).find("lookup: not of a source"), std::string::npos);
  EXPECT_EQ(check("http", true, true), "good");
}

}  // namespace
}  // namespace lh
