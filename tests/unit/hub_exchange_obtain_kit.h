// A hub in memory that may ask one source, which answers what the test says.
#pragma once

#include "hub/exchange/calls/obtain.h"
#include "hub/exchange/calls/open_calls.h"
#include "tests/unit/hub_exchange_kit.h"

namespace lh::kits {

class FakeSource final : public hub::exchange::Obtainer {
 public:
  std::optional<hub::exchange::Offer> find(std::string_view type, IdScheme scheme) const override {
    if (!offered || type != kBusinessLicence || scheme != IdScheme::kUscc) return std::nullopt;
    return hub::exchange::Offer{"firms", uscc_of(kSupervision), "测试局", "某登记机关", {}};
  }
  Result<std::shared_ptr<hub::exchange::Line>> reserve(const std::string& /*adapter*/,
                                                       std::string_view /*type*/,
                                                       IdScheme /*scheme*/) override {
    if (full) return Error(Reason::kSourceBusy);
    return std::shared_ptr<hub::exchange::Line>(std::make_shared<OneLine>(*this));
  }

  bool offered = true;
  bool full = false;
  hub::exchange::Line::Found answer = std::vector<adapters::MappedRecord>();
  std::vector<std::string> asked;     // identifiers, as they were sent
  std::function<void()> while_asked;  // happens before the source answers

 private:
  class OneLine final : public hub::exchange::Line {
   public:
    explicit OneLine(FakeSource& of) : of_(of) {}
    void ask(hub::exchange::Wanted wanted, std::function<void(Found)> done) override {
      of_.asked.push_back(wanted.holder.value.reveal());
      if (of_.while_asked) of_.while_asked();
      done(of_.answer);
    }

   private:
    FakeSource& of_;
  };
};

class AskingHub : public CaseHub {
 public:
  AskingHub() {
    auto parts = exchange_parts();
    parts.obtainer = &source;
    parts.attester = signers.find(uscc_of(kBureau));
    parts.public_url = "https://hub.test";
    exchange = std::make_unique<hub::exchange::Exchange>(parts);
  }
  // What the source knows of a company; written by nobody else.
  static adapters::MappedRecord record(int company) {
    const auto like = business_request(company);
    adapters::MappedRecord out;
    out.kind = adapters::RecordKind::kLicence;
    out.object = kBusinessLicence;
    out.key = test_uscc(company).text();
    out.holder.id = Personal<std::string>(test_uscc(company).text());
    out.fields = like.fields;
    out.fields.emplace_back("domicile", "外部系统路77号");
    out.status = "valid";
    out.valid_from = like.valid_from;
    return out;
  }
  static schemas::CaseRequest request_of(int company, std::string number = "CASE-9") {
    auto q = case_request(std::move(number));
    q.applicant = test_company(company);
    return q;
  }
  schemas::FetchRequest fetch_of(int company) {
    return fetch_request(reference(open(request_of(company)), "M01"), "CASE-9");
  }
  // The way of the procedure: intent, call, outcome.
  Result<std::string> run(const schemas::FetchRequest& q) {
    auto prepared = prepare(q);
    if (!prepared.ok()) return prepared.error();
    auto* call = std::get_if<hub::access::CallOut>(&*prepared);
    if (call == nullptr) return perform(std::move(prepared));
    const auto recorded = ledger->commit(std::move(call->intent)).value();
    intent = recorded.front().index();
    std::optional<hub::access::Conclude> conclude;
    call->call(recorded.front(), [&conclude](hub::access::Conclude c) { conclude = std::move(c); });
    return settle((*conclude)(bureau(), *catalogue.policy()));
  }
  Result<std::string> settle(hub::access::Settled settled) {
    if (auto* refused = std::get_if<hub::access::Refused>(&settled)) {
      hub::ledger::Change change;
      change.rows = std::move(refused->rows);
      change.preconditions = std::move(refused->preconditions);
      const crypto::CommitKey k(random);
      change.entries.push_back(maker->make(refused->facts, k, clock.now()).value());
      LH_TRY(ledger->commit(std::move(change)));
      return refused->error;
    }
    auto& act = std::get<hub::access::Act>(settled);
    const auto recorded = LH_TRY(ledger->commit(std::move(act.change)));
    return std::move(act.answer).open(recorded.front());
  }
  std::string reason(const schemas::FetchRequest& q) {
    const auto text = run(q);
    return text.ok() ? "done" : std::string(text.error().id());
  }
  std::size_t open_calls() { return hub::exchange::list_open_calls(*store, 100).value().size(); }
  hub::audit::Entry entry(std::uint64_t index) {
    return hub::audit::parse_entry(ledger->entry(index).value()).value();
  }

  FakeSource source;
  std::uint64_t intent = 0;
};

}  // namespace lh::kits
