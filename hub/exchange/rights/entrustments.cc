#include "hub/exchange/rights/entrustments.h"

#include <algorithm>

#include "base/cbor.h"
#include "hub/ledger/stored_texts.h"

namespace lh::hub::exchange {
namespace {

constexpr std::uint64_t kFormat = 1;
constexpr std::size_t kMost = 500;
constexpr std::pair<AgentAct, std::string_view> kActs[] = {
    {AgentAct::kOpenCase, "open_case"},
    {AgentAct::kUseLicence, "use_licence"},
    {AgentAct::kReceiveResult, "receive_result"},
    {AgentAct::kSignCommitment, "sign_commitment"},
};

Error corrupt() {
  return Error(Reason::kStoreCorrupt, "entrustment");
}

Bytes principal_prefix(SubjectNo principal) {
  Bytes key("Ee");
  append_be64(key, principal.value);
  return key;
}

Bytes encode(const Entrustment& e) {
  CborWriter w;
  w.array(7);
  w.uint(kFormat);
  ledger::write_texts(w, e.matters);
  w.array(e.acts.size());
  for (const AgentAct act : e.acts) w.uint(static_cast<std::uint64_t>(act));
  w.integer(e.given.ms);
  w.integer(e.expires.ms);
  if (e.withdrawn) {
    w.integer(e.withdrawn->ms);
  } else {
    w.null();
  }
  w.bytes(e.agent_name);
  return w.take();
}

Status read_scope(CborReader& r, Entrustment& e) {
  e.matters = LH_TRY(ledger::read_texts(r));
  const std::uint64_t acts = LH_TRY(r.read_array());
  for (std::uint64_t i = 0; i < acts; ++i) {
    const std::uint64_t act = LH_TRY(r.read_uint());
    if (act < 1 || act > 4) return corrupt();
    e.acts.push_back(static_cast<AgentAct>(act));
  }
  return ok_status();
}

Result<Entrustment> decode(ByteView key, ByteView payload) {
  if (key.size() != 2 + 8 + 8 + 16) return corrupt();
  Entrustment e;
  e.principal = SubjectNo{read_be64(key.substr(2))};
  e.agent = SubjectNo{read_be64(key.substr(10))};
  e.id.value = LH_TRY(to_array<16>(key.substr(18)));
  CborReader r(payload);
  if (LH_TRY(r.read_array()) != 7 || LH_TRY(r.read_uint()) != kFormat) return corrupt();
  LH_TRY(read_scope(r, e));
  e.given.ms = LH_TRY(r.read_integer());
  e.expires.ms = LH_TRY(r.read_integer());
  if (r.peek() == CborKind::kNull) {
    LH_TRY(r.read_null());
  } else {
    e.withdrawn = UtcTime{LH_TRY(r.read_integer())};
  }
  e.agent_name = Bytes(LH_TRY(r.read_bytes()));
  LH_TRY(r.finish());
  return e;
}

Result<std::vector<Entrustment>> read_all(const store::Store& store, const Bytes& prefix) {
  std::vector<Entrustment> out;
  for (const auto& row : LH_TRY(store.latest().scan(store::Family::kData, prefix, {}, kMost))) {
    auto e = decode(row.key, LH_TRY(ledger::parse_stored(row.value)).payload);
    if (!e.ok()) return corrupt();
    out.push_back(std::move(*e));
  }
  return out;
}

template <class T>
bool has(const std::vector<T>& list, const T& item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

}  // namespace

std::string_view act_text(AgentAct a) {
  for (const auto& [act, text] : kActs) {
    if (act == a) return text;
  }
  return "unknown";
}

Result<AgentAct> parse_agent_act(std::string_view text) {
  for (const auto& [act, known] : kActs) {
    if (known == text) return act;
  }
  return Error(Reason::kJsonValue, "act of an agent");
}

Bytes entrustment_key(const Entrustment& e) {
  Bytes key = principal_prefix(e.principal);
  append_be64(key, e.agent.value);
  return key.append(view(e.id.value));
}

ledger::RowWrite entrustment_row(const Entrustment& e) {
  return {store::Family::kData, entrustment_key(e), encode(e)};
}

Result<std::vector<Entrustment>> entrustments_of(const store::Store& store, SubjectNo principal) {
  return read_all(store, principal_prefix(principal));
}

Status check_entrustment(const store::Store& store, const AgentQuestion& question, UtcTime now) {
  Bytes prefix = principal_prefix(question.principal);
  append_be64(prefix, question.agent.value);
  const auto all = LH_TRY(read_all(store, prefix));
  const bool covered = std::any_of(all.begin(), all.end(), [&](const Entrustment& e) {
    const bool live = !e.withdrawn && e.given <= now && now < e.expires;
    return live && has(e.acts, question.act) &&
           (has(e.matters, std::string("*")) || has(e.matters, question.matter));
  });
  return covered ? ok_status() : Status(Error(Reason::kEntrustmentInvalid));
}

}  // namespace lh::hub::exchange
