#include "hub/app/calls/board.h"

#include <algorithm>

#include "base/log.h"

namespace lh::hub::app::calls {

const adapters::OutputRule* LiveAdapter::lookup_for(std::string_view type, IdScheme scheme) const {
  for (const auto& output : mapping->outputs) {
    if (!output.lookup.empty() && output.object == type && output.holder_scheme == scheme) {
      return &output;
    }
  }
  return nullptr;
}

const adapters::PushRule* LiveAdapter::push_for(adapters::RecordKind about,
                                                std::string_view object) const {
  for (const auto& push : mapping->pushes) {
    if (push.about == about && push.object == object) return &push;
  }
  return nullptr;
}

Status Board::refresh() {
  auto fresh = std::make_shared<Adapters>();
  for (const auto& adapter : LH_TRY(ingest::list_adapters(parts_.store))) {
    if (adapter.mode != ingest::AdapterMode::kLive) continue;
    auto mapping = parts_.parse(adapter.mapping);
    const auto kind = mapping.ok() ? parts_.kind_of(*mapping) : mapping.error();
    if (!kind.ok()) {
      log_event(LogLevel::kWarning, "adapter.unusable", {{"reason", kind.error().reason()}});
      continue;
    }
    auto turns = parts_.turns_of(*mapping);
    fresh->push_back({adapter.name, adapter.collector, adapter.changed,
                      std::make_shared<const adapters::Mapping>(std::move(*mapping)), *kind,
                      std::move(turns)});
  }
  std::atomic_store(&view_, std::shared_ptr<const Adapters>(std::move(fresh)));
  return ok_status();
}

// Files, folders and spools cannot be asked; a folder can be told: a push is a file in another one.
Status check_calls(const adapters::Mapping& mapping) {
  constexpr std::string_view kNeverAsked[] = {"file", "drop", "message"};
  constexpr std::string_view kNeverTold[] = {"file", "message"};
  const auto among = [&mapping](const auto& kinds) {
    return std::find(std::begin(kinds), std::end(kinds), mapping.kind) != std::end(kinds);
  };
  const auto refused = [&mapping](int line, const char* what) {
    return Error(Reason::kMappingInvalid, "line " + std::to_string(line) + ": " + what +
                                              ": not of a source of kind " + mapping.kind);
  };
  for (const auto& output : mapping.outputs) {
    if (!output.lookup.empty() && among(kNeverAsked)) return refused(output.line, "lookup");
  }
  if (!mapping.pushes.empty() && among(kNeverTold)) {
    return refused(mapping.pushes.front().line, "pushes");
  }
  return ok_status();
}

const LiveAdapter* find_adapter(const Adapters& adapters, std::string_view name) {
  const auto at = std::find_if(adapters.begin(), adapters.end(),
                               [name](const LiveAdapter& a) { return a.name == name; });
  return at == adapters.end() ? nullptr : &*at;
}

}  // namespace lh::hub::app::calls
