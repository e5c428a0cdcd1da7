// Verification in every form, alike answers for what must not be told apart, and verdicts that are
// kept under a MAC.
#include <gtest/gtest.h>

#include "hub/licences/rows/head_row.h"
#include "hub/licences/rows/keys.h"
#include "tests/unit/hub_licences_kit.h"

namespace lh {
namespace {

using namespace hub::licences;  // NOLINT: a test of this room
using kits::kDayMs;
using kits::kToday;
using kits::LicenceHub;
using kits::text_of;
using kits::verdict_of;

schemas::Json verify(LicenceHub& hub, const VerifyRequest& q) {
  return hub.answer(hub.office->verify(q, "{}", hub.bureau(), *hub.catalogue.policy()));
}
VerifyRequest by_document(std::string document) {
  VerifyRequest q;
  q.document = std::move(document);
  return q;
}
VerifyRequest by_qr(std::string qr) {
  VerifyRequest q;
  q.qr = std::move(qr);
  return q;
}
VerifyRequest by_number(std::string id, const SubjectId& holder) {
  VerifyRequest q;
  q.licence_id = std::move(id);
  q.holder = holder;
  return q;
}

TEST(Verify, DocumentQrAndNumberAllAgree) {
  LicenceHub hub;
  const auto licence = hub.issue(LicenceHub::health_request(1));
  const auto id = text_of(licence, "licence_id");
  for (const auto& q : {by_document(text_of(licence, "document")), by_qr(text_of(licence, "qr")),
                        by_number(id, kits::test_person(1))}) {
    const auto answer = verify(hub, q);
    EXPECT_EQ(text_of(answer, "licence_id"), id);
    for (const char* which : {"integrity", "issuer", "status", "freshness"}) {
      EXPECT_EQ(verdict_of(answer, which), "valid verdict.good") << which;
    }
    EXPECT_EQ(schemas::to_text(answer).find("测试人员"), std::string::npos);
  }
  hub.clock.pass_ms(1000);
  ASSERT_TRUE(hub.act(id, schemas::StatusAction::kRevoke).ok());
  for (auto q : {by_document(text_of(licence, "document")), by_qr(text_of(licence, "qr")),
                 by_number(id, kits::test_person(1))}) {
    EXPECT_EQ(verdict_of(verify(hub, q), "status"), "invalid status.revoked");
    q.at = UtcTime{kToday};  // was it valid on that day?
    EXPECT_EQ(verdict_of(verify(hub, q), "status"), "valid verdict.good");
  }
}

TEST(Verify, AnyPresentationIsKnownForTheDocumentItIs) {
  LicenceHub hub;
  const auto licence = hub.issue(LicenceHub::health_request(1));
  const auto document = text_of(licence, "document");
  const auto bare = document.substr(0, document.find('~') + 1);
  EXPECT_EQ(verdict_of(verify(hub, by_document(bare)), "status"), "valid verdict.good");
}

TEST(Verify, AChangedDocumentIsInvalidAndKeepsNoStatus) {
  LicenceHub hub;
  const auto licence = hub.issue(LicenceHub::health_request(1));
  auto document = text_of(licence, "document");
  document[document.find('~') - 3] ^= 1;
  const auto answer = verify(hub, by_document(document));
  EXPECT_TRUE(verdict_of(answer, "integrity").starts_with("invalid"));
  EXPECT_TRUE(verdict_of(answer, "issuer").starts_with("indeterminate"));
  EXPECT_EQ(verdict_of(answer, "status"), "indeterminate status.unknown");
  EXPECT_TRUE(verdict_of(verify(hub, by_document("nonsense")), "integrity").starts_with("invalid"));
}

TEST(Verify, AnotherDocumentUnderAHeldNumberIsNeverValid) {
  LicenceHub hub;
  const auto licence = hub.issue(LicenceHub::health_request(1));
  schemas::SdJwtPayload payload;
  payload.iss = issuer_uri("https://hub.test", kits::uscc_of(kits::kSupervision));
  payload.vct = "urn:licence-type:" + std::string(kits::kHealthCertificate);
  payload.iat = kToday / 1000;
  payload.nbf = payload.iat;
  payload.licence_id = text_of(licence, "licence_id");
  payload.status_uri = "https://hub.test/public/status/0";
  const auto* signer = hub.signers.find(kits::uscc_of(kits::kSupervision));
  const auto other = make_document(*signer, payload, {{"name", "测试人员2"}}, hub.random).value();
  const auto answer = verify(hub, by_document(other.text()));
  EXPECT_EQ(verdict_of(answer, "integrity"), "indeterminate integrity.changed");
  EXPECT_EQ(verdict_of(answer, "status"), "indeterminate status.unknown");
}

// The public parts of an entry that differ from act to act by their nature.
std::string shape_of(const Bytes& entry) {
  auto e = hub::audit::parse_entry(entry).value();
  std::string out;
  out += std::to_string(e.subjects.size()) + (e.licence ? " licence" : "");
  out += e.box_b.empty() ? "" : " box b";
  return out + " " + e.reason + " " + e.object;
}

TEST(Verify, UnknownNumberAndWrongHolderAnswerAndAreRecordedAlike) {
  LicenceHub hub;
  const auto licence = hub.issue(LicenceHub::health_request(1));
  hub.issue(LicenceHub::health_request(2));
  const auto id = text_of(licence, "licence_id");
  auto unknown = id;
  unknown[45] = unknown[45] == '0' ? '1' : '0';
  const std::vector<VerifyRequest> tries = {
      by_number(id, kits::test_person(2)),       // somebody else's
      by_number(id, kits::test_person(3)),       // of nobody the hub knows
      by_number(unknown, kits::test_person(1)),  // no such number
  };
  std::set<std::string> answers, shapes;
  for (const auto& q : tries) {
    auto prepared = hub.office->verify(q, "{}", hub.bureau(), *hub.catalogue.policy());
    auto text = hub.perform(std::move(prepared)).value();
    text.replace(text.find(q.licence_id), q.licence_id.size(), "N");
    answers.insert(text);
    shapes.insert(shape_of(hub.ledger->entry(hub.ledger->state().size - 1).value()));
  }
  EXPECT_EQ(answers.size(), 1U);
  EXPECT_EQ(shapes.size(), 1U);
}

TEST(Verify, ForgedQrPayloadsAreUnknown) {
  LicenceHub hub;
  const auto qr = text_of(hub.issue(LicenceHub::health_request(1)), "qr");
  for (std::size_t i = 0; i < qr.size(); ++i) {
    const auto answer = verify(hub, by_qr(kits::flipped(qr, i)));
    ASSERT_EQ(verdict_of(answer, "status"), "indeterminate status.unknown") << i;
    ASSERT_TRUE(text_of(answer, "licence_id").empty());
  }
  for (const std::string text : {"lhq1.", "lhq1..", "lhq1.x", "lhq2.a.b", "x"}) {
    EXPECT_EQ(verdict_of(verify(hub, by_qr(text)), "status"), "indeterminate status.unknown");
  }
}

TEST(Verify, NobodyInParticularMayAskAndIsRecordedWithoutAnOrganisation) {
  LicenceHub hub;
  const auto licence = hub.issue(LicenceHub::health_request(1));
  const auto answer = hub.answer(hub.office->verify(by_qr(text_of(licence, "qr")), "{}",
                                                    std::nullopt, *hub.catalogue.policy()));
  EXPECT_EQ(verdict_of(answer, "status"), "valid verdict.good");
  const auto entry =
      hub::audit::parse_entry(hub.ledger->entry(hub.ledger->state().size - 1).value()).value();
  EXPECT_TRUE(entry.organisation.empty());
  EXPECT_TRUE(entry.system.empty());
  EXPECT_EQ(entry.subjects.size(), 1U);  // the holder sees that somebody looked
  EXPECT_EQ(kits::reason_of(hub.office->verify(by_qr("x"), "", hub.caller(kits::kBureau, {}),
                                               *hub.catalogue.policy())),
            "role.missing");
}

TEST(VerifyRequest, IsOneOfThreeForms) {
  const auto read = [](std::string_view text) {
    const auto r = verify_request_from_json(schemas::parse_json(text, 1U << 20U).value());
    return r.ok() ? std::string("ok") : std::string(r.error().id());
  };
  EXPECT_EQ(read(R"({"document":"a~"})"), "ok");
  EXPECT_EQ(read(R"({"qr":"x","at":"2026-01-01"})"), "ok");
  const std::string holder =
      R"({"scheme":"resident_id","id":")" + kits::test_person(1).value.reveal() + "\"}";
  EXPECT_EQ(read(R"({"licence_id":"x","holder":)" + holder + "}"), "ok");
  EXPECT_EQ(read("{}"), "json.missing_member");
  EXPECT_EQ(read(R"({"licence_id":"x"})"), "json.missing_member");
  EXPECT_EQ(read(R"({"qr":"x","document":"a~"})"), "json.missing_member");
  EXPECT_EQ(read(R"({"qr":"x","holder":)" + holder + "}"), "json.missing_member");
  EXPECT_EQ(read(R"({"qr":"x","at":"yesterday"})"), "date.format");
  EXPECT_EQ(read(R"({"qr":"x","colour":1})"), "json.unknown_member");
}

// ---- kept verdicts ----------------------------------------------------------------------------

struct Kept {
  explicit Kept(LicenceHub& h) : hub(h) {
    licence = h.issue(LicenceHub::health_request(1));
    id = text_of(licence, "licence_id");
  }
  Verdicts now() {
    return hub.office->stored_verdicts(hub.head_of(id), hub.clock.now(), UtcTime::max()).value();
  }
  LicenceHub& hub;
  schemas::Json licence;
  std::string id;
};

TEST(KeptVerdict, MovesWithTheTrustEpoch) {
  LicenceHub hub;
  Kept kept(hub);
  EXPECT_EQ(kept.now().issuer.verdict, pki::Verdict::kValid);
  // The same anchors under another epoch: verified anew, the same verdict.
  hub.trust_store = std::make_shared<pki::TrustStore>(hub.world.trust(2));
  EXPECT_EQ(kept.now().issuer.verdict, pki::Verdict::kValid);
  EXPECT_EQ(kept.now().integrity.verdict, pki::Verdict::kValid);
  // No anchors: nothing to decide by.
  hub.trust_store =
      std::make_shared<pki::TrustStore>(pki::TrustStore(std::vector<pki::Certificate>{}, {}, 3));
  EXPECT_EQ(kept.now().issuer.verdict, pki::Verdict::kIndeterminate);
  EXPECT_EQ(kept.now().issuer.reason, Reason::kTrustMissing);
  EXPECT_EQ(kept.now().integrity.verdict, pki::Verdict::kValid);
  // The signer revoked.
  const auto* signer = hub.signers.find(kits::uscc_of(kits::kSupervision));
  hub.trust_store =
      std::make_shared<pki::TrustStore>(hub.world.trust(4, {signer->chain.front().fingerprint()}));
  EXPECT_EQ(kept.now().issuer.verdict, pki::Verdict::kInvalid);
  EXPECT_EQ(kept.now().issuer.reason, Reason::kChainRevoked);
}

TEST(KeptVerdict, IsNotBelievedWhenTheStoreWasTamperedWith) {
  LicenceHub hub;
  hub.trust_store =
      std::make_shared<pki::TrustStore>(pki::TrustStore(std::vector<pki::Certificate>{}, {}, 1));
  Kept kept(hub);
  ASSERT_EQ(kept.now().issuer.verdict, pki::Verdict::kIndeterminate);
  auto head = hub.head_of(kept.id);
  head.kept.issuer = pki::Verdict::kValid;  // somebody with write access to the rows
  head.kept.issuer_reason = Reason::kVerdictGood;
  hub::audit::EntryFacts facts;
  hub.commit(facts,
             {{hub::store::Family::kData, rows::head_key(head.key), rows::encode_head(head)}})
      .value();
  EXPECT_EQ(kept.now().issuer.verdict, pki::Verdict::kIndeterminate);
}

TEST(KeptVerdict, OfOneLicenceDoesNotFitAnother) {
  LicenceHub hub;
  Kept kept(hub);
  const auto other = hub.issue(LicenceHub::health_request(2));
  auto head = hub.head_of(kept.id);
  const auto digest = hub.head_of(text_of(other, "licence_id")).document;
  head.versions.back().document = digest;  // the digest of another document put in its place
  hub::audit::EntryFacts facts;
  hub.commit(facts,
             {{hub::store::Family::kData, rows::head_key(head.key), rows::encode_head(head)}})
      .value();
  EXPECT_EQ(kept.now().integrity.verdict, pki::Verdict::kInvalid);
  EXPECT_EQ(kept.now().integrity.reason, Reason::kContentChanged);
}

TEST(KeptVerdict, OutlivesTheCertificateThatSigned) {
  LicenceHub hub;
  auto request = LicenceHub::business_request(1);
  const auto id = text_of(hub.issue(request), "licence_id");
  hub.clock.wall_ms = kToday + 4000 * kDayMs;  // the signer's certificate ended at 3650 days
  hub.trust_store = std::make_shared<pki::TrustStore>(hub.world.trust(2));
  const auto verdicts =
      hub.office->stored_verdicts(hub.head_of(id), hub.clock.now(), UtcTime::max()).value();
  EXPECT_EQ(verdicts.issuer.verdict, pki::Verdict::kValid);  // the log shows when it was signed
}

TEST(Verdicts, TextAndTreeAreTheSame) {
  LicenceHub hub;
  Kept kept(hub);
  auto verdicts = kept.now();
  std::string text;
  append_verdicts(text, verdicts);
  EXPECT_EQ(text, schemas::to_text(verdicts_json(verdicts)));
  verdicts.authorisation = Verdict{pki::Verdict::kValid, Reason::kVerdictGood, "rule \"x\"", {}};
  verdicts.status.evidence.clear();
  text.clear();
  append_verdicts(text, verdicts);
  EXPECT_EQ(text, schemas::to_text(verdicts_json(verdicts)));
}

}  // namespace
}  // namespace lh
