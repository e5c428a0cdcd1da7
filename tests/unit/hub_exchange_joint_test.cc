// The joint cases of a bundle: all or none, each material once, and nothing for others to see.
#include <gtest/gtest.h>

#include "hub/exchange/bundles/joint_desk.h"
#include "tests/unit/hub_exchange_kit.h"

namespace lh {
namespace {

using namespace hub::exchange;  // NOLINT: a test of this room
using kits::reason_of;
using kits::text_of;

constexpr std::string_view kHygiene = "11990100MB990001310000000000002";
constexpr const char* kBundle = "11990100MB99000131-BUNDLE-002";

class Joint : public testing::Test, protected kits::CaseHub {
 protected:
  Joint() : desk_(exchange_parts()) {
    std::vector<std::string> bundles;
    for (const auto& b : schemas::shipped_bundles()) {
      bundles.push_back(schemas::to_text(schemas::bundle_to_json(b)));
    }
    activate_all(hub::access::ObjectKind::kBundle, bundles);
  }

  static JointRequest request(std::string number, std::string food, std::string hygiene) {
    const auto like = case_request();
    JointRequest out;
    out.bundle = kBundle;
    out.number = std::move(number);
    out.cases = {{std::string(kits::kFoodMatter), std::move(food)},
                 {std::string(kHygiene), std::move(hygiene)}};
    out.applicant = like.applicant;
    out.related = like.related;
    out.officer = like.officer;
    return out;
  }
  Result<hub::access::Prepared> prepare(const JointRequest& q) {
    kept_ = catalogue.policy();
    return desk_.open(q, "{}", bureau(), *kept_);
  }
  static const schemas::Json* named(const schemas::Json& joint, std::string_view chinese) {
    const schemas::Json* out = nullptr;
    for (const auto& m : *joint.find("materials")->items()) {
      if (*m.find("names")->find("chinese")->string() != chinese) continue;
      EXPECT_EQ(out, nullptr) << chinese << " stands twice";
      out = &m;
    }
    return out;
  }

