#include "adapters/sql/host/driver_host.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <thread>

#include "adapters/sql/host/frame.h"
#include "adapters/sql/host/protocol.h"

namespace lh::adapters::sql {
namespace {

class Desk {
 public:
  explicit Desk(const Connector& drivers) : drivers_(drivers) {}

  Bytes answer(const Question& question) {
    return std::visit([this](const auto& q) { return take(q); }, question);
  }

 private:
  static Bytes outcome(const Status& status) {
    return status.ok() ? encode_done() : encode_error(status.error());
  }
  static Bytes no_session() {
    return encode_error(Error(Reason::kSourceUnavailable, "the driver host has no session"));
  }

  Bytes take(const AskConnect& q) {
    session_.reset();
    auto session = drivers_.connect(q.to, q.password);
    if (!session.ok()) return encode_error(session.error());
    session_ = std::move(session).value();
    return encode_done();
  }
  Bytes take(const AskQuery& q) {
    if (session_ == nullptr) return no_session();
    const auto columns = session_->query(q.sql, q.parameters);
    return columns.ok() ? encode_columns(**columns) : encode_error(columns.error());
  }
  Bytes take(const AskRows& q) {
    if (session_ == nullptr) return no_session();
    const auto rows = session_->rows(q.most);
    return rows.ok() ? encode_rows(*rows) : encode_error(rows.error());
  }
  Bytes take(const AskChange& q) {
    if (session_ == nullptr) return no_session();
    return outcome(session_->change(q.sql, q.parameters));
  }
  Bytes take(const AskTransaction& q) {
    if (session_ == nullptr) return no_session();
    return outcome(session_->transaction(q.step));
  }

  const Connector& drivers_;
  std::unique_ptr<Session> session_;
};

// A duplicate above the standard descriptors, not given on to programs a driver may start.
int private_copy(int fd) {
  return ::fcntl(fd, F_DUPFD_CLOEXEC, 3);
}

void take_from_drivers(int in, int out) {
  const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  if (nothing < 0) return;
  if (in == STDIN_FILENO) ::dup2(nothing, STDIN_FILENO);
  if (out == STDOUT_FILENO) ::dup2(nothing, STDOUT_FILENO);
  ::close(nothing);
}

void stay_small_and_quiet() {
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  ::prctl(PR_SET_DUMPABLE, 0);
  ::signal(SIGPIPE, SIG_IGN);
  ::signal(SIGINT, SIG_IGN);  // the terminal's interrupt is for the hub, which then ends us
}

// Ends the process when the hub has gone while a driver is busy: its input is closed then.
void watch(int in) {
  std::thread([in] {
    pollfd one{in, POLLRDHUP, 0};
    while (::poll(&one, 1, -1) <= 0 || (one.revents & (POLLRDHUP | POLLHUP | POLLERR)) == 0) {
    }
    ::_exit(0);
  }).detach();
}

}  // namespace

int serve_driver(int in, int out, const Connector& drivers) {
  stay_small_and_quiet();
  const int questions = private_copy(in);
  const int answers = private_copy(out);
  if (questions < 0 || answers < 0) return 1;
  take_from_drivers(in, out);
  watch(questions);
  Desk desk(drivers);
  for (;;) {
    auto frame = read_frame(questions, {});
    if (!frame.ok()) return frame.error().reason() == Reason::kSourceAnswer ? 1 : 0;
    const auto question = parse_question(*frame);
    wipe(*frame);  // it may hold the password
    if (!question.ok()) return 1;
    Bytes answer = desk.answer(*question);
    if (answer.size() > kFrameBytes) {
      answer = encode_error(Error(Reason::kSourceAnswer, "an answer that is too long"));
    }
    if (!write_frame(answers, answer, {}).ok()) return 0;
  }
}

}  // namespace lh::adapters::sql
