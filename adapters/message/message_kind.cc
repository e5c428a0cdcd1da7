#include "adapters/message/message_kind.h"

#include "adapters/message/message_source.h"

namespace lh::adapters::message {
namespace {

class MessageKind final : public Kind {
 public:
  std::string_view name() const override { return "message"; }
  Rerun rerun(const SettingsNode& /*source*/) const override { return Rerun::kFromTheCursor; }
  Status check(const SettingsNode& source) const override {
    LH_TRY(read_settings(source));
    return {};
  }
  Result<std::unique_ptr<Source>> pull(const SettingsNode& source, const Input& input,
                                       const Cursor& from) const override {
    return open_waiting(LH_TRY(settings_of(source, input)), LH_TRY(parse_cursor(from)));
  }
  Stock stock_of(const SettingsNode& /*source*/) const override { return Stock::kDeliveries; }
  Result<std::unique_ptr<Source>> stock(const SettingsNode& source, const Input& input,
                                        const Cursor& read) const override {
    return open_kept(LH_TRY(settings_of(source, input)), LH_TRY(parse_cursor(read)));
  }
  Result<KeptRow> reread(const SettingsNode& source, KeptRow kept) const override {
    const MessageSettings settings = LH_TRY(read_settings(source));
    return http::answer::reread_item(http::answer::Format::kJson, settings.shape, std::move(kept));
  }

 private:
  static Result<MessageSettings> settings_of(const SettingsNode& source, const Input& input) {
    MessageSettings settings = LH_TRY(read_settings(source));
    if (!input.path.empty()) settings.folder = input.path;
    if (settings.folder.empty()) return Error(Reason::kUsage, "the source is a folder: name it");
    return settings;
  }
};

}  // namespace

std::unique_ptr<Kind> make_kind() {
  return std::make_unique<MessageKind>();
}

}  // namespace lh::adapters::message
