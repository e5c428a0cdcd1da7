#include "crypto/note.h"

#include <gtest/gtest.h>

#include "tests/kits/seeded_random.h"

namespace lh::crypto {
namespace {

// The example of golang.org/x/mod/sumdb/note (its private key is printed in its documentation).
constexpr std::string_view kPeter =
    "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
constexpr std::string_view kPeterSeed = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
constexpr std::string_view kEnoch =
    "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop";
const std::string kText =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n";
const std::string kPeterLine =
    "— PeterNeumann "
    "x08go/ZJkuBS9UG/"
    "SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
const std::string kEnochLine =
    "— EnochRoot "
    "rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/"
    "5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n";

NoteKey peter() {
  return parse_vkey(kPeter).value();
}
NoteKey enoch() {
  return parse_vkey(kEnoch).value();
}
Reason reason_of(const Status& s) {
  return s.ok() ? Reason::kVerdictGood : s.error().reason();
}

TEST(Note, VerifiesTheExampleOfGo) {
  const Note note = parse_note(kText + "\n" + kPeterLine).value();
  EXPECT_EQ(note.text, kText);
  ASSERT_EQ(note.signatures.size(), 1U);
  EXPECT_EQ(note.signatures[0].name, "PeterNeumann");
  EXPECT_EQ(note.signatures[0].id, 0xc74f20a3U);
  EXPECT_TRUE(verify_note(note, {peter()}).ok());
}

TEST(Note, SignsTheExampleOfGoByteForByte) {
  const Bytes typed = parse_base64(kPeterSeed).value();
  const auto key =
      PrivateKey::from_stored(Algorithm::kEd25519, Secret::copy_of(typed.substr(1))).value();
  EXPECT_EQ(sign_note(kText, peter(), key).value(), kText + "\n" + kPeterLine);
}

TEST(Note, IgnoresUnknownKeysAndChecksEveryKnownOne) {
  const Note both = parse_note(kText + "\n" + kPeterLine + kEnochLine).value();
  EXPECT_EQ(both.signatures.size(), 2U);
  EXPECT_TRUE(verify_note(both, {peter()}).ok());
  EXPECT_TRUE(verify_note(both, {enoch(), peter()}).ok());
  EXPECT_EQ(reason_of(verify_note(both, {})), Reason::kTrustMissing);
  Note spoilt = both;
  spoilt.signatures[1].signature[5] ^= 1;
  EXPECT_TRUE(verify_note(spoilt, {peter()}).ok());
  EXPECT_EQ(reason_of(verify_note(spoilt, {peter(), enoch()})), Reason::kSignatureInvalid);
}

TEST(Note, DoesNotTakeASignatureUnderAnotherNameOrIdForKnown) {
  Note note = parse_note(kText + "\n" + kPeterLine).value();
  note.signatures[0].name = "CarmenSandiego";
  EXPECT_EQ(reason_of(verify_note(note, {peter()})), Reason::kTrustMissing);
  note.signatures[0].name = "PeterNeumann";
  note.signatures[0].id ^= 1;
  EXPECT_EQ(reason_of(verify_note(note, {peter()})), Reason::kTrustMissing);
}

TEST(Note, WritesBackWhatItRead) {
  const std::string text = kText + "\n" + kPeterLine + kEnochLine;
  EXPECT_EQ(note_text(parse_note(text).value()), text);
}

TEST(Note, TextMayHoldEmptyLinesAndUnicode) {
  const auto key = PrivateKey::from_stored(Algorithm::kEd25519,
                                           Secret::copy_of(parse_base64(kPeterSeed)->substr(1)))
                       .value();
  const std::string text = "第一行\n\n— not a signature\n\n\nlast\n";
  const Note note = parse_note(sign_note(text, peter(), key).value()).value();
  EXPECT_EQ(note.text, text);
  EXPECT_TRUE(verify_note(note, {peter()}).ok());
}

// A byte that is flipped anywhere makes it unreadable, unknown or wrong: never good.
TEST(Note, NeverVerifiesWithAFlippedBit) {
  const std::string good = kText + "\n" + kPeterLine;
  for (std::size_t i = 0; i < good.size(); ++i) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      const Result<Note> note = parse_note(kits::flipped(good, i, bit));
      if (!note.ok()) continue;
      ASSERT_FALSE(verify_note(*note, {peter()}).ok()) << i << "." << bit;
    }
  }
}

