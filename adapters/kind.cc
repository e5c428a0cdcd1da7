#include "adapters/kind.h"

namespace lh::adapters {

Result<std::unique_ptr<Source>> Kind::stock(const SettingsNode& source, const Input& input,
                                            const Cursor& /*read*/) const {
  return pull(source, input, {});
}

Result<KeptRow> Kind::reread(const SettingsNode& /*source*/, KeptRow /*kept*/) const {
  return Error(Reason::kAdapterUnsupported, std::string(name()) + ": rows from kept bytes");
}

Result<std::unique_ptr<Lookup>> Kind::lookup(const SettingsNode& /*source*/) const {
  return Error(Reason::kAdapterUnsupported, std::string(name()) + ": lookup by key");
}

Result<std::unique_ptr<Push>> Kind::push(const SettingsNode& /*source*/) const {
  return Error(Reason::kAdapterUnsupported, std::string(name()) + ": push");
}

void Kinds::add(std::unique_ptr<Kind> kind) {
  kinds_.push_back(std::move(kind));
}

Result<const Kind*> Kinds::find(std::string_view name, const SettingsNode& source) const {
  std::string known;
  for (const auto& kind : kinds_) {
    if (kind->name() == name) return static_cast<const Kind*>(kind.get());
    known.append(known.empty() ? "" : ", ").append(kind->name());
  }
  return invalid_setting(source, "kind is one of: " + known);
}

}  // namespace lh::adapters