  JointDesk desk_;
  std::shared_ptr<const hub::access::Policy> kept_;
};

TEST_F(Joint, EachMaterialStandsOnceAndSaysWhoNeedsIt) {
  const auto joint = answer(prepare(request("J-1", "F-1", "H-1")));
  const auto* licence = named(joint, "营业执照");
  ASSERT_NE(licence, nullptr);
  EXPECT_EQ(text_of(*licence, "state"), "held");
  ASSERT_EQ(licence->find("needed_by")->items()->size(), 2U);
  for (const auto& need : *licence->find("needed_by")->items()) {
    EXPECT_FALSE(text_of(need, "reference").empty());
  }
  const auto* result = named(joint, "食品经营许可证");
  ASSERT_NE(result, nullptr);
  EXPECT_EQ(text_of(*result, "from_matter"), kits::kFoodMatter) << "the other matter ends in it";
  const auto* summary = joint.find("summary");
  EXPECT_GT(*summary->find("demanded_separately")->integer(),
            *summary->find("demanded_once")->integer());
}

// A reference of a joint plan is a reference of its member case, and of no other purpose.
TEST_F(Joint, ReferencesBelongToTheirOwnCase) {
  const auto joint = answer(prepare(request("J-1", "F-1", "H-1")));
  const auto& needs = *named(joint, "营业执照")->find("needed_by")->items();
  const auto fetched = fetch(fetch_request(text_of(needs[0], "reference"), "F-1"));
  EXPECT_NE(fetched.find("fields")->find("enterprise_name"), nullptr);
  EXPECT_EQ(reason_of(exchange->fetch(fetch_request(text_of(needs[1], "reference"), "H-1"), "{}",
                                      bureau(), *catalogue.policy())),
            "reference.purpose")
      << "the matter of the other case";
}

TEST_F(Joint, IsOpenedWholeOrNotAtAll) {
  const auto before = everything();
  auto unknown = request("J-2", "F-2", "H-2");
  unknown.cases.emplace_back("none", "N-2");
  EXPECT_EQ(reason_of(prepare(unknown)), "matter.unknown");
  auto other = request("J-2", "F-2", "H-2");
  other.bundle = "none";
  EXPECT_EQ(reason_of(prepare(other)), "bundle.unknown");
  kept_ = catalogue.policy();
  EXPECT_EQ(reason_of(desk_.open(request("J-2", "F-2", "H-2"), "{}", supervision(), *kept_)),
            "purpose.not_registered");
  EXPECT_EQ(everything(), before) << "refused: nothing was written";
}

TEST_F(Joint, ANumberIsOneJointCase) {
  const auto first = answer(prepare(request("J-1", "F-1", "H-1")));
  const auto again = answer(prepare(request("J-1", "F-1", "H-1")));
  EXPECT_EQ(text_of(first, "joint_case_id"), text_of(again, "joint_case_id"));
  EXPECT_EQ(reason_of(prepare(request("J-1", "F-9", "H-9"))), "case.conflict");
  auto somebody = request("J-1", "F-1", "H-1");
  somebody.applicant = kits::test_company(2);
  EXPECT_EQ(reason_of(prepare(somebody)), "case.conflict") << "another applicant";
}

TEST_F(Joint, OthersSeeNone) {
  const auto joint = answer(prepare(request("J-1", "F-1", "H-1")));
  const auto id = JointId::parse(text_of(joint, "joint_case_id")).value();
  kept_ = catalogue.policy();
  EXPECT_EQ(reason_of(desk_.read(id, supervision(), *kept_)), "case.unknown");
  EXPECT_EQ(reason_of(desk_.read(JointId{}, bureau(), *kept_)), "case.unknown");
  const auto read = answer(desk_.read(id, bureau(), *kept_));
  EXPECT_EQ(text_of(read, "joint_case_id"), text_of(joint, "joint_case_id"));
}

// 证照联办: what a matter ended in is had with the bundle, by reference.
TEST_F(Joint, ResultsAreHadInOnePlace) {
  const auto joint = answer(prepare(request("J-1", "F-1", "H-1")));
  const auto result = [](const schemas::Json& j) {
    return *(*j.find("cases")->items())[0].find("result");
  };
  EXPECT_EQ(text_of(result(joint), "state"), "pending");
  schemas::IssueRequest permit;
  permit.type = parse_licence_type_code("11990100MB99000131002").value();
  permit.holders = {holder(kits::test_company(1), "测试企业1")};
  permit.issuer = kits::uscc_of(kits::kBureau);
  permit.fields = {{"certificate_number", "JY-1"},
                   {"operator_name", "测试企业1"},
                   {"uscc", kits::test_uscc(1).text()},
                   {"business_premises", "测试路2号"},
                   {"business_items", "热食类食品制售"}};
  permit.valid_from = local_date(clock.now());
  permit.valid_until = permit.valid_from->plus_days(1000);
  permit.officer = officer();
  issue(permit);
  kept_ = catalogue.policy();
  const auto id = JointId::parse(text_of(joint, "joint_case_id")).value();
  const auto later = answer(desk_.read(id, bureau(), *kept_));
  EXPECT_EQ(text_of(result(later), "state"), "issued");
  const auto fetched = fetch(fetch_request(text_of(result(later), "reference"), "F-1"));
  EXPECT_EQ(*fetched.find("fields")->find("certificate_number")->string(), "JY-1");
}

TEST(JointRequests, AreReadStrictly) {
  const auto read = [](const std::string& cases, const std::string& more = "") {
    const std::string text = R"({"joint_number":"J","case_numbers":)" + cases +
                             R"(,"applicant":{"scheme":"uscc","id":")" + kits::test_uscc(1).text() +
                             R"("},"operator":{"id":"o","name":"测试人员"})" + more + "}";
    return joint_request_from_json(schemas::parse_json(text, 4096).value(), "b").ok();
  };
  EXPECT_TRUE(read(R"([{"matter":"m","case_number":"1"}])"));
  EXPECT_FALSE(read("[]"));
  EXPECT_FALSE(read(R"([{"matter":"m","case_number":"1"},{"matter":"m","case_number":"2"}])"));
  EXPECT_FALSE(read(R"([{"matter":"m","case_number":"1"},{"matter":"n","case_number":"1"}])"));
  EXPECT_FALSE(read(R"([{"matter":"m","case_number":"1","x":1}])"));
  EXPECT_FALSE(read(R"([{"matter":"m","case_number":"1"}])", R"(,"surprise":1)"));
}

}  // namespace
}  // namespace lh
