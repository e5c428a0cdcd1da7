#include "hub/ingest/book/trial.h"

#include <algorithm>

#include "hub/ingest/row_memory.h"

namespace lh::hub::ingest {
namespace {

constexpr std::uint64_t kProgressRows = 5000;
constexpr std::size_t kShapeCharacters = 24;

std::string sources_of(const adapters::FieldRule& rule) {
  if (!rule.column.empty()) return rule.column;
  std::string out;
  for (const auto& column : rule.columns) out.append(out.empty() ? "" : " + ").append(column);
  return out.empty() ? "constant" : out;
}

// The outputs of a mapping give the records of a row in their order.
std::vector<TrialField> explained(const adapters::OutputRule& output,
                                  const adapters::MappedRecord& record) {
  std::vector<TrialField> out;
  for (const auto& rule : output.fields) {
    const std::string* value = schemas::find_field(record.fields, rule.name);
    if (value == nullptr) continue;
    out.push_back({rule.name, sources_of(rule), Personal<std::string>(*value)});
  }
  return out;
}

bool has(const std::vector<std::string>& list, const std::string& item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

bool feeds(const std::string& column, const adapters::FieldRule& rule) {
  return rule.column == column || has(rule.columns, column);
}

void note_fed(const adapters::FieldRule& rule, Drift& drift) {
  for (const auto& column : drift.gone) {
    if (feeds(column, rule)) drift.starved.emplace_back(rule.name, column);
  }
  for (auto& retyped : drift.retyped) {
    if (feeds(retyped.column, rule)) retyped.fields.push_back(rule.name);
  }
}

// The type of a column; empty: nobody knows it.
std::string type_of(const ColumnSet& columns, const std::string& name) {
  for (std::size_t i = 0; i < columns.names.size() && i < columns.types.size(); ++i) {
    if (columns.names[i] == name) return columns.types[i];
  }
  return {};
}

std::size_t length_of(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead < 0xE0) return 2;
  return lead < 0xF0 ? 3 : 4;
}

void append_shape(std::string& out, std::string_view character) {
  const char c = character.front();
  if (character.size() > 1 || static_cast<unsigned char>(c) >= 0x80) {
    out += "某";
  } else if (c >= '0' && c <= '9') {
    out += '9';
  } else if (c >= 'a' && c <= 'z') {
    out += 'a';
  } else if (c >= 'A' && c <= 'Z') {
    out += 'A';
  } else {
    out += c;
  }
}

}  // namespace

Result<Trial> try_mapping(const adapters::Mapping& mapping, adapters::Source& source,
                          std::uint64_t rows, std::size_t shown) {
  const auto mapper = LH_TRY(adapters::Mapper::bind(mapping, source.columns()));
  Trial out;
  while (out.read < rows) {
    const auto row = LH_TRY(source.next());
    if (!row) break;
    ++out.read;
    auto mapped = mapper.apply(*row);
    if (mapped.errors.empty()) ++out.good;
    for (const auto& error : mapped.errors) {
      const std::string field = error.field.empty() ? "" : " " + error.field;
      ++out.reasons[std::string(reason_id(error.reason)) + field];
    }
    if (out.rows.size() >= shown) continue;
    TrialRow kept{row->number, {}, std::move(mapped.errors)};
    for (std::size_t i = 0; i < mapped.records.size(); ++i) {
      kept.records.push_back(explained(mapping.outputs[i], mapped.records[i]));
    }
    out.rows.push_back(std::move(kept));
  }
  return out;
}

Result<LoadCounts> shadow_run(const ShadowParts& parts, const LoadRequest& request,
                              const adapters::Mapping& mapping, adapters::Source& source,
                              const std::function<void(const LoadProgress&)>& progress) {
  const auto mapper = LH_TRY(adapters::Mapper::bind(mapping, source.columns()));
  auto memory = LH_TRY(RowMemory::create(parts.store, parts.keys, request.name,
                                         request.collector.text() + "\n" + mapping.issuer_name));
  LoadCounts counts;
  for (;;) {
    const auto row = LH_TRY(source.next());
    if (!row) break;
    ++counts.read;
    const auto mapped = mapper.apply(*row);
    bool fresh = false;
    bool changed = false;
    for (const auto& record : mapped.records) {
      const auto known = LH_TRY(memory.find(memory.key_of(record)));
      fresh = fresh || !known;
      changed = changed || (known && known->content != memory.content_of(record));
    }
    if (!mapped.errors.empty()) {
      ++counts.quarantined;
    } else {
      ++(fresh ? counts.fresh : changed ? counts.changed : counts.same);
    }
    if (progress && counts.read % kProgressRows == 0) {
      progress({counts, source.position_bytes(), source.size_bytes()});
    }
  }
  return counts;
}

std::string shape_of(std::string_view text) {
  std::string out;
  std::size_t characters = 0;
  for (std::size_t i = 0; i < text.size() && characters < kShapeCharacters; ++characters) {
    const std::size_t n = std::min(length_of(static_cast<unsigned char>(text[i])), text.size() - i);
    append_shape(out, text.substr(i, n));
    i += n;
    if (characters + 1 == kShapeCharacters && i < text.size()) out += "…";
  }
  return out;
}

Drift drift_of(const adapters::Mapping& mapping, const ColumnSet& before, const ColumnSet& now) {
  Drift out;
  for (const auto& column : before.names) {
    if (!has(now.names, column)) out.gone.push_back(column);
  }
  for (const auto& column : now.names) {
    if (!has(before.names, column)) out.added.push_back(column);
    std::string was = type_of(before, column);
    std::string is = type_of(now, column);
    if (was.empty() || is.empty() || was == is) continue;
    out.retyped.push_back({column, std::move(was), std::move(is), {}});
  }
  for (const auto& output : mapping.outputs) {
    for (const auto& rule : output.fields) note_fed(rule, out);
  }
  return out;
}

Status refuse_retyped(const Drift& drift) {
  for (const auto& one : drift.retyped) {
    if (one.fields.empty()) continue;
    return Error(Reason::kSourceChanged, "column " + one.column + " was " + one.before +
                                             " and is " + one.now + "; it feeds " +
                                             one.fields.front());
  }
  return {};
}

}  // namespace lh::hub::ingest
