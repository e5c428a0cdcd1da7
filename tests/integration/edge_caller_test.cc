// Who the handler is told the caller is; and what the handshake refuses.
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include "tests/integration/edge_fixture.h"

namespace lh::hub::edge::testing {
namespace {

using api::CertificateState;

api::ClientCertificate seen_on(Edge& edge, Client& client) {
  edge.handler.forget();
  EXPECT_EQ(client.get("/echo").status, 200);
  return edge.handler.seen().at(0).certificate;
}

TEST(EdgeCaller, WithoutCertificateTheHandshakeCompletes) {
  Edge edge;
  Client client(edge.port());
  ASSERT_TRUE(client.connected());
  EXPECT_TRUE(client.was_asked_for_certificate());
  const auto c = seen_on(edge, client);
  EXPECT_EQ(c.state, CertificateState::kNone);
  EXPECT_EQ(c.reason, Reason::kCallerNoCertificate);
}

TEST(EdgeCaller, TrustedCertificateIsTrusted) {
  Edge edge;
  const Identity id = edge.farm.client("测试系统001");
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    Client client(edge.port(), {&id, version, version, {}, nullptr});
    const auto c = seen_on(edge, client);
    EXPECT_EQ(c.state, CertificateState::kTrusted);
    EXPECT_EQ(c.fingerprint, id.chain[0].fingerprint());
  }
}

TEST(EdgeCaller, LeafAloneIsEnoughWhenItsIssuerIsAnAnchor) {
  Edge edge;
  Identity id = edge.farm.client("测试系统001");
  id.chain.pop_back();
  Client client(edge.port(), {&id, 0, 0, {}, nullptr});
  EXPECT_EQ(seen_on(edge, client).state, CertificateState::kTrusted);
}

TEST(EdgeCaller, ForeignCertificateIsUntrustedAndTheHandshakeCompletes) {
  Edge edge;
  Farm other;
  const Identity id = other.client("stranger");
  Client client(edge.port(), {&id, 0, 0, {}, nullptr});
  ASSERT_TRUE(client.connected());
  const auto c = seen_on(edge, client);
  EXPECT_EQ(c.state, CertificateState::kUntrusted);
  EXPECT_EQ(c.reason, Reason::kTrustMissing);
}

TEST(EdgeCaller, ServerCertificateIsNoClientCertificate) {
  Edge edge;
  Client client(edge.port(), {&edge.farm.server(), 0, 0, {}, nullptr});
  const auto c = seen_on(edge, client);
  EXPECT_EQ(c.state, CertificateState::kUntrusted);
  EXPECT_EQ(c.reason, Reason::kChainExtendedKeyUsage);
}

TEST(EdgeCaller, DatesAreCheckedOnEveryRequest) {
  Edge edge;
  const Identity id = edge.farm.client("测试系统001", -1, 2);
  const Identity expired = edge.farm.client("测试系统002", -20, -10);
  const Identity early = edge.farm.client("测试系统003", 1, 5);
  Client client(edge.port(), {&id, 0, 0, {}, nullptr});
  Client late(edge.port(), {&expired, 0, 0, {}, nullptr});
  Client soon(edge.port(), {&early, 0, 0, {}, nullptr});
  EXPECT_EQ(seen_on(edge, client).state, CertificateState::kTrusted);
  EXPECT_EQ(seen_on(edge, late).reason, Reason::kChainExpired);
  EXPECT_EQ(seen_on(edge, soon).reason, Reason::kChainNotYetValid);
  edge.clock.advance_ms(3LL * 86'400'000);
  EXPECT_EQ(seen_on(edge, client).reason, Reason::kChainExpired);
  EXPECT_EQ(seen_on(edge, soon).state, CertificateState::kTrusted);
  edge.clock.advance_ms(-3LL * 86'400'000);
  EXPECT_EQ(seen_on(edge, client).state, CertificateState::kTrusted);
}

TEST(EdgeCaller, RevocationIsSeenByTheNextRequestOfAnOpenConnection) {
  Edge edge;
  const Identity id = edge.farm.client("测试系统001");
  Client client(edge.port(), {&id, 0, 0, {}, nullptr});
  EXPECT_EQ(seen_on(edge, client).state, CertificateState::kTrusted);
  edge.set_trust(edge.farm.anchors(), {id.chain[0].fingerprint()});
  const auto c = seen_on(edge, client);
  EXPECT_EQ(c.state, CertificateState::kUntrusted);
  EXPECT_EQ(c.reason, Reason::kChainRevoked);
}

TEST(EdgeCaller, RevocationIsSeenAfterResumption) {
  Edge edge;
  const Identity id = edge.farm.client("测试系统001");
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    edge.set_trust(edge.farm.anchors(), {});
    void* session = nullptr;
    {
      Client first(edge.port(), {&id, version, version, {}, nullptr});
      EXPECT_EQ(seen_on(edge, first).state, CertificateState::kTrusted);
      session = first.take_session();
      first.half_close();
    }
    {
      Client again(edge.port(), {&id, version, version, {}, session});
      EXPECT_TRUE(again.resumed());
      EXPECT_FALSE(again.was_asked_for_certificate());
      const auto c = seen_on(edge, again);
      EXPECT_EQ(c.state, CertificateState::kTrusted);
      EXPECT_EQ(c.fingerprint, id.chain[0].fingerprint());
      free_session(session);
      session = again.take_session();
      again.half_close();
    }
    edge.set_trust(edge.farm.anchors(), {id.chain[0].fingerprint()});
    Client revoked(edge.port(), {&id, version, version, {}, session});
    EXPECT_TRUE(revoked.resumed());
    EXPECT_EQ(seen_on(edge, revoked).reason, Reason::kChainRevoked);
    free_session(session);
  }
}

TEST(EdgeCaller, AnchorTakenAwayIsTrustTakenAway) {
  Edge edge;
  const Identity id = edge.farm.client("测试系统001");
  Client client(edge.port(), {&id, 0, 0, {}, nullptr});
  EXPECT_EQ(seen_on(edge, client).state, CertificateState::kTrusted);
  edge.set_trust({}, {});
  EXPECT_EQ(seen_on(edge, client).reason, Reason::kTrustMissing);
}

TEST(EdgeCaller, PublicListenerNeverAsks) {
  Edge edge;
  const Identity id = edge.farm.client("测试系统001");
  Client client(edge.public_port(), {&id, 0, 0, {}, nullptr});
  ASSERT_TRUE(client.connected());
  EXPECT_FALSE(client.was_asked_for_certificate());
  EXPECT_EQ(seen_on(edge, client).state, CertificateState::kNone);
  EXPECT_EQ(edge.handler.seen().at(0).listener, api::Listener::kPublic);
}

TEST(EdgeCaller, OldProtocolsAndForeignOnesAreRefusedInTheHandshake) {
  Edge edge;
  EXPECT_FALSE(
      Client(edge.port(), {nullptr, TLS1_1_VERSION, TLS1_VERSION, {}, nullptr}).connected());
  EXPECT_TRUE(
      Client(edge.port(), {nullptr, TLS1_2_VERSION, TLS1_2_VERSION, {}, nullptr}).connected());
  EXPECT_FALSE(Client(edge.port(), {nullptr, 0, 0, std::string("\x02h2"), nullptr}).connected());
  EXPECT_TRUE(
      Client(edge.port(), {nullptr, 0, 0, std::string("\x02h2\x08http/1.1"), nullptr}).connected());
}

}  // namespace
}  // namespace lh::hub::edge::testing
