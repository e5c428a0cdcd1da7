// Bitemporal status: against a brute-force model on random histories, the table of transitions, and
// through a real log.
#include <gtest/gtest.h>

#include "hub/licences/rows/status_rules.h"
#include "tests/unit/hub_licences_kit.h"

namespace lh {
namespace {

using namespace hub::licences;  // NOLINT: a test of this room
using kits::kDayMs;
using kits::kToday;
using kits::LicenceHub;
using schemas::LicenceStatus;
using schemas::StatusAction;

UtcTime day(int n) {
  return start_of_day(LocalDate::from_days(20000 + n));
}

// The model: walks day by day through everything that was known and keeps one state, without
// sorting and without looking for anything.
LicenceStatus model(const std::vector<VersionEntry>& versions, const std::vector<HeadFact>& facts,
                    int version, int at) {
  LicenceStatus state = LicenceStatus::kNotActive;
  bool ended = false;
  for (int today = -5; today <= at; ++today) {
    for (std::uint64_t index = 0; index < 100; ++index) {
      for (const auto& f : facts) {
        if (f.index != index || f.effective != day(today) || ended) continue;
        switch (f.kind) {
          case FactKind::kActivate:
          case FactKind::kResume:
            state = LicenceStatus::kValid;
            break;
          case FactKind::kSuspend:
            state = LicenceStatus::kSuspended;
            break;
          case FactKind::kLapsed:
            state = LicenceStatus::kExpired;
            break;
          case FactKind::kCancel:
            state = LicenceStatus::kCancelled;
            ended = true;
            break;
          case FactKind::kRevoke:
            state = LicenceStatus::kRevoked;
            ended = true;
            break;
          case FactKind::kForfeit:
            state = LicenceStatus::kForfeited;
            ended = true;
            break;
          case FactKind::kTransferOut:
            state = LicenceStatus::kTransferred;
            ended = true;
            break;
        }
      }
    }
  }
  if (ended) return state;
  const LocalDate today = local_date(day(at));
  const VersionEntry* asked = nullptr;
  for (const auto& v : versions) {
    if (v.version == version) asked = &v;
    if (v.version > version && (!v.valid_from || today >= *v.valid_from)) {
      return LicenceStatus::kSuperseded;
    }
  }
  if (asked->valid_from && today < *asked->valid_from) return LicenceStatus::kNotActive;
  if (asked->valid_until && today > *asked->valid_until) return LicenceStatus::kExpired;
  return state;
}

TEST(StatusRules, AgreeWithABruteForceModelOnRandomHistories) {
  kits::SeededRandom random(2026);
  for (int round = 0; round < 60; ++round) {
    std::vector<VersionEntry> versions;
    std::vector<HeadFact> facts;
    std::uint64_t index = 1;
    const int count = 1 + static_cast<int>(random.below(3));
    for (int v = 1; v <= count; ++v) {
      VersionEntry entry;
      entry.version = v;
      entry.index = index++;
      const int from = static_cast<int>(random.below(20));
      if (random.below(4) != 0) entry.valid_from = local_date(day(from));
      if (random.below(2) != 0) {
        entry.valid_until = local_date(day(from + static_cast<int>(random.below(15))));
      }
      versions.push_back(entry);
      for (std::uint64_t n = random.below(4); n > 0; --n) {
        facts.push_back({static_cast<FactKind>(1 + random.below(8)),
                         day(static_cast<int>(random.below(25))), index++});
      }
    }
    // Every cut through what was known, every day, every version.
    for (std::uint64_t known = 1; known < index; ++known) {
      std::vector<VersionEntry> versions_then;
      std::vector<HeadFact> facts_then;
      for (const auto& v : versions) {
        if (v.index <= known) versions_then.push_back(v);
      }
      for (const auto& f : facts) {
        if (f.index <= known) facts_then.push_back(f);
      }
      for (int v = 1; v <= count; ++v) {
        for (int at = -2; at < 30; at += 3) {
          const auto answer = rows::evaluate(versions_then, facts_then, v, day(at));
          if (v > static_cast<int>(versions_then.size())) {
            ASSERT_EQ(answer.knowledge, Knowledge::kNotYet);
            continue;
          }
          ASSERT_EQ(answer.status, model(versions_then, facts_then, v, at))
              << "round " << round << " known " << known << " version " << v << " day " << at;
        }
      }
    }
  }
}

TEST(StatusRules, TheLastDayIsAValidDay) {
  VersionEntry v;
  v.valid_from = local_date(day(1));
  v.valid_until = local_date(day(3));
  const std::vector<HeadFact> facts{{FactKind::kActivate, day(1), 1}};
  const auto at = [&](UtcTime t) { return rows::evaluate({v}, facts, 1, t).status; };
  EXPECT_EQ(at(day(1).plus_ms(-1)), LicenceStatus::kNotActive);
  EXPECT_EQ(at(day(1)), LicenceStatus::kValid);
  EXPECT_EQ(at(day(4).plus_ms(-1)), LicenceStatus::kValid);
  EXPECT_EQ(at(day(4)), LicenceStatus::kExpired);
}

TEST(StatusRules, TransitionsAreExactlyTheTable) {
  using S = LicenceStatus;
  const std::map<StatusAction, std::set<S>> table = {
      {StatusAction::kActivate, {S::kNotActive}},
      {StatusAction::kSuspend, {S::kValid}},
      {StatusAction::kResume, {S::kSuspended}},
      {StatusAction::kCancel, {S::kValid, S::kSuspended, S::kNotActive, S::kExpired}},
      {StatusAction::kRevoke, {S::kValid, S::kSuspended, S::kNotActive, S::kExpired}},
      {StatusAction::kForfeit, {S::kValid, S::kSuspended}},
      {StatusAction::kTransferOut, {S::kValid}},
  };
  for (const auto& [action, from] : table) {
    for (int s = 0; s <= 8; ++s) {
      const auto status = static_cast<S>(s);
      EXPECT_EQ(rows::transition(status, action) == rows::Transition::kAllowed,
                from.contains(status))
          << schemas::action_text(action) << " from " << schemas::status_text(status);
    }
  }
}

TEST(StatusChange, EachActionGivesItsStatusAndEndsAreForGood) {
  LicenceHub hub;
  const auto licence = hub.issue(LicenceHub::health_request(1));
  const auto key = kits::text_of(licence, "licence_key");
  const auto status = [&] {
    const auto head = hub.head_of(kits::text_of(licence, "licence_id"));
    return hub.licences->status(head, hub.clock.now(), UtcTime::max())->status;
  };
  EXPECT_EQ(status(), LicenceStatus::kValid);
  ASSERT_TRUE(hub.act(key, StatusAction::kSuspend).ok());
  EXPECT_EQ(status(), LicenceStatus::kSuspended);
  EXPECT_EQ(hub.act(key, StatusAction::kSuspend).error().reason(), Reason::kLicenceTransition);
  hub.clock.pass_ms(1000);
  ASSERT_TRUE(hub.act(key, StatusAction::kResume).ok());
  EXPECT_EQ(status(), LicenceStatus::kValid);
  hub.clock.pass_ms(1000);
  ASSERT_TRUE(hub.act(key, StatusAction::kRevoke).ok());
  EXPECT_EQ(status(), LicenceStatus::kRevoked);
  for (const auto action : {StatusAction::kActivate, StatusAction::kResume, StatusAction::kCancel,
                            StatusAction::kRevoke}) {
    EXPECT_EQ(hub.act(key, action).error().reason(), Reason::kLicenceTransition);
  }
}

TEST(StatusChange, OnlyTheIssuerWithTheRoleAndForAKnownLicence) {
  LicenceHub hub;
  const auto licence = hub.issue(LicenceHub::health_request(1));
  schemas::StatusRequest q;
  q.licence = kits::text_of(licence, "licence_id");
  q.action = StatusAction::kSuspend;
  q.ground = "x";
  const auto& policy = *hub.catalogue.policy();
  EXPECT_EQ(kits::reason_of(hub.office->change_status(q, "", hub.bureau(), policy)),
            "licence.issuer");
  EXPECT_EQ(
      kits::reason_of(hub.office->change_status(q, "", hub.caller(kits::kSupervision, {}), policy)),
      "role.missing");
  q.licence = "lic_" + std::string(32, '0');
  EXPECT_EQ(kits::reason_of(hub.office->change_status(q, "", hub.supervision(), policy)),
            "licence.unknown");
  q.licence = "lic_nonsense";
  EXPECT_EQ(kits::reason_of(hub.office->change_status(q, "", hub.supervision(), policy)),
            "licence.unknown");
}

TEST(StatusChange, ABackdatedActionChangesThePastButNotWhatWasKnown) {
  LicenceHub hub;
  auto request = LicenceHub::business_request(1);
  const auto licence = hub.issue(request);
  const auto id = kits::text_of(licence, "licence_id");
  const UtcTime before = hub.clock.now();
  hub.clock.pass_ms(10 * kDayMs);
  // Revoked today, with effect five days ago.
  const UtcTime effective = hub.clock.now().plus_ms(-5 * kDayMs);
  ASSERT_TRUE(hub.act(id, StatusAction::kRevoke, effective).ok());
  const UtcTime after = hub.clock.now();
  const auto head = hub.head_of(id);
  const auto status = [&](UtcTime valid_at, UtcTime known_at) {
    return hub.licences->status(head, valid_at, known_at)->status;
  };
  EXPECT_EQ(status(after, UtcTime::max()), LicenceStatus::kRevoked);
  EXPECT_EQ(status(effective, UtcTime::max()), LicenceStatus::kRevoked);
  EXPECT_EQ(status(effective.plus_ms(-1), UtcTime::max()), LicenceStatus::kValid);
  EXPECT_EQ(status(after, after), LicenceStatus::kRevoked);
  EXPECT_EQ(status(after, before), LicenceStatus::kValid);
  EXPECT_EQ(hub.licences->status(head, after, before.plus_ms(-1))->knowledge, Knowledge::kNotYet);
  const auto facts = hub.licences->facts(head.key).value();
  ASSERT_EQ(facts.size(), 2U);
  EXPECT_EQ(facts[1].effective, effective);
  EXPECT_EQ(facts[1].known, hub.licences->entry_time(facts[1].index).value());
}

TEST(StatusChange, TheGroundIsKeptAndOpensWithAHoldersKey) {
  LicenceHub hub;
  const auto licence = hub.issue(LicenceHub::health_request(1));
  const auto id = kits::text_of(licence, "licence_id");
  ASSERT_TRUE(hub.act(id, StatusAction::kSuspend).ok());
  EXPECT_EQ(hub.everything().find("测试事由"), Bytes::npos);
  enum class Is : std::uint8_t { kRight, kWrong };
  const auto ground = hub.licences->ground(hub.head_of(id), 1, hub.gate.maintenance());
  EXPECT_EQ(ground->decide(
                [](const std::string& g) { return g == "测试事由" ? Is::kRight : Is::kWrong; }),
            Is::kRight);
}

TEST(StatusQuery, AnswersBitemporallyWithThreeVerdicts) {
  LicenceHub hub;
  const auto licence = hub.issue(LicenceHub::health_request(1));
  const auto id = kits::text_of(licence, "licence_id");
  const UtcTime before = hub.clock.now();
  hub.clock.pass_ms(kDayMs);
  ASSERT_TRUE(hub.act(id, StatusAction::kSuspend).ok());
  const auto ask = [&](StatusQuery q) {
    return hub.answer(hub.office->query_status(q, "{}", hub.bureau(), *hub.catalogue.policy()));
  };
  EXPECT_EQ(kits::verdict_of(ask({id, {}, {}}), "status"), "invalid status.suspended");
  EXPECT_EQ(kits::verdict_of(ask({id, before, {}}), "status"), "valid verdict.good");
  EXPECT_EQ(kits::verdict_of(ask({id, {}, before}), "status"), "valid verdict.good");
  EXPECT_EQ(kits::verdict_of(ask({id, UtcTime{kToday - 30 * kDayMs}, {}}), "status"),
            "invalid status.not_yet_valid");
  const auto unknown_then = ask({id, {}, UtcTime{kToday - kDayMs}});
  EXPECT_EQ(kits::text_of(unknown_then, "status"), "unknown");
  EXPECT_EQ(kits::verdict_of(unknown_then, "status"), "indeterminate status.unknown");
  EXPECT_EQ(kits::verdict_of(ask({id, {}, {}}), "integrity"), "valid verdict.good");
  EXPECT_EQ(kits::verdict_of(ask({id, {}, {}}), "issuer"), "valid verdict.good");
  EXPECT_EQ(kits::reason_of(hub.office->query_status({"1.2.3", {}, {}}, "", hub.bureau(),
                                                     *hub.catalogue.policy())),
            "licence.unknown");
}

}  // namespace
}  // namespace lh
