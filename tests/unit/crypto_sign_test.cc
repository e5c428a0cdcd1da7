#include "crypto/sign.h"

#include <gtest/gtest.h>

#include <thread>

#include "crypto/digest.h"
#include "tests/kits/seeded_random.h"

namespace lh::crypto {
namespace {

Bytes from_hex(std::string_view text) {
  return parse_hex(text).value();
}

struct Rfc8032 {
  const char* name;
  const char* seed;
  const char* key;
  const char* message;
  const char* signature;
};
// RFC 8032 section 7.1 (SHA(abc) included, the 1023-byte one left out).
constexpr Rfc8032 kRfc8032[] = {
    {"test 1", "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b"
     "46b"
     "d25bf5f0595bbe24655141438e7a100b"},
    {"test 2", "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11"
     "d8c"
     "387b2eaeb4302aeeb00d291612bb0c00"},
    {"test 3", "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc"
     "659"
     "4a7c15e9716ed28dc027beceea1ec40a"},
    {"test SHA(abc)", "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
     "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
     "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3fee"
     "bbd"
     "454d4423643ce80e2a9ac94fa54ca49f",
     "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e"
     "030"
     "3dca179c138ac17ad9bef1177331a704"},
};

TEST(Ed25519, AgreesWithRfc8032) {
  for (const auto& v : kRfc8032) {
    SCOPED_TRACE(v.name);
    const auto key =
        PrivateKey::from_stored(Algorithm::kEd25519, Secret::copy_of(from_hex(v.seed))).value();
    EXPECT_EQ(to_hex(key.public_key().ed25519_raw()), v.key);
    EXPECT_EQ(to_hex(key.sign(from_hex(v.message)).value()), v.signature);
    EXPECT_TRUE(key.public_key().verify(from_hex(v.message), from_hex(v.signature)).ok());
  }
}

// RFC 6979 A.2.5, P-256 with SHA-256.
TEST(Es256, VerifiesTheSignaturesOfRfc6979) {
  const auto key = PublicKey::from_p256(
                       from_hex("60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6"),
                       from_hex("7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299"))
                       .value();
  EXPECT_TRUE(
      key.verify("sample",
                 from_hex("EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716"
                          "F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8"))
          .ok());
  EXPECT_TRUE(
      key.verify("test",
                 from_hex("F1ABB023518351CD71D881567B1EA663ED3EFCF6C5132B354F28D3B0B7D38367"
                          "019F4113742A2B14BD25926B49C649155F267E60D3814B4C0CC84250E46F0083"))
          .ok());
}

// Leading zero octets of r and s are the trap of the DER conversion: many signatures meet them.
TEST(Es256, VerifiesItsOwnSignaturesWhateverTheirLeadingOctets) {
  kits::SeededRandom random(11);
  const auto key = PrivateKey::generate(Algorithm::kEs256, random).value();
  const PublicKey known = key.public_key();
  int short_numbers = 0;
  for (int i = 0; i < 600; ++i) {
    const std::string message = "message " + std::to_string(i);
    const Bytes signature = key.sign(message).value();
    ASSERT_EQ(signature.size(), 64U);
    ASSERT_TRUE(known.verify(message, signature).ok()) << i;
    short_numbers += signature[0] == 0 || signature[32] == 0 ? 1 : 0;
  }
  RecordProperty("short_numbers", short_numbers);
}

TEST(Es256, IsRandomisedAndStillOneKeyASeed) {
  kits::SeededRandom a(12);
  kits::SeededRandom b(12);
  const auto one = PrivateKey::generate(Algorithm::kEs256, a).value();
  const auto two = PrivateKey::generate(Algorithm::kEs256, b).value();
  EXPECT_EQ(one.public_key().spki(), two.public_key().spki());
  EXPECT_NE(one.sign("m").value(), two.sign("m").value());
}

class EitherKind : public ::testing::TestWithParam<Algorithm> {
 protected:
  kits::SeededRandom random_{13};
  const PrivateKey key_ = PrivateKey::generate(GetParam(), random_).value();
};

std::string kind_name(const ::testing::TestParamInfo<Algorithm>& i) {
  return std::string(jose_name(i.param));
}
INSTANTIATE_TEST_SUITE_P(Keys, EitherKind,
                         ::testing::Values(Algorithm::kEs256, Algorithm::kEd25519), kind_name);

TEST_P(EitherKind, RefusesAnyFlippedBitOfTheSignature) {
  const PublicKey known = key_.public_key();
  const Bytes signature = key_.sign("message").value();
  for (std::size_t i = 0; i < signature.size(); ++i) {
    const Status s = known.verify("message", kits::flipped(signature, i, i % 8));
    ASSERT_FALSE(s.ok()) << i;
    EXPECT_EQ(s.error().reason(), Reason::kSignatureInvalid);
  }
}

TEST_P(EitherKind, RefusesAnotherMessageKeyOrLength) {
  const PublicKey known = key_.public_key();
  const Bytes signature = key_.sign("message").value();
  EXPECT_TRUE(known.verify("message", signature).ok());
  EXPECT_FALSE(known.verify("messagf", signature).ok());
  EXPECT_FALSE(known.verify("", signature).ok());
  EXPECT_FALSE(known.verify("message", signature + '\0').ok());
  EXPECT_FALSE(known.verify("message", ByteView(signature).substr(0, 63)).ok());
  EXPECT_FALSE(known.verify("message", "").ok());
  const PrivateKey other = PrivateKey::generate(GetParam(), random_).value();
  EXPECT_FALSE(other.public_key().verify("message", signature).ok());
}

// r = 0 or s = 0 (CVE-2022-21449) and the all-zero Ed25519 signature.
TEST_P(EitherKind, RefusesZeroSignatures) {
  const PublicKey known = key_.public_key();
  const Bytes good = key_.sign("message").value();
  EXPECT_FALSE(known.verify("message", Bytes(64, '\0')).ok());
  EXPECT_FALSE(known.verify("message", Bytes(32, '\0') + good.substr(32)).ok());
  EXPECT_FALSE(known.verify("message", good.substr(0, 32) + Bytes(32, '\0')).ok());
  EXPECT_FALSE(known.verify("message", Bytes(64, '\xFF')).ok());
}

TEST_P(EitherKind, SurvivesItsStoredForm) {
  const Secret stored = key_.stored().value();
  const PrivateKey again = PrivateKey::from_stored(GetParam(), stored).value();
  EXPECT_EQ(again.public_key().spki(), key_.public_key().spki());
  EXPECT_TRUE(key_.public_key().verify("m", again.sign("m").value()).ok());
  EXPECT_EQ(again.pkcs8(), key_.pkcs8());
}

TEST_P(EitherKind, RefusesABrokenStoredForm) {
  const Secret stored = key_.stored().value();
  const ByteView bytes = stored.bytes();
  EXPECT_FALSE(PrivateKey::from_stored(GetParam(), Secret()).ok());
  EXPECT_FALSE(PrivateKey::from_stored(GetParam(), Secret::copy_of(Bytes(bytes) + "x")).ok());
  for (std::size_t n = 0; n < bytes.size(); n += 7) {
    EXPECT_FALSE(PrivateKey::from_stored(GetParam(), Secret::copy_of(bytes.substr(0, n))).ok())
        << n;
  }
}

TEST_P(EitherKind, PublicKeySurvivesItsSpki) {
  const PublicKey known = key_.public_key();
  const PublicKey again = PublicKey::from_spki(known.spki()).value();
  EXPECT_EQ(again.algorithm(), GetParam());
  EXPECT_EQ(again.fingerprint(), sha256(known.spki()));
  EXPECT_TRUE(again.verify("m", key_.sign("m").value()).ok());
}

TEST_P(EitherKind, RefusesEveryTruncationOfTheSpki) {
  const Bytes spki = key_.public_key().spki();
  for (std::size_t n = 0; n < spki.size(); ++n) {
    EXPECT_FALSE(PublicKey::from_spki(ByteView(spki).substr(0, n)).ok()) << n;
  }
  EXPECT_FALSE(PublicKey::from_spki(spki + '\0').ok());
}

TEST_P(EitherKind, SignsOnManyThreadsWithOneKey) {
  const PublicKey known = key_.public_key();
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      const std::string message = "thread " + std::to_string(t);
      for (int i = 0; i < 30; ++i) {
        EXPECT_TRUE(known.verify(message, key_.sign(message).value()).ok());
      }
    });
  }
  for (auto& t : threads) t.join();
}

