// A fictitious city with people and companies, made from a seed: the demonstration, the tests and
// the benchmarks run on it. Everything in it is visibly invented (测试人员001, 测试企业001,
// division 9901xx) and every check character is right. The same seed and size give the same world.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/time.h"

namespace lh::hub::app {

struct SampleSize {
  std::size_t companies = 40;
  std::size_t people = 60;  // at least 1
};

struct SamplePerson {
  std::string resident_id;
  std::string name;
  std::string sex;  // 男, 女
  std::string nationality;
  LocalDate birth_date;
  std::string address;
  LocalDate card_issued;
  std::optional<LocalDate> card_until;  // none = 长期 (from 46 years on)
};

struct SampleCompany {
  std::string uscc;  // 91… companies, 92… sole traders, 93… cooperatives
  std::string name;
  std::string type;
  LocalDate established;
  std::size_t capital_wan = 0;  // registered capital, 万元人民币; 0 = none (sole traders)
  std::string scope;            // of every third company, and of the first, with 食品
  std::string domicile;
  std::size_t legal_representative = 0;  // index into people
  std::vector<std::size_t> employees;    // indices into people
  std::string state;                     // 存续, 吊销, 注销; the first company's is 存续
};

struct SampleWorld {
  std::uint64_t seed = 0;
  std::vector<SamplePerson> people;
  std::vector<SampleCompany> companies;
};

// Input: 1..1,000,000 people and at most as many companies (LH_CHECK).
SampleWorld make_sample_world(std::uint64_t seed, SampleSize size);
// Company number n (0-based) of such a world, also beyond those the world holds.
SampleCompany make_sample_company(std::uint64_t seed, std::size_t n, std::size_t people);

// One line of text a person, with a header line; UTF-8, CRLF. Mapping: sample-population.toml.
std::string population_csv(const SampleWorld& world);
// Mapping: sample-legal-entities.toml.
std::string legal_entities_csv(const SampleWorld& world);

}  // namespace lh::hub::app
