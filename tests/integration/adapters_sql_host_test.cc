// Drivers that crash, hang and lie: the hub lives, and no value is cut in silence.
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

#include "adapters/sql/host/frame.h"
#include "tests/integration/adapters_sql_kit.h"

namespace lh::adapters::sql {
namespace {

class FalseDriver : public ::testing::Test {
 protected:
  FalseDriver() : world(Drivers::kInChild) {
    kits::store_file(folder_ / "odbcinst.ini",
                     std::string("[False]\nDriver=") + LH_FALSE_DRIVER + "\n");
    ::setenv("ODBCSYSINI", folder_.path().c_str(), 1);
    world.allow("127.0.0.1:1");
  }
  static std::string place(const std::string& mode) {
    return "driver = \"False\"\ndialect = \"standard\"\nserver = \"127.0.0.1\"\nport = 1\n"
           "database = \"" +
           mode + "\"\ntls = \"driver\"\ntable = \"t\"\nkey = [\"k\"]\nquery_ms = 300\n" +
           "login_ms = 300\n";
  }
  Result<std::vector<RawRow>> find(const std::string& mode, const std::string& key) const {
    auto lookup = world.lookup(place(mode));
    if (!lookup.ok()) return std::move(lookup).error();
    return (*lookup)->find({{"k", key}});
  }

 private:
  kits::ScratchFolder folder_;

 protected:
  World world;
};

TEST_F(FalseDriver, ThatIsGoodIsRead) {
  const auto rows = find("good", "good");
  ASSERT_TRUE(rows.ok()) << rows.error().describe();
  EXPECT_EQ(values_of(*rows, 0), std::vector<std::string>{"good"});
}

TEST_F(FalseDriver, ThatCrashesIsUnavailableAndTheNextCallWorks) {
  for (const char* mode : {"crash", "segfault", "exit", "crash_connect"}) {
    const auto rows = find(mode, "k");
    ASSERT_FALSE(rows.ok()) << mode;
    EXPECT_EQ(rows.error().reason(), Reason::kSourceUnavailable) << mode;
    EXPECT_TRUE(find("good", "good").ok());
  }
}

TEST_F(FalseDriver, ThatHangsIsKilledAtItsDeadline) {
  const SystemClock clock;
  const std::int64_t begin = clock.monotonic_us();
  const auto rows = find("hang", "k");
  ASSERT_FALSE(rows.ok());
  EXPECT_EQ(rows.error().reason(), Reason::kSourceUnavailable);
  EXPECT_LT(clock.monotonic_us() - begin, 5000000);
  EXPECT_TRUE(find("good", "good").ok());
}

TEST_F(FalseDriver, ThatPrintsAndReadsDoesNotDisturb) {
  EXPECT_TRUE(find("prints", "good").ok());
}

TEST_F(FalseDriver, ThatLiesAboutSizesGivesARowThatIsCut) {
  for (const char* mode : {"short", "long", "negative", "stuck"}) {
    const auto found = discover(world.surroundings(), world.host(), World::source(place(mode)), 1);
    ASSERT_TRUE(found.ok()) << mode << found.error().describe();
    EXPECT_EQ(values_of(found->sample, 0), std::vector<std::string>{"!row.cut"}) << mode;
  }
}

TEST_F(FalseDriver, ThatAnnouncesNothingIsReadToTheEnd) {
  const auto found =
      discover(world.surroundings(), world.host(), World::source(place("unknown")), 1);
  ASSERT_TRUE(found.ok()) << found.error().describe();
  EXPECT_EQ(values_of(found->sample, 0), std::vector<std::string>{std::string(200000, 'b')});
  const auto endless =
      discover(world.surroundings(), world.host(), World::source(place("endless")), 1);
  ASSERT_TRUE(endless.ok()) << endless.error().describe();
  EXPECT_EQ(values_of(endless->sample, 0), std::vector<std::string>{"!row.too_long"});
}

TEST_F(FalseDriver, IsNotFoundWhereItIsNotRegistered) {
  const auto rows = world.lookup(
      "driver = \"Other\"\ndialect = \"standard\"\n"
      "server = \"127.0.0.1\"\nport = 1\ndatabase = \"d\"\n"
      "tls = \"driver\"\ntable = \"t\"\nkey = [\"k\"]\n");
  ASSERT_FALSE(rows.ok());
  EXPECT_EQ(rows.error().describe(), "source.unavailable: connecting: SQLSTATE 01000, 0");
}

TEST(DriverHost, IsUnavailableWhereItDoesNotStart) {
  World world(Drivers::kHere);
  const auto found = discover(world.surroundings(), HostCommand{{"/nowhere"}},
                              World::source("driver = \"SQLite3\"\ndatabase = \"/nowhere\"\n"
                                            "table = \"t\"\n"),
                              1);
  EXPECT_EQ(found.error().reason(), Reason::kSourceUnavailable);
  const auto silent = discover(world.surroundings(), HostCommand{{"/bin/true"}},
                               World::source("driver = \"SQLite3\"\ndatabase = \"/nowhere\"\n"
                                             "table = \"t\"\n"),
                               1);
  EXPECT_EQ(silent.error().reason(), Reason::kSourceUnavailable);
  const auto echo = discover(world.surroundings(), HostCommand{{"/bin/cat"}},
                             World::source("driver = \"SQLite3\"\ndatabase = \"/nowhere\"\n"
                                           "table = \"t\"\n"),
                             1);
  EXPECT_FALSE(echo.ok());
}

TEST(Frames, AreRefusedWhenTheyAreTooLongOrCutOff) {
  int ends[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
  const SystemClock clock;
  Bytes large;
  append_be32(large, kFrameBytes + 1);
  ASSERT_EQ(::write(ends[0], large.data(), large.size()), 4);
  EXPECT_EQ(read_frame(ends[1], {}).error().reason(), Reason::kSourceAnswer);
  EXPECT_EQ(read_frame(ends[1], Deadline::in_ms(clock, 20)).error().reason(),
            Reason::kSourceUnavailable);
  std::thread writer(
      [&ends] { EXPECT_TRUE(write_frame(ends[0], Bytes(kFrameBytes, 'x'), {}).ok()); });
  EXPECT_EQ(read_frame(ends[1], {})->size(), kFrameBytes);
  writer.join();
  EXPECT_FALSE(write_frame(ends[0], Bytes(kFrameBytes + 1, 'x'), {}).ok());
  ASSERT_EQ(::write(ends[0], "\0\0\0\5ab", 6), 6);
  ::close(ends[0]);
  EXPECT_EQ(read_frame(ends[1], {}).error().reason(), Reason::kSourceUnavailable);
  ::close(ends[1]);
}

}  // namespace
}  // namespace lh::adapters::sql
