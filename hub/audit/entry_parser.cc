// Strict reading of entries: one entry, one form. What the maker would not write is refused.
#include <algorithm>

#include "base/limits.h"
#include "hub/audit/entry_format.h"

namespace lh::hub::audit {
namespace {

Error malformed(const char* what) {
  return Error(Reason::kCborMalformed, what);
}

Result<std::vector<ledger::ChainLink>> read_chains(CborReader& r, std::uint64_t index) {
  const std::uint64_t items = LH_TRY(r.read_array());
  if (items == 0 || items % 3 != 0 || items / 3 > limits::kSubjectsPerEntry) {
    return malformed("chains");
  }
  std::vector<ledger::ChainLink> out(items / 3);
  for (auto it = out.begin(); it != out.end(); ++it) {
    const auto tag = to_array<16>(LH_TRY(r.read_bytes()));
    if (!tag.ok()) return malformed("tag");
    it->tag = *tag;
    it->sequence = LH_TRY(r.read_uint());
    it->previous = LH_TRY(r.read_uint());
    const bool first = it->sequence == 1;
    if (it->sequence == 0 || (first && it->previous != 0) || (!first && it->previous >= index)) {
      return malformed("chain position");
    }
    const auto same = [it](const ledger::ChainLink& l) { return l.tag == it->tag; };
    if (std::any_of(out.begin(), it, same)) return malformed("a subject twice");
  }
  return out;
}

Status read_rows(CborReader& r, StampPart& out) {
  if (LH_TRY(r.read_array()) != 2) return malformed("rows");
  const std::uint64_t count = LH_TRY(r.read_uint());
  const auto digest = to_array<32>(LH_TRY(r.read_bytes()));
  if (count == 0 || count > UINT32_MAX || !digest.ok()) return malformed("rows");
  out.row_count = static_cast<std::uint32_t>(count);
  out.rows = *digest;
  return {};
}

bool is_reason_id(std::string_view s) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_';
  };
  return s.size() <= 64 && s != reason_id(Reason::kVerdictGood) &&
         std::all_of(s.begin(), s.end(), allowed);
}

Result<std::string> read_system(PairReader& p) {
  if (!p.at(kSystem)) return std::string();
  if (p.in().peek() == CborKind::kBytes) {
    const auto id = LH_TRY(p.bytes<16>(kSystem));
    return SystemId{*id}.text();
  }
  std::string text = LH_TRY(p.text(kSystem));
  if (packed_system(text)) return malformed("system identifier as text");
  return text;
}

Status read_rule(PairReader& p, Entry& e) {
  if (!p.at(kRule)) return {};
  if (LH_TRY(p.in().read_array()) != 2) return malformed("rule");
  e.rule = LH_TRY(p.in().read_text());
  const std::uint64_t version = LH_TRY(p.in().read_uint());
  if (version > INT32_MAX || (version == 0 && e.rule.empty())) return malformed("rule");
  e.rule_version = static_cast<int>(version);
  return p.done();
}

Status read_act(PairReader& p, Entry& e) {
  e.nonce = LH_TRY(p.bytes<16>(kNonce)).value_or(Tag{});
  const auto* const event = schemas::find_event(LH_TRY(p.number(kEvent)));
  if (event == nullptr) return malformed("event");
  e.event = event->event;
  const std::uint64_t decision = LH_TRY(p.number(kDecision));
  if (decision < 1 || decision > 3) return malformed("decision");
  e.decision = static_cast<Decision>(decision);
  e.reason = LH_TRY(p.text(kReason));
  if (!is_reason_id(e.reason)) return malformed("reason");
  if (e.reason.empty()) e.reason = reason_id(Reason::kVerdictGood);
  e.organisation = LH_TRY(p.text(kOrganisation));
  e.system = LH_TRY(read_system(p));
  e.purpose = LH_TRY(p.text(kPurpose));
  e.legal_basis = LH_TRY(p.text(kLegalBasis));
  e.matter = LH_TRY(p.text(kMatter));
  e.division = LH_TRY(p.text(kDivision));
  e.policy_epoch = LH_TRY(p.number(kPolicyEpoch));
  LH_TRY(read_rule(p, e));
  e.object = LH_TRY(p.text(kObject));
  return {};
}

Status read_tags(PairReader& p, Entry& e) {
  e.officer = LH_TRY(p.bytes<16>(kOfficer));
  e.licence = LH_TRY(p.bytes<16>(kLicence));
  e.case_tag = LH_TRY(p.bytes<16>(kCase));
  e.certificate = LH_TRY(p.bytes<32>(kCertificate));
  e.request = LH_TRY(p.bytes<32>(kRequest));
  e.answer = LH_TRY(p.bytes<32>(kAnswer));
  if (const auto id = LH_TRY(p.bytes<16>(kCorrelation))) e.correlation = to_hex(view(*id));
  e.count = LH_TRY(p.number(kCount));
  e.rows_root = LH_TRY(p.bytes<32>(kRowsRoot));
  return {};
}

bool is_month(std::uint64_t m) {
  return m >= 160001 && m <= 999912 && m % 100 >= 1 && m % 100 <= 12;
}

