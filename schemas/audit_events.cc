#include "schemas/audit_events.h"

#include <algorithm>
#include <array>

#include "base/error.h"
#include "base/result.h"

namespace lh::schemas {
namespace {

constexpr std::array kEvents = {
#define LH_AUDIT_EVENT(name, number, id, english, chinese) \
  AuditEventInfo{AuditEvent::name, id, english, chinese},
#include "schemas/audit_events.def"
#undef LH_AUDIT_EVENT
};

}  // namespace

const AuditEventInfo* find_event(std::uint64_t number) {
  const auto it = std::find_if(kEvents.begin(), kEvents.end(), [number](const AuditEventInfo& e) {
    return static_cast<std::uint64_t>(e.event) == number;
  });
  return it == kEvents.end() ? nullptr : &*it;
}

std::string_view event_id(AuditEvent e) {
  const AuditEventInfo* info = find_event(static_cast<std::uint64_t>(e));
  LH_CHECK(info != nullptr, "an audit event outside the list");
  return info->id;
}

std::span<const AuditEventInfo> all_events() {
  return kEvents;
}

}  // namespace lh::schemas
