// The law in types: what may be done with an answer before and after its entry is durable.
// What may not be done does not compile; tests/nocompile holds that side.
#include "base/permit.h"

#include <gtest/gtest.h>

#include <string>
#include <type_traits>

#include "base/personal.h"

// Test doubles under the two names that base/permit.h trusts.
namespace lh::hub::access {
class Gate {
 public:
  static Permit admit(std::uint8_t n, Access kind = Access::kServe) {
    AccessId id;
    id.value[0] = n;
    return {id, kind};
  }
};
}  // namespace lh::hub::access
namespace lh::hub::ledger {
class Ledger {
 public:
  static Recorded record(AccessId id, std::uint64_t index) {
    return {id, index, UtcTime{7}, "entry", "proof"};
  }
};
}  // namespace lh::hub::ledger
namespace lh::crypto {
class CommitKey {
 public:
  // Stands for HMAC: 32 bytes of key mixed with the length and the first byte of the message.
  Digest commit(ByteView message) const {
    Digest d{};
    d.fill(key_);
    d[0] = static_cast<std::uint8_t>(d[0] ^ static_cast<std::uint8_t>(message.at(0)));
    d[1] = static_cast<std::uint8_t>(message.size());
    return d;
  }
  explicit CommitKey(std::uint8_t key) : key_(key) {}

 private:
  std::uint8_t key_;
};
}  // namespace lh::crypto

namespace lh {
namespace {

using hub::access::Gate;
using hub::ledger::Ledger;

enum class Adult : std::uint8_t { kNo, kYes };
struct Person {
  std::string name;
  int age = 0;
};

Undisclosed<Person> read_under(const Permit& permit) {
  return {permit, Person{"测试人员001", 30}};
}

TEST(Permit, CarriesItsAccessAndKind) {
  const Permit permit = Gate::admit(1);
  EXPECT_EQ(permit.kind(), Access::kServe);
  EXPECT_EQ(permit.access_id().value[0], 1);
  EXPECT_EQ(Gate::admit(2, Access::kMaintenance).kind(), Access::kMaintenance);
}

TEST(Permit, MovesAndIsNeverCopied) {
  static_assert(!std::is_copy_constructible_v<Permit> && std::is_move_constructible_v<Permit>);
  static_assert(!std::is_default_constructible_v<Permit>);
  static_assert(!std::is_copy_constructible_v<Recorded> &&
                !std::is_default_constructible_v<Recorded>);
  static_assert(!std::is_copy_constructible_v<Undisclosed<Person>>);
  static_assert(!std::is_constructible_v<Permit, AccessId, Access>);
  static_assert(!std::is_constructible_v<Undisclosed<Person>, AccessId, Person>);
  Permit a = Gate::admit(3);
  const Permit b = std::move(a);
  EXPECT_EQ(b.access_id().value[0], 3);
}

TEST(Undisclosed, OpensWithTheRecordOfItsOwnAccess) {
  const Permit permit = Gate::admit(4);
  auto answer = read_under(permit);
  const Recorded recorded = Ledger::record(permit.access_id(), 9);
  EXPECT_EQ(std::move(answer).open(recorded).age, 30);
  EXPECT_EQ(recorded.index(), 9U);
  EXPECT_EQ(recorded.time().ms, 7);
  EXPECT_EQ(recorded.entry(), "entry");
  EXPECT_EQ(recorded.proof(), "proof");
}

TEST(UndisclosedDeathTest, NeverOpensWithTheRecordOfAnotherAccess) {
  const Permit mine = Gate::admit(5);
  const Permit other = Gate::admit(6);
  auto answer = read_under(mine);
  const Recorded recorded = Ledger::record(other.access_id(), 10);
  EXPECT_DEATH(static_cast<void>(std::move(answer).open(recorded)), "another access");
}

TEST(Undisclosed, MapsAndStaysClosedUnderTheSameAccess) {
  const Permit permit = Gate::admit(7);
  auto name = read_under(permit).map([](Person&& p) { return std::move(p.name); });
  static_assert(std::is_same_v<decltype(name), Undisclosed<std::string>>);
  EXPECT_EQ(name.access_id(), permit.access_id());
  auto longer = std::move(name).map(
      [](std::string&& s, const int& n) { return s.size() + static_cast<std::size_t>(n); }, 1);
  const Recorded recorded = Ledger::record(permit.access_id(), 11);
  EXPECT_EQ(std::move(longer).open(recorded), std::string("测试人员001").size() + 1);
}

TEST(Undisclosed, DecidesWithAnEnumOnly) {
  const auto answer = read_under(Gate::admit(8));
  const auto adult = [](const Person& p, const int& limit) {
    return p.age >= limit ? Adult::kYes : Adult::kNo;
  };
  EXPECT_EQ(answer.decide(adult, 18), Adult::kYes);
  EXPECT_EQ(answer.decide(adult, 31), Adult::kNo);
}

TEST(Undisclosed, CommitsUnderAKey) {
  const auto answer = read_under(Gate::admit(9));
  const auto name = [](const Person& p) { return Bytes(p.name); };
  EXPECT_EQ(answer.commitment(crypto::CommitKey(1), name),
            crypto::CommitKey(1).commit("测试人员001"));
  EXPECT_NE(answer.commitment(crypto::CommitKey(1), name),
            answer.commitment(crypto::CommitKey(2), name));
}

TEST(Undisclosed, JoinsValuesOfOneAccess) {
  const Permit permit = Gate::admit(10);
  auto both = read_under(permit).with(Undisclosed<int>(permit, 5));
  const auto [person, five] = std::move(both).open(Ledger::record(permit.access_id(), 12));
  EXPECT_EQ(person.age + five, 35);
}

TEST(UndisclosedDeathTest, NeverJoinsValuesOfTwoAccesses) {
  const Permit mine = Gate::admit(11);
  const Permit other = Gate::admit(12);
  EXPECT_DEATH(static_cast<void>(read_under(mine).with(Undisclosed<int>(other, 5))),
               "two accesses");
}

TEST(Personal, ShowsItsValueByTheOneWord) {
  const Personal<std::string> p(std::string("测试人员001"));
  EXPECT_EQ(p.reveal(), "测试人员001");
  EXPECT_FALSE(p.empty());
  EXPECT_TRUE(Personal<std::string>().empty());
  EXPECT_EQ(Personal<std::string>(p).reveal(), p.reveal());
  static_assert(!std::is_convertible_v<Personal<std::string>, std::string>);
  static_assert(!std::is_convertible_v<std::string, Personal<std::string>>);
}

}  // namespace
}  // namespace lh
