// Original files: what is taken, how it is kept, who gets it back.
#define POINTERHOLDER_TRANSITION 4
#include <gtest/gtest.h>
#include <qpdf/Buffer.hh>
#include <qpdf/QPDF.hh>
#include <qpdf/QPDFWriter.hh>

#include <random>

#include "crypto/digest.h"
#include "hub/licences/originals/original_office.h"
#include "tests/unit/hub_licences_kit.h"
#include "tests/unit/hub_original_files.h"

namespace lh {
namespace {

using hub::licences::OriginalKind;
using kits::pdf_file;
using kits::PdfShape;

// "ok 3", or the reason.
std::string look(OriginalKind kind, const Bytes& file) {
  const auto shape = hub::licences::inspect(kind, file);
  return shape.ok() ? "ok " + std::to_string(shape->pages) : std::string(shape.error().id());
}
std::string look(const PdfShape& shape) {
  return look(OriginalKind::kPdf, pdf_file(shape));
}

Bytes encrypted(const Bytes& file, const char* user) {
  QPDF pdf;
  pdf.processMemoryFile("test", file.data(), file.size());
  QPDFWriter writer(pdf);
  writer.setOutputMemory();
  writer.setR6EncryptionParameters(user, "owner", true, true, true, true, true, true, qpdf_r3p_full,
                                   true);
  writer.write();
  const auto buffer = writer.getBufferSharedPointer();
  return Bytes(reinterpret_cast<const char*>(buffer->getBuffer()), buffer->getSize());
}

TEST(Original, PdfThatOnlyShowsItselfIsTaken) {
  EXPECT_EQ(look({}), "ok 1");
  PdfShape shape;
  shape.pages = 200;
  EXPECT_EQ(look(shape), "ok 200");
  shape.pages = 201;
  EXPECT_EQ(look(shape), "document.unsafe");
  shape = {};
  shape.catalogue = "/OpenAction[4 0 R /Fit]";
  shape.page =
      "/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI(https://a.test)>>>>]";
  EXPECT_EQ(look(shape), "ok 1") << "a destination and a link only show";
}

TEST(Original, WhatActsOrCarriesFilesIsRefused) {
  for (const char* entry :
       {"/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>", "/OpenAction<</S/Launch/F(a)>>",
        "/OpenAction<</S/Named/N/Print>>", "/AA<</WC<</S/URI>>>>",
        "/Names<</JavaScript<</Names[(a)<</S/JavaScript>>]>>>>",
        "/Names<</EmbeddedFiles<</Names[]>>>>", "/AcroForm<</XFA[]>>",
        "/Names<</J#61vaScript<<>>>>", "/X[[[<</S/SubmitForm>>]]]"}) {
    PdfShape shape;
    shape.catalogue = entry;
    EXPECT_EQ(look(shape), "document.unsafe") << entry;
  }
  for (const char* kind : {"FileAttachment", "RichMedia", "Screen", "3D"}) {
    PdfShape shape;
    shape.page = "/Annots[5 0 R]";
    shape.more = {"<</Type/Annot/Subtype/" + std::string(kind) + "/Rect[0 0 9 9]>>"};
    EXPECT_EQ(look(shape), "document.unsafe") << kind;
  }
  PdfShape hidden;  // nobody refers to it, but it is there
  hidden.more = {"<</S/JavaScript/JS(1)>>"};
  EXPECT_EQ(look(hidden), "document.unsafe");
}

TEST(Original, EncryptedDamagedOrTooLargePdfIsRefused) {
  for (const char* user : {"", "secret"}) {
    EXPECT_EQ(look(OriginalKind::kPdf, encrypted(pdf_file(), user)), "document.unsafe");
  }
  const Bytes file = pdf_file();
  for (std::size_t cut = 5; cut < file.size() - 8; cut += 7) {
    EXPECT_EQ(look(OriginalKind::kPdf, file.substr(0, cut)), "document.unsafe") << cut;
  }
  PdfShape shape;
  shape.page = "/UserUnit 100000";
  EXPECT_EQ(look(shape), "document.unsafe");
  shape = {};
  shape.page = "/X" + std::string(60, '[') + std::string(60, ']');
  EXPECT_EQ(look(shape), "document.unsafe");
  // 80 MiB of content in a few KiB.
  const Bytes bomb = kits::deflated(Bytes(80U << 20U, ' '));
  std::vector<std::string> objects = {
      "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 1/Kids[3 0 R]>>",
      "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 400]/Contents 4 0 R>>",
      kits::pdf_stream(bomb, "/Filter/FlateDecode")};
  EXPECT_EQ(look(OriginalKind::kPdf, kits::pdf_of_objects(objects)), "document.unsafe");
  objects[1] = "<</Type/Pages/Count 1/Kids[2 0 R]>>";  // a tree that is its own branch
  EXPECT_EQ(look(OriginalKind::kPdf, kits::pdf_of_objects(objects)), "document.unsafe");
}

TEST(Original, AnyChangedByteOfAPdfIsTakenOrRefusedAndNothingElse) {
  std::mt19937 random(20261122);
  const Bytes file = pdf_file();
  for (int i = 0; i < 2000; ++i) {
    Bytes other = file;
    for (int n = 0; n < 3; ++n) other[random() % other.size()] = static_cast<char>(random());
    const std::string said = look(OriginalKind::kPdf, other);
    EXPECT_TRUE(said.starts_with("ok ") || said.starts_with("document.")) << said;
  }
}

TEST(Original, PicturesAreWholeAndNotLargerThanTheySay) {
  EXPECT_EQ(look(OriginalKind::kPng, kits::png_file(40, 30)), "ok 1");
  EXPECT_EQ(look(OriginalKind::kJpeg, kits::jpeg_file(40, 30)), "ok 1");
  EXPECT_EQ(look(OriginalKind::kPng, kits::png_file(400, 3, 4)), "document.unsafe") << "more";
  EXPECT_EQ(look(OriginalKind::kPng, kits::png_file(4, 3, 400)), "document.unsafe") << "less";
  EXPECT_EQ(look(OriginalKind::kPng, kits::png_file(1, 20001)), "document.unsafe");
  EXPECT_EQ(look(OriginalKind::kPng, kits::png_file(1, 1, 60000)), "document.unsafe");
  EXPECT_EQ(look(OriginalKind::kJpeg, kits::jpeg_file(60000, 60000)), "document.unsafe");
  EXPECT_EQ(look(OriginalKind::kJpeg, kits::jpeg_file(40, 0)), "document.unsafe");
  EXPECT_EQ(look(OriginalKind::kJpeg, kits::jpeg_file(4, 3) + "PK"), "document.unsafe");
  EXPECT_EQ(look(OriginalKind::kPng, kits::png_file(4, 3) + "PK"), "document.unsafe");
  for (const auto& [kind, file] : {std::pair(OriginalKind::kPng, kits::png_file(40, 30)),
                                   std::pair(OriginalKind::kJpeg, kits::jpeg_file(40, 30))}) {
    for (std::size_t cut = 9; cut < file.size(); ++cut) {
      EXPECT_EQ(look(kind, file.substr(0, cut)), "document.unsafe") << cut;
    }
  }
  Bytes flipped = kits::png_file(40, 30);
  for (std::size_t at = 8; at < flipped.size(); ++at) {
    flipped[at] = static_cast<char>(flipped[at] ^ 1);
    EXPECT_EQ(look(OriginalKind::kPng, flipped), "document.unsafe") << at;
    flipped[at] = static_cast<char>(flipped[at] ^ 1);
  }
}

TEST(Original, ABeginningThatIsNotOfTheKindIsRefused) {
  EXPECT_EQ(look(OriginalKind::kPdf, kits::png_file(4, 3)), "document.kind");
  EXPECT_EQ(look(OriginalKind::kPng, pdf_file()), "document.kind");
  EXPECT_EQ(look(OriginalKind::kJpeg, {}), "document.kind");
  EXPECT_EQ(look(OriginalKind::kPdf, " " + pdf_file()), "document.kind") << "not one byte later";
  EXPECT_FALSE(hub::licences::kind_of_media_type("application/ofd").ok());
  EXPECT_FALSE(hub::licences::kind_of_media_type("text/html").ok());
  EXPECT_TRUE(hub::licences::kind_of_media_type("Image/PNG; q=1").ok());
}

// ---- how it is kept ---------------------------------------------------------------------------

using hub::licences::OriginalOffice;
using hub::licences::OriginalStore;

class OriginalHub : public kits::LicenceHub {
 public:
  OriginalHub() : originals(*licences), desk(parts()) { issued = issue(health_request(1)); }
  hub::licences::OriginalParts parts() {
    // What is kept is opaque: any bytes do.
    return {originals, *directory, gate, *maker, random, clock, [](OriginalKind kind, ByteView) {
              return Result<hub::licences::OriginalShape>({kind, 1});
            }};
  }
  std::string key() const { return kits::text_of(issued, "licence_key"); }
  hub::access::Caller owner() const {
    return caller(kits::kSupervision, {hub::access::Role::kIssue});
  }
  // The answer, or the reason; `parts_only`: breaks off before the last change.
  Result<std::string> hand_in_as(const hub::access::Caller& who, const Bytes& file,
                                 std::vector<std::string> digests = {}, int parts_only = -1) {
    auto admitted = desk.admit({key(), std::nullopt, "application/pdf", std::move(digests)}, file,
                               who, *catalogue.policy());
    if (auto* no = std::get_if<hub::access::Refused>(&admitted)) {
      return perform(hub::access::Prepared(std::move(*no)));
    }
    auto upload = std::get<OriginalOffice::UploadPtr>(admitted);
    for (int n = 0; n != parts_only; ++n) {
      auto part = LH_TRY(desk.next_part(*upload, file));
      if (!part) return perform(desk.finish(*upload, file, who, *catalogue.policy()));
      LH_TRY(ledger->commit(std::move(*part)));
    }
    return std::string("broken off");
  }
  std::string hand_in(const Bytes& file) {
    const auto said = hand_in_as(owner(), file);
    return said.ok() ? "ok" : std::string(said.error().id());
  }
  Result<Bytes> read() {
    const auto json = LH_TRY(schemas::parse_json(
        LH_TRY(perform(desk.read(key(), 1, owner(), *catalogue.policy()))), 64U << 20U));
    return parse_base64(kits::text_of(json, "content"));
  }
  std::string read_reason() {
    const auto file = read();
    return file.ok() ? "ok" : std::string(file.error().id());
  }
  std::vector<hub::store::Row> part_rows() const {
    return store->latest()
        .scan(hub::store::Family::kData,
              hub::licences::part_prefix(LicenceKey::parse(key()).value(), 1), {}, 300)
        .value();
  }
  // Writes past the ledger, as a damaged disk or an intruder would.
  void put(const Bytes& row_key, const Bytes& value) {
    hub::store::Batch batch;
    batch.puts.push_back({hub::store::Family::kData, row_key, value});
    store->commit(batch, hub::store::Durability::kSynced).value();
  }
  Bytes noise(std::size_t size) {
    Bytes out(size, '\0');
    if (size > 0) random.fill(reinterpret_cast<std::uint8_t*>(out.data()), size);
    return out;
  }

