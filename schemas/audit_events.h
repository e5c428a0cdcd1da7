// The closed list of audit events (schemas/audit_events.def).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace lh::schemas {

enum class AuditEvent : std::uint16_t {
#define LH_AUDIT_EVENT(name, number, id, english, chinese) name = number,
#include "schemas/audit_events.def"
#undef LH_AUDIT_EVENT
};

struct AuditEventInfo {
  AuditEvent event;
  std::string_view id;
  std::string_view english;
  std::string_view chinese;
};
const AuditEventInfo* find_event(std::uint64_t number);  // null when the number is not known
std::string_view event_id(AuditEvent e);
std::span<const AuditEventInfo> all_events();

}  // namespace lh::schemas
