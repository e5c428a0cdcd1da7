// A mapping bound to columns. Equal rules of several outputs (a company's base data and its licence
// share most) become one program that runs once a row.
#include <algorithm>

#include "adapters/convert/checks.h"
#include "adapters/convert/converters.h"
#include "adapters/convert/text.h"
#include "adapters/mapping.h"
#include "adapters/mapping_rules.h"
#include "base/limits.h"

namespace lh::adapters {
namespace {

constexpr char kKeySeparator = '\x1F';  // unit separator: refused inside key values

// How one value is made from a row.
struct Program {
  FieldRule rule;
  std::vector<std::size_t> columns;
  std::vector<std::unique_ptr<const convert::Converter>> converters;
  std::vector<std::unique_ptr<const convert::Check>> checks;

  bool makes_the_same_as(const FieldRule& r) const {
    return rule.column == r.column && rule.columns == r.columns && rule.join == r.join &&
           rule.constant == r.constant && rule.converters == r.converters &&
           rule.checks == r.checks && rule.empty_values == r.empty_values &&
           rule.required == r.required;
  }
};

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

struct BoundOutput {
  const OutputRule* rule = nullptr;
  std::vector<std::pair<std::string, std::size_t>> fields;  // surface fields: name, program
  std::vector<std::size_t> key;
  std::size_t holder_id = kNone;
  std::size_t holder_name = kNone;
  std::size_t status = kNone;  // kNone: the rule's constant
  std::size_t valid_from = kNone;
  std::size_t valid_until = kNone;
  std::size_t division = kNone;
  std::vector<std::pair<std::size_t, std::size_t>> date_order;
};

Result<std::size_t> column_index(const std::vector<std::string>& columns, const std::string& name,
                                 const std::string& starved) {
  const auto at = std::find(columns.begin(), columns.end(), name);
  const std::string where = "column " + name + ", needed by " + starved;
  if (at == columns.end()) return Error(Reason::kMappingColumn, where);
  if (std::find(at + 1, columns.end(), name) != columns.end()) {
    return Error(Reason::kMappingColumn, where + ": the name stands twice");
  }
  return static_cast<std::size_t>(at - columns.begin());
}

// The value before conversion; empty = absent.
void take_value(const Program& program, const std::vector<std::string>& values, std::string& out) {
  if (!program.rule.constant.empty()) {
    out = program.rule.constant;
    return;
  }
  if (program.rule.columns.empty()) {
    out = values[program.columns[0]];
    return;
  }
  out.clear();
  for (const std::size_t column : program.columns) {
    const std::string_view part = convert::trimmed(values[column]);
    const auto& nothing = program.rule.empty_values;
    if (part.empty() || std::find(nothing.begin(), nothing.end(), part) != nothing.end()) continue;
    if (!out.empty()) out += program.rule.join;
    out += part;
  }
}

std::optional<Reason> run(const Program& program, const std::vector<std::string>& values,
                          std::string& out) {
  take_value(program, values, out);
  const std::string_view bare = convert::trimmed(out);
  const auto& nothing = program.rule.empty_values;
  if (bare.empty() || std::find(nothing.begin(), nothing.end(), bare) != nothing.end()) out.clear();
  for (const auto& converter : program.converters) {
    if (out.empty()) break;
    if (const auto reason = converter->apply(out)) return reason;
  }
  if (out.empty()) {
    return program.rule.required ? std::optional(Reason::kRowRequired) : std::nullopt;
  }
  if (out.size() > limits::kFieldBytes) return Reason::kRowTooLong;
  for (const auto& check : program.checks) {
    if (const auto reason = check->failure(out)) return reason;
  }
  return std::nullopt;
}

}  // namespace

struct Mapper::Impl {
  Mapping mapping;
  std::vector<std::string> columns;
  std::size_t guard = kNone;
  std::vector<Program> programs;
  std::vector<BoundOutput> outputs;

