#include <algorithm>

#include "base/limits.h"
#include "crypto/digest.h"
#include "hub/audit/entry_format.h"

namespace lh::hub::audit {
namespace {

// The stamp part at its largest: head, version, index, time, rows, and 35 bytes a chain.
constexpr std::size_t kStampBytes = 80 + 35 * limits::kSubjectsPerEntry;
constexpr std::size_t kUsualBytes = 768;  // of an entry and of a box: room that is not outgrown

// Counts the pairs of a map while they are written.
class PairWriter {
 public:
  explicit PairWriter(std::size_t expected) { w_.reserve(expected); }
  void text(std::uint64_t key, std::string_view v) {
    if (v.empty()) return;
    begin(key);
    w_.text(v);
  }
  void number(std::uint64_t key, std::uint64_t v) {
    if (v == 0) return;
    begin(key);
    w_.uint(v);
  }
  template <std::size_t N>
  void bytes(std::uint64_t key, const std::optional<std::array<std::uint8_t, N>>& v) {
    if (!v) return;
    begin(key);
    w_.bytes(view(*v));
  }
  CborWriter& begin(std::uint64_t key) {
    ++pairs_;
    w_.uint(key);
    return w_;
  }
  const Bytes& out() const { return w_.out(); }
  Bytes take() { return w_.take(); }
  std::uint64_t pairs() const { return pairs_; }

