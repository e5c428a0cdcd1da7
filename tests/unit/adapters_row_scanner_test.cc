#include "adapters/file/row_scanner.h"

#include <gtest/gtest.h>

#include <random>

namespace lh::adapters::file {
namespace {

using Kind = RowScan::Kind;
using Rows = std::vector<std::vector<std::string>>;

constexpr std::size_t kMax = 1000;

struct Read {
  Rows rows;
  std::size_t quoting = 0;
  std::size_t too_long = 0;
};

// Reads a whole text as the source does; the scanner must always go forward.
Read read_all(std::string text, std::size_t max = kMax) {
  Read out;
  while (!text.empty()) {
    const RowScan scan = scan_row(text, ',', max, AtEnd::kEndOfFile);
    EXPECT_NE(scan.kind, Kind::kMore);
    EXPECT_GT(scan.consumed, 0U);
    EXPECT_LE(scan.row_bytes, scan.consumed);
    EXPECT_LE(scan.consumed, text.size());
    if (scan.kind == Kind::kMore || scan.consumed == 0) break;
    if (scan.kind == Kind::kQuoting) ++out.quoting;
    std::size_t consumed = scan.consumed;
    if (scan.kind == Kind::kTooLong) {
      ++out.too_long;
      const std::size_t lf = text.find('\n', consumed);
      consumed = lf == std::string::npos ? text.size() : lf + 1;
    }
    if (scan.kind == Kind::kRow) {
      out.rows.emplace_back();
      split_row(std::string_view(text).substr(0, scan.row_bytes), ',', out.rows.back());
    }
    text.erase(0, consumed);
  }
  return out;
}

TEST(RowScanner, ReadsRfc4180) {
  EXPECT_EQ(read_all("a,b\r\nc,d\n").rows, (Rows{{"a", "b"}, {"c", "d"}}));
  EXPECT_EQ(read_all("a,b").rows, (Rows{{"a", "b"}}));
  EXPECT_EQ(read_all("a,b\r").rows, (Rows{{"a", "b"}}));
  EXPECT_EQ(read_all(",\n").rows, (Rows{{"", ""}}));
  EXPECT_EQ(read_all("\"\",\"\"\n").rows, (Rows{{"", ""}}));
  EXPECT_EQ(read_all("\"a,b\",\"c\"\"d\"\n").rows, (Rows{{"a,b", "c\"d"}}));
  EXPECT_EQ(read_all("\"a\r\nb\",c\r\nd,e\r\n").rows, (Rows{{"a\r\nb", "c"}, {"d", "e"}}));
  EXPECT_EQ(read_all("\"\"\"\"\n").rows, (Rows{{"\""}}));
  EXPECT_EQ(read_all("a,\"b\"").rows, (Rows{{"a", "b"}}));
}

struct Broken {
  const char* text;
  std::size_t quoting;
  Rows rows;  // those that survive
};

TEST(RowScanner, ABrokenQuoteCostsOneLine) {
  const Broken cases[] = {
      {"\"a\"x,b\nc,d\n", 1, {{"c", "d"}}},
      {"a\"b,c\nc,d\n", 1, {{"c", "d"}}},
      {"\"never closed,b\nc,d\ne,f\n", 1, {{"c", "d"}, {"e", "f"}}},
      {"\"open,b\nc,\"d\"\ne,f\n", 1, {{"c", "d"}, {"e", "f"}}},
      {"a\rb,c\nc,d\n", 1, {{"c", "d"}}},
      {"\"a\" ,b\nc,d\n", 1, {{"c", "d"}}},
      {"\"a\"\rb\nc,d\n", 1, {{"c", "d"}}},
      {"c,d\n\"", 1, {{"c", "d"}}},
  };
  for (const Broken& c : cases) {
    const Read read = read_all(c.text);
    EXPECT_EQ(read.quoting, c.quoting) << c.text;
    EXPECT_EQ(read.rows, c.rows) << c.text;
  }
}

TEST(RowScanner, AnOpenQuoteIsGivenUpAtTheLimit) {
  std::string text = "\"open\n";
  for (int i = 0; i < 300; ++i) text += "row,number\n";
  const Read read = read_all(text);  // 3,300 bytes behind the quote, the limit is 1,000
  EXPECT_EQ(read.quoting, 1U);
  EXPECT_EQ(read.rows.size(), 300U);
}

TEST(RowScanner, ALineBeyondTheLimitIsTooLongAndTheNextIsRead) {
  const std::string line(kMax, 'x');
  EXPECT_EQ(read_all(line + "\r\na,b\n").rows.size(), 2U);
  const Read read = read_all(line + "x\r\na,b\n");
  EXPECT_EQ(read.too_long, 1U);
  EXPECT_EQ(read.rows, (Rows{{"a", "b"}}));
  EXPECT_EQ(read_all("\"" + line + "\",b\nc,d\n").too_long, 1U);
  EXPECT_EQ(read_all(std::string(kMax * 3, 'x')).too_long, 1U);
}

TEST(RowScanner, AsksForMoreOnlyWhileItMay) {
  EXPECT_EQ(scan_row("a,b", ',', kMax, AtEnd::kMoreToCome).kind, Kind::kMore);
  EXPECT_EQ(scan_row("\"a\"", ',', kMax, AtEnd::kMoreToCome).kind, Kind::kMore);
  EXPECT_EQ(scan_row("\"a\nb", ',', kMax, AtEnd::kMoreToCome).kind, Kind::kMore);
  EXPECT_EQ(scan_row("\"a\nb\"", ',', kMax, AtEnd::kMoreToCome).kind, Kind::kMore);
  EXPECT_EQ(scan_row("\"a\"\r", ',', kMax, AtEnd::kMoreToCome).kind, Kind::kMore);
  const std::string open = "\"a\n" + std::string(kMax, 'b');
  EXPECT_EQ(scan_row(open, ',', kMax, AtEnd::kMoreToCome).kind, Kind::kQuoting);
  EXPECT_EQ(scan_row(std::string(kMax + 3, 'b'), ',', kMax, AtEnd::kMoreToCome).kind,
            Kind::kTooLong);
}

std::string in_quotes(const std::string& value) {
  std::string out = "\"";
  for (const char c : value) out += c == '"' ? "\"\"" : std::string(1, c);
  return out + "\"";
}

// Law: whatever an honest writer writes is read back equal.
TEST(RowScanner, ReadsBackWhatAWriterWrote) {
  std::mt19937 random(20260101);
  const char* pieces[] = {"a", ",", "\"", "\n", "\r\n", "\r", "测", "\U00020BB7", " ", "'", ";"};
  for (int round = 0; round < 3000; ++round) {
    Rows rows(1 + random() % 4);
    std::string text;
    for (auto& row : rows) {
      row.resize(2 + random() % 3);
      for (std::size_t i = 0; i < row.size(); ++i) {
        for (std::size_t n = random() % 6; n > 0; --n) row[i] += pieces[random() % 11];
        const bool must = row[i].find_first_of(",\"\r\n") != std::string::npos;
        text += (i > 0 ? "," : "") + (must || random() % 4 == 0 ? in_quotes(row[i]) : row[i]);
      }
      text += random() % 2 == 0 ? "\n" : "\r\n";
    }
    ASSERT_EQ(read_all(text).rows, rows) << text;
  }
}

// Law: any prefix of a text gives either "more" or what the whole text gives.
TEST(RowScanner, AWindowNeverChangesTheAnswer) {
  std::mt19937 random(7);
  const char pieces[] = {'a', ',', '"', '\n', '\r'};
  for (int round = 0; round < 4000; ++round) {
    std::string text;
    for (std::size_t n = 1 + random() % 12; n > 0; --n) text.push_back(pieces[random() % 5]);
    text += "\nnext,row\n";
    const RowScan whole = scan_row(text, ',', kMax, AtEnd::kMoreToCome);
    const RowScan at_end = scan_row(text, ',', kMax, AtEnd::kEndOfFile);
    if (whole.kind != Kind::kMore) {
      ASSERT_EQ(whole.kind, at_end.kind) << text;
      ASSERT_EQ(whole.consumed, at_end.consumed) << text;
    }
    for (std::size_t n = 1; n < text.size(); ++n) {
      const RowScan part = scan_row(text.substr(0, n), ',', kMax, AtEnd::kMoreToCome);
      if (part.kind == Kind::kMore) continue;
      ASSERT_EQ(part.kind, at_end.kind) << text << " cut at " << n;
      ASSERT_EQ(part.consumed, at_end.consumed) << text << " cut at " << n;
      ASSERT_EQ(part.row_bytes, at_end.row_bytes) << text << " cut at " << n;
    }
  }
}

}  // namespace
}  // namespace lh::adapters::file
