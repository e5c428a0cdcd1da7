// What a copy is of, and its drawing. An original shows every field of its licence: a rule that
// withholds one leaves the surface only.
#include "hub/exchange/copies/copy_desk.h"
#include "hub/exchange/copies/stamp.h"

namespace lh::hub::exchange {
namespace {

enum class Drawn : std::uint8_t { kYes, kNo };

Result<Undisclosed<std::string>> unless_empty(Undisclosed<std::string> pdf, const char* why) {
  const Drawn drawn =
      pdf.decide([](const std::string& text) { return text.empty() ? Drawn::kNo : Drawn::kYes; });
  if (drawn == Drawn::kNo) return Error(Reason::kCopyUnavailable, why);
  return pdf;
}

}  // namespace

Result<CopyOf> CopyDesk::choose(const CopyRequest& request, const HeldMaterial& held,
                                const CaseMaterial& material,
                                const access::Decision& decision) const {
  if (request.of == CopyOf::kSurface) return CopyOf::kSurface;
  const bool whole = decision.fields.size() == material.fields->size();
  const bool kept = LH_TRY(originals_.find(held.head->key, held.version)).has_value();
  if (whole && kept) return CopyOf::kOriginal;
  if (!request.of) return CopyOf::kSurface;
  return Error(Reason::kCopyUnavailable,
               whole ? "no original is kept" : "the rule withholds a field of the original");
}

Result<Undisclosed<std::string>> CopyDesk::draw_original(const CopyRecord& record, CopyFrame frame,
                                                         const Permit& permit) const {
  const auto original = LH_TRY(originals_.find(record.licence, record.version));
  if (!original) return Error(Reason::kCopyUnavailable, "no original is kept");
  const licences::OriginalKind kind = original->shape.kind;
  const OriginalFrame whole{std::move(frame), std::string(licences::media_type_of(kind)),
                            to_hex(view(LH_TRY(originals_.digest(*original)))),
                            original->shape.pages};
  auto pdf = LH_TRY(originals_.read(*original, permit))
                 .map([](Bytes&& file, const licences::OriginalKind& k,
                         const OriginalFrame& f) { return copy_original(file, k, f); },
                      kind, whole);
  return unless_empty(std::move(pdf), "the original cannot be annotated");
}

Result<Undisclosed<std::string>> CopyDesk::draw(const CopyRecord& record, const CopyNote& note,
                                                HeldMaterial held, const schemas::LicenceType& type,
                                                const Permit& permit) const {
  CopyFrame frame{type.names,
                  type.fields,
                  record.fields,
                  parts_.organisation_name(record.organisation),
                  record.matter,
                  note,
                  copy_number(record.tag),
                  time_text(record.made),
                  local_date(record.expires).text(),
                  parts_.public_url + "/public/copies/" + note.code};
  if (record.of == CopyOf::kOriginal) return draw_original(record, std::move(frame), permit);
  auto pdf = std::move(held.fields)
                 .map(
                     [](std::optional<schemas::Fields>&& f, const CopyFrame& with) {
                       return f ? draw_pdf(page_of(*f, with)) : std::string();
                     },
                     frame);
  return unless_empty(std::move(pdf), "the page cannot be drawn");
}

}  // namespace lh::hub::exchange
