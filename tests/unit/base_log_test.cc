#include <gtest/gtest.h>

#include <limits>
#include <type_traits>

#include "base/log.h"
#include "base/log_line.h"
#include "base/personal.h"

namespace lh {
namespace {

std::string line(std::initializer_list<LogField> fields) {
  return log_line(UtcTime{0}, LogLevel::kInfo, "e", {fields.begin(), fields.size()});
}

constexpr const char* kHead = R"({"time":"1970-01-01T00:00:00.000Z","level":"info","event":"e")";

TEST(LogLine, IsOneJsonObject) {
  EXPECT_EQ(line({}), std::string(kHead) + "}");
  EXPECT_EQ(line({{"n", std::int64_t{-3}},
                  {"u", std::numeric_limits<std::uint64_t>::max()},
                  {"d", 1.5},
                  {"s", "text"},
                  {"r", Reason::kStoreStale}}),
            std::string(kHead) +
                R"(,"n":-3,"u":18446744073709551615,"d":1.5,"s":"text","r":"store.stale"})");
}

TEST(LogLine, NamesTheLevel) {
  const auto of = [](LogLevel level) { return log_line(UtcTime{0}, level, "e", {}); };
  EXPECT_NE(of(LogLevel::kDebug).find(R"("debug")"), std::string::npos);
  EXPECT_NE(of(LogLevel::kWarning).find(R"("warning")"), std::string::npos);
  EXPECT_NE(of(LogLevel::kError).find(R"("error")"), std::string::npos);
}

// No text that comes from outside can end the line, forge a member or move a terminal.
TEST(LogLine, EscapesWhatWouldBreakOut) {
  EXPECT_EQ(line({{"s", "a\"b\\c\nd\re\tf\x1b[2J\x7f"}}),
            std::string(kHead) + R"(,"s":"a\"b\\c\u000ad\u000de\u0009f\u001b[2J\u007f"})");
  EXPECT_EQ(line({{"s", std::string_view("\0", 1)}}), std::string(kHead) + R"(,"s":"\u0000"})");
  EXPECT_EQ(line({{"s", "证照"}}), std::string(kHead) + R"(,"s":"证照"})");
  EXPECT_EQ(line({{"s", "a\xFF\xFE"}}), std::string(kHead) + R"(,"s":"a\ufffd\ufffd"})");
  for (int c = 0; c < 256; ++c) {
    const std::string text(1, static_cast<char>(c));
    const std::string out = line({{"s", std::string_view(text)}});
    EXPECT_EQ(out.find('\n'), std::string::npos);
    EXPECT_TRUE(out.ends_with("\"}"));
  }
}

TEST(LogLine, NumbersThatJsonDoesNotHaveAreNull) {
  EXPECT_EQ(line({{"d", std::numeric_limits<double>::infinity()}}),
            std::string(kHead) + R"(,"d":null})");
  EXPECT_EQ(line({{"d", std::numeric_limits<double>::quiet_NaN()}}),
            std::string(kHead) + R"(,"d":null})");
}

TEST(Log, WritesLinesToStandardErrorAboveTheLevel) {
  testing::internal::CaptureStderr();
  set_log_level(LogLevel::kWarning);
  log_event(LogLevel::kInfo, "quiet");
  log_event(LogLevel::kWarning, "loud", {{"n", std::int64_t{1}}});
  set_log_level(LogLevel::kInfo);
  const std::string out = testing::internal::GetCapturedStderr();
  EXPECT_EQ(out.find("quiet"), std::string::npos);
  EXPECT_NE(out.find(R"("event":"loud","n":1})"), std::string::npos);
  EXPECT_TRUE(out.ends_with("}\n"));
}

TEST(Log, AFileThatCannotBeOpenedLeavesTheOldPlace) {
  testing::internal::CaptureStderr();
  set_log_file("/nonexistent-folder/log");
  log_event(LogLevel::kWarning, "still.here");
  const std::string out = testing::internal::GetCapturedStderr();
  EXPECT_NE(out.find("file.unwritable"), std::string::npos);
  EXPECT_NE(out.find("still.here"), std::string::npos);
}

// A Personal does not fit into a field (tests/nocompile shows the message).
static_assert(!std::is_constructible_v<decltype(LogField::value), Personal<std::string>>);

}  // namespace
}  // namespace lh
