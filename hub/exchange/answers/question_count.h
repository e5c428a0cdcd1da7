// How many different questions a case has asked about one field: so few that a value cannot be
// found by asking. The same question again is not counted.
//   data "ap" ‖ case_id(16) ‖ HMAC(material ‖ 0 ‖ field)(16)  -> [1, HMAC of each question(16)…]
// Private to hub/exchange.
#pragma once

#include "hub/exchange/answers/question.h"
#include "hub/exchange/exchange.h"

namespace lh::hub::exchange {

inline constexpr std::size_t kQuestionsPerField = 5;

struct QuestionPlace {
  CaseId case_id;
  std::string material;
};
// Adds the row and its precondition to the change that answers. Errors: http.too_many_requests.
Status count_question(const ExchangeParts& parts, const QuestionPlace& place,
                      const AskedQuestion& question, ledger::Change& change);

}  // namespace lh::hub::exchange