  Result<std::size_t> program_for(const FieldRule& rule);
  Status bind_output(const OutputRule& rule);
  bool is_header_line(const std::vector<std::string>& values) const;
  std::string make_key(const BoundOutput& output, const std::vector<std::string>& made,
                       Outcome& out) const;
  void set_dates(const BoundOutput& output, const std::vector<std::string>& made,
                 MappedRecord& record, Outcome& out) const;
  void make_record(const BoundOutput& output, const std::vector<std::string>& made,
                   Outcome& out) const;
  static void fail(Outcome& out, Reason reason, const FieldRule& rule);
};

Result<std::size_t> Mapper::Impl::program_for(const FieldRule& rule) {
  for (std::size_t i = 0; i < programs.size(); ++i) {
    if (programs[i].makes_the_same_as(rule)) return i;
  }
  Program program;
  program.rule = rule;
  if (!rule.column.empty()) {
    program.columns.push_back(LH_TRY(column_index(columns, rule.column, rule.name)));
  }
  for (const std::string& name : rule.columns) {
    program.columns.push_back(LH_TRY(column_index(columns, name, rule.name)));
  }
  for (const std::string& text : rule.converters) {
    program.converters.push_back(LH_TRY(convert::make_converter(text, mapping.tables)));
  }
  for (const std::string& text : rule.checks) {
    program.checks.push_back(LH_TRY(convert::make_check(text)));
  }
  programs.push_back(std::move(program));
  return programs.size() - 1;
}

Status Mapper::Impl::bind_output(const OutputRule& rule) {
  BoundOutput output;
  output.rule = &rule;
  for (const FieldRule& field : rule.fields) {
    const std::size_t program = LH_TRY(program_for(field));
    if (!field.name.starts_with('_')) output.fields.emplace_back(field.name, program);
  }
  const auto named = [this, &rule](const std::string& name) -> Result<std::size_t> {
    const FieldRule* field = find_field_rule(rule, name);
    return field == nullptr ? Result<std::size_t>(kNone) : program_for(*field);
  };
  for (const std::string& name : rule.key) output.key.push_back(LH_TRY(named(name)));
  output.holder_id = LH_TRY(named(rule.holder_id));
  output.holder_name = LH_TRY(named(rule.holder_name));
  output.status = LH_TRY(named(rule.status));
  output.valid_from = LH_TRY(named(rule.valid_from));
  output.valid_until = LH_TRY(named(rule.valid_until));
  output.division = LH_TRY(named(rule.division));
  for (const auto& [first, second] : rule.date_order) {
    const std::size_t earlier = LH_TRY(named(first));
    output.date_order.emplace_back(earlier, LH_TRY(named(second)));
  }
  outputs.push_back(std::move(output));
  return {};
}

bool Mapper::Impl::is_header_line(const std::vector<std::string>& values) const {
  if (values == columns) return true;
  if (guard == kNone) return false;
  const std::string_view value = convert::trimmed(values[guard]);
  const auto& known = mapping.header_guard_values;
  return value == columns[guard] || std::find(known.begin(), known.end(), value) != known.end();
}

void Mapper::Impl::fail(Outcome& out, Reason reason, const FieldRule& rule) {
  const std::string& column = rule.columns.empty() ? rule.column : rule.columns.front();
  out.errors.push_back({reason, rule.name, column});
}

std::string Mapper::Impl::make_key(const BoundOutput& output, const std::vector<std::string>& made,
                                   Outcome& out) const {
  std::string key;
  for (const std::size_t program : output.key) {
    const std::string& part = made[program];
    if (part.find(kKeySeparator) != std::string::npos) {
      fail(out, Reason::kRowCheck, programs[program].rule);
    }
    if (!key.empty()) key.push_back(kKeySeparator);  // parts are required: never empty
    key += part;
  }
  return key;
}

void Mapper::Impl::set_dates(const BoundOutput& output, const std::vector<std::string>& made,
                             MappedRecord& record, Outcome& out) const {
  const auto date = [&](std::size_t at) -> std::optional<LocalDate> {
    if (at == kNone || made[at].empty()) return std::nullopt;
    const auto parsed = parse_date(made[at]);
    if (parsed.ok()) return *parsed;
    fail(out, Reason::kRowDate, programs[at].rule);
    return std::nullopt;
  };
  record.valid_from = date(output.valid_from);
  record.valid_until = date(output.valid_until);
  for (const auto& [first, second] : output.date_order) {
    // YYYY-MM-DD: the order of the texts is the order of the days.
    if (!made[first].empty() && !made[second].empty() && made[second] < made[first]) {
      fail(out, Reason::kRowDate, programs[second].rule);
    }
  }
}

void Mapper::Impl::make_record(const BoundOutput& output, const std::vector<std::string>& made,
                               Outcome& out) const {
  const OutputRule& rule = *output.rule;
  MappedRecord record;
  record.kind = rule.kind;
  record.object = rule.object;
  record.key = make_key(output, made, out);
  record.holder.scheme = rule.holder_scheme;
  record.holder.local_source = rule.local_source;
  record.holder.id = Personal<std::string>(made[output.holder_id]);
  if (output.holder_name != kNone) {
    record.holder.name = Personal<std::string>(made[output.holder_name]);
  }
  record.status = output.status == kNone ? rule.status : made[output.status];
  if (rule.kind == RecordKind::kLicence && !is_licence_status(record.status)) {
    fail(out, Reason::kRowEnum, programs[output.status].rule);
  }
  set_dates(output, made, record, out);
  record.division = output.division == kNone ? rule.division : made[output.division];
  record.fields.reserve(output.fields.size());
  for (const auto& [name, program] : output.fields) {
    if (!made[program].empty()) record.fields.emplace_back(name, made[program]);
  }
  out.records.push_back(std::move(record));
}

Mapper::Mapper(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Mapper::Mapper(Mapper&&) noexcept = default;
Mapper& Mapper::operator=(Mapper&&) noexcept = default;
Mapper::~Mapper() = default;

Result<Mapper> Mapper::bind(const Mapping& mapping, const std::vector<std::string>& columns) {
  LH_TRY(check_mapping(mapping));  // a mapping may also be made by code
  auto impl = std::make_unique<Impl>();
  impl->mapping = mapping;
  impl->columns = columns;
  for (const std::string& name : mapping.header) LH_TRY(column_index(columns, name, "header"));
  if (!mapping.header_guard.empty()) {
    impl->guard = LH_TRY(column_index(columns, mapping.header_guard, "header_guard"));
  }
  for (const OutputRule& output : impl->mapping.outputs) LH_TRY(impl->bind_output(output));
  return Mapper(std::move(impl));
}

Mapper::Outcome Mapper::apply(const RawRow& row) const {
  Outcome out;
  if (row.malformed || row.values.size() != impl_->columns.size()) {
    out.errors.push_back({row.malformed ? row.malformed->reason() : Reason::kRowWidth, {}, {}});
    return out;
  }
  if (impl_->is_header_line(row.values)) {
    out.errors.push_back({Reason::kRowHeaderRepeated, {}, {}});
    return out;
  }
  std::vector<std::string> made(impl_->programs.size());
  for (std::size_t i = 0; i < made.size(); ++i) {
    const Program& program = impl_->programs[i];
    if (const auto reason = run(program, row.values, made[i]))
      Impl::fail(out, *reason, program.rule);
  }
  if (!out.errors.empty()) return out;
  out.records.reserve(impl_->outputs.size());
  for (const BoundOutput& output : impl_->outputs) impl_->make_record(output, made, out);
  if (!out.errors.empty()) out.records.clear();
  return out;
}

}  // namespace lh::adapters
