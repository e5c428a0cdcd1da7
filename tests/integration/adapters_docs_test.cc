// The pages about adapters are true: the dump and the mapping of docs/adapters.md are taken out of
// the page and run, and so is every example of docs/formats/mapping.md.
#include <gmock/gmock.h>

#include <sstream>

#include "adapters/convert/checks.h"
#include "adapters/convert/converters.h"
#include "adapters/mapping.h"
#include "adapters_scratch.h"

namespace lh::adapters::file {
namespace {

std::string page(const std::string& name) {
  std::ifstream in(std::string(LH_SOURCE_DIR) + "/docs/" + name, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

// The text of the block ```kind … ``` of a page.
std::string block(const std::string& text, const std::string& kind) {
  const std::string begin = "```" + kind + "\n";
  const auto at = text.find(begin);
  if (at == std::string::npos) return "";
  const auto from = at + begin.size();
  return text.substr(from, text.find("```", from) - from);
}

std::string described(const RawRow& row, const Mapper::Outcome& outcome) {
  std::string out = "row " + std::to_string(row.number) + ":";
  for (const RowError& error : outcome.errors) {
    out += " " + std::string(reason_id(error.reason));
    if (!error.field.empty()) out += " " + error.field;
  }
  for (const MappedRecord& record : outcome.records) {
    out += " licence " + record.key + " " + record.status + " " + record.valid_from.value().text() +
           ".." + record.valid_until.value().text();
  }
  return out + "\n";
}

class Pages : public Scratch {};

TEST_F(Pages, TheFirstAdapterDoesWhatItsPageSays) {
  const std::string text = page("adapters.md");
  const auto mapping = parse_mapping(block(text, "toml"));
  ASSERT_TRUE(mapping.ok()) << mapping.error().describe();
  auto source = open_csv(write(block(text, "csv")), read_settings(mapping->source).value(), {});
  ASSERT_TRUE(source.ok()) << source.error().describe();
  const auto mapper = Mapper::bind(*mapping, (*source)->columns());
  ASSERT_TRUE(mapper.ok()) << mapper.error().describe();
  std::string outcome;
  for (const RawRow& row : read_rows(**source)) outcome += described(row, mapper->apply(row));
  EXPECT_EQ(outcome, block(text, "outcome"));
}

TEST_F(Pages, ARenamedColumnStopsTheLoadAsThePageSays) {
  const std::string text = page("adapters.md");
  const auto mapping = parse_mapping(block(text, "toml")).value();
  std::string dump = block(text, "csv");
  dump.replace(dump.find("信用代码"), std::string("信用代码").size(), "代码");
  const auto source = open_csv(write(dump), read_settings(mapping.source).value(), {});
  ASSERT_FALSE(source.ok());
  EXPECT_NE(text.find(source.error().describe()), std::string::npos) << source.error().describe();
}

struct Example {
  std::string name;
  std::string value;
  std::string expected;
};

// The cells of a table row "| `a` | `b` | `c` | … |" without back-ticks and escapes.
std::vector<std::string> cells_of(std::string line) {
  std::vector<std::string> out;
  std::string cell;
  for (std::size_t i = 1; i < line.size(); ++i) {
    if (line[i] == '\\' && i + 1 < line.size() && line[i + 1] == '|') continue;
    const bool escaped = line[i] == '|' && line[i - 1] == '\\';
    if (line[i] != '|' || escaped) {
      cell.push_back(line[i]);
      continue;
    }
    if (cell.starts_with(' ')) cell.erase(0, 1);
    if (cell.ends_with(' ')) cell.pop_back();
    if (cell.size() > 1 && cell.starts_with('`') && cell.ends_with('`')) {
      cell = cell.substr(1, cell.size() - 2);
    }
    out.push_back(std::move(cell));
    cell.clear();
  }
  return out;
}

std::vector<Example> examples_of(const std::string& text, const std::string& heading) {
  std::vector<Example> out;
  std::istringstream lines(text.substr(text.find(heading)));
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line) && !line.starts_with("## ")) {
    if (!line.starts_with("| `")) continue;
    const auto cells = cells_of(line);
    if (cells.size() == 4) out.push_back({cells[0], cells[1], cells[2]});
  }
  return out;
}

TEST_F(Pages, EveryConverterExampleIsTrue) {
  const convert::CodeTables tables = {
      {"state", {{"存续", "active"}, {"审核中", "!row.not_issued"}}}};
  const auto examples = examples_of(page("formats/mapping.md"), "## Converters");
  EXPECT_GE(examples.size(), 20U);
  for (const Example& e : examples) {
    const auto made = convert::make_converter(e.name, tables);
    ASSERT_TRUE(made.ok()) << e.name << ": " << made.error().describe();
    std::string value = e.value;
    const auto reason = (*made)->apply(value);
    if (reason) value = reason_id(*reason);
    if (value.empty()) value = "absent";
    if (const auto line_end = value.find('\n'); line_end != std::string::npos) {
      value.replace(line_end, 1, "⏎");
    }
    EXPECT_EQ(value, e.expected) << e.name << " of " << e.value;
  }
}

TEST_F(Pages, EveryCheckExampleIsTrue) {
  const auto examples = examples_of(page("formats/mapping.md"), "## Checks");
  EXPECT_GE(examples.size(), 10U);
  for (const Example& e : examples) {
    const auto made = convert::make_check(e.name);
    ASSERT_TRUE(made.ok()) << e.name << ": " << made.error().describe();
    const auto reason = (*made)->failure(e.value);
    EXPECT_EQ(reason ? std::string(reason_id(*reason)) : "good", e.expected) << e.name;
  }
}

}  // namespace
}  // namespace lh::adapters::file
