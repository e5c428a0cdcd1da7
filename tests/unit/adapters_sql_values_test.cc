#include <gtest/gtest.h>

#include "adapters/sql/session/row_cells.h"
#include "tests/kits/seeded_random.h"

namespace lh::adapters::sql {
namespace {

std::string rendered(ColumnType type, std::string_view text) {
  return render(type, {CellKind::kText, {}, text});
}

TEST(Rendering, HasOneFormForEachValue) {
  const std::tuple<ColumnType, const char*, const char*> cases[] = {
      {ColumnType::kTimestamp, "2024-01-05 12:00:00", "2024-01-05T12:00:00"},
      {ColumnType::kTimestamp, "2024-01-05T12:00:00.000", "2024-01-05T12:00:00"},
      {ColumnType::kTimestamp, "2024-01-05 12:00:00.120", "2024-01-05T12:00:00.12"},
      {ColumnType::kTimestamp, "2024-01-05 12:00:00.123456+08", "2024-01-05T12:00:00.123456+08:00"},
      {ColumnType::kTimestamp, "2024-01-05 12:00:00-03:30", "2024-01-05T12:00:00-03:30"},
      {ColumnType::kTimestamp, "2024-01-05 12:00:00Z", "2024-01-05T12:00:00+00:00"},
      {ColumnType::kTimestamp, "2024-01-05", "2024-01-05"},
      {ColumnType::kTimestamp, "infinity", "infinity"},
      {ColumnType::kTimestamp, "0044-03-15 08:00:00+08 BC", "0044-03-15 08:00:00+08 BC"},
      {ColumnType::kTimestamp, "2024-01-05 12:00:00.", "2024-01-05 12:00:00."},
      {ColumnType::kTimestamp, "2024-01-05 12:00", "2024-01-05 12:00"},
      {ColumnType::kTimestamp, "", ""},
      {ColumnType::kTime, "12:01:02.500", "12:01:02.5"},
      {ColumnType::kTime, "-100:00:00.000", "-100:00:00.000"},
      {ColumnType::kDate, "2024-01-05", "2024-01-05"},
      {ColumnType::kDecimal, ".50", "0.50"},
      {ColumnType::kDecimal, "-.5", "-0.5"},
      {ColumnType::kDecimal, "-12345678901234567890.10", "-12345678901234567890.10"},
      {ColumnType::kBit, "1", "1"},
      {ColumnType::kText, ".5", ".5"},
      {ColumnType::kText, "2024-01-05 12:00:00", "2024-01-05 12:00:00"},
  };
  for (const auto& [type, text, expected] : cases) EXPECT_EQ(rendered(type, text), expected);
  EXPECT_EQ(render(ColumnType::kBinary, {CellKind::kBytes, {}, ByteView("\0\1", 2)}),
            "base64:AAE=");
  EXPECT_EQ(render(ColumnType::kBit, {CellKind::kBytes, {}, ByteView("\0", 1)}), "0");
  EXPECT_EQ(render(ColumnType::kBit, {CellKind::kBytes, {}, "\1"}), "1");
  EXPECT_EQ(render(ColumnType::kText, {}), "");
}

TEST(RowCells, AreReadBackAsWritten) {
  kits::SeededRandom random(5);
  for (int i = 0; i < 500; ++i) {
    const std::size_t columns = 1 + random.below(6);
    RowWriter writer(columns);
    std::vector<std::pair<CellKind, Bytes>> expected;
    for (std::size_t c = 0; c < columns; ++c) {
      const Bytes bytes = random.bytes(random.below(300));
      switch (random.below(4)) {
        case 0:
          writer.null();
          expected.emplace_back(CellKind::kNull, "");
          break;
        case 1:
          writer.text(to_hex(bytes));
          expected.emplace_back(CellKind::kText, to_hex(bytes));
          break;
        case 2:
          writer.binary(bytes);
          expected.emplace_back(CellKind::kBytes, bytes);
          break;
        default:
          writer.bad(BadValue::kTooLong, bytes);
          expected.emplace_back(CellKind::kBad, bytes);
      }
    }
    const Bytes row = writer.take();
    EXPECT_TRUE(check_deterministic(row).ok());
    std::vector<Cell> cells;
    ASSERT_TRUE(read_cells(row, columns, cells).ok());
    for (std::size_t c = 0; c < columns; ++c) {
      EXPECT_EQ(cells[c].kind, expected[c].first);
      EXPECT_EQ(cells[c].bytes, expected[c].second);
    }
    EXPECT_FALSE(read_cells(row, columns + 1, cells).ok());
    EXPECT_FALSE(read_cells(row.substr(0, row.size() - 1), columns, cells).ok());
    EXPECT_FALSE(read_cells(row + "\xF6", columns, cells).ok());
  }
}

TEST(RowCells, OfTextThatIsNotTextAreBad) {
  for (const std::string& text :
       {std::string("\xFF"), std::string("a\0b", 3), std::string("\xED\xA0\x80")}) {
    RowWriter writer(1);
    writer.text(text);
    std::vector<Cell> cells;
    const Bytes row = writer.take();
    ASSERT_TRUE(read_cells(row, 1, cells).ok());
    const RawRow raw = make_row(cells, {{"名称", ColumnType::kText, Nulls::kPossible, "text", 0}});
    EXPECT_EQ(raw.malformed->describe(), "row.encoding: column 名称");
    EXPECT_TRUE(raw.values.empty());
    EXPECT_EQ(cells[0].bytes, text);
  }
}

TEST(RowCells, FromAHostThatIsNotOursAreRefused) {
  std::vector<Cell> cells;
  for (const char* hex : {"", "80", "a0", "8182", "818204", "81820443616263", "81820043616263",
                          "8183014100", "81f5", "8101", "9f00ff", "8161ff"}) {
    EXPECT_FALSE(read_cells(*parse_hex(hex), 1, cells).ok()) << hex;
  }
}

}  // namespace
}  // namespace lh::adapters::sql
