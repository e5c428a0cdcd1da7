// 一次告知单: everything the applicant has to hand in, said once, with the legal basis of each
// material, what may take its place, and what nobody may ask for. A document of its own: HTML
// without scripts or anything fetched, for print and screen, Chinese with English beneath.
// Private to hub/exchange.
#pragma once

#include <string>

#include "hub/exchange/plan/plan.h"

namespace lh::hub::exchange {

struct NoticeFrame {
  std::string organisation;  // who gives it
  const schemas::Matter& matter;
};
std::string notice_html(const Plan& plan, const NoticeFrame& frame);
// The answer of POST /v1/cases/{case_id}/notice.
std::string notice_json(const Plan& plan, const NoticeFrame& frame);

}  // namespace lh::hub::exchange
