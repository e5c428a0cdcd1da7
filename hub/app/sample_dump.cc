#include "hub/app/sample_dump.h"

#include <fstream>
#include <utility>
#include <vector>

#include "adapters/file/encoding.h"
#include "hub/app/sample_csv.h"
#include "hub/app/sample_random.h"

namespace lh::hub::app {
namespace {

using Values = std::vector<std::string>;
enum Column : std::size_t {  // of the dump
  kName,
  kCode,
  kDate,
  kType,
  kCapital,
  kScope,
  kDomicile,
  kHead,
  kHeadId,
  kState
};
const Values kHeader = {"企业名称",           "统一社会信用代码", "成立日期", "企业类型",
                        "注册资本",           "经营范围",         "住所",     "法定代表人",
                        "法定代表人证件号码", "登记状态"};

std::string full_width(const std::string& code) {
  std::string out;
  for (const char c : code) {  // '0'..'Z' to U+FF10..U+FF3A
    out += "\xEF\xBC";
    out.push_back(static_cast<char>(c - '!' + 0x81));
  }
  return out;
}

// The date in one of the spellings the mapping reads.
std::string spelled(LocalDate d, std::size_t how) {
  const std::string y = std::to_string(d.year());
  const std::string m = std::to_string(d.month());
  const std::string n = std::to_string(d.day());
  switch (how % 4) {
    case 0:
      return d.text();
    case 1:
      return y + "/" + m + "/" + n;
    case 2:
      return y + "年" + m + "月" + n + "日";
    default:
      return d.compact();
  }
}

std::string spelled_capital(std::size_t wan, std::size_t how) {
  if (wan == 0) return how % 2 == 0 ? "N/A" : "0(万)";
  const std::string n = std::to_string(wan);
  switch (how % 5) {
    case 0:
      return n + "(万元人民币)";
    case 1:
      return n + "万人民币";
    case 2:
      return n + "(万)";
    case 3:
      return n.size() > 3 ? n.substr(0, n.size() - 3) + "," + n.substr(n.size() - 3) + "(万元)"
                          : n + "(万元)";
    default:
      return n + "万元人民币";
  }
}

// U+20BB7 and U+3447 take four bytes in GB18030; U+9FB4 (FE59) and U+FE10 (A6D9) were given their
// places by the 2022 edition.
std::string rare_name(const std::string& name, std::size_t how) {
  constexpr const char* kRare[] = {"\U00020BB7", "\u3447", "\u9FB4", "\uFE10"};
  return name + "（" + kRare[how % 4] + "）";
}

class DumpWriter {
 public:
  explicit DumpWriter(const SampleWorld& world) : world_(world), random_(world.seed, 0xD1) {}

  Result<DirtyDump> write() {
    LH_TRY(add_text(csv_line(kHeader)));
    const std::size_t n = world_.companies.size();
    const std::size_t each = 1 + n / 40;  // rows of each damage
    for (std::size_t i = 0; i < n; ++i) LH_TRY(add_good(i));
    for (std::size_t i = 0; i < each; ++i) LH_TRY(add_bad(i));
    for (std::size_t i = 0; i < each; ++i) LH_TRY(add_repeats(i));
    return std::move(out_);
  }

 private:
  Values values_of(const SampleCompany& c, std::size_t how) const {
    const SamplePerson& head = world_.people[c.legal_representative];
    return {c.name,
            c.uscc,
            spelled(c.established, how),
            c.type,
            spelled_capital(c.capital_wan, how),
            c.scope,
            c.domicile,
            head.name,
            head.resident_id,
            c.state};
  }

  Values good_values(std::size_t i) const {
    Values v = values_of(world_.companies[i], i);
    if (i % 4 == 1) v[kName] = rare_name(v[kName], i / 4);
    if (i % 5 == 2) v[kCode] = full_width(v[kCode]);
    if (i % 7 == 3) v[kScope] = "许可项目," + v[kScope];
    if (i % 9 == 4) v[kDomicile] += "\r\n（二楼）";
    if (i % 6 == 5) v[kType] = "N/A";
    return v;
  }

  Status add_text(const std::string& utf8) {
    out_.bytes += LH_TRY(adapters::file::encode_gb18030(utf8));
    return {};
  }

  Status add_good(std::size_t i) {
    ++out_.rows;
    ++out_.good;
    return add_text(csv_line(good_values(i)));
  }

  Status add_refused(const std::string& line, Reason reason) {
    ++out_.rows;
    ++out_.refused[reason];
    return add_text(line);
  }

