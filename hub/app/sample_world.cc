#include "hub/app/sample_world.h"

#include <algorithm>
#include <cstdio>

#include "base/ids.h"
#include "hub/app/sample_csv.h"
#include "hub/app/sample_random.h"
#include "schemas/sample_parties.h"

namespace lh::hub::app {
namespace {

constexpr std::size_t kMaxParties = 1'000'000;
constexpr std::string_view kUsccAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
// Days from 1955-01-01 to 1989-12-31: everybody is of age, and 26 or older in 2018.
constexpr std::size_t kBirthDays = 12'784;
constexpr std::size_t kBirthStep =
    7919;  // coprime to kBirthDays: spreads neighbours over the years

LocalDate day(int year, int month, int day_of_month) {
  return LocalDate::make(year, month, day_of_month).value();
}

std::string numbered(const char* what, std::size_t n) {
  char digits[24];
  std::snprintf(digits, sizeof digits, "%03zu", n + 1);
  return what + std::string(digits);
}

// n as exactly `width` characters of the alphabet of GB 32100.
std::string in_alphabet(std::size_t n, std::size_t width) {
  std::string out(width, '0');
  for (std::size_t i = width; i-- > 0; n /= kUsccAlphabet.size()) {
    out[i] = kUsccAlphabet[n % kUsccAlphabet.size()];
  }
  return out;
}

std::string make_resident_id(std::size_t n, LocalDate birth, bool male) {
  // The 15th to 17th digits tell apart who was born on one day; odd for men (GB 11643-1999).
  const std::size_t sequence = n / kBirthDays * 2 + (male ? 1 : 0);
  char digits[24];
  std::snprintf(digits, sizeof digits, "%03zu", sequence);
  std::string id = std::string(schemas::sample::kDistrict) + birth.compact() + digits;
  id.push_back(mod11_2(id).value());
  return id;
}

std::string make_uscc(const char* kind, std::size_t n) {
  std::string organisation = "MA9" + in_alphabet(n, 5);
  organisation.push_back(mod11_10_org(organisation).value());
  std::string code = kind + std::string(schemas::sample::kDistrict) + organisation;
  code.push_back(mod31_3(code).value());
  return code;
}

SamplePerson make_person(std::uint64_t seed, std::size_t n) {
  SampleRandom random(seed, n * 2);
  SamplePerson out;
  const auto offset = static_cast<std::int32_t>(n * kBirthStep % kBirthDays);
  out.birth_date = day(1955, 1, 1).plus_days(offset);
  const bool male = random.below(2) == 1;
  out.sex = male ? "男" : "女";
  out.resident_id = make_resident_id(n, out.birth_date, male);
  out.name = numbered("测试人员", n);
  constexpr const char* kNationalities[] = {"汉族", "汉族", "汉族",  "汉族",
                                            "满族", "回族", "朝鲜族"};
  out.nationality = kNationalities[random.below(std::size(kNationalities))];
  out.address = "测试市测试区测试路" + std::to_string(1 + random.below(900)) + "号";
  out.card_issued = day(2018, 1, 1).plus_days(static_cast<std::int32_t>(random.below(2900)));
  // 居民身份证法, article 5: 20 years for those from 26 to 45, 长期 from 46 on.
  if (out.card_issued.year() - out.birth_date.year() < 46) {
    const LocalDate from = out.card_issued;
    out.card_until = day(from.year() + 20, from.month(), std::min(from.day(), 28));
  }
  return out;
}

std::string make_scope(SampleRandom& random, bool food) {
  constexpr const char* kFood[] = {"餐饮服务；食品销售；外卖递送服务。",
                                   "食品销售（仅销售预包装食品）；日用百货销售。",
                                   "食品生产，食品销售；农副产品收购。"};
  constexpr const char* kOther[] = {"建筑劳务分包；土石方工程施工。",
                                    "软件开发；信息技术咨询服务。", "日用品销售；服装服饰零售。",
                                    "农作物种植，农机作业服务。", "汽车维修；汽车零配件零售。"};
  return food ? kFood[random.below(std::size(kFood))] : kOther[random.below(std::size(kOther))];
}

}  // namespace

SampleCompany make_sample_company(std::uint64_t seed, std::size_t n, std::size_t people) {
  SampleRandom random(seed, n * 2 + 1);
  SampleCompany out;
  const bool sole_trader = n % 8 == 5;
  const bool cooperative = n % 16 == 11;
  const char* kind = sole_trader ? "92" : cooperative ? "93" : "91";
  out.uscc = make_uscc(kind, n);
  out.name = numbered("测试企业", n);
  out.name += sole_trader ? "商店" : cooperative ? "农民专业合作社" : "有限公司";
  out.type = sole_trader ? "个体工商户" : cooperative ? "农民专业合作社" : "有限责任公司";
  out.established = day(2005, 1, 1).plus_days(static_cast<std::int32_t>(random.below(7600)));
  out.capital_wan = sole_trader ? 0 : 10 * (1 + random.below(500));
  out.scope = make_scope(random, n % 3 == 0);
  out.domicile = "测试市测试区创业大道" + std::to_string(1 + random.below(2000)) + "号";
  out.legal_representative = (n * 31 + random.below(7)) % people;
  for (std::size_t i = 0; i < 1 + random.below(3); ++i) {
    out.employees.push_back(random.below(people));
  }
  const std::size_t state = n == 0 ? 99 : random.below(100);
  out.state = state < 3 ? "吊销" : state < 8 ? "注销" : "存续";
  return out;
}

SampleWorld make_sample_world(std::uint64_t seed, SampleSize size) {
  LH_CHECK(size.people >= 1 && size.people <= kMaxParties, "people");
  LH_CHECK(size.companies <= kMaxParties, "companies");
  SampleWorld out;
  out.seed = seed;
  out.people.reserve(size.people);
  for (std::size_t n = 0; n < size.people; ++n) out.people.push_back(make_person(seed, n));
  out.companies.reserve(size.companies);
  for (std::size_t n = 0; n < size.companies; ++n) {
    out.companies.push_back(make_sample_company(seed, n, size.people));
  }
  return out;
}

std::string population_csv(const SampleWorld& world) {
  std::string out = csv_line(
      {"公民身份号码", "姓名", "性别", "民族", "出生日期", "户籍地址", "签发日期", "有效期截止"});
  for (const SamplePerson& p : world.people) {
    out += csv_line({p.resident_id, p.name, p.sex, p.nationality, p.birth_date.text(), p.address,
                     p.card_issued.text(), p.card_until ? p.card_until->text() : "长期"});
  }
  return out;
}

std::string legal_entities_csv(const SampleWorld& world) {
  std::string out = csv_line({"企业名称", "统一社会信用代码", "成立日期", "企业类型", "注册资本",
                              "经营范围", "住所", "法定代表人", "法定代表人证件号码", "登记状态"});
  for (const SampleCompany& c : world.companies) {
    const SamplePerson& head = world.people[c.legal_representative];
    const std::string capital =
        c.capital_wan == 0 ? "N/A" : std::to_string(c.capital_wan) + "万元人民币";
    out += csv_line({c.name, c.uscc, c.established.text(), c.type, capital, c.scope, c.domicile,
                     head.name, head.resident_id, c.state});
  }
  return out;
}

}  // namespace lh::hub::app
