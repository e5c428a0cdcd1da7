// The sample files through their mappings: what the generator says is in them is what comes out.
#include "hub/app/sample_dump.h"

#include <map>

#include "adapters/mapping.h"
#include "adapters/shipped_mappings.h"
#include "adapters_scratch.h"
#include "schemas/catalogue.h"

namespace lh::adapters::file {
namespace {

using hub::app::DirtyDump;
using hub::app::SampleWorld;

struct Loaded {
  std::map<std::string, schemas::Fields> base;     // by key, the first of each
  std::map<std::string, schemas::Fields> licence;  // by key
  std::map<Reason, std::size_t> refused;           // rows, by their first reason
  std::size_t rows = 0;
  std::size_t same = 0;
  std::size_t conflicts = 0;
};

class SampleFiles : public Scratch {
 protected:
  Loaded load(const std::string& mapping_name, const std::string& file) {
    Loaded out;
    const Mapping mapping = parse_mapping(*find_shipped_mapping(mapping_name)).value();
    auto source = open_csv(path(file), file::read_settings(mapping.source).value(), {}).value();
    const Mapper mapper = Mapper::bind(mapping, source->columns()).value();
    for (const RawRow& row : read_rows(*source)) {
      ++out.rows;
      const auto outcome = mapper.apply(row);
      if (!outcome.errors.empty()) {
        ++out.refused[outcome.errors[0].reason];
        EXPECT_TRUE(outcome.records.empty());
        continue;
      }
      for (const MappedRecord& record : outcome.records) add(record, out);
    }
    return out;
  }

 private:
  static void add(const MappedRecord& record, Loaded& out) {
    if (record.kind == RecordKind::kLicence) {
      out.licence.emplace(record.key, record.fields);
      return;
    }
    const auto [at, fresh] = out.base.emplace(record.key, record.fields);
    if (fresh) return;
    ++(at->second == record.fields ? out.same : out.conflicts);
  }
};

std::string field(const Loaded& loaded, const std::string& key, const char* name) {
  const auto at = loaded.base.find(key);
  if (at == loaded.base.end()) return "no record";
  const auto* value = schemas::find_field(at->second, name);
  return value == nullptr ? "absent" : *value;
}

TEST_F(SampleFiles, CleanFilesGiveEveryPersonAndCompany) {
  const SampleWorld world = hub::app::make_sample_world(3, {300, 400});
  ASSERT_TRUE(hub::app::write_sample_files(world, path("")).ok());
  const Loaded people = load("sample-population", "population.csv");
  EXPECT_TRUE(people.refused.empty());
  ASSERT_EQ(people.base.size(), 400U);
  EXPECT_EQ(people.licence.size(), 400U);
  for (const auto& p : world.people) {
    EXPECT_EQ(field(people, p.resident_id, "name"), p.name);
    EXPECT_EQ(field(people, p.resident_id, "birth_date"), p.birth_date.text());
  }
  const Loaded companies = load("sample-legal-entities", "legal-entities.csv");
  EXPECT_TRUE(companies.refused.empty());
  ASSERT_EQ(companies.base.size(), 300U);
  for (const auto& c : world.companies) {
    EXPECT_EQ(field(companies, c.uscc, "name"), c.name);
    EXPECT_EQ(field(companies, c.uscc, "registered_capital"),
              c.capital_wan == 0 ? "absent" : std::to_string(c.capital_wan) + "0000.00 CNY");
  }
}

TEST_F(SampleFiles, EachDamageOfTheDirtyDumpIsFoundAsOftenAsItWasMade) {
  for (const std::size_t companies : {1U, 2U, 40U, 1500U}) {
    const SampleWorld world = hub::app::make_sample_world(11, {companies, 60});
    const DirtyDump dump = hub::app::write_sample_files(world, path("")).value();
    const Loaded loaded = load("dirty-sample", "legal-entities-dirty.gb18030.csv");
    EXPECT_EQ(loaded.rows, dump.rows);
    EXPECT_EQ(loaded.refused, dump.refused) << companies;
    EXPECT_EQ(loaded.same, dump.same);
    EXPECT_EQ(loaded.conflicts, dump.conflicts);
    EXPECT_EQ(loaded.base.size(), dump.good);
    EXPECT_EQ(loaded.licence.size(), dump.good);
    EXPECT_EQ(dump.good, companies);
    std::size_t refused = 0;
    for (const auto& [reason, count] : dump.refused) refused += count;
    EXPECT_EQ(dump.good + dump.same + dump.conflicts + refused, dump.rows);
    EXPECT_GE(dump.refused.size(), 9U);
  }
}

TEST_F(SampleFiles, GoodRowsOfTheDirtyDumpSayWhatTheWorldSays) {
  const SampleWorld world = hub::app::make_sample_world(5, {200, 60});
  ASSERT_TRUE(hub::app::write_sample_files(world, path("")).ok());
  const Loaded loaded = load("dirty-sample", "legal-entities-dirty.gb18030.csv");
  const auto kinds = schemas::shipped_base_kinds();
  const auto& definitions = std::find_if(kinds.begin(), kinds.end(), [](const auto& k) {
                              return k.id == "legal_entity";
                            })->fields;
  std::size_t rare = 0;
  for (const auto& c : world.companies) {
    const std::string name = field(loaded, c.uscc, "name");
    EXPECT_TRUE(name.starts_with(c.name)) << name;
    rare += name != c.name ? 1U : 0U;
    EXPECT_EQ(field(loaded, c.uscc, "establishment_date"), c.established.text());
    EXPECT_EQ(field(loaded, c.uscc, "registered_capital"),
              c.capital_wan == 0 ? "absent" : std::to_string(c.capital_wan) + "0000.00 CNY");
    EXPECT_TRUE(field(loaded, c.uscc, "business_scope").ends_with(c.scope));
    EXPECT_TRUE(field(loaded, c.uscc, "domicile").starts_with(c.domicile));
    const auto checked = schemas::check_fields(definitions, loaded.base.at(c.uscc));
    EXPECT_TRUE(checked.ok()) << checked.error().describe();
  }
  EXPECT_EQ(rare, 50U);  // every fourth name has a rare character
}

TEST_F(SampleFiles, AreNotWrittenWhereNothingCanBeWritten) {
  const auto written =
      hub::app::write_sample_files(hub::app::make_sample_world(1, {}), path("no/such/folder"));
  ASSERT_FALSE(written.ok());
  EXPECT_EQ(written.error().reason(), Reason::kFileUnwritable);
}

}  // namespace
}  // namespace lh::adapters::file
