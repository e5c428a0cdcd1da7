#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "crypto/merkle.h"
#include "crypto/note.h"
#include "tests/kits/seeded_random.h"

namespace lh::crypto {
namespace {

constexpr std::string_view kPeter =
    "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
constexpr std::string_view kEnoch =
    "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop";

std::string load(const std::string& path) {
  std::ifstream in(path);
  std::stringstream out;
  out << in.rdbuf();
  return out.str();
}

// Entry 50 of the tree of 100 that Go made, with the checkpoint that Go signed.
TlogProof go_proof() {
  TlogProof out;
  out.index = 50;
  out.checkpoint = load(LH_SOURCE_DIR "/tests/vectors/tlog/go_checkpoint.txt");
  std::istringstream lines(load(LH_SOURCE_DIR "/tests/vectors/tlog/go_tlog.txt"));
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("inclusion 50 100 ")) continue;
    std::istringstream hashes(line.substr(17));
    for (std::string hex; hashes >> hex;) {
      out.hashes.push_back(to_array<32>(parse_hex(hex).value()).value());
    }
  }
  return out;
}

std::vector<NoteKey> keys(std::string_view vkey = kPeter) {
  return {parse_vkey(vkey).value()};
}
Reason reason_of(const Status& s) {
  return s.ok() ? Reason::kVerdictGood : s.error().reason();
}

TEST(TlogProof, VerifiesWhatGoSigned) {
  EXPECT_EQ(reason_of(verify_tlog_proof(go_proof(), "leaf 50", keys())), Reason::kVerdictGood);
}

TEST(TlogProof, HasTheFormOfC2sp) {
  TlogProof p = go_proof();
  p.hashes.resize(1);
  EXPECT_EQ(tlog_proof_text(p), "c2sp.org/tlog-proof@v1\nindex 50\n" +
                                    to_base64(view(p.hashes[0])) + "\n\n" + p.checkpoint);
  p.hashes.clear();
  EXPECT_EQ(tlog_proof_text(p), "c2sp.org/tlog-proof@v1\nindex 50\n\n" + p.checkpoint);
}

TEST(TlogProof, SurvivesItsText) {
  const TlogProof p = go_proof();
  const TlogProof again = parse_tlog_proof(tlog_proof_text(p)).value();
  EXPECT_EQ(again.index, p.index);
  EXPECT_EQ(again.hashes, p.hashes);
  EXPECT_EQ(again.checkpoint, p.checkpoint);
}

TEST(TlogProof, AcceptsAndForgetsAnExtraLine) {
  std::string text = tlog_proof_text(go_proof());
  text.insert(text.find("index"), "extra aGVsbG8=\n");
  const TlogProof p = parse_tlog_proof(text).value();
  EXPECT_EQ(tlog_proof_text(p), tlog_proof_text(go_proof()));
  EXPECT_TRUE(verify_tlog_proof(p, "leaf 50", keys()).ok());
}

TEST(TlogProof, RefusesAnotherEntryIndexOrKey) {
  TlogProof p = go_proof();
  EXPECT_EQ(reason_of(verify_tlog_proof(p, "leaf 51", keys())), Reason::kProofInvalid);
  EXPECT_EQ(reason_of(verify_tlog_proof(p, "", keys())), Reason::kProofInvalid);
  EXPECT_EQ(reason_of(verify_tlog_proof(p, "leaf 50", keys(kEnoch))), Reason::kTrustMissing);
  EXPECT_EQ(reason_of(verify_tlog_proof(p, "leaf 50", {})), Reason::kTrustMissing);
  p.index = 51;
  EXPECT_EQ(reason_of(verify_tlog_proof(p, "leaf 50", keys())), Reason::kProofInvalid);
  p.index = 100;
  EXPECT_EQ(reason_of(verify_tlog_proof(p, "leaf 50", keys())), Reason::kProofMalformed);
}

TEST(TlogProof, NeverVerifiesWithAFlippedByte) {
  const std::string good = tlog_proof_text(go_proof());
  for (std::size_t i = 0; i < good.size(); ++i) {
    const Result<TlogProof> p = parse_tlog_proof(kits::flipped(good, i, i % 7));
    if (!p.ok()) {
      EXPECT_EQ(p.error().reason(), Reason::kProofMalformed);
      continue;
    }
    ASSERT_FALSE(verify_tlog_proof(*p, "leaf 50", keys()).ok()) << i;
  }
}

