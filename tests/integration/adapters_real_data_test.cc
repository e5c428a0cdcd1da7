// The three real files through their shipped mappings, against counts by another program
// (adapters_truth.py) and against the counts that stand in the data's own README.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <set>

#include "adapters/file/file_source.h"
#include "adapters/mapping.h"
#include "adapters/shipped_mappings.h"
#include "schemas/catalogue.h"

namespace lh::adapters {
namespace {

using Facts = std::map<std::string, std::string>;

std::string data_file(const std::string& name) {
  return std::string(LH_SHARED_DIR) + "/data/" + name;
}

// "key value" lines of the other program; empty when python3 is not there.
Facts truth(const std::string& kind, const std::string& file, const std::string& encoding) {
  const std::string command = "python3 " LH_SOURCE_DIR "/tests/integration/adapters_truth.py " +
                              kind + " " + data_file(file) + " " + encoding;
  const auto close = [](FILE* f) { pclose(f); };
  const std::unique_ptr<FILE, decltype(close)> pipe(popen(command.c_str(), "r"), close);
  Facts out;
  std::array<char, 512> line{};
  while (pipe && std::fgets(line.data(), line.size(), pipe.get()) != nullptr) {
    const std::string text(line.data());
    const auto space = text.find(' ');
    if (space == std::string::npos) continue;
    out[text.substr(0, space)] = text.substr(space + 1, text.size() - space - 2);
  }
  return out;
}

class Digest {
 public:
  void add(const std::vector<std::string>& values) {
    for (const std::string& value : values) {
      for (const char c : value) byte(static_cast<std::uint8_t>(c));
      byte(0x1F);
    }
    byte(0x1E);
  }
  std::string text() const { return std::to_string(hash_); }

