// What trying a mapping has in common, whether rows come from the source or out of a cassette.
#pragma once

#include "hub/app/operations/operations.h"
#include "hub/ingest/book/trial.h"

namespace lh::hub::app::operations {

enum class Values : std::uint8_t { kShapes, kClear };

// Looking at a source shows personal data to a person: it is on record, with what was looked at.
Status note_look(Context& context, const std::string& mapping, std::string_view what);
Json trial_json(const ingest::Trial& trial, Values values);

}  // namespace lh::hub::app::operations
