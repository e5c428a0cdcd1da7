// Base data is read under a Permit; what comes is Undisclosed and not the record.
// expect: too few arguments|no matching function
#include "hub/subjects/base_data.h"

auto look(const lh::hub::subjects::BaseData& data, const lh::hub::subjects::SubjectKey& subject,
          const lh::Permit& permit) {
#ifdef CONTROL
  return data.read(subject, "natural_person", permit);
#else
  static_cast<void>(permit);
  return data.read(subject, "natural_person");
#endif
}
