#include "hub/ingest/collect_line.h"

#include "base/limits.h"
#include "schemas/purpose.h"

namespace lh::hub::ingest {
namespace {

using schemas::ObjectReader;

// Holders as in an issue request, and such that only the source knows (scheme local).
Result<schemas::Holder> read_holder(const schemas::Json& item, const std::string& where) {
  auto r = LH_TRY(ObjectReader::open(item, where));
  const auto scheme = parse_scheme(LH_TRY(r.string("scheme", 32)));
  if (!scheme.ok()) return Error(scheme.error().reason(), r.path("scheme"));
  auto id = parse_subject_id(*scheme, LH_TRY(r.string("id", 256)));
  if (!id.ok()) return Error(id.error().reason(), r.path("id"));
  schemas::Holder out;
  out.id = std::move(*id);
  out.name = Personal<std::string>(LH_TRY(r.string("name", 1024)));
  LH_TRY(r.finish());
  return out;
}

Result<std::vector<schemas::Holder>> read_holders(ObjectReader& r) {
  const auto* items = LH_TRY(r.array("holder"))->items();
  if (items->empty() || items->size() > limits::kHoldersPerLicence) {
    return Error(Reason::kJsonValue, r.path("holder"));
  }
  std::vector<schemas::Holder> out;
  for (std::size_t i = 0; i < items->size(); ++i) {
    const std::string where = r.path("holder[" + std::to_string(i) + "]");
    out.push_back(LH_TRY(read_holder((*items)[i], where)));
  }
  return out;
}

Result<std::optional<LocalDate>> read_date(ObjectReader& r, std::string_view member) {
  const auto text = LH_TRY(r.optional_string(member, 32));
  if (!text) return std::optional<LocalDate>();
  const auto date = parse_date(*text);
  if (!date.ok()) return Error(date.error().reason(), r.path(member));
  return std::optional(*date);
}

Result<std::string> read_name(ObjectReader& r, std::string_view member, std::size_t most) {
  auto text = LH_TRY(r.string(member, most));
  if (text.empty()) return Error(Reason::kJsonValue, r.path(member) + ": empty");
  return text;
}

}  // namespace

Result<licences::CollectRequest> parse_collect_line(std::string_view line, const Uscc& collector) {
  const auto json = LH_TRY(schemas::parse_json(line, limits::kJsonBodyBytes));
  auto r = LH_TRY(ObjectReader::open(json, "licence"));
  licences::CollectRequest out;
  out.collector = collector;
  out.type = LH_TRY(r.string("type", 64));
  out.holders = LH_TRY(read_holders(r));
  out.issuer_name = LH_TRY(r.optional_string("issuer_name", 512)).value_or("");
  out.fields = LH_TRY(schemas::fields_from_json(*LH_TRY(r.object("fields")), "licence.fields"));
  out.valid_from = LH_TRY(read_date(r, "valid_from"));
  out.valid_until = LH_TRY(read_date(r, "valid_until"));
  out.status = LH_TRY(r.string("status", 32));
  out.source = collector.text() + "/" + LH_TRY(read_name(r, "source", 128));
  out.local_source = out.source;
  out.source_key = LH_TRY(read_name(r, "source_key", 512));
  out.division = LH_TRY(r.optional_string("division", 12)).value_or("");
  if (!out.division.empty()) {
    const auto division = parse_division(out.division);
    if (!division.ok()) return Error(division.error().reason(), r.path("division"));
  }
  LH_TRY(r.finish());
  return out;
}

}  // namespace lh::hub::ingest