 private:
  CborWriter w_;
  std::uint64_t pairs_ = 0;
};

Bytes as_map(PairWriter pairs) {
  CborWriter head;
  head.map(pairs.pairs());
  return pairs.take().insert(0, head.out());
}

Status check_texts(const EntryFacts& f) {
  const std::string_view texts[] = {f.organisation,
                                    f.system,
                                    f.purpose,
                                    f.legal_basis,
                                    f.matter,
                                    f.division,
                                    f.rule,
                                    f.object,
                                    f.box_a.officer_id,
                                    f.box_a.officer_name.reveal(),
                                    f.box_a.terminal,
                                    f.box_a.case_number};
  bool good = std::all_of(std::begin(texts), std::end(texts), is_utf8);
  for (const auto& field : f.box_a.fields) good = good && is_utf8(field);
  if (f.box_b) good = good && is_utf8(f.box_b->text.reveal());
  if (!good) return Error(Reason::kInputMalformed, "entry text is not UTF-8");
  if (!f.correlation.empty() && !packed_hex(f.correlation)) {
    return Error(Reason::kInputMalformed, "correlation");
  }
  if (f.rule_version < 0) return Error(Reason::kInputMalformed, "rule version");
  return {};
}

void write_rule(PairWriter& w, const EntryFacts& f) {
  if (f.rule.empty() && f.rule_version == 0) return;
  CborWriter& out = w.begin(kRule);
  out.array(2);
  out.text(f.rule);
  out.uint(static_cast<std::uint64_t>(f.rule_version));
}

void write_system(PairWriter& w, const std::string& system) {
  const auto packed = packed_system(system);
  if (packed) {
    w.bytes(kSystem, packed);
  } else {
    w.text(kSystem, system);
  }
}

PairWriter public_part(const EntryFacts& f, const Tag& nonce) {
  PairWriter w(kUsualBytes);
  w.begin(kNonce).bytes(view(nonce));
  w.begin(kEvent).uint(static_cast<std::uint64_t>(f.event));
  w.begin(kDecision).uint(static_cast<std::uint64_t>(f.decision));
  if (f.reason != Reason::kVerdictGood) w.text(kReason, reason_id(f.reason));
  w.text(kOrganisation, f.organisation);
  write_system(w, f.system);
  w.text(kPurpose, f.purpose);
  w.text(kLegalBasis, f.legal_basis);
  w.text(kMatter, f.matter);
  w.text(kDivision, f.division);
  w.number(kPolicyEpoch, f.policy_epoch);
  write_rule(w, f);
  w.text(kObject, f.object);
  w.bytes(kOfficer, f.officer);
  w.bytes(kLicence, f.licence);
  w.bytes(kCase, f.case_tag);
  w.bytes(kCertificate, f.certificate);
  w.bytes(kRequest, f.request);
  w.bytes(kAnswer, f.answer);
  w.bytes(kCorrelation, packed_hex(f.correlation));
  w.number(kCount, f.count);
  w.bytes(kRowsRoot, f.rows_root);
  return w;
}

// Without a subject box A keeps the key of the commitments.
bool keeps_k(const EntryFacts& f) {
  return f.subjects.empty() && (f.request || f.answer);
}

// Not when there is nothing to say about the officer and no k to keep.
bool has_box_a(const EntryFacts& f) {
  const OfficerBox& a = f.box_a;
  return keeps_k(f) || !a.officer_id.empty() || !a.officer_name.reveal().empty() ||
         !a.terminal.empty() || !a.case_number.empty() || !a.fields.empty() || f.licence_key;
}

Bytes box_a_plain(const EntryFacts& f, const crypto::CommitKey& k) {
  PairWriter w(kUsualBytes);
  w.text(kOfficerId, f.box_a.officer_id);
  w.text(kOfficerName, f.box_a.officer_name.reveal());
  w.text(kTerminal, f.box_a.terminal);
  w.text(kCaseNumber, f.box_a.case_number);
  if (!f.box_a.fields.empty()) {
    CborWriter& out = w.begin(kFields);
    out.array(f.box_a.fields.size());
    for (const auto& field : f.box_a.fields) out.text(field);
  }
  if (keeps_k(f)) w.begin(kCommitKeyA).bytes(k.bytes());
  if (f.licence_key) w.begin(kLicenceKey).bytes(view(f.licence_key->value));
  return as_map(std::move(w));
}

Bytes box_b_plain(const EntryFacts& f, const crypto::CommitKey& k) {
  PairWriter w(kUsualBytes);
  w.begin(kCommitKeyB).bytes(k.bytes());
  if (f.box_b) w.text(kPersonalText, f.box_b->text.reveal());
  return as_map(std::move(w));
}

Result<std::vector<Tag>> distinct_tags(const std::vector<subjects::SubjectKey>& subjects) {
  std::vector<Tag> tags;
  for (const auto& s : subjects) {
    if (std::find(tags.begin(), tags.end(), s.tag) == tags.end()) tags.push_back(s.tag);
  }
  if (tags.size() > limits::kSubjectsPerEntry) {
    return Error(Reason::kInputTooLarge, "subjects of an entry");
  }
  return tags;
}

std::vector<std::pair<std::uint8_t, Tag>> postings_of_facts(const EntryFacts& f,
                                                            const std::vector<Tag>& subjects) {
  std::vector<std::pair<std::uint8_t, Tag>> out;
  out.reserve(subjects.size() + 6);
  const auto add = [&out](PostingKind kind, const Tag& tag) {
    out.emplace_back(static_cast<std::uint8_t>(kind), tag);
  };
  for (const Tag& tag : subjects) add(PostingKind::kSubject, tag);
  if (f.officer) add(PostingKind::kOfficer, *f.officer);
  if (f.licence) add(PostingKind::kLicence, *f.licence);
  if (f.case_tag) add(PostingKind::kCase, *f.case_tag);
  if (!f.organisation.empty()) add(PostingKind::kOrganisation, organisation_tag(f.organisation));
  add(PostingKind::kEvent, event_tag(f.event));
  if (f.licence && f.decision == Decision::kAllow && is_licence_change(f.event)) {
    add(PostingKind::kLicenceChange, licence_type_tag(f.object));
  }
  return out;
}

class Draft final : public ledger::EntryDraft {
 public:
  Draft(Bytes rest, std::uint64_t pairs, std::vector<Tag> tags,
        std::vector<std::pair<std::uint8_t, Tag>> postings)
      : rest_(std::move(rest)),
        pairs_(pairs),
        tags_(std::move(tags)),
        postings_(std::move(postings)) {}

