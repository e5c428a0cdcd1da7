// Only hub::access::Gate makes a Permit.
// expect: private
#include "base/permit.h"

#ifdef CONTROL
namespace lh::hub::access {
class Gate {
#else
namespace lh::hub::exchange {
class Shortcut {
#endif
 public:
  static Permit make() {
    return {AccessId{}, Access::kServe};
  }
};
}  // namespace