Status read_boxes(PairReader& p, Entry& e) {
  if (p.at(kBoxA)) {
    if (LH_TRY(p.in().read_array()) != 2) return malformed("box A");
    const std::uint64_t month = LH_TRY(p.in().read_uint());
    e.box_a = LH_TRY(p.in().read_bytes());
    if (!is_month(month) || e.box_a.empty()) return malformed("box A");
    e.month = month_name(month);
    LH_TRY(p.done());
  }
  if (p.at(kBoxB)) {
    e.box_b = LH_TRY(p.in().read_bytes());
    if (e.box_b.empty()) return malformed("box B");
    LH_TRY(p.done());
  }
  if (e.box_b.empty() != e.subjects.empty()) return malformed("box B and subjects");
  return {};
}

class StampReader final : public ledger::EntryReader {
 public:
  // The stamp only: the rest is what the tree says it is, and fsck has half a million to read a
  // second.
  Result<Facts> read(ByteView entry) const override {
    CborReader r(entry);
    PairReader p = LH_TRY(PairReader::open(r));
    StampPart stamp = LH_TRY(read_stamp(p));
    return Facts{stamp.index, stamp.time, stamp.rows, stamp.row_count, std::move(stamp.chains)};
  }
};

}  // namespace

Result<PairReader> PairReader::open(CborReader& r) {
  PairReader out(r, LH_TRY(r.read_map()));
  out.key_position_ = r.position();
  if (out.left_ > 0) out.next_ = LH_TRY(r.read_uint());
  return out;
}

Status PairReader::done() {
  --left_;
  key_position_ = r_->position();
  if (left_ == 0) return {};
  const std::uint64_t key = LH_TRY(r_->read_uint());
  if (key <= next_) return malformed("keys out of order");
  next_ = key;
  return {};
}

Status PairReader::finish() const {
  if (left_ != 0) return malformed("unknown key");
  return r_->finish();
}

Result<std::string> PairReader::text(std::uint64_t key) {
  if (!at(key)) return std::string();
  std::string out(LH_TRY(r_->read_text()));
  if (out.empty()) return malformed("empty text");
  LH_TRY(done());
  return out;
}

Result<std::uint64_t> PairReader::number(std::uint64_t key) {
  if (!at(key)) return std::uint64_t{0};
  const std::uint64_t out = LH_TRY(r_->read_uint());
  if (out == 0) return malformed("zero");
  LH_TRY(done());
  return out;
}

Result<StampPart> read_stamp(PairReader& p) {
  StampPart out;
  if (!p.at(kVersion)) return malformed("version");
  if (LH_TRY(p.in().read_uint()) != kEntryVersion) return malformed("version");
  LH_TRY(p.done());
  if (!p.at(kIndex)) return malformed("index");
  out.index = LH_TRY(p.in().read_uint());
  LH_TRY(p.done());
  if (!p.at(kTime)) return malformed("time");
  out.time.ms = LH_TRY(p.in().read_integer());
  LH_TRY(p.done());
  if (p.at(kChains)) {
    out.chains = LH_TRY(read_chains(p.in(), out.index));
    LH_TRY(p.done());
  }
  if (p.at(kRows)) {
    LH_TRY(read_rows(p.in(), out));
    LH_TRY(p.done());
  }
  if (!p.at(kNonce)) return malformed("nonce");
  return out;
}

Result<Entry> parse_entry(ByteView bytes) {
  if (bytes.size() > limits::kEntryBytes) return malformed("too large");
  CborReader r(bytes);
  PairReader p = LH_TRY(PairReader::open(r));
  StampPart stamp = LH_TRY(read_stamp(p));
  Entry e;
  e.index = stamp.index;
  e.time = stamp.time;
  e.subjects = std::move(stamp.chains);
  e.rows = stamp.rows;
  e.row_count = stamp.row_count;
  const std::size_t begin = p.key_position();
  LH_TRY(read_act(p, e));
  LH_TRY(read_tags(p, e));
  e.bound = bytes.substr(begin, p.key_position() - begin);
  LH_TRY(read_boxes(p, e));
  LH_TRY(p.finish());
  return e;
}

std::vector<std::pair<std::uint8_t, Tag>> postings_of(const Entry& e) {
  std::vector<std::pair<std::uint8_t, Tag>> out;
  const auto add = [&out](PostingKind kind, const Tag& tag) {
    out.emplace_back(static_cast<std::uint8_t>(kind), tag);
  };
  for (const auto& link : e.subjects) add(PostingKind::kSubject, link.tag);
  if (e.officer) add(PostingKind::kOfficer, *e.officer);
  if (e.licence) add(PostingKind::kLicence, *e.licence);
  if (e.case_tag) add(PostingKind::kCase, *e.case_tag);
  if (!e.organisation.empty()) add(PostingKind::kOrganisation, organisation_tag(e.organisation));
  add(PostingKind::kEvent, event_tag(e.event));
  if (e.licence && e.decision == Decision::kAllow && is_licence_change(e.event)) {
    add(PostingKind::kLicenceChange, licence_type_tag(e.object));
  }
  return out;
}

std::unique_ptr<ledger::EntryReader> make_entry_reader() {
  return std::make_unique<StampReader>();
}

}  // namespace lh::hub::audit
