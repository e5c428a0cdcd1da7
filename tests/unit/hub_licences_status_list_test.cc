// Token Status List: the vectors of the specification, the packing, the token, the slots in use.
#include "hub/licences/status_list.h"

#include <gtest/gtest.h>

#include "crypto/jws.h"
#include "hub/licences/rows/keys.h"
#include "tests/unit/hub_licences_kit.h"

namespace lh {
namespace {

using namespace hub::licences;  // NOLINT: a test of this room
using kits::LicenceHub;
using kits::text_of;

TEST(StatusListPacking, TwoEntriesAByteLowBitsFirst) {
  EXPECT_EQ(to_hex(pack_status_list({0, 1, 2, 3, 8})), "103208");
  EXPECT_EQ(pack_status_list({}), "");
  EXPECT_EQ(pack_status_list(std::vector<std::uint8_t>(kStatusSlots)).size(), kStatusSlots / 2);
}

TEST(StatusListZlib, ComesBackAsItWas) {
  kits::SeededRandom random(3);
  for (const std::size_t size : {0U, 1U, 2U, 100U, 32768U}) {
    const Bytes plain = random.bytes(size);
    const auto packed = deflate_zlib(plain).value();
    EXPECT_EQ(inflate_zlib(packed, size).value(), plain);
    if (size > 0) {
      EXPECT_EQ(inflate_zlib(packed, size - 1).error().reason(), Reason::kInputTooLarge);
    }
  }
}

TEST(StatusListZlib, RefusesBombsCutsAndTails) {
  const auto bomb = deflate_zlib(Bytes(10U << 20U, '\0')).value();
  EXPECT_FALSE(inflate_zlib(bomb, kStatusSlots / 2).ok());
  const auto packed = deflate_zlib("hello hello hello").value();
  EXPECT_FALSE(inflate_zlib(ByteView(packed).substr(0, packed.size() - 1), 100).ok());
  EXPECT_FALSE(inflate_zlib(packed + "x", 100).ok());
  EXPECT_FALSE(inflate_zlib("", 100).ok());
}

// draft-ietf-oauth-status-list, section 4.1: the byte array of the one-bit and two-bit examples is
// not ours, but its zlib form is checked by anybody's inflate; here the other way round.
TEST(StatusListZlib, ReadsTheExampleOfTheSpecification) {
  const auto lst = parse_base64url("eNrbuRgAAhcBXQ").value();
  EXPECT_EQ(to_hex(inflate_zlib(lst, 100).value()), "b9a3");
}

struct Slots {
  explicit Slots(LicenceHub& h) : hub(h) {}
  std::uint64_t slot(const schemas::Json& licence) {
    return *check_document(text_of(licence, "document"), *hub.trust_store, hub.clock.now())
                .status_index;
  }
  std::vector<std::uint8_t> list() {
    return statuses_of(*hub.licences, 0, hub.clock.now()).value();
  }
  LicenceHub& hub;
};

TEST(StatusList, FollowsStatusExpiryAndNewVersions) {
  LicenceHub hub;
  Slots slots(hub);
  const auto one = hub.issue(LicenceHub::health_request(1));
  const auto two = hub.issue(LicenceHub::health_request(2));
  const auto at1 = slots.slot(one), at2 = slots.slot(two);
  ASSERT_NE(at1, at2);
  EXPECT_EQ(slots.list()[at1], 0);
  ASSERT_TRUE(hub.act(text_of(one, "licence_id"), schemas::StatusAction::kSuspend).ok());
  EXPECT_EQ(slots.list()[at1], 2);
  EXPECT_EQ(slots.list()[at2], 0);
  auto next = LicenceHub::health_request(2);
  next.supersedes = text_of(two, "licence_id");
  next.change = schemas::ChangeKind::kChange;
  const auto three = hub.issue(next);
  EXPECT_EQ(slots.list()[at2], 7);
  EXPECT_EQ(slots.list()[slots.slot(three)], 0);
  hub.clock.pass_ms(400 * kits::kDayMs);
  EXPECT_EQ(slots.list()[slots.slot(three)], 8);
}

TEST(StatusList, TokenIsSignedAndHoldsTheList) {
  LicenceHub hub;
  const auto* signer = hub.signers.find(kits::uscc_of(kits::kBureau));
  std::vector<std::uint8_t> statuses(kStatusSlots);
  statuses[5] = 4;
  const auto token =
      status_list_token(statuses, "https://hub.test/public/status/0", *signer, hub.clock.now())
          .value();
  const auto jws = crypto::parse_jws(token).value();
  EXPECT_TRUE(crypto::verify_jws(jws, "ES256", signer->key.public_key()).ok());
  EXPECT_EQ(schemas::parse_jose_header(jws.header)->typ, "statuslist+jwt");
  const auto payload = schemas::parse_json(jws.payload, 1U << 20U).value();
  EXPECT_EQ(text_of(payload, "sub"), "https://hub.test/public/status/0");
  const auto* list = payload.find("status_list");
  ASSERT_NE(list, nullptr);
  EXPECT_EQ(*list->find("bits")->integer(), 4);
  const auto packed = parse_base64url(text_of(*list, "lst")).value();
  EXPECT_EQ(inflate_zlib(packed, kStatusSlots).value(), pack_status_list(statuses));
}

TEST(StatusList, ANewListBeginsWhenTheOldOneIsCrowded) {
  LicenceHub hub;
  hub::audit::EntryFacts facts;
  std::vector<hub::ledger::RowWrite> taken;
  const auto some = hub.issue(LicenceHub::health_request(1));
  const auto head = hub.head_of(text_of(some, "licence_id"));
  for (std::uint32_t i = 0; i < kStatusSlots; ++i) {  // every slot of list 0
    taken.push_back(
        {hub::store::Family::kData, rows::slot_key(0, i), rows::encode_numbered({head.key, 1})});
  }
  while (!taken.empty()) {  // a batch is bounded
    const auto n = std::min<std::size_t>(taken.size(), 2000);
    std::vector<hub::ledger::RowWrite> part(taken.end() - static_cast<std::ptrdiff_t>(n),
                                            taken.end());
    taken.resize(taken.size() - n);
    hub.commit(facts, part).value();
  }
  const auto next = hub.issue(LicenceHub::health_request(2));
  const auto checked = check_document(text_of(next, "document"), *hub.trust_store, hub.clock.now());
  EXPECT_EQ(checked.status_uri, "https://hub.test/public/status/1");
  // A restarted office goes on with the list in use.
  LicenceOffice again(hub.office_parts());
  auto prepared =
      again.issue(LicenceHub::health_request(3), "{}", hub.supervision(), *hub.catalogue.policy());
  const auto third = hub.answer(std::move(prepared));
  EXPECT_EQ(
      check_document(text_of(third, "document"), *hub.trust_store, hub.clock.now()).status_uri,
      "https://hub.test/public/status/1");
}

}  // namespace
}  // namespace lh
