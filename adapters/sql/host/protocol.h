// What a driver host is asked and answers, in CBOR. One answer to each question, in order.
//   question: [1, connection, password] · [2, sql, parameters] query · [3, most] rows ·
//             [4, sql, parameters] change · [5, step]
//   answer:   [0] · [0, columns] · [0, rows] · [1, reason id, detail]
#pragma once

#include <variant>

#include "adapters/sql/session/session.h"
#include "base/cbor.h"

namespace lh::adapters::sql {

struct AskConnect {
  Connection to;
  Secret password;
};
struct AskQuery {
  std::string sql;
  Parameters parameters;
};
struct AskRows {
  std::size_t most = 0;
};
struct AskChange {
  std::string sql;
  Parameters parameters;
};
struct AskTransaction {
  Step step = Step::kBegin;
};
using Question = std::variant<AskConnect, AskQuery, AskRows, AskChange, AskTransaction>;

Bytes encode(const Question& question);
// Errors: source.answer.
Result<Question> parse_question(ByteView in);

Bytes encode_done();
Bytes encode_columns(const std::vector<Column>& columns);
Bytes encode_rows(const std::vector<Bytes>& rows);
// Only reasons a session may have; another becomes source.answer.
Bytes encode_error(const Error& error);

// Each gives the value, or the error the host answered, or source.answer.
Status parse_done(ByteView in);
Result<std::vector<Column>> parse_columns(ByteView in);
Result<std::vector<Bytes>> parse_rows(ByteView in);

}  // namespace lh::adapters::sql
