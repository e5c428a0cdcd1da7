// Licences the hub does not hold, asked for in the department's own system at request time. The
// exchange sees this interface only; which systems there are and how they are spoken to is wired by
// hub/app. Nothing of what comes back is stored.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/adapter.h"
#include "base/ids.h"
#include "base/result.h"

namespace lh::hub::exchange {

// A source that can be asked for licences of one type by the identifier of their holder.
struct Offer {
  std::string adapter;
  Uscc organisation;  // the department that answers for it
  std::string organisation_name;
  std::string issuer_name;             // of the licences, as the mapping says
  std::optional<UtcTime> last_answer;  // since the hub started; none: not asked yet
};

struct Wanted {
  std::string type;  // licence type code
  SubjectId holder;
};

// The right to one call, taken before the call is announced in the log: a call that is on record is
// made. Given back when it goes.
class Line {
 public:
  Line() = default;
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;
  virtual ~Line() = default;
  using Found = Result<std::vector<adapters::MappedRecord>>;
  // Returns at once; `done` runs exactly once, on a thread of the source, within the source's
  // deadline. Only records of the wanted type; none: the source does not know the key. Errors:
  // source.unavailable, source.refused, source.answer, mapping.column_missing, input.too_large.
  virtual void ask(Wanted wanted, std::function<void(Found)> done) = 0;
};

// Threads: any.
class Obtainer {
 public:
  Obtainer() = default;
  Obtainer(const Obtainer&) = delete;
  Obtainer& operator=(const Obtainer&) = delete;
  virtual ~Obtainer() = default;
  // The source to ask for that type where the holder has an identifier of that scheme.
  virtual std::optional<Offer> find(std::string_view type, IdScheme scheme) const = 0;
  // Errors: reference.stale (the adapter does not offer that any more), source.busy, source.paused,
  // hub.shutting_down.
  virtual Result<std::shared_ptr<Line>> reserve(const std::string& adapter, std::string_view type,
                                                IdScheme scheme) = 0;
};

}  // namespace lh::hub::exchange
