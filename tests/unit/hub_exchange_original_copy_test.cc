// Copies of originals: every page under watermark and annotation, the original still there; only
// where the rule withholds nothing.
#define POINTERHOLDER_TRANSITION 4
#include <gtest/gtest.h>
#include <qpdf/Buffer.hh>
#include <qpdf/QPDF.hh>
#include <qpdf/QPDFPageDocumentHelper.hh>

#include "hub/exchange/copies/copy_desk.h"
#include "hub/exchange/copies/stamp.h"
#include "hub/licences/originals/original_office.h"
#include "tests/unit/hub_exchange_answer_kit.h"
#include "tests/unit/hub_original_files.h"

namespace lh {
namespace {

using hub::licences::OriginalKind;
using kits::PdfShape;
using kits::text_of;

hub::exchange::OriginalFrame frame() {
  hub::exchange::OriginalFrame f;
  f.copy.type = {"营业执照", "Business licence"};
  f.copy.maker = "测试局";
  f.copy.note = {"code", "officer-1", "测试事由"};
  f.copy.number = "JZ-0123456789abcdef";
  f.copy.made = "2026-11-22T01:00:00.000Z";
  f.copy.expires = "2026-12-22";
  f.copy.check_url = "https://hub.test/public/copies/x";
  f.media_type = "application/pdf";
  f.sha256 = std::string(64, 'a');
  f.pages = 3;
  return f;
}
Bytes copy_of(const Bytes& file, OriginalKind kind = OriginalKind::kPdf) {
  return hub::exchange::copy_original(file, kind, frame());
}

std::string decoded(QPDFObjectHandle stream) {
  const auto data = stream.getStreamData(qpdf_dl_specialized);
  return {reinterpret_cast<const char*>(data->getBuffer()), data->getSize()};
}
QPDFObjectHandle form(QPDFPageObjectHelper page, const char* name) {
  auto handle = page.getObjectHandle();
  return handle.getKey("/Resources").getKey("/XObject").getKey(name);
}
// The characters its fonts can show, as cairo tells them to whoever copies the text.
std::string characters(QPDFObjectHandle of) {
  std::string out;
  auto fonts = of.getDict().getKey("/Resources").getKey("/Font");
  for (const auto& name : fonts.getKeys()) {
    out += decoded(fonts.getKey(name).getKey("/ToUnicode"));
  }
  return out;
}

struct Opened {
  explicit Opened(const Bytes& file) : bytes(file) {
    pdf.setSuppressWarnings(true);
    pdf.setAttemptRecovery(false);
    pdf.processMemoryFile("copy", bytes.data(), bytes.size());
    pages = QPDFPageDocumentHelper(pdf).getAllPages();
  }
  Bytes bytes;
  QPDF pdf;
  std::vector<QPDFPageObjectHelper> pages;
};

void expect_covered(QPDFPageObjectHelper page) {
  const std::string content = decoded(page.getObjectHandle().getKey("/Contents"));
  EXPECT_LT(content.find("/Below Do"), content.find("/Above Do")) << "laid over, not under";
  const std::string shown = characters(form(page, "/Above"));
  EXPECT_NE(shown.find("4ec5"), std::string::npos) << "仅 of the watermark";
  EXPECT_NE(shown.find("5236"), std::string::npos) << "制 of the annotation";
}

TEST(OriginalCopy, EveryPageIsCoveredAndStillThere) {
  PdfShape shape;
  shape.pages = 3;
  const Bytes copy = copy_of(kits::pdf_file(shape));
  Opened opened(copy);
  ASSERT_EQ(opened.pages.size(), 4U) << "and a last page to check it by";
  for (std::size_t i = 0; i < 3; ++i) {
    expect_covered(opened.pages[i]);
    EXPECT_NE(decoded(form(opened.pages[i], "/Below")).find("original-mark"), std::string::npos);
    const auto box = opened.pages[i].getMediaBox().getArrayAsRectangle();
    EXPECT_EQ(box.urx, 300);
    EXPECT_EQ(box.ury, 400);
  }
  EXPECT_EQ(copy, copy_of(kits::pdf_file(shape))) << "the same file, the same bytes";
}

TEST(OriginalCopy, TurnedCutAndScaledPagesAreAsTheyAreShown) {
  struct Case {
    const char* page;
    double width, height;
  };
  for (const Case& c :
       {Case{"/Rotate 90", 400, 300}, Case{"/Rotate 270", 400, 300}, Case{"/Rotate 180", 300, 400},
        Case{"/CropBox[50 50 150 250]", 100, 200}, Case{"/UserUnit 2", 600, 800}}) {
    PdfShape shape;
    shape.page = c.page;
    Opened opened(copy_of(kits::pdf_file(shape)));
    ASSERT_EQ(opened.pages.size(), 2U) << c.page;
    const auto box = opened.pages[0].getMediaBox().getArrayAsRectangle();
    EXPECT_EQ(box.urx, c.width) << c.page;
    EXPECT_EQ(box.ury, c.height) << c.page;
    EXPECT_TRUE(opened.pages[0].getAttribute("/Rotate", false).isNull());
    expect_covered(opened.pages[0]);
  }
}

TEST(OriginalCopy, WhatAPageLeavesBehindDoesNotMoveTheWatermark) {
  PdfShape shape;
  shape.content = "Q Q 0 0 0 0 0 0 cm % original-mark";  // a state of drawing turned inside out
  Opened opened(copy_of(kits::pdf_file(shape)));
  expect_covered(opened.pages[0]);
  const std::string content = decoded(opened.pages[0].getObjectHandle().getKey("/Contents"));
  EXPECT_EQ(content.find("original-mark"), std::string::npos) << "it draws inside its own form";
}

TEST(OriginalCopy, NothingOfTheCatalogueComesAlong) {
  PdfShape shape;
  shape.catalogue = "/Outlines<</Type/Outlines>>/Metadata 5 0 R/Lang(secret-mark)";
  shape.page =
      "/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI(https://a.test)>>>>]";
  shape.more = {kits::pdf_stream("secret-mark")};
  const Bytes copy = copy_of(kits::pdf_file(shape));
  EXPECT_EQ(copy.find("secret-mark"), Bytes::npos);
  EXPECT_EQ(copy.find("/Annot"), Bytes::npos);
  EXPECT_EQ(copy.find("a.test"), Bytes::npos);
}

TEST(OriginalCopy, PicturesBecomeAPage) {
  Opened upright(copy_of(kits::png_file(30, 40), OriginalKind::kPng));
  ASSERT_EQ(upright.pages.size(), 2U);
  expect_covered(upright.pages[0]);
  const Bytes jpeg = kits::jpeg_file(40, 30);
  const Bytes copy = copy_of(jpeg, OriginalKind::kJpeg);
  Opened across(copy);
  EXPECT_GT(across.pages[0].getMediaBox().getArrayAsRectangle().urx, 800);
  EXPECT_NE(copy.find(jpeg), Bytes::npos) << "the picture itself, not another one";
}

TEST(OriginalCopy, WhatCannotBeOpenedIsNoCopy) {
  EXPECT_TRUE(copy_of("%PDF-1.7 nothing").empty());
  EXPECT_TRUE(copy_of("x", OriginalKind::kPng).empty());
  EXPECT_TRUE(copy_of("x", OriginalKind::kJpeg).empty());
}

// ---- the desk ---------------------------------------------------------------------------------

class CopyHub : public kits::AnswerHub {
 public:
  CopyHub()
      : copies(answer_parts()),
        originals(*licences),
        desk({originals, *directory, gate, *maker, random, clock}) {}
  // Of the health certificate (M03).
  void hand_in(const Bytes& file) {
    const auto who = caller(kits::kSupervision, {hub::access::Role::kIssue});
    auto admitted = desk.admit({text_of(health, "licence_key"), {}, "application/pdf", {}}, file,
                               who, *catalogue.policy());
    const auto& upload = std::get<hub::licences::OriginalOffice::UploadPtr>(admitted);
    answer(desk.finish(*upload, file, who, *catalogue.policy()));
  }
  void release_everything() {
    const auto* type =
        catalogue.policy()->find_type(kits::kHealthCertificate, local_date(clock.now()));
    change_rule("approval.food.health_certificate", [type](auto& rule) {
      rule.fields.clear();
      for (const auto& f : type->fields) rule.fields.push_back(f.name);
    });
  }
  Result<hub::access::Prepared> make(std::string_view more = "") {
    const std::string text = R"({"case_id":")" + case_id + R"(","material":"M03","purpose":)" +
                             purpose_text() + std::string(more) + "}";
    const auto request =
        LH_TRY(hub::exchange::copy_request_from_json(LH_TRY(schemas::parse_json(text, 1U << 20U))));
    return copies.make(request, text, bureau(), *catalogue.policy());
  }
  Bytes download(const schemas::Json& made) {
    const auto got = answer(copies.download(text_of(made, "code"), bureau(), *catalogue.policy()));
    EXPECT_EQ(text_of(got, "sha256"), text_of(made, "sha256")) << "drawn again, the same bytes";
    return parse_base64(text_of(got, "content")).value();
  }
  hub::exchange::CopyDesk copies;
  hub::licences::OriginalStore originals;
  hub::licences::OriginalOffice desk;
};

TEST(OriginalCopy, IsMadeWhereTheRuleWithholdsNothing) {
  CopyHub hub;
  EXPECT_EQ(text_of(hub.answer(hub.make()), "of"), "surface") << "none is kept";
  EXPECT_EQ(kits::reason_of(hub.make(R"(,"of":"original")")), "copy.unavailable");
  PdfShape shape;
  shape.pages = 2;
  hub.hand_in(kits::pdf_file(shape));
  EXPECT_EQ(text_of(hub.answer(hub.make()), "of"), "surface") << "the rule withholds fields";
  EXPECT_EQ(kits::reason_of(hub.make(R"(,"of":"original")")), "copy.unavailable");
  EXPECT_EQ(kits::reason_of(hub.make(R"(,"of":"both")")), "json.value");
  hub.release_everything();
  const auto made = hub.answer(hub.make());
  EXPECT_EQ(text_of(made, "of"), "original");
  EXPECT_EQ(text_of(hub.answer(hub.make(R"(,"of":"surface")")), "of"), "surface");
  EXPECT_EQ(Opened(hub.download(made)).pages.size(), 3U);
  EXPECT_EQ(hub.last_entry().event, schemas::AuditEvent::kCopyDownloaded);
  EXPECT_EQ(kits::reason_of(
                hub.copies.download(text_of(made, "code"), hub.bureau(), *hub.catalogue.policy())),
            "copy.used");
}

TEST(OriginalCopy, IsNotDownloadedAfterTheRuleWithholdsAgain) {
  CopyHub hub;
  hub.hand_in(kits::pdf_file());
  hub.release_everything();
  const auto made = hub.answer(hub.make());
  ASSERT_EQ(text_of(made, "of"), "original");
  hub.change_rule("approval.food.health_certificate", [](auto& rule) { rule.fields = {"name"}; });
  EXPECT_EQ(kits::reason_of(
                hub.copies.download(text_of(made, "code"), hub.bureau(), *hub.catalogue.policy())),
            "rule.field_withheld");
}

TEST(OriginalCopy, RowsWrittenBeforeOriginalsAreStillRead) {
  hub::exchange::CopyRecord record;
  record.organisation = kits::uscc_of(kits::kBureau);
  record.fields = {"name"};
  record.of = hub::exchange::CopyOf::kOriginal;
  auto row = hub::exchange::copy_row(record);
  const auto read = [&row](Bytes payload) {
    auto store = hub::store::make_memory_store();
    hub::store::Batch batch;
    batch.puts.push_back({row.family, row.key, Bytes("\x01\0\0\0\0\0\0\0\x07", 9) + payload});
    store->commit(batch, hub::store::Durability::kSynced).value();
    return hub::exchange::find_copy(*store, Tag{});
  };
  EXPECT_EQ(read(*row.payload).value()->of, hub::exchange::CopyOf::kOriginal);
  Bytes old = *row.payload;  // one item less, format 1
  old[0] = static_cast<char>(old[0] - 1);
  old[1] = 1;
  old.pop_back();
  EXPECT_EQ(read(old).value()->of, hub::exchange::CopyOf::kSurface);
  Bytes odd = *row.payload;
  odd.back() = 2;
  EXPECT_FALSE(read(odd).ok());
}

}  // namespace
}  // namespace lh
