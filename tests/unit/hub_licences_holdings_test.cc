// What people hold, looked up together: the same as a model that remembers everything, and as
// asking for each type alone.
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "hub/licences/holdings.h"
#include "hub/licences/rows/keys.h"
#include "tests/unit/hub_licences_kit.h"

namespace lh {
namespace {

using hub::licences::Holdings;
using hub::licences::WantedType;
using kits::LicenceHub;
using schemas::StatusAction;

struct Known {
  std::string licence_id;
  StatusAction last = StatusAction::kActivate;
  bool valid() const { return last == StatusAction::kActivate || last == StatusAction::kResume; }
};

// Everything that was issued, oldest first, by holder.
class World {
 public:
  explicit World(unsigned seed) : dice_(seed) {}
  void step() {
    const int person = 1 + static_cast<int>(dice_() % 3);
    auto& held = known_[person];
    if (held.empty() || dice_() % 2 == 0) {
      auto q = LicenceHub::health_request(person);
      q.fields.front().second = "HC-" + std::to_string(++serial_);
      held.push_back({kits::text_of(hub.issue(q), "licence_id")});
      return;
    }
    Known& one = held[dice_() % held.size()];
    if (one.last == StatusAction::kCancel) return;
    const auto next = one.valid()        ? StatusAction::kSuspend
                      : dice_() % 2 == 0 ? StatusAction::kResume
                                         : StatusAction::kCancel;
    ASSERT_TRUE(hub.act(one.licence_id, next).ok());
    one.last = next;
  }
  // The newest that is valid, else the newest.
  std::string best(int person) const {
    const auto held = known_.find(person);
    if (held == known_.end() || held->second.empty()) return "none";
    for (auto it = held->second.rbegin(); it != held->second.rend(); ++it) {
      if (it->valid()) return it->licence_id;
    }
    return held->second.back().licence_id;
  }
  std::string valid(int person) const {
    std::string out;
    const auto held = known_.find(person);
    if (held == known_.end()) return out;
    for (auto it = held->second.rbegin(); it != held->second.rend(); ++it) {
      if (it->valid()) out += it->licence_id + " ";
    }
    return out;
  }
  SubjectNo subject(int person) { return hub.subject(kits::test_person(person)).no; }

  LicenceHub hub;

 private:
  std::mt19937 dice_;
  std::map<int, std::vector<Known>> known_;
  int serial_ = 0;
};

std::string id_of(const Result<std::optional<hub::licences::Holding>>& held) {
  return held.value() ? held.value()->head.licence_id : "none";
}

TEST(Holdings, AreWhatTheModelSaysHoweverTheyAreAskedFor) {
  const std::string health(kits::kHealthCertificate);
  const std::string card(kits::kIdentityCard);
  for (unsigned seed = 0; seed < 4; ++seed) {
    World world(seed);
    std::vector<WantedType> wanted;
    for (int person = 1; person <= 4; ++person) {
      wanted.emplace_back(world.subject(person), health);
      wanted.emplace_back(world.subject(person), card);
    }
    for (int i = 0; i < 30; ++i) world.step();
    const auto permit = world.hub.gate.maintenance();
    const auto now = world.hub.clock.now();
    const auto& licences = *world.hub.licences;
    const auto together = Holdings::look(licences, wanted, permit).value();
    for (int person = 1; person <= 4; ++person) {
      const auto no = world.subject(person);
      EXPECT_EQ(id_of(together.find(no, health, now)), world.best(person)) << seed;
      EXPECT_EQ(id_of(licences.find_holding(no, health, now, permit)), world.best(person));
      EXPECT_EQ(id_of(together.find(no, card, now)), "none");
      std::string valid;
      for (const auto& one : together.find_valid(no, health, now, 100).value()) {
        valid += one.head.licence_id + " ";
      }
      EXPECT_EQ(valid, world.valid(person));
      EXPECT_LE(together.find_valid(no, health, now, 1).value().size(), 1U);
    }
  }
}

TEST(Holdings, WhatWasNotWantedIsNotThere) {
  World world(7);
  for (int i = 0; i < 10; ++i) world.step();
  const auto permit = world.hub.gate.maintenance();
  const auto no = world.subject(1);
  const auto held =
      Holdings::look(*world.hub.licences, {{no, std::string(kits::kIdentityCard)}}, permit).value();
  EXPECT_EQ(id_of(held.find(no, kits::kHealthCertificate, world.hub.clock.now())), "none");
  EXPECT_EQ(id_of(held.find(SubjectNo{4711}, kits::kIdentityCard, world.hub.clock.now())), "none");
  EXPECT_TRUE(held.find_valid(no, kits::kHealthCertificate, world.hub.clock.now(), 9)->empty());
}

TEST(Holdings, WhoHoldsVeryManyIsAskedTypeByType) {
  World world(9);
  for (int i = 0; i < 10; ++i) world.step();
  const auto no = world.subject(1);
  std::vector<hub::ledger::RowWrite> rows;
  for (int i = 0; i < 400; ++i) {
    rows.push_back({hub::store::Family::kData,
                    hub::licences::rows::holding_key(no, "11990100MB99000131777",
                                                     LicenceKey{world.hub.random.array<16>()}),
                    Bytes()});
  }
  ASSERT_TRUE(world.hub.commit({}, rows).ok());
  const auto permit = world.hub.gate.maintenance();
  const auto held = Holdings::look(*world.hub.licences,
                                   {{no, std::string(kits::kHealthCertificate)},
                                    {no, std::string(kits::kIdentityCard)}},
                                   permit)
                        .value();
  EXPECT_EQ(id_of(held.find(no, kits::kHealthCertificate, world.hub.clock.now())), world.best(1));
}

}  // namespace
}  // namespace lh
