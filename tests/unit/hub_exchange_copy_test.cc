// Annotated copies: what is on the page, once for ten minutes, by who made it, and not after its
// day.
#include <gtest/gtest.h>

#include "hub/exchange/copies/copy_desk.h"
#include "hub/exchange/copies/copy_page.h"
#include "tests/unit/hub_exchange_answer_kit.h"

namespace lh {
namespace {

using kits::AnswerHub;
using kits::text_of;

class CopyHub : public AnswerHub {
 public:
  CopyHub() { copies = std::make_unique<hub::exchange::CopyDesk>(answer_parts()); }
  std::string copy_body(std::string_view material, std::string_view more = "") const {
    return R"({"case_id":")" + case_id + R"(","material":")" + std::string(material) +
           R"(","purpose":)" + purpose_text() + std::string(more) + "}";
  }
  Result<hub::access::Prepared> make_as(const hub::access::Caller& who, const std::string& text) {
    const auto request =
        LH_TRY(hub::exchange::copy_request_from_json(LH_TRY(schemas::parse_json(text, 1U << 20U))));
    return copies->make(request, text, who, *catalogue.policy());
  }
  schemas::Json make(std::string_view material) {
    return answer(make_as(bureau(), copy_body(material)));
  }
  std::string_view refusal(std::string_view material, std::string_view more = "") {
    return kits::reason_of(make_as(bureau(), copy_body(material, more)));
  }
  Result<hub::access::Prepared> download(const std::string& code, int system = 1) {
    return copies->download(code, bureau(system), *catalogue.policy());
  }
  hub::access::Caller terminal() const {
    return caller(kits::kBureau, {hub::access::Role::kTerminal}, 9);
  }

  std::unique_ptr<hub::exchange::CopyDesk> copies;
};

TEST(Copy, IsDownloadedOnceAsThePdfThatWasStated) {
  CopyHub hub;
  const auto made = hub.make("M02");
  const std::string code = text_of(made, "code");
  EXPECT_EQ(code.size(), 26U);
  EXPECT_EQ(made.find("content"), nullptr);
  EXPECT_EQ(hub.last_entry().event, schemas::AuditEvent::kCopyMade);
  const auto got = hub.answer(hub.download(code));
  EXPECT_EQ(hub.last_entry().event, schemas::AuditEvent::kCopyDownloaded);
  const auto pdf = parse_base64(text_of(got, "content")).value();
  EXPECT_TRUE(ByteView(pdf).starts_with("%PDF-"));
  EXPECT_EQ(text_of(got, "sha256"), text_of(made, "sha256")) << "drawn again, the same bytes";
  EXPECT_EQ(text_of(got, "sha256"), to_hex(view(crypto::sha256(pdf))));
  const auto jws = crypto::parse_jws(text_of(made, "statement")).value();
  EXPECT_NE(jws.payload.find(text_of(made, "sha256")), Bytes::npos);
  EXPECT_EQ(kits::reason_of(hub.download(code)), "copy.used");
}

TEST(Copy, TheCodeIsForItsMakerAndForTenMinutes) {
  CopyHub hub;
  const std::string code = text_of(hub.make("M01"), "code");
  EXPECT_EQ(kits::reason_of(hub.download(code, 2)), "copy.unknown");
  EXPECT_EQ(kits::reason_of(hub.download(std::string(26, 'a'))), "copy.unknown");
  EXPECT_EQ(kits::reason_of(hub.download("x")), "copy.unknown");
  hub.clock.pass_ms(10 * 60 * 1000 + 1);
  EXPECT_EQ(kits::reason_of(hub.download(code)), "copy.expired");
  EXPECT_EQ(hub.everything().find(code), Bytes::npos) << "only its keyed tag is kept";
}

TEST(Copy, ATerminalPrintsAndDownloadsNothing) {
  CopyHub hub;
  const auto printed = hub.answer(hub.make_as(hub.terminal(), hub.copy_body("M02")));
  EXPECT_EQ(printed.find("code"), nullptr);
  EXPECT_TRUE(*printed.find("print_only")->boolean());
  EXPECT_TRUE(ByteView(parse_base64(text_of(printed, "content")).value()).starts_with("%PDF-"));
  EXPECT_EQ(text_of(printed, "expires"), time_text(hub.clock.now().plus_ms(3600 * 1000)));
  const auto refused =
      hub.copies->download(std::string(26, 'a'), hub.terminal(), *hub.catalogue.policy());
  EXPECT_EQ(kits::reason_of(refused), "role.print_only");
  EXPECT_EQ(
      kits::reason_of(hub.ask_as(hub.terminal(), hub.body("M02", R"({"ask":"holds_valid"})"))),
      "role.print_only");
}