TEST(PublicKey, RefusesAPointBesideTheCurve) {
  kits::SeededRandom random(14);
  const Bytes spki = PrivateKey::generate(Algorithm::kEs256, random).value().public_key().spki();
  const Result<PublicKey> off = PublicKey::from_spki(kits::flipped(spki, spki.size() - 1));
  ASSERT_FALSE(off.ok());
  EXPECT_EQ(off.error().reason(), Reason::kInputMalformed);
  EXPECT_FALSE(PublicKey::from_p256(Bytes(32, '\0'), Bytes(32, '\0')).ok());
  EXPECT_FALSE(PublicKey::from_p256(Bytes(31, '\1'), Bytes(33, '\1')).ok());
}

// Encodings of points of small order sign every message with some signature; the list is that of
// Cremers & Jackson, "Prime, Order Please!" (2019), canonical ones.
TEST(PublicKey, RefusesEd25519PointsOfSmallOrder) {
  for (const char* point : {"0100000000000000000000000000000000000000000000000000000000000000",
                            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                            "0000000000000000000000000000000000000000000000000000000000000000",
                            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"}) {
    const Result<PublicKey> key = PublicKey::from_ed25519(from_hex(point));
    ASSERT_FALSE(key.ok()) << point;
    EXPECT_EQ(key.error().reason(), Reason::kKeyWeak);
  }
}

// Both halves must fit; what is left are versions and tags that OpenSSL does not look at.
TEST(Es256, NeverTakesAChangedStoredFormForAnotherKey) {
  kits::SeededRandom random(15);
  const PrivateKey key = PrivateKey::generate(Algorithm::kEs256, random).value();
  const Secret stored = key.stored().value();
  EXPECT_EQ(stored.size(), 138U);
  std::size_t refused = 0;
  for (std::size_t i = 0; i < stored.size(); ++i) {
    const Secret bad = Secret::copy_of(kits::flipped(Bytes(stored.bytes()), i, i % 8));
    const auto other = PrivateKey::from_stored(Algorithm::kEs256, bad);
    if (!other.ok()) ++refused;
    if (other.ok()) {
      EXPECT_EQ(other->public_key().spki(), key.public_key().spki()) << i;
    }
  }
  EXPECT_GE(refused, stored.size() - 5);
}

// openssl genpkey writes our form; "openssl ec -no_public" and other curves come to the slow path.
struct ForeignPkcs8 {
  const char* name;
  const char* der;  // base64
  const char* outcome;
};
constexpr ForeignPkcs8 kForeignPkcs8[] = {
    {"openssl genpkey",
     "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgupleg/U6Rj0ac4PFQVZgX/Qc8jkU/"
     "KqA7X1hX1mRjXGhRANCAASAleQWm7SeTs7ffAyFVBIgnUdrBN6ouUcvAYUGbLwfdTbHx8YQjZHJhDajxaVLGxc6zs8STr"
     "S2MAftiuNnT7uh",
     "ok"},
    {"without the public half",
     "MEECAQAwEwYHKoZIzj0CAQYIKoZIzj0DAQcEJzAlAgEBBCC6mV6D9TpGPRpzg8VBVmBf9BzyORT8qoDtfWFfWZGNcQ==",
     "ok"},
    {"P-384",
     "MIG2AgEAMBAGByqGSM49AgEGBSuBBAAiBIGeMIGbAgEBBDAvFhv7CJ0H/TFOOlTR/kynvy2dzIVPTdzu5L4YvE/"
     "MyJIsj85LC+LIzbZnHCmnwe2hZANiAARDvwJXqVkOrPsaUI3PnZJLea2H9C/j/"
     "6YaTbIf2d5nX4cMQADCcBX3Q1UDDTS3IznSUWq9qaKunUXWMUts2+zHDWlj0EhX3EUBcpX2m8AgAO/"
     "G8GYRfeUvk8If9GgXWcU=",
     "key.weak"},
    {"Ed25519", "MC4CAQAwBQYDK2VwBCIEILDJKmuMU57Ecr5K79L9p48mjYGDmCHJbN7IreL8ZuNE", "key.weak"},
};

TEST(Es256, ReadsOtherFormsOfPkcs8AndRefusesOtherKeys) {
  for (const auto& v : kForeignPkcs8) {
    SCOPED_TRACE(v.name);
    const auto key =
        PrivateKey::from_stored(Algorithm::kEs256, Secret::copy_of(parse_base64(v.der).value()));
    EXPECT_EQ(key.ok() ? "ok" : std::string(key.error().id()), v.outcome);
    if (key.ok()) {
      EXPECT_TRUE(key->public_key().verify("m", key->sign("m").value()).ok());
    }
  }
}

struct ForeignKey {
  const char* name;
  const char* spki;  // base64; made with openssl genpkey | openssl pkey -pubout -outform DER
};
constexpr ForeignKey kForeignKeys[] = {
    {"P-384",
     "MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAED0Ug9s5z1oZjUNPY3W5Hjcv5BbJ2CxHiwwuxrjngWNtQ0pZnoJuRKrkIL7F7w"
     "aSJ"
     "jRabyiRzgMBmSdh6P9ATX+JzM78wX7fdhjaBJWKwTp2CAYFCHCMARQYQ077cUv1Y"},
    {"secp256k1",
     "MFYwEAYHKoZIzj0CAQYFK4EEAAoDQgAEbCkrN/hj/djpYRoqsp116i+AimdNP/+GyKAzF9mu/"
     "P35Oj7NNsB1tP6SYqJu2iRg"
     "FET0CsLP1LRcxkIJ6CbfQA=="},
    {"RSA-1024",
     "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDHUSg764qUZQ16I0AQTw+1bEqAhSZ35aD0puBEyvCmsTpw32f++"
     "5zvB8Dj"
     "VWr5L3z46/8hR1dT3w5xyRz/MzQu3kWK+kz0An5HCjzx3KCZNSEgjTx/NENOLUIYYflm/"
     "ytC0FXUdrpgZVYUR4J6DmYbomPZ"
     "WG/jWOuZnSI0HIFImwIDAQAB"},
    {"X25519", "MCowBQYDK2VuAyEAxvZYiKo+qSAhz/5xVfzLDt21sXWF2CAl/bJmaxKl1lE="},
    {"P-256 compressed",
     "MDkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDIgACnsSw41QcDrsQ0ylv/ijZhaN3Rp2WNCYYzj9gdHeqGWo="},
    // Curve parameters spelt out: the door of CVE-2020-0601.
    {"P-256 explicit",
     "MIIBSzCCAQMGByqGSM49AgEwgfcCAQEwLAYHKoZIzj0BAQIhAP////8AAAABAAAAAAAAAAAAAAAA////////////////"
     "MFsE"
     "IP////8AAAABAAAAAAAAAAAAAAAA///////////////"
     "8BCBaxjXYqjqT57PrvVV2mIa8ZR0GsMxTsPY7zjw+J9JgSwMVAMSd"
     "NgiG5wSTamZ44ROdJreBn36QBEEEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li/hp/"
     "m47n60p8D54WK84z"
     "V2sxXs7LtkBoN79R9QIhAP////8AAAAA//////////+85vqtpxeehPO5ysL8YyVRAgEBA0IABJ7EsONUHA67ENMpb/"
     "4o2YWj"
     "d0adljQmGM4/YHR3qhlq+5KSQdoq6gosW7Y9EmUP2SBz5g6ifjWWV1a9BP8FlKY="},
    {"SM2",
     "MFkwEwYHKoZIzj0CAQYIKoEcz1UBgi0DQgAElElxCkqYHoLw2yfAcclE0qKLAfLU3ILQ9hVoSz98Nq3d83IJnlpPvPuzN"
     "bSs"
     "n6Qip1D3SGoOj61oOhYjFXbIcw=="},
};

TEST(PublicKey, CallsKeysOfOtherKindsWeak) {
  for (const auto& v : kForeignKeys) {
    SCOPED_TRACE(v.name);
    const Result<PublicKey> key = PublicKey::from_spki(parse_base64(v.spki).value());
    ASSERT_FALSE(key.ok());
    EXPECT_EQ(key.error().reason(), Reason::kKeyWeak);
  }
  EXPECT_EQ(PublicKey::from_spki("junk").error().reason(), Reason::kInputMalformed);
}

}  // namespace
}  // namespace lh::crypto
