#include <algorithm>

#include "adapters/sql/sql_exchange.h"

namespace lh::adapters::sql {
namespace {

class SqlPush final : public Push {
 public:
  SqlPush(const Parts& parts, SqlSettings settings)
      : parts_(parts), settings_(std::move(settings)), push_(settings_.push) {
    into_.dialect = settings_.connection.dialect;
    into_.schema = push_.schema;
    into_.table = push_.table;
    std::vector<std::string> columns = push_.columns;
    columns.push_back(push_.id);
    sql_ = push_.table.empty() ? push_.statement.sql : insert_sql(into_, columns);
  }

  Status send(std::string_view id, const KeyValues& record) override {
    const Parameters values = LH_TRY(parameters(id, record));
    const bool kept = session_ != nullptr;
    Status sent = send_once(id, values);
    // A kept session may be from before a restart; the id makes a second attempt harmless.
    if (kept && session_ == nullptr) sent = send_once(id, values);
    return sent;
  }

 private:
  static Parameter value_of(std::string_view text) {
    if (text.empty()) return {ParameterType::kNull, {}};
    return {ParameterType::kText, std::string(text)};
  }

  // In the order of the marks. Errors: source.refused for what cannot be sent.
  Result<Parameters> parameters(std::string_view id, const KeyValues& record) const {
    if (id.empty()) return Error(Reason::kSourceRefused, "a push without an id");
    for (const auto& [name, value] : record) {
      if (!is_utf8(value) || value.find('\0') != std::string::npos) {
        return Error(Reason::kSourceRefused, "push: " + name + " is not text");
      }
    }
    const bool by_table = !push_.table.empty();
    Parameters out;
    for (const std::string& name : by_table ? push_.columns : push_.statement.names) {
      const auto at = std::find_if(record.begin(), record.end(),
                                   [&name](const auto& part) { return part.first == name; });
      if (!by_table && name == "id") {
        out.push_back(value_of(id));
      } else if (at == record.end()) {
        return Error(Reason::kSourceRefused, "push: the record has no " + name);
      } else {
        out.push_back(value_of(at->second));
      }
    }
    if (by_table) out.push_back(value_of(id));
    return out;
  }

  Status send_once(std::string_view id, const Parameters& values) {
    if (session_ == nullptr) {
      session_ = LH_TRY(open_session(parts_, settings_, Access::kWrite));
    }
    Status sent = in_transaction(id, values);
    if (sent.ok()) return sent;
    const bool lost = sent.error().reason() == Reason::kSourceUnavailable;
    if (lost || !session_->transaction(Step::kRollback).ok()) {
      session_.reset();
      return sent;
    }
    // Another session may have written the same id between our question and our insert.
    const auto there = exists(id);
    return there.ok() && *there ? Status() : sent;
  }

  Status in_transaction(std::string_view id, const Parameters& values) {
    LH_TRY(session_->transaction(Step::kBegin));
    if (!LH_TRY(exists(id))) LH_TRY(session_->change(sql_, values));
    return session_->transaction(Step::kCommit);
  }

  Result<bool> exists(std::string_view id) {
    if (push_.table.empty()) return false;
    LH_TRY(session_->query(exists_sql(into_, push_.id), {value_of(id)}));
    return !LH_TRY(session_->rows(1)).empty();
  }

  Parts parts_;
  SqlSettings settings_;
  const PushSettings& push_;
  Relation into_;
  std::string sql_;
  std::unique_ptr<Session> session_;
};

}  // namespace

Result<std::unique_ptr<Push>> open_push(const Parts& parts, const SqlSettings& settings) {
  if (!settings.push.is_set()) return Error(Reason::kAdapterUnsupported, "sql: no push table");
  return std::unique_ptr<Push>(std::make_unique<SqlPush>(parts, settings));
}

}  // namespace lh::adapters::sql
