// The examples of the pages of remote, host, hub and records are mappings these kinds take.
#include <gtest/gtest.h>

#include "adapters/example/example_kind.h"
#include "adapters/host/host_kind.h"
#include "adapters/hub/hub_kind.h"
#include "adapters/remote/remote_kind.h"
#include "crypto/digest.h"
#include "crypto/system_random.h"
#include "tests/kits/scratch_folder.h"

namespace lh::adapters {
namespace {

class NoSecrets final : public Secrets {
 public:
  Result<Secret> find(std::string_view name) const override {
    return Error(Reason::kKeyMissing, std::string(name));
  }
};
class Digests final : public http::MessageDigests {
 public:
  Digest sha256(ByteView data) const override { return crypto::sha256(data); }
  Digest hmac_sha256(ByteView key, ByteView data) const override {
    return crypto::hmac_sha256(key, data);
  }
};
class NoJudge final : public hub::Judge {
 public:
  Result<hub::SignedLicence> judge(std::string_view, std::string_view, const std::string&,
                                   hub::Demand) const override {
    return Error(Reason::kTrustMissing);
  }
};

TEST(PeerPages, EveryExampleIsGood) {
  const SystemClock clock;
  crypto::SystemRandom random;
  const NoSecrets secrets;
  const Surroundings with{clock, random, secrets, {}, false};
  const Digests digests;
  const NoJudge judge;
  host::Broker broker(random);
  Kinds kinds;
  kinds.add(remote::make_kind(with, digests));
  kinds.add(hub::make_kind(with, digests, judge));
  kinds.add(host::make_kind(broker));
  kinds.add(example::make_kind());
  for (const char* name : {"adapter-http", "adapter-host", "source-hub", "source-records"}) {
    const std::string page =
        kits::load_file(std::string(LH_SOURCE_DIR) + "/docs/formats/" + name + ".md");
    const std::size_t begin = page.find("```toml\n[source]");
    ASSERT_NE(begin, std::string::npos) << name;
    const std::string toml = page.substr(begin + 8, page.find("```", begin + 8) - begin - 8);
    const auto tree = parse_settings(toml);
    ASSERT_TRUE(tree.ok()) << name << tree.error().describe();
    const SettingsNode& source = *tree->find("source");
    const auto kind = kinds.find(*source.find("kind")->text(), source);
    ASSERT_TRUE(kind.ok()) << name;
    const auto checked = (*kind)->check(source);
    EXPECT_TRUE(checked.ok()) << name << checked.error().describe();
  }
}

}  // namespace
}  // namespace lh::adapters