TEST(Copy, AnybodyCanCheckWhetherItStillCounts) {
  CopyHub hub;
  hub.make("M01");
  const auto row =
      hub.store->latest().scan(hub::store::Family::kData, "ac", "", 10).value().front();
  // The code is printed on the page only; here it is opened with the holder's key.
  const Tag tag = to_array<16>(ByteView(row.key).substr(2)).value();
  const auto record = hub::exchange::find_copy(*hub.store, tag).value().value();
  const auto holder = hub.directory->get(record.subject).value();
  const auto code = hub::exchange::open_note(*hub.directory, holder, record).value().code;
  const auto check = [&hub, &code] {
    return hub.answer(hub.copies->check(code, *hub.catalogue.policy()));
  };
  EXPECT_EQ(text_of(check(), "copy"), "valid");
  EXPECT_EQ(schemas::to_text(check()).find("测试企业1"), std::string::npos);
  hub.clock.pass_ms(32LL * 24 * 3600 * 1000);
  EXPECT_EQ(text_of(check(), "copy"), "expired");
  EXPECT_EQ(kits::reason_of(hub.copies->check(std::string(26, 'b'), *hub.catalogue.policy())),
            "copy.unknown");
}

TEST(Copy, ShowsWhatTheRuleReleasesUnderItsAnnotation) {
  hub::exchange::CopyFrame frame;
  frame.type = {"居民身份证", "Identity card"};
  frame.definitions.resize(2);
  frame.definitions[0].name = "name";
  frame.definitions[0].chinese = "姓名";
  frame.definitions[1].name = "address";
  frame.released = {"name"};
  frame.maker = "测试局";
  frame.note = {"code", "officer-1", "测试事由"};
  frame.made = "2026-11-22T01:00:00.000Z";
  frame.expires = "2026-12-22";
  frame.check_url = "https://hub.test/public/copies/x";
  const auto page = hub::exchange::page_of({{"name", "测试人员1"}, {"address", "测试路"}}, frame);
  ASSERT_EQ(page.fields.size(), 1U);
  EXPECT_EQ(page.fields[0].second, "测试人员1");
  ASSERT_EQ(page.annotation.size(), 5U);
  EXPECT_NE(page.annotation[0].second.find("officer-1"), std::string::npos);
  EXPECT_NE(page.watermark.find("测试局"), std::string::npos);
  EXPECT_NE(page.watermark.find("2026-12-22"), std::string::npos);
  const std::string pdf = hub::exchange::draw_pdf(page);
  EXPECT_TRUE(pdf.starts_with("%PDF-"));
  EXPECT_EQ(pdf.find("/Annot"), std::string::npos) << "the watermark is content of the page";
  EXPECT_EQ(pdf, hub::exchange::draw_pdf(page));
  auto longer = page;
  for (int i = 0; i < 80; ++i) longer.fields.emplace_back("x", "y");
  EXPECT_TRUE(hub::exchange::draw_pdf(longer).empty()) << "nothing is cut off in silence";
}

TEST(Copy, OnlyOfWhatIsHeldGoodAndReleased) {
  CopyHub hub;
  EXPECT_EQ(hub.refusal("M06"), "copy.unavailable");  // base data has no licence to copy
  EXPECT_EQ(hub.refusal("M99"), "material.unknown");
  EXPECT_EQ(hub.refusal("M01", R"(,"expires":"2030-01-01")"), "json.value");
  EXPECT_EQ(kits::reason_of(hub.make_as(hub.supervision(), hub.copy_body("M01"))), "case.unknown");
  const std::string code = text_of(hub.make("M03"), "code");
  ASSERT_TRUE(hub.act(text_of(hub.health, "licence_id"), schemas::StatusAction::kRevoke).ok());
  EXPECT_EQ(hub.refusal("M03"), "copy.unavailable");
  EXPECT_EQ(kits::reason_of(hub.download(code)), "copy.unavailable");
  const std::string card = text_of(hub.make("M02"), "code");
  hub.change_rule("approval.food.identity_card",
                  [](auto& rule) { rule.mode = schemas::RuleMode::kPredicate; });
  EXPECT_EQ(hub.refusal("M02"), "rule.field_withheld");
  EXPECT_EQ(kits::reason_of(hub.download(card)), "rule.field_withheld");
}

TEST(Copy, CodesAreAllTheSameLengthAndNeverTheSame) {
  CopyHub hub;
  std::set<std::string> seen;
  for (int i = 0; i < 2000; ++i) {
    const std::string code = hub::exchange::new_code(hub.random);
    EXPECT_TRUE(hub::exchange::is_code(code));
    EXPECT_TRUE(seen.insert(code).second);
  }
  for (const char* bad : {"", "abc", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxy1"}) {
    EXPECT_FALSE(hub::exchange::is_code(bad));
  }
}

}  // namespace
}  // namespace lh
