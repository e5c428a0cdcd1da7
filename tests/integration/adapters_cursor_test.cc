// Reading in pieces: a cursor goes on exactly where it stood, or says that it cannot.
#include <gmock/gmock.h>

#include "adapters/file/encoding.h"
#include "adapters_scratch.h"

namespace lh::adapters::file {
namespace {

class FileCursor : public Scratch {
 protected:
  FileSourceSettings settings_;

  // Cursors after 0, 1, 2, … rows.
  std::vector<Cursor> cursors(const std::string& path) {
    auto source = open_csv(path, settings_, {}).value();
    std::vector<Cursor> out = {source->cursor()};
    for (;;) {
      const auto row = source->next();
      if (!row.ok() || !*row) return out;
      out.push_back(source->cursor());
    }
  }

  std::string reason(const std::string& path, const Cursor& from) {
    const auto source = open_csv(path, settings_, from);
    return source.ok() ? "opened" : std::string(source.error().id());
  }
};

// Law: opened again at every row, the rest of the file is what it was.
TEST_F(FileCursor, GoesOnAtEveryRow) {
  settings_.encoding = Encoding::kGb18030;
  std::string text = "a,b\r\n";
  for (int i = 0; i < 60; ++i) {
    text += "测试" + std::to_string(i) + ",\"x\r\n\U00020BB7\"\r\n";
    if (i % 7 == 3) text += "short\r\n\r\n";
    if (i % 11 == 5) text += "\"bro\"ken,1\r\n";
  }
  const std::string path = write(encode_gb18030(text).value());
  const auto all = read_file(path, settings_);
  const auto at = cursors(path);
  ASSERT_EQ(at.size(), all.size() + 1);
  for (std::size_t i = 0; i < at.size(); ++i) {
    const auto rest = read_file(path, settings_, at[i]);
    ASSERT_EQ(rest.size(), all.size() - i);
    for (std::size_t k = 0; k < rest.size(); ++k) {
      ASSERT_EQ(rest[k].number, all[i + k].number);
      ASSERT_EQ(rest[k].bytes, all[i + k].bytes);
      ASSERT_EQ(rest[k].values, all[i + k].values);
    }
  }
}

TEST_F(FileCursor, AFileThatGrewIsGoneOnWith) {
  const std::string text = "a,b\n1,2\n3,4\n";
  const auto at = cursors(write(text));
  const auto rows = read_file(write(text + "5,6\n"), settings_, at.back());
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].number, 3U);
  EXPECT_EQ(rows[0].values, (std::vector<std::string>{"5", "6"}));
  EXPECT_TRUE(read_file(write(text), settings_, at.back()).empty());
}

TEST_F(FileCursor, AnotherFileIsRefused) {
  const std::string text = "a,b\n1,2\n3,4\n";
  const auto at = cursors(write(text));
  EXPECT_EQ(reason(write("a,b\n1,9\n3,4\n"), at[1]), "cursor.invalid");
  EXPECT_EQ(reason(write("a,b\n1,2\n"), at[2]), "cursor.invalid");  // shorter than it was
  EXPECT_EQ(reason(write("a,b\n1,2\n3,4\n"), at[2]), "opened");
  // Without its line end the last row may have been half of one.
  const auto open_end = cursors(write("a,b\n1,2\n3,4"));
  EXPECT_EQ(reason(write("a,b\n1,2\n3,45\n"), open_end[2]), "cursor.invalid");
  EXPECT_EQ(reason(write("a,b\n1,2\n3,4"), open_end[2]), "opened");
}

TEST_F(FileCursor, WhatIsNoCursorIsRefused) {
  const std::string path = write("a,b\n1,2\n3,4\n");
  const Bytes good = cursors(path)[1].value;
  for (std::size_t n = 1; n < good.size(); ++n) {
    EXPECT_EQ(reason(path, Cursor{good.substr(0, n)}), "cursor.invalid") << n;
  }
  EXPECT_EQ(reason(path, Cursor{good + "x"}), "cursor.invalid");
  for (std::size_t i = 0; i < good.size(); ++i) {
    Bytes changed = good;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    // A changed row count is the one thing that only its keeper can notice.
    EXPECT_TRUE(reason(path, Cursor{changed}) == "cursor.invalid" || i == 3U) << i;
  }
}

}  // namespace
}  // namespace lh::adapters::file
