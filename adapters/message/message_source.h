// The events of a spool as a source: what waits, for a run; what was read, for a comparison.
#pragma once

#include <memory>

#include "adapters/message/message_settings.h"

namespace lh::adapters::message {

// What comes behind `from`; files that it covers are done. Errors: source.unavailable.
Result<std::unique_ptr<Source>> open_waiting(MessageSettings settings, const MessageCursor& from);
// Every event of the files that `read` covers, in their order, one that came before left out. Moves
// no file. Errors: source.unavailable, adapter.state (files that were read are no longer there).
Result<std::unique_ptr<Source>> open_kept(MessageSettings settings, const MessageCursor& read);

}  // namespace lh::adapters::message
