#include "adapters/sql/host/host_session.h"

#include <optional>

#include "adapters/sql/host/child.h"
#include "adapters/sql/host/frame.h"
#include "adapters/sql/host/protocol.h"

namespace lh::adapters::sql {
namespace {

// What a driver may take beyond the deadline it keeps itself, so that its own reason comes first.
constexpr std::int64_t kGraceMs = 500;

class HostSession final : public Session {
 public:
  HostSession(Child child, const Clock& clock, std::int64_t query_ms)
      : child_(std::move(child)), clock_(clock), query_ms_(query_ms) {}

  Status connect(const Connection& to, const Secret& password) {
    Bytes question = encode(AskConnect{to, password.clone()});
    auto answer = ask(question, to.login_ms + query_ms_);
    wipe(question);
    if (!answer.ok()) return std::move(answer).error();
    return sound(parse_done(*answer));
  }

  Result<const std::vector<Column>*> query(const std::string& sql,
                                           const Parameters& parameters) override {
    const Bytes answer = LH_TRY(ask(encode(AskQuery{sql, parameters}), query_ms_));
    columns_ = LH_TRY(sound(parse_columns(answer)));
    return static_cast<const std::vector<Column>*>(&columns_);
  }

  Result<std::vector<Bytes>> rows(std::size_t most) override {
    const Bytes answer = LH_TRY(ask(encode(AskRows{most}), query_ms_));
    auto rows = sound(parse_rows(answer));
    if (rows.ok() && rows->size() > most) return broken();
    return rows;
  }

  Status change(const std::string& sql, const Parameters& parameters) override {
    const Bytes answer = LH_TRY(ask(encode(AskChange{sql, parameters}), query_ms_));
    return sound(parse_done(answer));
  }

  Status transaction(Step step) override {
    const Bytes answer = LH_TRY(ask(encode(AskTransaction{step}), query_ms_));
    return sound(parse_done(answer));
  }

 private:
  Error broken() {
    child_.reset();
    return Error(Reason::kSourceUnavailable, "the driver host answered something else");
  }

  // After an answer that is none the two sides would no longer mean the same: the child goes.
  template <class T>
  Result<T> sound(Result<T> answer) {
    if (!answer.ok() && answer.error().reason() == Reason::kSourceAnswer) child_.reset();
    return answer;
  }

  Result<Bytes> ask(ByteView question, std::int64_t ms) {
    if (!child_) return Error(Reason::kSourceUnavailable, "the driver host has gone");
    const Deadline deadline = Deadline::in_ms(clock_, ms + kGraceMs);
    const Status sent = write_frame(child_->socket(), question, deadline);
    auto answer = sent.ok() ? read_frame(child_->socket(), deadline) : Result<Bytes>(sent.error());
    if (!answer.ok()) child_.reset();
    return answer;
  }

  std::optional<Child> child_;  // none: it was killed
  const Clock& clock_;
  std::int64_t query_ms_;
  std::vector<Column> columns_;
};

class HostConnector final : public Connector {
 public:
  HostConnector(std::vector<std::string> command, const Clock& clock)
      : command_(std::move(command)), clock_(clock) {}

  Result<std::unique_ptr<Session>> connect(const Connection& to,
                                           const Secret& password) const override {
    auto session =
        std::make_unique<HostSession>(LH_TRY(Child::start(command_)), clock_, to.query_ms);
    LH_TRY(session->connect(to, password));
    return std::unique_ptr<Session>(std::move(session));
  }

 private:
  std::vector<std::string> command_;
  const Clock& clock_;
};

}  // namespace

std::unique_ptr<Connector> make_host_connector(std::vector<std::string> command,
                                               const Clock& clock) {
  return std::make_unique<HostConnector>(std::move(command), clock);
}

}  // namespace lh::adapters::sql