TEST(Note, RefusesMalformedText) {
  std::string many = kText + "\n";
  for (int i = 0; i < 101; ++i) many += kPeterLine;
  const std::string kBad[] = {
      "",
      "\n",
      "\n\n",
      kText,
      kText + "\n",
      kText + "\n" + kPeterLine.substr(0, kPeterLine.size() - 1),
      "\x01" + kText + "\n" + kPeterLine,
      "\xff" + kText + "\n" + kPeterLine,
      "a\r\n\n" + kPeterLine,
      "a\tb\n\n" + kPeterLine,
      kText + "\n" + kPeterLine + "Unexpected line.\n",
      kText + "\n- PeterNeumann x08go/ZJ\n",
      kText + "\n—PeterNeumann x08go/ZJ\n",
      kText + "\n— PeterNeumann\n",
      kText + "\n—  x08go/ZJ\n",
      kText + "\n— Bad Name x08go/ZJkuBS9UG/\n",
      kText + "\n— Bad+Name x08go/ZJkuBS9UG/\n",
      kText + "\n— Bad\u3000Name x08go/ZJkuBS9UG/\n",
      kText + "\n— Bad\u2009Name x08go/ZJkuBS9UG/\n",
      kText + "\n— Bad\u00a0Name x08go/ZJkuBS9UG/\n",
      kText + "\n— PeterNeumann x08go\n",
      kText + "\n— PeterNeumann x08gow==\n",    // a key id and nothing
      kText + "\n— PeterNeumann x08go/ZJk=\n",  // padding where none belongs
      many,
  };
  for (const auto& text : kBad) {
    const Result<Note> note = parse_note(text);
    ASSERT_FALSE(note.ok()) << text;
    EXPECT_EQ(note.error().reason(), Reason::kNoteMalformed) << text;
  }
}

TEST(Note, AcceptsSixteenLargeSignatures) {
  std::string text = "t\n\n";
  for (int i = 0; i < 16; ++i) {
    text += "— w" + std::to_string(i) + " " + to_base64(Bytes(5000, 'x')) + "\n";
  }
  EXPECT_EQ(parse_note(text).value().signatures.size(), 16U);
}

TEST(Note, RefusesToSignWhatNobodyCouldRead) {
  kits::SeededRandom random(31);
  const auto key = PrivateKey::generate(Algorithm::kEd25519, random).value();
  const NoteKey name = make_note_key("a.example", key.public_key()).value();
  for (const char* text : {"", "no end", "a\rb\n", "\xff\n"}) {
    EXPECT_FALSE(sign_note(text, name, key).ok()) << text;
  }
  const auto other = PrivateKey::generate(Algorithm::kEs256, random).value();
  EXPECT_EQ(sign_note("a\n", name, other).error().reason(), Reason::kAlgorithmRefused);
  EXPECT_EQ(make_note_key("a", other.public_key()).error().reason(), Reason::kAlgorithmRefused);
}

TEST(VerifierKey, SurvivesItsText) {
  EXPECT_EQ(vkey_text(peter()), kPeter);
  EXPECT_EQ(vkey_text(enoch()), kEnoch);
  EXPECT_EQ(peter().id, 0xc74f20a3U);
}

TEST(VerifierKey, RefusesTheBadKeysOfGo) {
  constexpr std::string_view kBad[] = {
      "",
      "PeterNeumann",
      "PeterNeumann+c74f20a3",
      "PeterNeumann+c74f20a3+",
      "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10T",     // cut
      "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW\n",  // tail
      "+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",                // no name
      "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",   // space
      "PeterNeumann+c74f20a2+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",    // other id
      "PeterNeumann+c74f20ag+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",    // not hex
      "PeterNeumann+c74f20a+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",     // short id
      "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
      "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",  // unknown type
  };
  for (const auto text : kBad) EXPECT_FALSE(parse_vkey(text).ok()) << text;
}

}  // namespace
}  // namespace lh::crypto
