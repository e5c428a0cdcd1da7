#include "hub/ledger/stored_texts.h"

namespace lh::hub::ledger {

void write_texts(CborWriter& w, const std::vector<std::string>& texts) {
  w.array(texts.size());
  for (const auto& text : texts) w.text(text);
}

Result<std::vector<std::string>> read_texts(CborReader& r) {
  std::vector<std::string> out;
  for (std::uint64_t n = LH_TRY(r.read_array()); n > 0; --n) {
    out.emplace_back(LH_TRY(r.read_text()));
  }
  return out;
}

}  // namespace lh::hub::ledger
