#include "hub/app/demo/cast.h"

#include "adapters/file/file_source.h"
#include "hub/app/sources.h"

namespace lh::hub::app::demo {
namespace {

constexpr std::uint64_t kSeed = 20261122;
constexpr std::size_t kNewCompany = 999;

bool fits(const adapters::MappedRecord& record, const std::string& wanted) {
  if (record.kind != adapters::RecordKind::kLicence || record.holder.scheme != IdScheme::kUscc) {
    return false;
  }
  if (!wanted.empty()) return record.holder.id.reveal() == wanted;
  const std::string* scope = schemas::find_field(record.fields, "business_scope");
  return scope != nullptr && scope->find("食品") != std::string::npos && record.status == "valid";
}

}  // namespace

Result<std::pair<std::string, std::string>> find_applicant(const DemoOptions& options,
                                                           const adapters::Mapping& mapping) {
  auto source = LH_TRY(adapters::file::make_kind()->pull(mapping.source, {options.source}, {}));
  const auto mapper = LH_TRY(adapters::Mapper::bind(mapping, source->columns()));
  for (;;) {
    const auto row = LH_TRY(source->next());
    if (!row) break;
    if (row->malformed) continue;
    const auto outcome = mapper.apply(*row);
    for (const auto& record : outcome.records) {
      if (!fits(record, options.applicant)) continue;
      return std::pair(record.holder.id.reveal(), record.holder.name.reveal());
    }
  }
  return Error(Reason::kUsage,
               options.applicant.empty()
                   ? "no good row of the source has 食品 in its scope; name one with --applicant"
                   : "the source has no good row of that applicant");
}

Result<Cast> choose_cast(const DemoOptions& options) {
  Cast cast;
  cast.world = make_sample_world(kSeed, {40, 60});
  cast.new_company = make_sample_company(kSeed, kNewCompany, cast.world.people.size());
  cast.representative = cast.world.people.at(0);
  cast.employee = cast.world.people.at(1);
  cast.applicant = cast.new_company.uscc;
  cast.applicant_name = cast.new_company.name;
  if (options.source.empty()) return cast;
  const auto mapping = LH_TRY(load_mapping(options.mapping));
  auto found = LH_TRY(find_applicant(options, mapping));
  cast.applicant = std::move(found.first);
  cast.applicant_name = std::move(found.second);
  cast.applicant_from_dump = true;
  return cast;
}

}  // namespace lh::hub::app::demo