  OriginalStore originals;
  OriginalOffice desk;
  schemas::Json issued;
};

TEST(OriginalKept, ComesBackAsItWasAtAnySize) {
  constexpr std::size_t kPart = hub::licences::kOriginalPart;
  std::mt19937 seeded(4);
  std::vector<std::size_t> sizes = {0, 1, kPart - 1, kPart, kPart + 1, 3 * kPart};
  for (int i = 0; i < 4; ++i) sizes.push_back(seeded() % (5 * kPart));
  for (const std::size_t size : sizes) {
    OriginalHub hub;
    const Bytes file = hub.noise(size);
    ASSERT_EQ(hub.hand_in(file), "ok") << size;
    EXPECT_EQ(hub.read().value(), file) << size;
    EXPECT_EQ(hub.part_rows().size(), std::max<std::size_t>(1, (size + kPart - 1) / kPart));
  }
}

TEST(OriginalKept, ChangedMissingAndMovedPartsAreNoticed) {
  OriginalHub hub;
  ASSERT_EQ(hub.hand_in(hub.noise(3 * hub::licences::kOriginalPart - 5)), "ok");
  const auto rows = hub.part_rows();
  ASSERT_EQ(rows.size(), 3U);
  std::mt19937 seeded(5);
  for (int i = 0; i < 50; ++i) {
    Bytes other = rows[1].value;
    const std::size_t at = 9 + seeded() % (other.size() - 9);
    other[at] = static_cast<char>(other[at] ^ (1 << seeded() % 8));
    hub.put(rows[1].key, other);
    EXPECT_EQ(hub.read_reason(), "seal.broken") << at;
  }
  hub.put(rows[1].key, rows[0].value);
  EXPECT_EQ(hub.read_reason(), "seal.broken") << "one part twice";
  hub.put(rows[0].key, rows[1].value);
  EXPECT_EQ(hub.read_reason(), "seal.broken") << "in another order";
  hub.put(rows[0].key, rows[0].value);
  hub.put(rows[1].key, rows[1].value);
  EXPECT_EQ(hub.read_reason(), "ok");
  hub.put(rows[2].key, rows[2].value.substr(0, rows[2].value.size() - 1));
  EXPECT_EQ(hub.read_reason(), "seal.broken") << "cut off";
  hub::store::Batch gone;
  gone.deletes.push_back({hub::store::Family::kData, rows[2].key});
  hub.store->commit(gone, hub::store::Durability::kSynced).value();
  EXPECT_EQ(hub.read_reason(), "store.corrupt");
}

TEST(OriginalKept, UnderTheHoldersKeyAndNothingOfItInClear) {
  OriginalHub hub;
  const Bytes file = "%PDF- 测试人员1 " + hub.noise(64);
  ASSERT_EQ(hub.hand_in(file), "ok");
  const Bytes all = hub.everything();
  EXPECT_EQ(all.find("测试人员1"), Bytes::npos);
  const auto digest = crypto::sha256(file);
  EXPECT_EQ(all.find(Bytes(view(digest))), Bytes::npos);
  EXPECT_EQ(all.find(to_hex(view(digest))), Bytes::npos);
  const auto record = hub.originals.find(LicenceKey::parse(hub.key()).value(), 1).value().value();
  const auto other = hub.directory->find_or_register(kits::test_person(77)).value().key;
  EXPECT_EQ(hub::licences::unwrap_file_key(record, other).error().id(), "key.erased");
  auto renamed = record;
  renamed.keys.front().holder = other.no;  // the row says so, the seal does not
  EXPECT_EQ(hub::licences::unwrap_file_key(renamed, other).error().id(), "seal.broken");
}

TEST(OriginalKept, TheSameFileIsTheSameAnswerAndAnotherOneIsRefused) {
  OriginalHub hub;
  const Bytes file = hub.noise(1000);
  const auto first = hub.hand_in_as(hub.owner(), file).value();
  const auto size = hub.ledger->state().size;
  EXPECT_EQ(hub.hand_in_as(hub.owner(), file).value(), first);
  EXPECT_EQ(hub.ledger->state().size, size + 1) << "an entry, nothing stored";
  EXPECT_EQ(hub.hand_in(hub.noise(1000)), "document.exists");
  EXPECT_EQ(hub.read().value(), file);
}

TEST(OriginalKept, WhatBrokeOffLeavesNothingBehind) {
  constexpr std::size_t kPart = hub::licences::kOriginalPart;
  OriginalHub hub;
  EXPECT_EQ(hub.hand_in_as(hub.owner(), hub.noise(5 * kPart), {}, 3).value(), "broken off");
  EXPECT_EQ(hub.read_reason(), "document.unknown") << "no head, no file";
  const Bytes file = hub.noise(kPart + 9);
  ASSERT_EQ(hub.hand_in(file), "ok");
  EXPECT_EQ(hub.part_rows().size(), 2U);
  EXPECT_EQ(hub.read().value(), file);
}

TEST(OriginalKept, OfSomebodyElseIsAsIfThereWereNone) {
  OriginalHub hub;
  using hub::access::Role;
  const Bytes file = hub.noise(10);
  const auto reason = [&hub, &file](const hub::access::Caller& who) {
    return std::string(hub.hand_in_as(who, file).error().id());
  };
  EXPECT_EQ(reason(hub.caller(kits::kBureau, {Role::kIssue, Role::kCollect})), "licence.unknown");
  EXPECT_EQ(reason(hub.caller(kits::kSupervision, {Role::kCollect})), "licence.unknown")
      << "it was issued, not collected";
  EXPECT_EQ(reason(hub.caller(kits::kSupervision, {Role::kFetch})), "role.missing");
  ASSERT_EQ(hub.hand_in(file), "ok");
  const auto bureau = hub.caller(kits::kBureau, {Role::kIssue});
  EXPECT_EQ(kits::reason_of(hub.desk.read(hub.key(), {}, bureau, *hub.catalogue.policy())),
            "licence.unknown");
  for (const std::string& name : {std::string("lic_x"), std::string(), hub.key() + "0"}) {
    EXPECT_EQ(kits::reason_of(hub.desk.read(name, {}, hub.owner(), *hub.catalogue.policy())),
              "licence.unknown");
  }
  EXPECT_EQ(kits::reason_of(hub.desk.read(hub.key(), 2, hub.owner(), *hub.catalogue.policy())),
            "licence.unknown");
}

TEST(OriginalKept, TwoAtOnceAndOneOfAVersion) {
  OriginalHub hub;
  const Bytes file = hub.noise(10);
  const auto begin = [&hub, &file] {
    return hub.desk.admit({hub.key(), {}, "application/pdf", {}}, file, hub.owner(),
                          *hub.catalogue.policy());
  };
  auto first = begin();
  ASSERT_TRUE(std::holds_alternative<OriginalOffice::UploadPtr>(first));
  auto second = begin();
  EXPECT_EQ(std::get<hub::access::Refused>(second).error.id(), "http.too_many_requests");
  std::get<OriginalOffice::UploadPtr>(first).reset();
  EXPECT_EQ(hub.hand_in(file), "ok");
}

TEST(OriginalKept, TheDigestThatWasSaidIsChecked) {
  OriginalHub hub;
  const Bytes file = hub.noise(10);
  const auto field = [](ByteView of) {
    return "sha-512=:AAAA:, sha-256=:" + to_base64(view(crypto::sha256(of))) + ":";
  };
  EXPECT_EQ(hub.hand_in_as(hub.owner(), file, {"", field("x")}).error().id(), "digest.mismatch");
  EXPECT_EQ(hub.hand_in_as(hub.owner(), file, {"sha-256=:AA:"}).error().id(), "input.malformed");
  EXPECT_TRUE(hub.hand_in_as(hub.owner(), file, {field(file), "sha-512=:AAAA:"}).ok());
}

}  // namespace
}  // namespace lh
