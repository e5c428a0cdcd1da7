// One rule of the profile a case: a good chain is spoilt in one way and must be refused with the
// finding of that rule at its place (docs/formats/certificates.md).
#include <gtest/gtest.h>

#include <algorithm>

#include "pki/chain.h"
#include "tests/unit/pki_farm.h"

namespace lh::pki {
namespace {

using farm::Chain;
using farm::kDay;
using farm::kNow;

constexpr const char* kGoodName = "DNS:hub.example.cn";

struct Case {
  const char* name;
  void (*spoil)(Chain&);
  Reason reason;
  const char* where;
  Usage usage = Usage::kTlsClient;
};

void PrintTo(const Case& c, std::ostream* out) {
  *out << c.name;
}

const Case kCases[] = {
    {"VersionOne", [](Chain& c) { c.leaf.version = 1, c.leaf.extensions.clear(); },
     Reason::kChainVersion, "certificate[0].version"},
    {"VersionTwoWithExtensions", [](Chain& c) { c.issuing.version = 2; }, Reason::kChainVersion,
     "certificate[1].version"},
    {"AnchorOfVersionOne", [](Chain& c) { c.root.version = 1, c.root.extensions.clear(); },
     Reason::kChainVersion, "anchor.version"},
    {"SerialZero", [](Chain& c) { c.leaf.serial = "0"; }, Reason::kChainSerial,
     "certificate[0].serialNumber"},
    {"SerialNegative", [](Chain& c) { c.leaf.serial = "-5"; }, Reason::kChainSerial,
     "certificate[0].serialNumber"},
    {"SerialOf21Octets", [](Chain& c) { c.leaf.serial = "01" + std::string(40, 'a'); },
     Reason::kChainSerial, "certificate[0].serialNumber"},
    {"SerialOf20OctetsWithTheHighBit", [](Chain& c) { c.leaf.serial = std::string(40, 'a'); },
     Reason::kChainSerial, "certificate[0].serialNumber"},
    {"SerialOf200Octets", [](Chain& c) { c.leaf.serial = std::string(400, '7'); },
     Reason::kChainSerial, "certificate[0].serialNumber"},
    {"ExtensionTwice",
     [](Chain& c) { c.leaf.extensions.emplace_back("subjectAltName", "DNS:b.example.cn"); },
     Reason::kChainDuplicateExtension, "certificate[0].extension 2.5.29.17"},
    {"UnknownExtensionTwice",
     [](Chain& c) {
       c.leaf.extensions.emplace_back("1.2.3.4", "DER:0500");
       c.leaf.extensions.emplace_back("1.2.3.4", "DER:0500");
     },
     Reason::kChainDuplicateExtension, "certificate[0].extension 1.2.3.4"},
    {"UnknownCritical", [](Chain& c) { c.leaf.set("1.2.3.4", "critical,DER:0500"); },
     Reason::kChainCriticalExtension, "certificate[0].extension 1.2.3.4"},
    {"CriticalPolicies",
     [](Chain& c) { c.issuing.set("certificatePolicies", "critical,DER:3007300506032A0304"); },
     Reason::kChainCriticalExtension, "certificate[1].extension 2.5.29.32"},
    {"CriticalPolicyConstraints",
     [](Chain& c) { c.issuing.set("policyConstraints", "critical,requireExplicitPolicy:0"); },
     Reason::kChainCriticalExtension, "certificate[1].extension 2.5.29.36"},
    {"AuthorityAsLeaf", [](Chain& c) { c.leaf.set("basicConstraints", "critical,CA:TRUE"); },
     Reason::kChainCaAsLeaf, "certificate[0]"},
    {"LeafWithoutKeyUsage", [](Chain& c) { c.leaf.drop("keyUsage"); }, Reason::kChainKeyUsage,
     "certificate[0].keyUsage"},
    {"LeafForKeyEncipherment", [](Chain& c) { c.leaf.set("keyUsage", "critical,keyEncipherment"); },
     Reason::kChainKeyUsage, "certificate[0].keyUsage"},
    {"LeafThatMaySignCertificates",
     [](Chain& c) { c.leaf.set("keyUsage", "critical,digitalSignature,keyCertSign"); },
     Reason::kChainKeyUsage, "certificate[0].keyUsage"},
    {"LeafWithoutPurpose", [](Chain& c) { c.leaf.drop("extendedKeyUsage"); },
     Reason::kChainExtendedKeyUsage, "certificate[0].extendedKeyUsage"},
    {"ServerAsClient", [](Chain& c) { c.leaf.set("extendedKeyUsage", "serverAuth"); },
     Reason::kChainExtendedKeyUsage, "certificate[0].extendedKeyUsage"},
    {"AnyPurposeIsNoPurpose",
     [](Chain& c) { c.leaf.set("extendedKeyUsage", "anyExtendedKeyUsage"); },
     Reason::kChainExtendedKeyUsage, "certificate[0].extendedKeyUsage"},
    {"ClientAsServer", [](Chain&) {}, Reason::kChainExtendedKeyUsage,
     "certificate[0].extendedKeyUsage", Usage::kTlsServer},
    {"ClientAsDocumentSigner", [](Chain&) {}, Reason::kChainExtendedKeyUsage,
     "certificate[0].extendedKeyUsage", Usage::kSignDocument},
    {"ServerNamedByItsCommonNameOnly",
     [](Chain& c) {
       c.leaf.subject = "hub.example.cn";
       c.leaf.set("extendedKeyUsage", "serverAuth");
       c.leaf.drop("subjectAltName");
     },
     Reason::kChainMalformed, "certificate[0].subjectAltName", Usage::kTlsServer},
    {"IssuerWithoutBasicConstraints", [](Chain& c) { c.issuing.drop("basicConstraints"); },
     Reason::kChainNotCa, "certificate[1].basicConstraints"},
    {"IssuerThatIsNoAuthority",
     [](Chain& c) { c.issuing.set("basicConstraints", "critical,CA:FALSE"); }, Reason::kChainNotCa,
     "certificate[1].basicConstraints"},
    {"BasicConstraintsNotCritical",
     [](Chain& c) { c.issuing.set("basicConstraints", "CA:TRUE,pathlen:0"); }, Reason::kChainNotCa,
     "certificate[1].basicConstraints"},
    {"PathLengthOfALeaf",
     [](Chain& c) { c.leaf.set("basicConstraints", "critical,CA:FALSE,pathlen:0"); },
     Reason::kChainMalformed, "certificate[0].basicConstraints"},
    {"IssuerWithoutKeyUsage", [](Chain& c) { c.issuing.drop("keyUsage"); }, Reason::kChainKeyUsage,
     "certificate[1].keyUsage"},
    {"IssuerThatMayNotSignCertificates",
     [](Chain& c) { c.issuing.set("keyUsage", "critical,digitalSignature,cRLSign"); },
     Reason::kChainKeyUsage, "certificate[1].keyUsage"},
    {"AnchorThatMayNotSignCertificates",
     [](Chain& c) { c.root.set("keyUsage", "critical,cRLSign"); }, Reason::kChainKeyUsage,
     "anchor.keyUsage"},
    {"IssuerForServersOnly", [](Chain& c) { c.issuing.set("extendedKeyUsage", "serverAuth"); },
     Reason::kChainExtendedKeyUsage, "certificate[1].extendedKeyUsage"},
    {"PathLengthOfTheAnchor",
     [](Chain& c) { c.root.set("basicConstraints", "critical,CA:TRUE,pathlen:0"); },
     Reason::kChainPathLength, "anchor.basicConstraints"},
    {"LeafKeyP384", [](Chain& c) { c.leaf.key = farm::key_of("P-384"); }, Reason::kKeyWeak,
     "certificate[0].subjectPublicKeyInfo"},
    {"LeafKeyRsa2048", [](Chain& c) { c.leaf.key = farm::key_of("RSA-2048"); }, Reason::kKeyWeak,
     "certificate[0].subjectPublicKeyInfo"},
    {"IssuerKeyRsa1024", [](Chain& c) { c.issuing.key = c.leaf_signer = farm::key_of("RSA-1024"); },
     Reason::kKeyWeak, "certificate[1].subjectPublicKeyInfo"},
    {"SignatureOfAnRsaKey",
     [](Chain& c) { c.issuing.key = c.leaf_signer = farm::key_of("RSA-2048"); },
     Reason::kAlgorithmRefused, "certificate[0].signatureAlgorithm"},
    {"SignatureOverSha1", [](Chain& c) { c.leaf.digest = "SHA1"; }, Reason::kAlgorithmRefused,
     "certificate[0].signatureAlgorithm"},
    {"SignatureOverSha384", [](Chain& c) { c.leaf.digest = "SHA384"; }, Reason::kAlgorithmRefused,
     "certificate[0].signatureAlgorithm"},
    {"SignatureOverMd5",
     [](Chain& c) {
       c.issuing.key = c.leaf_signer = farm::key_of("RSA-2048");
       c.leaf.digest = "MD5";
     },
     Reason::kAlgorithmRefused, "certificate[0].signatureAlgorithm"},
    {"DnsNameOutsideThePermitted",
     [](Chain& c) { c.issuing.set("nameConstraints", "critical,permitted;DNS:example.com"); },
     Reason::kChainNameConstraint, "certificate[0]"},
    {"DnsNameExcluded",
     [](Chain& c) { c.issuing.set("nameConstraints", "critical,excluded;DNS:example.cn"); },
     Reason::kChainNameConstraint, "certificate[0]"},
    {"DnsNameExcludedByTheAnchor",
     [](Chain& c) { c.root.set("nameConstraints", "critical,excluded;DNS:example.cn"); },
     Reason::kChainNameConstraint, "certificate[0]"},
    {"AddressExcluded",
     [](Chain& c) {
       c.leaf.set("subjectAltName", "DNS:hub.example.cn,IP:10.1.2.3");
       c.issuing.set("nameConstraints", "critical,excluded;IP:10.0.0.0/255.0.0.0");
     },
     Reason::kChainNameConstraint, "certificate[0]"},
    {"UrnUnderAUriConstraint",
     [](Chain& c) { c.issuing.set("nameConstraints", "critical,permitted;URI:.example.cn"); },
     Reason::kChainNameConstraint, "certificate[0]"},
    {"ConstraintsOfALeaf",
     [](Chain& c) { c.leaf.set("nameConstraints", "critical,permitted;DNS:example.cn"); },
     Reason::kChainNameConstraint, "certificate[0].nameConstraints"},
    {"ConstraintsThatSayNothing",
     [](Chain& c) { c.issuing.set("nameConstraints", "critical,DER:3000"); },
     Reason::kChainNameConstraint, "certificate[1].nameConstraints"},
    {"ConstraintsThatCannotBeRead",
     [](Chain& c) { c.issuing.set("nameConstraints", "critical,DER:30030102FF"); },
     Reason::kChainMalformed, "certificate[1].nameConstraints"},
    {"DnsNameWithANul",
     [](Chain& c) { c.leaf.set("subjectAltName", "DER:300C820A612E636E002E65782E63"); },
     Reason::kChainMalformed, "certificate[0].subjectAltName"},
    {"DnsNameWithAnEmptyLabel", [](Chain& c) { c.leaf.set("subjectAltName", "DNS:a..example.cn"); },
     Reason::kChainMalformed, "certificate[0].subjectAltName"},
    {"DnsNameThatBeginsWithADot", [](Chain& c) { c.leaf.set("subjectAltName", "DNS:.example.cn"); },
     Reason::kChainMalformed, "certificate[0].subjectAltName"},
    {"DnsNameWithASpace", [](Chain& c) { c.leaf.set("subjectAltName", "DNS:a b.cn"); },
     Reason::kChainMalformed, "certificate[0].subjectAltName"},
    {"DnsNameWithTwoStars", [](Chain& c) { c.leaf.set("subjectAltName", "DNS:*.*.cn"); },
     Reason::kChainMalformed, "certificate[0].subjectAltName"},
    {"AddressOfFiveOctets",
     [](Chain& c) { c.leaf.set("subjectAltName", "DER:300787050A00000100"); },
     Reason::kChainMalformed, "certificate[0].subjectAltName"},
    {"NoNameInTheListOfNames", [](Chain& c) { c.leaf.set("subjectAltName", "DER:3000"); },
     Reason::kChainMalformed, "certificate[0].subjectAltName"},
    {"BytesAfterAnExtensionsValue",
     [](Chain& c) { c.leaf.set("keyUsage", "critical,DER:030207800500"); }, Reason::kChainMalformed,
     "certificate[0].extension 2.5.29.15"},
    {"BooleanThatIsNotDer",
     [](Chain& c) { c.issuing.set("basicConstraints", "critical,DER:3003010101"); },
     Reason::kChainMalformed, "certificate[1].extension 2.5.29.19"},
    {"EmptyIssuerName", [](Chain& c) { c.leaf_issuer = ""; }, Reason::kChainMalformed,
     "certificate[0].issuer"},
    {"EndsBeforeItBegins",
     [](Chain& c) {
       c.leaf.not_before = kNow.plus_ms(kDay), c.leaf.not_after = kNow.plus_ms(-kDay);
     },
     Reason::kChainMalformed, "certificate[0].validity"},
    {"LeafExpired", [](Chain& c) { c.leaf.not_after = kNow.plus_ms(-1000); }, Reason::kChainExpired,
     "certificate[0]"},
    {"IssuerExpired", [](Chain& c) { c.issuing.not_after = kNow.plus_ms(-1000); },
     Reason::kChainExpired, "certificate[1]"},
    {"AnchorExpired", [](Chain& c) { c.root.not_after = kNow.plus_ms(-1000); },
     Reason::kChainExpired, "anchor"},
    {"LeafNotYetValid", [](Chain& c) { c.leaf.not_before = kNow.plus_ms(1000); },
     Reason::kChainNotYetValid, "certificate[0]"},
    {"IssuerNotYetValid", [](Chain& c) { c.issuing.not_before = kNow.plus_ms(1000); },
     Reason::kChainNotYetValid, "certificate[1]"},
    {"AnchorNotYetValid", [](Chain& c) { c.root.not_before = kNow.plus_ms(1000); },
     Reason::kChainNotYetValid, "anchor"},
    {"LeafSignedByAnotherKey", [](Chain& c) { c.leaf_signer = farm::key_of("P-256", 9); },
     Reason::kChainSignature, "certificate[0]"},
    {"IssuerSignedByAnotherKey", [](Chain& c) { c.issuing_signer = farm::key_of("P-256", 9); },
     Reason::kChainSignature, "certificate[1]"},
    {"LeafOfAnotherIssuer", [](Chain& c) { c.leaf_issuer = "somebody else"; }, Reason::kChainOrder,
     "certificate[0].issuer"},
};

class Profile : public ::testing::TestWithParam<Case> {};

INSTANTIATE_TEST_SUITE_P(Chain, Profile, ::testing::ValuesIn(kCases),
                         [](const auto& i) { return std::string(i.param.name); });

std::string list_of(const VerifyReport& r) {
  std::string out;
  for (const Finding& f : r.findings())
    out += std::string(reason_id(f.reason)) + " " + f.where + "\n";
  return out;
}

TEST_P(Profile, RefusesWithTheFindingOfTheRule) {
  const Case& c = GetParam();
  Chain chain;
  c.spoil(chain);
  const TrustStore trust({chain.root_certificate()}, {}, 1);
  const VerifyReport report = check_chain(chain.sent(), trust, kNow, c.usage);
  EXPECT_EQ(report.verdict(), Verdict::kInvalid) << list_of(report);
  const auto& all = report.findings();
  const bool found = std::any_of(all.begin(), all.end(), [&c](const Finding& f) {
    return f.severity == Severity::kFailure && f.reason == c.reason && f.where == c.where;
  });
  EXPECT_TRUE(found) << list_of(report);
}

struct GoodCase {
  const char* name;
  void (*change)(Chain&);
  Usage usage = Usage::kTlsClient;
};

const GoodCase kGoodCases[] = {
    {"Client", [](Chain&) {}},
    {"ClientForAnything", [](Chain&) {}, Usage::kAny},
    {"Server", [](Chain& c) { c.leaf.set("extendedKeyUsage", "serverAuth"); }, Usage::kTlsServer},
    {"DocumentSigner",
     [](Chain& c) {
       c.leaf.set("extendedKeyUsage", "1.3.6.1.5.5.7.3.36");
       c.leaf.set("keyUsage", "critical,nonRepudiation");
     },
     Usage::kSignDocument},
    {"LeafThatSaysItIsNoAuthority", [](Chain& c) { c.leaf.set("basicConstraints", "CA:FALSE"); }},
    {"Ed25519Throughout",
     [](Chain& c) {
       c.root.key = c.issuing_signer = farm::key_of("Ed25519", 1);
       c.issuing.key = c.leaf_signer = farm::key_of("Ed25519", 2);
       c.leaf.key = farm::key_of("Ed25519", 3);
     }},
    {"UnknownExtensionThatIsNotCritical", [](Chain& c) { c.leaf.set("1.2.3.4", "DER:0500"); }},
    {"PoliciesThatAreNotCritical",
     [](Chain& c) { c.leaf.set("certificatePolicies", "DER:3007300506032A0304"); }},
    {"KeyIdentifiers",
     [](Chain& c) {
       c.root.set("subjectKeyIdentifier", "hash");
       c.issuing.set("authorityKeyIdentifier", "keyid");
     }},
    {"NameInsideThePermitted",
     [](Chain& c) {
       c.leaf.set("subjectAltName", kGoodName);
       c.issuing.set("nameConstraints", "critical,permitted;DNS:example.cn");
     }},
    {"NameBesideTheExcluded",
     [](Chain& c) { c.issuing.set("nameConstraints", "critical,excluded;DNS:example.com"); }},
    {"SerialOf20Octets", [](Chain& c) { c.leaf.serial = "7f" + std::string(38, 'a'); }},
    {"AuthorityLimitedToTheUse",
     [](Chain& c) { c.issuing.set("extendedKeyUsage", "clientAuth,serverAuth"); }},
    {"BeginsNow", [](Chain& c) { c.leaf.not_before = kNow; }},
    {"EndsWithThisSecond", [](Chain& c) { c.leaf.not_after = kNow; }},
    {"EndsIn2090", [](Chain& c) { c.root.not_after = UtcTime{3786912000000}; }},
    {"NoSubjectName", [](Chain& c) { c.leaf.subject = ""; }},
};

class GoodChain : public ::testing::TestWithParam<GoodCase> {};
INSTANTIATE_TEST_SUITE_P(Chain, GoodChain, ::testing::ValuesIn(kGoodCases),
                         [](const auto& i) { return std::string(i.param.name); });
void PrintTo(const GoodCase& c, std::ostream* out) {
  *out << c.name;
}

TEST_P(GoodChain, IsValid) {
  Chain chain;
  GetParam().change(chain);
  const TrustStore trust({chain.root_certificate()}, {}, 1);
  const VerifyReport report = check_chain(chain.sent(), trust, kNow, GetParam().usage);
  EXPECT_EQ(report.verdict(), Verdict::kValid) << list_of(report);
  EXPECT_EQ(report.reason(), Reason::kVerdictGood);
}

}  // namespace
}  // namespace lh::pki
