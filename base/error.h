// Error and the closed catalogue of reasons.
// The list is base/error_catalogue.def; docs/errors.md is generated from it
// (tools/catalogue_pages).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace lh {

enum class Reason : std::uint16_t {
#define LH_ERROR(name, id, status, retry, english, chinese) name,
#include "base/error_catalogue.def"
#undef LH_ERROR
};

enum class Retry : std::uint8_t { kNever, kLater };  // kLater: the same request may succeed later
enum class Language : std::uint8_t { kEnglish, kChinese };

struct ReasonInfo {
  Reason reason;
  std::string_view id;  // stable: integrators program against it
  int http_status;
  Retry retry;
  std::string_view english;
  std::string_view chinese;
};

const ReasonInfo& info(Reason reason);
std::string_view reason_id(Reason reason);
std::span<const ReasonInfo> all_reasons();
// By its stable id, as stored or as another party sent it.
std::optional<Reason> find_reason(std::string_view id);

// detail is for the operator and the integrator: field names, positions, limits. Never a personal
// value, never a secret. The public text comes from the catalogue.
class Error {
 public:
  explicit Error(Reason reason, std::string detail = {})
      : reason_(reason), detail_(static_cast<std::string&&>(detail)) {}
  Reason reason() const { return reason_; }
  std::string_view id() const { return reason_id(reason_); }
  const std::string& detail() const { return detail_; }
  std::string describe() const;  // "id: detail"

 private:
  Reason reason_;
  std::string detail_;
};

[[noreturn]] void check_failed(std::string_view condition, std::string_view what);

}  // namespace lh
