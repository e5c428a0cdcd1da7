// Idempotency-Key: the same call gives the same answer for 72 hours, another body a conflict, and
// nothing of the call stands in the store in clear.
#include <gtest/gtest.h>

#include "hub/exchange/idempotency.h"
#include "tests/kits/audit_kit.h"

namespace lh {
namespace {

using namespace hub::exchange;  // NOLINT: a test of this room
using kits::AuditHub;

constexpr std::int64_t kHourMs = 3600 * 1000;

class IdempotencyHub : public AuditHub {
 public:
  IdempotencyHub() {
    keys.put("mac", Secret::copy_of(Bytes(32, 'm')), random).value();
    open_ledger();
  }
  Idempotency idempotency() { return Idempotency::create(*store, keys).value(); }
  IdempotentCall call(std::string name, ByteView body) const {
    IdempotentCall out{{}, "POST /v1/licences", std::move(name), body};
    out.system.value[0] = 1;
    return out;
  }
  Result<std::vector<Recorded>> remember(const IdempotentCall& c, const StoredAnswer& answer) {
    hub::audit::EntryFacts facts;
    auto made = change(facts);
    LH_TRY(idempotency().remember(c, answer, clock.now(), made));
    return ledger->commit(std::move(made));
  }
};

TEST(Idempotency, AReplayFindsTheAnswer) {
  IdempotencyHub hub;
  const auto call = hub.call("key-1", "body");
  EXPECT_FALSE(hub.idempotency().find(call, hub.clock.now()).value());
  ASSERT_TRUE(hub.remember(call, {"recipe", 201}).ok());
  const auto found = hub.idempotency().find(call, hub.clock.now()).value();  // as after a restart
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->recipe, "recipe");
  EXPECT_EQ(found->http_status, 201);
}

TEST(Idempotency, AnotherBodyIsAConflict) {
  IdempotencyHub hub;
  ASSERT_TRUE(hub.remember(hub.call("key-1", "body"), {"recipe", 201}).ok());
  const auto found = hub.idempotency().find(hub.call("key-1", "bodY"), hub.clock.now());
  EXPECT_EQ(found.error().reason(), Reason::kIdempotencyConflict);
}

TEST(Idempotency, TheScopeIsSystemRouteAndKey) {
  IdempotencyHub hub;
  ASSERT_TRUE(hub.remember(hub.call("key-1", "body"), {"recipe", 201}).ok());
  auto other_key = hub.call("key-2", "body");
  auto other_route = hub.call("key-1", "body");
  other_route.route = "POST /v1/cases";
  auto other_system = hub.call("key-1", "body");
  other_system.system.value[0] = 2;
  auto shifted = hub.call("key-1", "body");  // the same letters, divided elsewhere
  shifted.route += "k";
  shifted.key = "ey-1";
  for (const auto& call : {other_key, other_route, other_system, shifted}) {
    EXPECT_FALSE(hub.idempotency().find(call, hub.clock.now()).value());
  }
}

TEST(Idempotency, IsForgottenAfter72Hours) {
  IdempotencyHub hub;
  const auto call = hub.call("key-1", "body");
  ASSERT_TRUE(hub.remember(call, {"recipe", 200}).ok());
  const UtcTime now = hub.clock.now();
  EXPECT_TRUE(hub.idempotency().find(call, now.plus_ms(72 * kHourMs)).value());
  EXPECT_FALSE(hub.idempotency().find(call, now.plus_ms(72 * kHourMs + 1)).value());
  EXPECT_TRUE(hub.idempotency().expired(now.plus_ms(72 * kHourMs), 10)->empty());
  const auto rows = hub.idempotency().expired(now.plus_ms(72 * kHourMs + 1), 10).value();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_FALSE(rows[0].payload.has_value()) << "a deletion";
  hub.clock.pass_ms(73 * kHourMs);
  ASSERT_TRUE(hub.remember(call, {"another", 200}).ok()) << "the key is free again";
  EXPECT_EQ(hub.idempotency().find(call, hub.clock.now()).value()->recipe, "another");
}

TEST(Idempotency, OfTwoAtOnceOneIsStale) {
  IdempotencyHub hub;
  const auto call = hub.call("key-1", "body");
  auto first = hub.change({});
  auto second = hub.change({});
  ASSERT_TRUE(hub.idempotency().remember(call, {"1", 200}, hub.clock.now(), first).ok());
  ASSERT_TRUE(hub.idempotency().remember(call, {"2", 200}, hub.clock.now(), second).ok());
  EXPECT_TRUE(hub.ledger->commit(std::move(first)).ok());
  EXPECT_EQ(hub.ledger->commit(std::move(second)).error().reason(), Reason::kStoreStale);
  EXPECT_EQ(hub.idempotency().find(call, hub.clock.now()).value()->recipe, "1");
}

TEST(Idempotency, KeysAreVisibleAsciiUpTo255) {
  EXPECT_TRUE(Idempotency::check_key("a").ok());
  EXPECT_TRUE(Idempotency::check_key(std::string(255, '~')).ok());
  for (const std::string& bad :
       {std::string(), std::string(256, 'a'), std::string("a b"), std::string("a\n"),
        std::string("é"), std::string(1, '\0'), std::string("\x7f")}) {
    EXPECT_EQ(Idempotency::check_key(bad).error().reason(), Reason::kIdempotencyKey);
  }
}

TEST(Idempotency, NeitherKeyNorBodyStandInTheStore) {
  IdempotencyHub hub;
  ASSERT_TRUE(hub.remember(hub.call("key-of-a-case", "测试人员001"), {"recipe", 200}).ok());
  Bytes all;
  for (const auto& row :
       hub.store->latest().scan(hub::store::Family::kState, "", "", 1000).value()) {
    all += row.key + row.value;
  }
  EXPECT_EQ(all.find("key-of-a-case"), Bytes::npos);
  EXPECT_EQ(all.find("测试人员001"), Bytes::npos);
}

TEST(Idempotency, ExpiredRowsComeInBoundedNumbers) {
  IdempotencyHub hub;
  for (int i = 0; i < 12; ++i) {
    ASSERT_TRUE(hub.remember(hub.call("key-" + std::to_string(i), "b"), {"r", 200}).ok());
  }
  const UtcTime later = hub.clock.now().plus_ms(80 * kHourMs);
  EXPECT_EQ(hub.idempotency().expired(later, 5)->size(), 5U);
  EXPECT_EQ(hub.idempotency().expired(later, 100)->size(), 12U);
}

}  // namespace
}  // namespace lh