 private:
  void byte(std::uint8_t b) { hash_ = (hash_ ^ b) * 0x100000001B3U; }
  std::uint64_t hash_ = 0xCBF29CE484222325U;
};

struct Loaded {
  std::vector<MappedRecord> records;
  std::map<std::string, std::size_t> reasons;
  std::size_t rows = 0;
  std::size_t refused = 0;
  std::string digest;
};

Loaded load(const std::string& mapping_name, const std::string& file) {
  Loaded out;
  const Mapping mapping = parse_mapping(*find_shipped_mapping(mapping_name)).value();
  auto source =
      file::open_csv(data_file(file), file::read_settings(mapping.source).value(), {}).value();
  const Mapper mapper = Mapper::bind(mapping, source->columns()).value();
  Digest digest;
  for (;;) {
    const auto row = source->next();
    EXPECT_TRUE(row.ok());
    if (!row.ok() || !*row) break;
    ++out.rows;
    digest.add((*row)->values);
    auto outcome = mapper.apply(**row);
    if (!outcome.errors.empty()) ++out.refused;
    for (const RowError& error : outcome.errors)
      ++out.reasons[std::string(reason_id(error.reason))];
    for (MappedRecord& record : outcome.records) out.records.push_back(std::move(record));
  }
  out.digest = digest.text();
  return out;
}

// "50880000.00 CNY" to cents of its currency.
void add_capital(const std::string& text, std::map<std::string, std::int64_t>& cents,
                 std::map<std::string, std::size_t>& counts) {
  const auto point = text.find('.');
  const std::string digits = text.substr(0, point) + text.substr(point + 1, 2);
  const std::string currency = text.substr(text.size() - 3);
  cents[currency] += std::stoll(digits);
  ++counts[currency];
}

std::string money(std::int64_t cents) {
  std::string digits = std::to_string(cents);
  if (digits.size() < 3) digits.insert(0, 3 - digits.size(), '0');
  return digits.insert(digits.size() - 2, 1, '.');
}

Facts facts_of_companies(const Loaded& loaded) {
  std::map<std::string, std::int64_t> cents;
  std::map<std::string, std::size_t> n;
  std::set<std::string> codes;
  std::set<std::string> divisions;
  std::string first = "9999";
  std::string last;
  for (const MappedRecord& record : loaded.records) {
    if (record.kind != RecordKind::kBaseData) continue;
    codes.insert(record.key);
    divisions.insert(record.division);
    n["sole_traders"] += record.key.starts_with("92") ? 1U : 0U;
    const auto* day = schemas::find_field(record.fields, "establishment_date");
    first = std::min(first, *day);
    last = std::max(last, *day);
    const auto* capital = schemas::find_field(record.fields, "registered_capital");
    if (capital != nullptr) add_capital(*capital, cents, n);
    n["types"] += schemas::find_field(record.fields, "entity_type") != nullptr ? 1U : 0U;
    n["domiciles"] += schemas::find_field(record.fields, "domicile") != nullptr ? 1U : 0U;
    const auto* scope = schemas::find_field(record.fields, "business_scope");
    n["scopes"] += scope != nullptr ? 1U : 0U;
    n["food"] += scope != nullptr && scope->find("食品") != std::string::npos ? 1U : 0U;
  }
  Facts out = {{"rows", std::to_string(loaded.rows)},
               {"digest", loaded.digest},
               {"codes", std::to_string(codes.size())},
               {"divisions", std::to_string(divisions.size())},
               {"capital_cny", std::to_string(n["CNY"])},
               {"capital_usd", std::to_string(n["USD"])},
               {"total_cny", money(cents["CNY"])},
               {"total_usd", money(cents["USD"])},
               {"first_day", first},
               {"last_day", last}};
  for (const char* key : {"sole_traders", "types", "scopes", "domiciles", "food"}) {
    out[key] = std::to_string(n[key]);
  }
  return out;
}

// Every record is one its type or kind accepts.
void expect_accepted(const Loaded& loaded) {
  const auto types = schemas::shipped_licence_types();
  const auto kinds = schemas::shipped_base_kinds();
  for (const MappedRecord& record : loaded.records) {
    const std::vector<schemas::FieldDefinition>* definitions = nullptr;
    for (const auto& type : types) {
      if (type.code.text() == record.object) definitions = &type.fields;
    }
    for (const auto& kind : kinds) {
      if (kind.id == record.object) definitions = &kind.fields;
    }
    ASSERT_NE(definitions, nullptr) << record.object;
    const auto checked = schemas::check_fields(*definitions, record.fields);
    ASSERT_TRUE(checked.ok()) << checked.error().describe();
  }
}

class RealData : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(data_file("README.md"))) {
      GTEST_SKIP() << "the real data is not here (../shared/data)";
    }
  }
};

TEST_F(RealData, CompaniesOfHunan) {
  const Loaded loaded = load("legal-entities-hunan", "legal-entities-hunan.csv");
  EXPECT_EQ(loaded.refused, 0U);
  EXPECT_EQ(loaded.records.size(), 5000U);
  Facts facts = facts_of_companies(loaded);
  EXPECT_EQ(facts["rows"], "2500");
  EXPECT_EQ(facts["sole_traders"], "170");
  EXPECT_EQ(facts["capital_cny"], std::to_string(2500 - 622 - 1));
  EXPECT_EQ(facts["capital_usd"], "1");
  EXPECT_EQ(facts["types"], std::to_string(2500 - 367));
  EXPECT_EQ(facts["scopes"], std::to_string(2500 - 6));
  EXPECT_EQ(facts["domiciles"], std::to_string(2500 - 8));
  const Facts expected = truth("companies", "legal-entities-hunan.csv", "utf-8");
  EXPECT_TRUE(expected.empty() || facts == expected) << ::testing::PrintToString(facts) << "\n"
                                                     << ::testing::PrintToString(expected);
  expect_accepted(loaded);
}

TEST_F(RealData, CompaniesOfJilin) {
  const Loaded loaded = load("legal-entities-jilin", "legal-entities-jilin.gb18030.csv");
  EXPECT_EQ(loaded.refused, 0U);
  EXPECT_EQ(loaded.records.size(), 4000U);
  Facts facts = facts_of_companies(loaded);
  EXPECT_EQ(facts["rows"], "2000");
  EXPECT_EQ(facts["sole_traders"], "51");
  EXPECT_EQ(facts["capital_usd"], "1");
  EXPECT_EQ(facts["types"], std::to_string(2000 - 478));
  const Facts expected = truth("companies", "legal-entities-jilin.gb18030.csv", "gb18030");
  EXPECT_TRUE(expected.empty() || facts == expected) << ::testing::PrintToString(facts) << "\n"
                                                     << ::testing::PrintToString(expected);
  expect_accepted(loaded);
}

