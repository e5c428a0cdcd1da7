// Pull of changes from other hubs, one after the other, each by its own cursor (POST
// /v1/licence-changes). Every licence is judged before it is a row; one that does not pass is a bad
// row with its reason, and keeps what was said of it. Private to this folder.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "adapters/http/request/exchange.h"
#include "adapters/hub/hub_settings.h"
#include "adapters/hub/judge.h"

namespace lh::adapters::hub {

struct PullTools {
  const http::request::Tools& tools;
  const Judge& judge;
  CallGate* calls = nullptr;
};
// Errors: cursor.invalid, mapping.invalid.
Result<std::unique_ptr<Source>> open_pull(HubSettings settings, const PullTools& with,
                                          const Cursor& from);
// A row that was held, judged anew by the trust of now.
Result<KeptRow> reread_change(const HubSettings& settings, const Judge& judge, KeptRow kept);

// Deterministic CBOR [1, rows, [url, cursor of that hub]…]; hubs that are no longer asked are
// forgotten, new ones begin at the beginning.
struct HubsCursor {
  std::uint64_t rows = 0;  // given so far, over all runs
  std::vector<std::pair<std::string, std::string>> hubs;
  std::string of(const std::string& url) const;  // empty: from the beginning
  void set(const std::string& url, std::string cursor);
};
Cursor encode_cursor(const HubsCursor& at);
Result<HubsCursor> parse_cursor(const Cursor& cursor);  // cursor.invalid

}  // namespace lh::adapters::hub
