#include "base/error.h"

#include <cstdlib>

#include "base/log.h"

namespace lh {
namespace {

constexpr ReasonInfo kReasons[] = {
#define LH_ERROR(name, id, status, retry, english, chinese) \
  {Reason::name, id, status, Retry::retry, english, chinese},
#include "base/error_catalogue.def"
#undef LH_ERROR
};

}  // namespace

const ReasonInfo& info(Reason reason) {
  return kReasons[static_cast<std::size_t>(reason)];
}
std::string_view reason_id(Reason reason) {
  return info(reason).id;
}
std::span<const ReasonInfo> all_reasons() {
  return kReasons;
}
std::optional<Reason> find_reason(std::string_view id) {
  // The two that nearly every stored verdict has; the rest is found by going through the list.
  if (id == "verdict.good") return Reason::kVerdictGood;
  if (id == "issuer.stock_data") return Reason::kIssuerStockData;
  for (const ReasonInfo& known : kReasons) {
    if (known.id == id) return known.reason;
  }
  return std::nullopt;
}

std::string Error::describe() const {
  std::string out(id());
  if (!detail_.empty()) out += ": " + detail_;
  return out;
}

void check_failed(std::string_view condition, std::string_view what) {
  log_event(LogLevel::kError, "check.failed", {{"condition", condition}, {"what", what}});
  std::abort();
}

}  // namespace lh
