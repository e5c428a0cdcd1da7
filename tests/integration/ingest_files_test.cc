// Whole files through their shipped mappings into a hub: the real dumps against counts of another
// program (adapters_truth.py), the sample world against what its generator says.
#include <array>
#include <cstdio>
#include <filesystem>

#include "adapters/file/file_source.h"
#include "adapters/mapping.h"
#include "adapters/shipped_mappings.h"
#include "hub/app/sample_dump.h"
#include "tests/kits/scratch_folder.h"
#include "tests/unit/hub_ingest_kit.h"

namespace lh {
namespace {

using hub::ingest::LoadCounts;
using kits::IngestHub;
using kits::text_of;
using schemas::AuditEvent;

Result<LoadCounts> load_file(IngestHub& hub, const std::string& mapping_name,
                             const std::string& path) {
  const auto mapping = adapters::parse_mapping(*adapters::find_shipped_mapping(mapping_name));
  const auto from = LH_TRY(hub::ingest::start_cursor(*hub.store, mapping->name));
  const auto settings = LH_TRY(adapters::file::read_settings(mapping->source));
  auto source = LH_TRY(adapters::file::open_csv(path, settings, from));
  return hub.load_from(*adapters::find_shipped_mapping(mapping_name), *source, 1000);
}

std::map<Reason, std::size_t> reasons(const IngestHub& hub, const std::string& source) {
  std::map<Reason, std::size_t> out;
  for (const auto& row : hub.quarantine(source)) ++out[row.reason];
  return out;
}

class RealFiles : public testing::Test {
 protected:
  static std::string data_file(const std::string& name) {
    return std::string(LH_SHARED_DIR) + "/data/" + name;
  }
  // "key value" lines of the other program.
  static std::map<std::string, std::uint64_t> truth(const std::string& kind,
                                                    const std::string& file,
                                                    const std::string& encoding) {
    const std::string command = "python3 " LH_SOURCE_DIR "/tests/integration/adapters_truth.py " +
                                kind + " " + data_file(file) + " " + encoding;
    const auto close = [](FILE* f) { pclose(f); };
    const std::unique_ptr<FILE, decltype(close)> pipe(popen(command.c_str(), "r"), close);
    std::map<std::string, std::uint64_t> out;
    std::array<char, 512> line{};
    while (pipe && std::fgets(line.data(), line.size(), pipe.get()) != nullptr) {
      const std::string text(line.data());
      const auto space = text.find(' ');
      if (space != std::string::npos) {
        out[text.substr(0, space)] = std::strtoull(text.c_str() + space + 1, nullptr, 10);
      }
    }
    return out;
  }
  void companies(const std::string& name, const std::string& file, const std::string& encoding) {
    if (!std::filesystem::exists(data_file(file))) GTEST_SKIP() << file << " is not here";
    auto facts = truth("companies", file, encoding);
    ASSERT_FALSE(facts.empty()) << "python3 is needed";
    IngestHub hub;
    const auto counts = load_file(hub, name, data_file(file));
    ASSERT_TRUE(counts.ok()) << counts.error().describe();
    EXPECT_EQ(counts->read, facts["rows"]);
    EXPECT_EQ(counts->fresh, facts["codes"]);
    EXPECT_EQ(counts->read, counts->fresh + counts->same + counts->quarantined);
    EXPECT_EQ(hub.entries_of(AuditEvent::kLicenceCollected), facts["codes"]);
    EXPECT_EQ(hub.entries_of(AuditEvent::kSubjectStored), facts["sole_traders"]);
    const Bytes before = hub.data_rows();
    const auto again = load_file(hub, name, data_file(file));
    EXPECT_EQ(again->same, counts->read);
    EXPECT_EQ(again->fresh + again->changed + again->quarantined, 0U);
    EXPECT_EQ(hub.data_rows(), before);
  }
};

TEST_F(RealFiles, CompaniesOfHunan) {
  companies("legal-entities-hunan", "legal-entities-hunan.csv", "utf-8");
}

TEST_F(RealFiles, CompaniesOfJilin) {
  companies("legal-entities-jilin", "legal-entities-jilin.gb18030.csv", "gb18030");
}

TEST_F(RealFiles, LicencesOfACity) {
  const std::string file = "business-licences-southbend.csv";
  if (!std::filesystem::exists(data_file(file))) GTEST_SKIP() << file << " is not here";
  auto facts = truth("licences", file, "utf-8");
  ASSERT_FALSE(facts.empty()) << "python3 is needed";
  IngestHub hub;
  const std::string name = "business-licences-southbend";
  const auto counts = load_file(hub, name, data_file(file));
  ASSERT_TRUE(counts.ok()) << counts.error().describe();
  const std::uint64_t refused =
      facts["row.header_line"] + facts["row.not_issued"] + facts["conflict"];
  EXPECT_EQ(counts->read, facts["rows"]);
  EXPECT_EQ(counts->quarantined, refused);
  EXPECT_EQ(counts->same, facts["same"]);
  EXPECT_EQ(counts->fresh, facts["rows"] - refused - facts["same"]);
  const auto why = reasons(hub, name);
  EXPECT_EQ(why.at(Reason::kRowHeaderRepeated), facts["row.header_line"]);
  EXPECT_EQ(why.at(Reason::kRowNotIssued), facts["row.not_issued"]);
  EXPECT_EQ(why.at(Reason::kRowConflict), facts["conflict"]);
  const Bytes before = hub.data_rows();
  const auto again = load_file(hub, name, data_file(file));
  EXPECT_EQ(again->same, counts->fresh + counts->same);
  EXPECT_EQ(again->quarantined, refused);
  EXPECT_EQ(hub.data_rows(), before);
}

class SampleFiles : public testing::Test {
 protected:
  hub::app::SampleWorld world = hub::app::make_sample_world(7, {120, 150});
  kits::ScratchFolder folder;
  hub::app::DirtyDump dump = hub::app::write_sample_files(world, folder.path()).value();
};

TEST_F(SampleFiles, TheDirtyDumpGivesEveryGoodRowAndHoldsEveryBadOne) {
  IngestHub hub;
  const auto counts = load_file(hub, "dirty-sample", folder / "legal-entities-dirty.gb18030.csv");
  ASSERT_TRUE(counts.ok()) << counts.error().describe();
  auto expected = dump.refused;
  expected[Reason::kRowConflict] += dump.conflicts;
  std::size_t refused = 0;
  for (const auto& [reason, count] : expected) refused += count;
  EXPECT_EQ(text_of(*counts), text_of(LoadCounts{dump.rows, dump.good, 0, dump.same, refused}));
  EXPECT_EQ(reasons(hub, "dirty-sample"), expected);
  // Every refused row stands in the file exactly as it stands in quarantine.
  for (const auto& row : hub.quarantine("dirty-sample")) {
    EXPECT_NE(dump.bytes.find(row.bytes), Bytes::npos) << row.number;
  }
}

TEST_F(SampleFiles, PeopleAndCleanCompaniesComeInWhole) {
  IngestHub hub;
  EXPECT_EQ(text_of(load_file(hub, "sample-population", folder / "population.csv")),
            "read 150 new 150 changed 0 same 0 quarantined 0");
  EXPECT_EQ(text_of(load_file(hub, "sample-legal-entities", folder / "legal-entities.csv")),
            "read 120 new 120 changed 0 same 0 quarantined 0");
  EXPECT_EQ(hub.entries_of(AuditEvent::kLicenceCollected), 270U);
  // Nobody's name, number or address stands anywhere in the store in clear.
  const Bytes all = hub.everything();
  for (const auto& person : world.people) {
    EXPECT_EQ(all.find(person.resident_id), Bytes::npos);
    EXPECT_EQ(all.find(person.name), Bytes::npos) << person.name;
  }
}

TEST_F(SampleFiles, AFileThatGrewIsReadAgainAndGivesOnlyWhatIsNew) {
  const std::string path = folder / "growing.csv";
  const std::string whole = hub::app::legal_entities_csv(world);
  std::size_t cut = 0;
  for (int line = 0; line < 61; ++line) cut = whole.find('\n', cut) + 1;
  kits::store_file(path, whole.substr(0, cut));
  IngestHub hub;
  EXPECT_EQ(text_of(load_file(hub, "sample-legal-entities", path)),
            "read 60 new 60 changed 0 same 0 quarantined 0");
  kits::store_file(path, whole);
  EXPECT_EQ(text_of(load_file(hub, "sample-legal-entities", path)),
            "read 120 new 60 changed 0 same 60 quarantined 0");
}

TEST_F(SampleFiles, ARunThatWasCutGoesOnInTheFile) {
  IngestHub hub;
  hub.weather.lost_after = hub.weather.changes + 200;
  const std::string path = folder / "population.csv";
  const auto mapping =
      adapters::parse_mapping(*adapters::find_shipped_mapping("sample-population"));
  const auto settings = adapters::file::read_settings(mapping->source).value();
  auto source = adapters::file::open_csv(path, settings, {}).value();
  ASSERT_FALSE(
      hub.load_from(*adapters::find_shipped_mapping("sample-population"), *source, 20).ok());
  hub.weather.lost_after = INT64_MAX;
  const auto rest = load_file(hub, "sample-population", path);
  ASSERT_TRUE(rest.ok()) << rest.error().describe();
  EXPECT_LT(rest->read, 150U) << "it does not begin anew";
  EXPECT_EQ(hub.entries_of(AuditEvent::kSubjectStored), 150U);
  EXPECT_EQ(hub.entries_of(AuditEvent::kLicenceCollected), 150U);
}

}  // namespace
}  // namespace lh
