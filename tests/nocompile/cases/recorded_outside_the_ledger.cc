// Only hub::ledger::Ledger says that an entry is durable.
// expect: private
#include "base/permit.h"

#ifdef CONTROL
namespace lh::hub::ledger {
class Ledger {
#else
namespace lh::hub::exchange {
class Shortcut {
#endif
 public:
  static Recorded make() {
    return {AccessId{}, 0, UtcTime{}, "", ""};
  }
};
}  // namespace
