// Receipts as JSON text: {"log":…,"index":…,"entry":<base64>,"proof":<tlog-proof@v1>}.
#include "base/limits.h"
#include "hub/audit/receipt.h"
#include "schemas/json.h"

namespace lh::hub::audit {
namespace {

constexpr std::size_t kProofBytes = 64U << 10U;
constexpr std::size_t kEntryText = (limits::kEntryBytes + 2) / 3 * 4;
constexpr std::size_t kReceiptBytes = 256U << 10U;

}  // namespace

void append_receipt(std::string& out, std::string_view log, const Recorded& recorded) {
  out.reserve(out.size() + recorded.entry().size() * 4 / 3 + recorded.proof().size() * 5 / 4 + 128);
  out += "{\"log\":";
  schemas::append_json_string(out, log);
  out += ",\"index\":" + std::to_string(recorded.index()) + ",\"entry\":\"";
  append_base64(out, recorded.entry());  // nothing in it to escape
  out += "\",\"proof\":";
  schemas::append_json_string(out, recorded.proof());
  out += '}';
}

std::string receipt_json(std::string_view log, const Recorded& recorded) {
  std::string out;
  append_receipt(out, log, recorded);
  return out;
}

Result<Receipt> parse_receipt(std::string_view json) {
  const schemas::Json tree = LH_TRY(schemas::parse_json(json, kReceiptBytes));
  auto r = LH_TRY(schemas::ObjectReader::open(tree, "receipt"));
  Receipt out;
  out.log = LH_TRY(r.string("log"));
  const std::int64_t index = LH_TRY(r.integer("index"));
  const std::string entry = LH_TRY(r.string("entry", kEntryText));
  out.proof = LH_TRY(r.string("proof", kProofBytes));
  LH_TRY(r.finish());
  auto bytes = parse_base64(entry);
  if (index < 0 || !bytes.ok()) return Error(Reason::kProofMalformed, "receipt");
  out.index = static_cast<std::uint64_t>(index);
  out.entry = std::move(bytes).value();
  return out;
}

}  // namespace lh::hub::audit
