// The live adapters that can be asked for one record or want to be told, as their mappings say.
// A view is immutable and swapped whole when an adapter changes.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "adapters/call_turns.h"
#include "adapters/kind.h"
#include "adapters/mapping.h"
#include "hub/ingest/book/adapter_book.h"

namespace lh::hub::app::calls {

struct LiveAdapter {
  std::string name;
  Uscc organisation;  // that answers for it
  UtcTime changed;
  std::shared_ptr<const adapters::Mapping> mapping;
  const adapters::Kind* kind = nullptr;
  std::shared_ptr<adapters::CallTurns> turns;  // of its calls, whoever makes them

  // The output that is looked up for that type by that scheme; null: none.
  const adapters::OutputRule* lookup_for(std::string_view type, IdScheme scheme) const;
  // Of a licence type or a kind of base data; null: none.
  const adapters::PushRule* push_for(adapters::RecordKind about, std::string_view object) const;
};
using Adapters = std::vector<LiveAdapter>;  // by name

struct BoardParts {
  const store::Store& store;
  std::function<Result<adapters::Mapping>(std::string_view toml)> parse;
  std::function<Result<const adapters::Kind*>(const adapters::Mapping&)> kind_of;
  // Of the source of a live mapping, under its limits; the same for all that call it.
  std::function<std::shared_ptr<adapters::CallTurns>(const adapters::Mapping&)> turns_of;
};

// Threads: any.
class Board {
 public:
  explicit Board(BoardParts parts) : parts_(std::move(parts)) {}
  // Reads the book again. A mapping that cannot be used any more is left out and logged. Errors:
  // store.corrupt.
  Status refresh();
  std::shared_ptr<const Adapters> view() const { return std::atomic_load(&view_); }

 private:
  BoardParts parts_;
  std::shared_ptr<const Adapters> view_ = std::make_shared<Adapters>();
};

// A mapping asks and tells only where its kind of source can be asked and told; what depends on the
// rest of its [source] shows at the first call. Errors: mapping.invalid with the line.
Status check_calls(const adapters::Mapping& mapping);

const LiveAdapter* find_adapter(const Adapters& adapters, std::string_view name);

}  // namespace lh::hub::app::calls
