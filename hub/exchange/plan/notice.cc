#include "hub/exchange/plan/notice.h"

#include "schemas/json.h"
#include "schemas/xml/xml_text.h"

namespace lh::hub::exchange {
namespace {

constexpr std::string_view kStyle =
    "body{font:16px/1.5 serif;max-width:52em;margin:2em auto;padding:0 1em}"
    "table{border-collapse:collapse;width:100%}td,th{border:1px solid #666;padding:.4em;"
    "text-align:left;vertical-align:top}small{color:#444;display:block}"
    "@media print{body{margin:0}}";

void append_names(std::string& out, const schemas::Names& names) {
  schemas::append_xml_text(out, names.chinese);
  out += "<small>";
  schemas::append_xml_text(out, names.english);
  out += "</small>";
}

void append_cell(std::string& out, std::string_view text) {
  out += "<td>";
  schemas::append_xml_text(out, text);
  out += "</td>";
}

// How the material may be replaced or follow, in words.
void append_other_way(std::string& out, const PlanItem& item) {
  out += "<td>";
  const auto& m = *item.material;
  const std::string due = item.due ? item.due->text() : std::string();
  if (item.decision.state == MaterialState::kCommitment && m.commitment) {
    out += item.ticket.empty() ? "可签署告知承诺书代替：" : "已签署告知承诺书：";
    append_names(out, m.commitment->text);
    out += "核查期限 " + due + "；违反承诺的后果：";
    append_names(out, m.commitment->consequence);
  } else if (item.decision.state == MaterialState::kDeferrable && m.deferral) {
    out += (item.ticket.empty() ? "可容缺后补，补交期限 " : "已容缺受理，补交期限 ") + due +
           "；逾期后果：";
    append_names(out, m.deferral->consequence);
  } else {
    append_names(out, item.decision.rule->names);
  }
  out += "</td>";
}

void append_row(std::string& out, const PlanItem& item) {
  out += "<tr><td>";
  append_names(out, item.material->names);
  out += "</td>";
  if (spares(item.decision.state)) {
    out += "<td>";
    append_names(out, item.decision.rule->names);
    out += "</td>";
  } else {
    append_cell(out, item.material->legal_basis);
    append_other_way(out, item);
  }
  out += "</tr>";
}

enum class Part : std::uint8_t { kToSubmit, kSpared };

void append_table(std::string& out, const Plan& plan, Part part) {
  for (const PlanItem& item : plan.items) {
    if (spares(item.decision.state) == (part == Part::kSpared)) append_row(out, item);
  }
  out += "</table>";
}

}  // namespace

std::string notice_html(const Plan& plan, const NoticeFrame& frame) {
  std::string out = "<!doctype html><html lang=\"zh\"><head><meta charset=\"utf-8\"><title>";
  out += "一次告知单</title><style>";
  out += kStyle;
  out += "</style></head><body><h1>一次告知单<small>One-time notice</small></h1><p>事项：";
  append_names(out, frame.matter.names);
  out += "事项编码：" + frame.matter.code + "，第 " + std::to_string(plan.matter_version) +
         " 版；设定依据：";
  schemas::append_xml_text(out, frame.matter.legal_basis);
  out += "</p><p>告知机关：";
  schemas::append_xml_text(out, frame.organisation);
  out += "；告知时间：" + local_date(plan.made).text() + "；办件标识：" + plan.case_id + "</p>";
  out +=
      "<h2>需要提交的材料<small>To be handed in</small></h2><table><tr><th>材料</th>"
      "<th>依据</th><th>办理方式</th></tr>";
  append_table(out, plan, Part::kToSubmit);
  out +=
      "<h2>不需要提交的材料<small>Not to be handed in</small></h2><table><tr><th>材料</th>"
      "<th>理由</th></tr>";
  append_table(out, plan, Part::kSpared);
  out +=
      "<p>除以上需要提交的材料外，任何人不得要求申请人另行提交其他材料。"
      "<small>Nothing else may be asked for.</small></p></body></html>";
  return out;
}

std::string notice_json(const Plan& plan, const NoticeFrame& frame) {
  schemas::Json j = schemas::Json::object();
  j.set("case_id", plan.case_id).set("revision", plan.revision);
  j.set("media_type", "text/html; charset=utf-8").set("document", notice_html(plan, frame));
  return schemas::to_text(j);
}

}  // namespace lh::hub::exchange