  const std::vector<Tag>& chain_tags() const override { return tags_; }
  const std::vector<std::pair<std::uint8_t, Tag>>& postings() const override { return postings_; }
  Bytes finish(const ledger::Stamp& stamp) override;

 private:
  Bytes rest_;           // the pairs from the nonce on, boxes included
  std::uint64_t pairs_;  // how many they are
  std::vector<Tag> tags_;
  std::vector<std::pair<std::uint8_t, Tag>> postings_;
};

Bytes Draft::finish(const ledger::Stamp& stamp) {
  LH_CHECK(stamp.chains.size() == tags_.size(), "a chain position for every subject");
  const std::uint64_t chains = stamp.chains.empty() ? 0 : 1;
  const std::uint64_t rows = stamp.row_count == 0 ? 0 : 1;
  CborWriter w;
  w.reserve(kStampBytes + rest_.size());
  w.map(3 + chains + rows + pairs_);
  w.uint(kVersion);
  w.uint(kEntryVersion);
  w.uint(kIndex);
  w.uint(stamp.index);
  w.uint(kTime);
  w.integer(stamp.time.ms);
  if (chains != 0) {
    w.uint(kChains);
    w.array(3 * stamp.chains.size());
    for (const auto& link : stamp.chains) {
      w.bytes(view(link.tag));
      w.uint(link.sequence);
      w.uint(link.previous);
    }
  }
  if (rows != 0) {
    w.uint(kRows);
    w.array(2);
    w.uint(stamp.row_count);
    w.bytes(view(stamp.rows));
  }
  return w.take().append(rest_);
}

}  // namespace

EntryMaker::EntryMaker(const crypto::KeyStore& keys,
                       const subjects::SubjectDirectory& /*directory*/, Random& random)
    : random_(random), months_(std::make_shared<MonthKeys>(keys)) {}

Result<std::unique_ptr<ledger::EntryDraft>> EntryMaker::make(const EntryFacts& facts,
                                                             const crypto::CommitKey& k,
                                                             UtcTime now) const {
  LH_TRY(check_texts(facts));
  if (facts.box_b && facts.subjects.empty()) {
    return Error(Reason::kInputMalformed, "personal text without a subject");
  }
  std::vector<Tag> tags = LH_TRY(distinct_tags(facts.subjects));
  const Tag nonce = random_.array<16>();
  PairWriter w = public_part(facts, nonce);
  const std::uint64_t month = month_number(now);
  const auto seal = [&](char letter, ByteView key, Bytes plain) {
    Bytes box = seal_box(key, letter, nonce, w.out(), plain);
    wipe(plain);
    return box;
  };
  Bytes a, b;
  if (has_box_a(facts)) {
    const Secret* const key = LH_TRY(months_->get(month));
    a = seal('A', key->bytes(), box_a_plain(facts, k));
  }
  if (!tags.empty()) {
    b = seal('B', view(facts.subjects.front().data_key), box_b_plain(facts, k));
  }
  if (!a.empty()) {
    CborWriter& out = w.begin(kBoxA);
    out.array(2);
    out.uint(month);
    out.bytes(a);
  }
  if (!b.empty()) w.begin(kBoxB).bytes(b);
  if (w.out().size() + kStampBytes > limits::kEntryBytes) {
    return Error(Reason::kInputTooLarge, "audit entry");
  }
  auto postings = postings_of_facts(facts, tags);
  const std::uint64_t pairs = w.pairs();
  return std::unique_ptr<ledger::EntryDraft>(
      std::make_unique<Draft>(w.take(), pairs, std::move(tags), std::move(postings)));
}

}  // namespace lh::hub::audit