  // A company that is not of the world, so that no bad row can hide behind a good one.
  Values outsider() {
    const std::size_t n = world_.companies.size() + outsiders_++;
    return values_of(make_sample_company(world_.seed, n, world_.people.size()), n);
  }

  Status add_changed(Column column, const std::string& value, Reason reason) {
    Values v = outsider();
    v[column] = value;
    return add_refused(csv_line(v), reason);
  }

  static std::string with_wrong_check(std::string code) {
    code.back() = code.back() == '1' ? '2' : '1';
    return code;
  }

  Status add_bad(std::size_t i) {
    LH_TRY(add_bad_values(i));
    LH_TRY(add_bad_shape(i));
    // Bytes that are no character: a lead byte before a comma.
    ++out_.rows;
    ++out_.refused[Reason::kRowEncoding];
    const Values v = outsider();
    out_.bytes += "\x81," + LH_TRY(adapters::file::encode_gb18030(csv_line(v)));
    return {};
  }

  Status add_bad_values(std::size_t i) {
    const Values v = outsider();
    LH_TRY(add_changed(kCode, with_wrong_check(v[kCode]), Reason::kRowCheckDigit));
    LH_TRY(add_changed(kHeadId, with_wrong_check(v[kHeadId]), Reason::kRowCheckDigit));
    LH_TRY(add_changed(kCode, v[kCode].substr(0, 15), Reason::kRowCheck));
    LH_TRY(add_changed(kName, i % 2 == 0 ? "" : "N/A", Reason::kRowRequired));
    LH_TRY(add_changed(kCode, " ", Reason::kRowRequired));
    constexpr const char* kNoDates[] = {"2018-02-30", "2019/13/1", "20170931", "2018年2月29日"};
    LH_TRY(add_changed(kDate, kNoDates[i % 4], Reason::kRowDate));
    LH_TRY(add_changed(kDate, "1900-01-01", Reason::kRowDate));
    constexpr const char* kNoAmounts[] = {"面议", "5,08(万)", "100(万两)", "1.2.3万"};
    LH_TRY(add_changed(kCapital, kNoAmounts[i % 4], Reason::kRowNumber));
    return add_changed(kState, "开业", Reason::kRowEnum);
  }

  Status add_bad_shape(std::size_t i) {
    Values v = outsider();
    v.resize(2 + random_.below(7));
    LH_TRY(add_refused(csv_line(v), Reason::kRowWidth));
    v = outsider();
    v.insert(v.end(), 1 + random_.below(3), "多余");
    LH_TRY(add_refused(csv_line(v), Reason::kRowWidth));
    v = outsider();
    v[kCode] = "信用代码";  // the header of another office's dump
    LH_TRY(add_refused(csv_line(v), Reason::kRowHeaderRepeated));
    LH_TRY(add_refused(csv_line(kHeader), Reason::kRowHeaderRepeated));
    const std::string line = csv_line(outsider());
    // Text behind a closing quote, or a quote that is never closed.
    return add_refused((i % 2 == 0 ? "\"旧\"" : "\"") + line, Reason::kRowQuoting);
  }

  Status add_repeats(std::size_t i) {
    const std::size_t n = world_.companies.size();
    ++out_.rows;
    ++out_.same;
    LH_TRY(add_text(csv_line(good_values(random_.below(n)))));
    Values v = good_values(i % n);
    v[kName] += "（更名）";
    ++out_.rows;
    ++out_.conflicts;
    return add_text(csv_line(v));
  }

  const SampleWorld& world_;
  SampleRandom random_;
  std::size_t outsiders_ = 0;
  DirtyDump out_;
};

Status write_file(const std::string& path, const std::string& bytes) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (!out) return Error(Reason::kFileUnwritable, path);
  return {};
}

}  // namespace

Result<DirtyDump> make_dirty_dump(const SampleWorld& world) {
  LH_CHECK(!world.companies.empty(), "a dump needs companies");
  return DumpWriter(world).write();
}

Result<DirtyDump> write_sample_files(const SampleWorld& world, const std::string& directory) {
  DirtyDump dump = LH_TRY(make_dirty_dump(world));
  LH_TRY(write_file(directory + "/population.csv", population_csv(world)));
  LH_TRY(write_file(directory + "/legal-entities.csv", legal_entities_csv(world)));
  LH_TRY(write_file(directory + "/legal-entities-dirty.gb18030.csv", dump.bytes));
  return dump;
}

}  // namespace lh::hub::app
