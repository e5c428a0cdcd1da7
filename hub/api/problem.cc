#include "hub/api/problem.h"

#include <algorithm>
#include <cstdlib>

#include "schemas/json.h"

namespace lh::hub::api {
namespace {

constexpr int kRetryAfterSeconds = 2;

// Weight of one range of Accept-Language, "zh-CN;q=0.8" -> (zh, 800).
int weight_of(std::string_view range) {
  const auto q = range.find("q=");
  if (q == std::string_view::npos) return 1000;
  const std::string text(range.substr(q + 2, 5));
  return static_cast<int>(std::strtod(text.c_str(), nullptr) * 1000);
}

}  // namespace

Language language_of(std::string_view accept_language) {
  int chinese = 0;
  int other = 0;
  while (!accept_language.empty()) {
    const auto comma = accept_language.find(',');
    std::string_view range = accept_language.substr(0, comma);
    accept_language.remove_prefix(comma == std::string_view::npos ? accept_language.size()
                                                                  : comma + 1);
    while (range.starts_with(' ')) range.remove_prefix(1);
    int& best = range.starts_with("zh") ? chinese : other;
    best = std::max(best, weight_of(range));
  }
  return chinese > other ? Language::kChinese : Language::kEnglish;
}

Response problem(const Error& error, Language language) {
  const ReasonInfo& about = info(error.reason());
  schemas::Json j = schemas::Json::object();
  j.set("type", "urn:licencehub:problem:" + std::string(about.id));
  j.set("title", language == Language::kChinese ? about.chinese : about.english);
  j.set("status", about.http_status);
  j.set("reason", about.id);
  if (!error.detail().empty() && about.http_status < 500) j.set("detail", error.detail());
  Response r;
  r.status = about.http_status;
  r.content_type = "application/problem+json";
  r.headers.emplace_back("content-language", language == Language::kChinese ? "zh-CN" : "en");
  if (r.status == 429 || r.status == 503 || r.status == 507) {
    r.headers.emplace_back("retry-after", std::to_string(kRetryAfterSeconds));
  }
  r.body = schemas::to_text(j);
  return r;
}

Response json_response(int status, std::string body) {
  Response r;
  r.status = status;
  r.body = std::move(body);
  return r;
}

Response text_response(std::string body) {
  Response r;
  r.content_type = "text/plain; charset=utf-8";
  r.body = std::move(body);
  return r;
}

}  // namespace lh::hub::api
