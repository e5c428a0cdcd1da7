// The worked example of docs/formats/entry.md is made here, byte by byte, and must stand there.
#include <gtest/gtest.h>

#include "tests/kits/audit_kit.h"
#include "tests/kits/scratch_folder.h"

namespace lh {
namespace {

template <std::size_t N>
std::array<std::uint8_t, N> all_bytes(std::uint8_t v) {
  std::array<std::uint8_t, N> out{};
  out.fill(v);
  return out;
}

// Every random byte is the same: the example shows a layout, not a secret.
class SameByte final : public Random {
 public:
  void fill(std::uint8_t* out, std::size_t n) override { std::fill(out, out + n, 0xA5); }
};

TEST(EntryFormatPage, HoldsTheExampleThatTheMakerMakes) {
  kits::AuditHub hub;
  SameByte random;
  auto keys = crypto::KeyStore::in_memory();
  keys.put("audit/202611", Secret::copy_of(view(all_bytes<32>(0x11))), random).value();
  const hub::audit::EntryMaker maker(keys, *hub.directory, random);
  hub::audit::EntryFacts f;
  f.event = schemas::AuditEvent::kSubjectRead;
  f.organisation = kits::test_uscc(1).text();
  f.matter = "000131003000";
  f.subjects = {{SubjectNo{1}, all_bytes<16>(0x22), all_bytes<32>(0x33), all_bytes<16>(0x44)}};
  f.request = all_bytes<32>(0x55);
  f.box_a.officer_id = "op-001";
  const crypto::CommitKey k(all_bytes<32>(0x66));
  const UtcTime now = parse_time("2026-11-22T09:30:00+08:00").value();
  auto draft = maker.make(f, k, now).value();
  hub::ledger::Stamp stamp;
  stamp.index = 1000;
  stamp.time = now;
  stamp.chains = {{all_bytes<16>(0x44), 2, 998}};
  const Bytes entry = draft->finish(stamp);
  ASSERT_TRUE(hub::audit::parse_entry(entry).ok());

  const std::string page = kits::load_file(std::string(LH_SOURCE_DIR) + "/docs/formats/entry.md");
  const auto begin = page.find("```hex\n");
  ASSERT_NE(begin, std::string::npos);
  std::string hex;
  bool remark = false;  // from '#' to the end of the line
  for (const char c : page.substr(begin + 7, page.find("```", begin + 7) - begin - 7)) {
    remark = c == '#' || (remark && c != '\n');
    if (!remark && c != ' ' && c != '\n') hex.push_back(c);
  }
  EXPECT_EQ(hex, to_hex(entry));
}

}  // namespace
}  // namespace lh
