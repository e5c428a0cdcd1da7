// The chapters of a licence type beside its items (C0xxx series) in JSON.
#include <array>

#include "schemas/catalogue/parts.h"
#include "schemas/catalogue_lists.h"

namespace lh::schemas {
namespace {

constexpr std::array<std::string_view, 4> kPapers = {"A3", "A4", "A5", "card"};
constexpr std::array<std::string_view, 4> kMethods = {"qr_code", "digest", "signature", "online"};
constexpr int kLongestSide = 1000;
constexpr std::size_t kSeals = 8;

Status read_requirements(ObjectReader& r, TypeChapters& out) {
  const Json* value = r.optional("requirements");
  if (value == nullptr) return {};
  ObjectReader c = LH_TRY(ObjectReader::open(*value, r.path("requirements")));
  TypeRequirements read;
  read.standard = LH_TRY(read_filled(c, "standard", 128));
  read.scope = LH_TRY(read_filled(c, "scope", 1024));
  LH_TRY(c.finish());
  out.requirements = std::move(read);
  return {};
}

Status read_cataloguing(ObjectReader& r, TypeChapters& out) {
  const Json* value = r.optional("cataloguing");
  if (value == nullptr) return {};
  ObjectReader c = LH_TRY(ObjectReader::open(*value, r.path("cataloguing")));
  TypeCataloguing read;
  read.category = LH_TRY(read_filled(c, "category", 128));
  read.levels = LH_TRY(read_texts(c, "levels"));
  if (read.levels.empty()) return member_error(c, "levels", Reason::kTypeInvalid, "none is named");
  LH_TRY(check_words(c, "levels", read.levels, kLevels));
  LH_TRY(c.finish());
  out.cataloguing = std::move(read);
  return {};
}

Result<int> read_small(ObjectReader& r, std::string_view member, int least, int most) {
  const std::int64_t n = LH_TRY(r.integer(member));
  if (n < least || n > most) {
    return member_error(r, member, Reason::kJsonValue,
                        "outside " + std::to_string(least) + ".." + std::to_string(most));
  }
  return static_cast<int>(n);
}

Result<SealPosition> seal_from_json(const Json& j, std::string where) {
  ObjectReader r = LH_TRY(ObjectReader::open(j, std::move(where)));
  SealPosition seal;
  seal.page = LH_TRY(read_small(r, "page", 1, 999));
  seal.left_mm = LH_TRY(read_small(r, "left_mm", 0, kLongestSide));
  seal.top_mm = LH_TRY(read_small(r, "top_mm", 0, kLongestSide));
  LH_TRY(r.finish());
  return seal;
}

Status read_style(ObjectReader& r, TypeChapters& out) {
  const Json* value = r.optional("style");
  if (value == nullptr) return {};
  ObjectReader c = LH_TRY(ObjectReader::open(*value, r.path("style")));
  TypeStyle read;
  read.paper = LH_TRY(read_word(c, "paper", kPapers));
  const Json* seals = LH_TRY(c.array("seals"));
  if (seals->items()->size() > kSeals) {
    return member_error(c, "seals", Reason::kTypeInvalid, "too many");
  }
  for (const Json& item : *seals->items()) {
    read.seals.push_back(LH_TRY(seal_from_json(item, c.path("seals"))));
  }
  LH_TRY(c.finish());
  out.style = std::move(read);
  return {};
}

Status read_verification(ObjectReader& r, TypeChapters& out) {
  const Json* value = r.optional("verification");
  if (value == nullptr) return {};
  ObjectReader c = LH_TRY(ObjectReader::open(*value, r.path("verification")));
  out.verification = LH_TRY(read_texts(c, "methods"));
  if (out.verification.empty()) {
    return member_error(c, "methods", Reason::kTypeInvalid, "none is named");
  }
  LH_TRY(check_words(c, "methods", out.verification, kMethods));
  return c.finish();
}

Status read_coding(ObjectReader& r, TypeChapters& out) {
  const Json* value = r.optional("coding");
  if (value == nullptr) return {};
  ObjectReader c = LH_TRY(ObjectReader::open(*value, r.path("coding")));
  TypeCoding read;
  read.serial_rule = LH_TRY(read_filled(c, "serial_rule", 512));
  read.legal_basis = LH_TRY(c.optional_string("legal_basis", 1024)).value_or("");
  LH_TRY(c.finish());
  out.coding = std::move(read);
  return {};
}

Json style_to_json(const TypeStyle& s) {
  Json seals = Json::array();
  for (const SealPosition& seal : s.seals) {
    Json j = Json::object();
    j.set("page", seal.page).set("left_mm", seal.left_mm).set("top_mm", seal.top_mm);
    seals.push(std::move(j));
  }
  Json j = Json::object();
  j.set("paper", s.paper).set("seals", std::move(seals));
  return j;
}

}  // namespace

Status read_chapters(ObjectReader& r, TypeChapters& out) {
  for (const auto step :
       {read_requirements, read_cataloguing, read_style, read_verification, read_coding}) {
    LH_TRY(step(r, out));
  }
  return {};
}

void chapters_to_json(const TypeChapters& c, Json& j) {
  if (c.requirements) {
    Json chapter = Json::object();
    chapter.set("standard", c.requirements->standard).set("scope", c.requirements->scope);
    j.set("requirements", std::move(chapter));
  }
  if (c.cataloguing) {
    Json chapter = Json::object();
    chapter.set("category", c.cataloguing->category);
    chapter.set("levels", texts_to_json(c.cataloguing->levels));
    j.set("cataloguing", std::move(chapter));
  }
  if (c.style) j.set("style", style_to_json(*c.style));
  if (!c.verification.empty()) {
    Json chapter = Json::object();
    chapter.set("methods", texts_to_json(c.verification));
    j.set("verification", std::move(chapter));
  }
  if (c.coding) {
    Json chapter = Json::object();
    chapter.set("serial_rule", c.coding->serial_rule);
    if (!c.coding->legal_basis.empty()) chapter.set("legal_basis", c.coding->legal_basis);
    j.set("coding", std::move(chapter));
  }
}

}  // namespace lh::schemas
