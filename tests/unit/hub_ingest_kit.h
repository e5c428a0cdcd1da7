// A hub that loads: mappings for made-up companies, people and food licences, sources that break
// off, and a ledger in front of which changes can be lost. All names are made up.
#pragma once

#include <atomic>

#include "adapters/memory/memory_source.h"
#include "hub/ingest/collection.h"
#include "hub/ingest/cursor.h"
#include "hub/ingest/quarantine.h"
#include "tests/unit/hub_licences_kit.h"

namespace lh::kits {

// One row is a company: base data and business licence, as the shipped mappings have it.
inline constexpr std::string_view kCompanies = R"(
name = "companies"
version = 1
issuer_name = "测试登记机关"
[source]
kind = "memory"
[[outputs]]
kind = "base_data"
object = "legal_entity"
key = ["uscc"]
holder = { scheme = "uscc", id = "uscc", name = "name" }
[outputs.fields]
uscc = { column = "code", check = ["uscc"], required = true }
name = { column = "name", required = true }
business_scope = { column = "scope" }
[[outputs]]
kind = "licence"
object = "11990100MB99000131001"
key = ["uscc"]
holder = { scheme = "uscc", id = "uscc", name = "enterprise_name" }
status = "valid"
valid_from = "establishment_date"
division = "990100"
[outputs.fields]
enterprise_name = { column = "name", required = true }
uscc = { column = "code", check = ["uscc"], required = true }
establishment_date = { column = "day", convert = ["date"], required = true }
business_scope = { column = "scope" }
)";

// Licences only, several of one company.
inline constexpr std::string_view kFoodLicences = R"(
name = "food"
version = 1
issuer_name = "测试监管机关"
[source]
kind = "memory"
[[outputs]]
kind = "licence"
object = "11990100MB99000131002"
key = ["certificate_number"]
holder = { scheme = "uscc", id = "uscc", name = "operator_name" }
status = "valid"
division = "990100"
[outputs.fields]
certificate_number = { column = "number", required = true }
operator_name = { column = "name" }
uscc = { column = "code", check = ["uscc"], required = true }
business_premises = { constant = "测试路3号" }
business_items = { constant = "预包装食品销售" }
)";

inline constexpr std::string_view kPeople = R"(
name = "people"
version = 1
issuer_name = "测试公安机关"
[source]
kind = "memory"
[[outputs]]
kind = "base_data"
object = "natural_person"
key = ["resident_id"]
holder = { scheme = "resident_id", id = "resident_id", name = "name" }
[outputs.fields]
resident_id = { column = "code", check = ["resident_id"], required = true }
name = { column = "name", required = true }
household_address = { column = "scope" }
)";

using Table = std::vector<std::vector<std::string>>;

inline std::vector<std::string> company_row(int number, std::string scope = "食品销售") {
  return {test_uscc(number).text(), "测试企业" + std::to_string(number), std::move(scope),
          "2020-05-06"};
}
inline std::vector<std::string> food_row(int number, int company, std::string name = "测试企业") {
  return {test_uscc(company).text(), std::move(name), "FOOD-" + std::to_string(number)};
}
inline std::vector<std::string> person_row(int number) {
  return {test_person(number).value.reveal(), "测试人员" + std::to_string(number), "测试街4号"};
}
inline const std::vector<std::string> kCompanyColumns{"code", "name", "scope", "day"};
inline const std::vector<std::string> kFoodColumns{"code", "name", "number"};
inline const std::vector<std::string> kPersonColumns{"code", "name", "scope"};

// What is between a load and the ledger.
struct Weather {
  std::atomic<std::int64_t> lost_after{INT64_MAX};  // changes from this one on are lost
  std::atomic<std::uint32_t> stale_each{0};         // each n-th change is refused as stale
  std::atomic<std::int64_t> changes{0};
};

class IngestHub : public LicenceHub {
 public:
  IngestHub() {
    Secret secret = Secret::zeroed(32);
    random.fill(secret.data(), secret.size());
    keys.put("quarantine", std::move(secret), random).value();
  }

  hub::ingest::Collection collection(std::uint64_t mark_rows = 20000, int workers = 2) {
    return hub::ingest::Collection(hub::ingest::CollectionParts{
        *store, *office, *directory, *base_data, gate, *maker, keys, random, clock,
        [this](hub::ledger::Change change, hub::ledger::Continuation next) {
          const std::int64_t number = ++weather.changes;
          if (number > weather.lost_after) return next(Error(Reason::kAuditUnavailable));
          const std::uint32_t each = weather.stale_each;
          if (each != 0 && number % each == 0) return next(Error(Reason::kStoreStale));
          ledger->submit(std::move(change), std::move(next));
        },
        workers, mark_rows});
  }