// A key we trust for one log must not speak for another.
TEST(TlogProof, RefusesACheckpointOfAnotherOriginByAKnownKey) {
  kits::SeededRandom random(41);
  const auto key = PrivateKey::generate(Algorithm::kEd25519, random).value();
  const NoteKey name = make_note_key("one.example/log", key.public_key()).value();
  const auto proof_under = [&](const std::string& origin) {
    TlogProof p;
    p.checkpoint = sign_note(checkpoint_text({origin, 1, leaf_hash("entry")}), name, key).value();
    return p;
  };
  EXPECT_TRUE(verify_tlog_proof(proof_under("one.example/log"), "entry", {name}).ok());
  EXPECT_EQ(reason_of(verify_tlog_proof(proof_under("two.example/log"), "entry", {name})),
            Reason::kCheckpointOrigin);
}

TEST(TlogProof, RefusesMalformedText) {
  const std::string note = go_proof().checkpoint;
  const std::string head = "c2sp.org/tlog-proof@v1\n";
  const std::string hash = to_base64(view(leaf_hash("x"))) + "\n";
  std::string long_proof = head + "index 5\n";
  for (int i = 0; i < 64; ++i) long_proof += hash;
  const std::string kBad[] = {
      "",
      head,
      "c2sp.org/tlog-proof@v2\nindex 5\n\n" + note,
      "c2sp.org/tlog-proof@v1\r\nindex 5\n\n" + note,
      head + "index 05\n\n" + note,
      head + "index -1\n\n" + note,
      head + "index +1\n\n" + note,
      head + "index  1\n\n" + note,
      head + "index\n\n" + note,
      head + "index 9223372036854775808\n\n" + note,
      head + "index 99999999999999999999\n\n" + note,
      head + "index 5\n" + note,
      head + "index 5\n" + hash + note,
      head + "index 5\n" + hash.substr(4) + "\n" + note,
      head + "index 5\n " + hash + "\n" + note,
      head + "extra !!\nindex 5\n\n" + note,
      head + "extra\nindex 5\n\n" + note,
      head + "index 5\nextra aGVsbG8=\n\n" + note,
      head + "extra aGVsbG8=\nextra aGVsbG8=\nindex 5\n\n" + note,
      head + "index 5\n\n",
      head + "index 5\n\nno note\n",
      long_proof + "\n" + note,
  };
  for (const auto& text : kBad) {
    const Result<TlogProof> p = parse_tlog_proof(text);
    ASSERT_FALSE(p.ok()) << text;
    EXPECT_EQ(p.error().reason(), Reason::kProofMalformed) << text;
  }
}

// The example of c2sp.org/tlog-checkpoint.
TEST(Checkpoint, ReadsAndWritesTheExampleOfC2sp) {
  const std::string body =
      "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
  const Checkpoint c = parse_checkpoint(body).value();
  EXPECT_EQ(c.origin, "example.com/behind-the-sofa");
  EXPECT_EQ(c.size, 20852163U);
  EXPECT_EQ(checkpoint_text(c), body);
  EXPECT_EQ(parse_checkpoint(body + "extension\n").value().size, 20852163U);
}

TEST(Checkpoint, RefusesMalformedText) {
  const std::string root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
  const std::string kBad[] = {
      "",
      "a\n",
      "a\n1\n",
      "\n1\n" + root,
      "a\n\n" + root,
      "a\n01\n" + root,
      "a\n-1\n" + root,
      "a\n0x1\n" + root,
      "a\n1 \n" + root,
      "a\n9223372036854775808\n" + root,
      "a\n1\n" + root.substr(0, root.size() - 1),
      "a\n1\n" + root.substr(4),
      "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n",  // not the canonical last symbol
      "a\n1\n" + root + "\n",
      "a\n1\n" + root + "extension",
      "a\rb\n1\n" + root,
      "\xff\n1\n" + root,
  };
  for (const auto& body : kBad) {
    const Result<Checkpoint> c = parse_checkpoint(body);
    ASSERT_FALSE(c.ok()) << body;
    EXPECT_EQ(c.error().reason(), Reason::kCheckpointMalformed);
  }
}

}  // namespace
}  // namespace lh::crypto