TEST_F(RealData, AnAmountWithoutCurrencyIsRefusedWhereTheMappingNamesNone) {
  Mapping mapping = parse_mapping(*find_shipped_mapping("legal-entities-jilin")).value();
  for (OutputRule& output : mapping.outputs) {
    for (FieldRule& field : output.fields) {
      if (field.name == "registered_capital") field.converters = {"capital"};
    }
  }
  auto source = file::open_csv(data_file("legal-entities-jilin.gb18030.csv"),
                               file::read_settings(mapping.source).value(), {})
                    .value();
  const Mapper mapper = Mapper::bind(mapping, source->columns()).value();
  std::size_t refused = 0;
  for (;;) {
    const auto row = source->next();
    if (!row.ok() || !*row) break;
    const auto outcome = mapper.apply(**row);
    if (outcome.errors.empty()) continue;
    ++refused;
    ASSERT_EQ(outcome.errors[0].reason, Reason::kRowNumber);
  }
  EXPECT_EQ(refused, 1686U);
}

// Identical and conflicting repeats as an import tells them apart: by key.
Facts facts_of_licences(const Loaded& loaded) {
  std::map<std::string, std::size_t> n;
  std::map<std::string, schemas::Fields> seen;
  for (const MappedRecord& record : loaded.records) {
    ++n[record.status];
    EXPECT_EQ(record.holder.scheme, IdScheme::kLocal);
    EXPECT_EQ(record.holder.local_source, "southbend-licences");
    EXPECT_EQ(record.holder.id.reveal(), record.key);
    const std::string& year = *schemas::find_field(record.fields, "year");
    EXPECT_EQ(record.valid_from.value().text(), year + "-01-01");
    EXPECT_EQ(record.valid_until.value().text(), year + "-12-31");
    const auto [at, fresh] = seen.emplace(record.key, record.fields);
    if (!fresh) ++n[at->second == record.fields ? "same" : "conflict"];
    const std::string& name = *schemas::find_field(record.fields, "business_name");
    n["test"] += name == "TEST" || name.find("Test ") != std::string::npos ? 1U : 0U;
  }
  Facts out = {{"rows", std::to_string(loaded.rows)}, {"digest", loaded.digest}};
  for (const auto& [key, count] : n) out[key] = std::to_string(count);
  for (const auto& [key, count] : loaded.reasons) out[key] = std::to_string(count);
  return out;
}

TEST_F(RealData, LicencesOfSouthBend) {
  const Loaded loaded = load("business-licences-southbend", "business-licences-southbend.csv");
  Facts facts = facts_of_licences(loaded);
  EXPECT_EQ(facts["rows"], "3031");
  EXPECT_EQ(facts["row.header_line"], "3");
  EXPECT_EQ(facts["row.not_issued"], std::to_string(146 + 4 + 2 + 2));
  EXPECT_EQ(facts["valid"], std::to_string(530 + 2018 + 7));
  EXPECT_EQ(facts["expired"], "154");
  EXPECT_EQ(facts["cancelled"], std::to_string(86 + 79));
  EXPECT_EQ(facts["same"], "1");
  EXPECT_EQ(facts["conflict"], "1");
  EXPECT_EQ(facts["test"], "2");
  EXPECT_EQ(loaded.records.size() + loaded.refused, 3031U);
  const Facts expected = truth("licences", "business-licences-southbend.csv", "utf-8");
  EXPECT_TRUE(expected.empty() || facts == expected) << ::testing::PrintToString(facts) << "\n"
                                                     << ::testing::PrintToString(expected);
  expect_accepted(loaded);
}

}  // namespace
}  // namespace lh::adapters
