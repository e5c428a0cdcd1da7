// The public face of the log: checkpoint, tiles and bundles by their tlog-tiles path.
// Tiles are public (hashes of entries with random nonces); entry bundles need the auditor role.
#pragma once

#include <string>
#include <vector>

#include "hub/ledger/ledger.h"

namespace lh::hub::audit {

struct TileName {
  bool entries = false;  // "tile/entries/…"
  unsigned level = 0;
  std::uint64_t index = 0;
  unsigned width = 256;
};
// Input: "tile/0/x001/234.p/5", "tile/entries/001"; one spelling only. Errors: http.route_unknown.
Result<TileName> parse_tile_path(std::string_view path);

class LogView {
 public:
  LogView(const ledger::Ledger& ledger, std::string origin)
      : ledger_(ledger), origin_(std::move(origin)) {}
  const std::string& origin() const { return origin_; }
  std::string checkpoint() const { return ledger_.checkpoint(); }
  std::uint64_t size() const { return ledger_.state().size; }
  // Bytes of a tile or bundle. Errors: audit.index_unknown beyond the released checkpoint.
  Result<Bytes> tile(const TileName& name) const;
  const ledger::Ledger& ledger() const { return ledger_; }

 private:
  const ledger::Ledger& ledger_;
  std::string origin_;
};

}  // namespace lh::hub::audit