  Result<hub::ingest::LoadCounts> load_from(std::string_view toml, adapters::Source& source,
                                            std::uint64_t mark_rows = 20000) {
    const auto mapping = adapters::parse_mapping(toml).value();
    const hub::ingest::LoadRequest request{mapping.name, uscc_of(kBureau), "administrator-1"};
    return collection(mark_rows).load(request, mapping, source, *catalogue.policy(), {});
  }
  // As the `load` command does it: from the stored cursor.
  Result<hub::ingest::LoadCounts> load(std::string_view toml,
                                       const std::vector<std::string>& columns, const Table& rows,
                                       std::uint64_t mark_rows = 20000) {
    const auto mapping = adapters::parse_mapping(toml).value();
    const auto from = LH_TRY(hub::ingest::start_cursor(*store, mapping.name));
    auto source = LH_TRY(adapters::memory::open_source(columns, rows, from));
    return load_from(toml, *source, mark_rows);
  }
  Result<hub::ingest::LoadCounts> companies(const Table& rows, std::uint64_t mark_rows = 20000) {
    return load(kCompanies, kCompanyColumns, rows, mark_rows);
  }
  // The rows that wait.
  std::vector<hub::ingest::QuarantinedRow> quarantine(const std::string& source) const {
    std::vector<hub::ingest::QuarantinedRow> out;
    const auto take = [&out](hub::ingest::QuarantinedRow row) {
      if (row.waits()) out.push_back(std::move(row));
      return ok_status();
    };
    EXPECT_TRUE(hub::ingest::each_quarantined(*store, keys, source, take).ok());
    return out;
  }

  // "number reason bytes" of each quarantined row.
  std::vector<std::string> refusals(const std::string& source) const {
    std::vector<std::string> out;
    for (const auto& row : quarantine(source)) {
      out.push_back(std::to_string(row.number) + " " + std::string(reason_id(row.reason)) + " " +
                    row.bytes);
    }
    return out;
  }
  // What the hub says about a company: base data and licence with version, opened.
  std::string told(int company) {
    std::string out;
    const auto subject = directory->find(test_company(company)).value();
    if (!subject) return "unknown";
    const auto permit = gate.maintenance();
    hub::audit::EntryFacts facts;
    auto looked = change(facts);
    looked.access = permit.access_id();
    const auto recorded = ledger->commit(std::move(looked)).value();
    const auto base = base_data->read(*subject, "legal_entity", permit).value().open(recorded[0]);
    if (base) {
      for (const auto& [name, value] : base->fields) out += name + "=" + value + ";";
    }
    const auto licence = licences->find_by_alias("source/companies", test_uscc(company).text());
    if (!licence.ok() || !*licence) return out + " no licence";
    const auto head = licences->head(**licence).value();
    auto version = licences->version(head, head.version, permit).value().open(recorded[0]);
    out += " version " + std::to_string(head.version) + ": ";
    for (const auto& [name, value] : version.fields) out += name + "=" + value + ";";
    return out;
  }
  std::uint64_t entries_of(schemas::AuditEvent event) const {
    hub::audit::SearchQuery query;
    query.event = event;
    query.limit = 200;
    std::uint64_t count = 0;
    for (;;) {
      const auto page = hub::audit::search(*ledger, query).value();
      count += page.hits.size();
      if (!page.next_before) return count;
      query.before = *page.next_before;
    }
  }
  // Keys of the business rows; two loads that change nothing leave them alone.
  Bytes data_rows() const {
    Bytes all;
    for (const auto& row :
         store->latest().scan(hub::store::Family::kData, "", "", 1000000).value()) {
      all += row.key + '\n' + row.value + '\n';
    }
    return all;
  }

  Weather weather;
};

inline std::string text_of(const hub::ingest::LoadCounts& c) {
  return "read " + std::to_string(c.read) + " new " + std::to_string(c.fresh) + " changed " +
         std::to_string(c.changed) + " same " + std::to_string(c.same) + " quarantined " +
         std::to_string(c.quarantined);
}
inline std::string text_of(const Result<hub::ingest::LoadCounts>& c) {
  return c.ok() ? text_of(*c) : c.error().describe();
}

}  // namespace lh::kits
