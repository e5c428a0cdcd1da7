// The one home of Poco Foundation in base: where the lines of the log go.
#include <Poco/AutoPtr.h>
#include <Poco/ConsoleChannel.h>
#include <Poco/Exception.h>
#include <Poco/Message.h>
#include <Poco/SimpleFileChannel.h>

#include <atomic>
#include <mutex>

#include "base/log.h"
#include "base/log_line.h"

namespace lh {
namespace {

// The process has one standard error and one log; this is its state, never destroyed, because a
// failed check may log at any moment. Threads: any.
class Sink {
 public:
  bool wants(LogLevel level) const { return level >= level_.load(std::memory_order_relaxed); }
  void set_level(LogLevel level) { level_.store(level, std::memory_order_relaxed); }

  void set_file(const std::string& path) {
    Poco::AutoPtr<Poco::SimpleFileChannel> file;
    if (!path.empty()) {
      file = new Poco::SimpleFileChannel(path);
      try {
        file->open();
      } catch (const Poco::Exception&) {
        log_event(LogLevel::kError, "log.file", {{"reason", Reason::kFileUnwritable}});
        return;  // the operator still reads the old place
      }
    }
    const std::lock_guard lock(mutex_);
    file_ = file;
  }

  // Logging never fails its caller: a line the file does not take goes to standard error.
  void write(const std::string& line) {
    const Poco::Message message("licencehub", line, Poco::Message::PRIO_INFORMATION);
    const std::lock_guard lock(mutex_);
    try {
      if (!file_.isNull()) return file_->log(message);
    } catch (const Poco::Exception&) {
      file_.reset();
    }
    console_->log(message);
  }

 private:
  std::atomic<LogLevel> level_{LogLevel::kInfo};
  std::mutex mutex_;
  Poco::AutoPtr<Poco::ConsoleChannel> console_{new Poco::ConsoleChannel};
  Poco::AutoPtr<Poco::SimpleFileChannel> file_;
};

Sink& sink() {
  static Sink* const kSink = new Sink;
  return *kSink;
}

}  // namespace

void log_event(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
  if (!sink().wants(level)) return;
  sink().write(log_line(SystemClock().now(), level, event, {fields.begin(), fields.size()}));
}

void set_log_level(LogLevel level) {
  sink().set_level(level);
}
void set_log_file(const std::string& path) {
  sink().set_file(path);
}

}  // namespace lh
