// What the hub does for a fetch between the edge and the wire: body read, fetch prepared, committed
// in memory together with others, answered with its receipt; and the same for a batch of twelve, a
// predicate and a form. Process CPU, all threads of the ledger in it; no network, no disk.
// Usage: answers_bench [rounds [fetch]]
#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <mutex>

#include "crypto/digest.h"
#include "hub/audit/receipt.h"
#include "hub/exchange/answers/batch.h"
#include "hub/exchange/forms/form_desk.h"
#include "tests/unit/hub_exchange_answer_kit.h"

namespace lh {
namespace {

double cpu_us() {
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) * 1e6 + static_cast<double>(t.tv_nsec) / 1e3;
}

// Acts that are on their way to the ledger together, as a loaded hub has them.
class Wave {
 public:
  explicit Wave(kits::LicenceHub& hub) : hub_(hub) {}

  void send(Result<hub::access::Prepared> prepared) {
    auto act =
        std::make_shared<hub::access::Act>(std::move(std::get<hub::access::Act>(prepared.value())));
    {
      const std::lock_guard lock(mutex_);
      ++under_way_;
    }
    hub_.ledger->submit(std::move(act->change), [this, act](auto recorded) {
      std::string answer = std::move(act->answer).open(recorded.value().front());
      answer.pop_back();
      answer += ",\"receipt\":";
      hub::audit::append_receipt(answer, "hub.test", recorded.value().front());
      answer += '}';
      bytes += answer.size();
      const std::lock_guard lock(mutex_);
      if (--under_way_ == 0) done_.notify_one();
    });
  }
  void wait() {
    std::unique_lock lock(mutex_);
    done_.wait(lock, [this] { return under_way_ == 0; });
  }

  std::size_t bytes = 0;  // read after wait()

 private:
  kits::LicenceHub& hub_;
  std::mutex mutex_;
  std::condition_variable done_;
  int under_way_ = 0;
};

// What the machine gives at this moment: it moves by a factor of two from minute to minute, and all
// of a fetch moves with it. CPU of SHA-256 over 4 KiB.
double yardstick_us() {
  static const std::string block(4096, 'y');
  constexpr int kTimes = 20;
  const double begin = cpu_us();
  for (int i = 0; i < kTimes; ++i) {
    if (crypto::sha256(block)[0] == 0 && block.empty()) std::abort();  // not optimised away
  }
  return (cpu_us() - begin) / kTimes;
}

// One wave of `together` operations, `rounds` times.
template <class F>
void measure(kits::LicenceHub& hub, const char* name, int rounds, F one) {
  constexpr int kTogether = 64;
  std::vector<double> spent;  // CPU an operation, by wave: others use the machine too
  std::vector<double> yard;
  std::size_t bytes = 0;
  for (int round = -2; round < rounds; ++round) {
    Wave wave(hub);
    const double begin = cpu_us();
    hub.ledger->tell(hub::ledger::Submitter::kBusy);  // as a loop with requests at hand does
    for (int i = 0; i < kTogether; ++i) one(wave);
    hub.ledger->tell(hub::ledger::Submitter::kIdle);
    wave.wait();
    if (round < 0) continue;  // caches fill
    spent.push_back((cpu_us() - begin) / kTogether);
    yard.push_back(yardstick_us());
    bytes += wave.bytes;
  }
  std::sort(spent.begin(), spent.end());
  std::sort(yard.begin(), yard.end());
  std::printf(
      "%-36s CPU %7.1f us (quietest tenth of the waves; median %7.1f), answers of %.0f bytes; "
      "SHA-256 of 4 KiB meanwhile %.1f us (median %.1f)\n",
      name, spent[spent.size() / 10], spent[spent.size() / 2],
      static_cast<double>(bytes) / (static_cast<double>(rounds) * kTogether),
      yard[yard.size() / 10], yard[yard.size() / 2]);
}

struct Bench {
  kits::AnswerHub hub;
  hub::exchange::FormDesk forms{hub.answer_parts(), schemas::shipped_forms()};
  std::shared_ptr<const hub::access::Policy> policy = hub.catalogue.policy();
  hub::access::Caller caller = hub.bureau();

  std::string fetch_body() const {
    return R"({"reference":")" + kits::CaseHub::reference(hub.plan, "M01") + R"(","purpose":)" +
           kits::AnswerHub::purpose_text() +
           R"(,"fields":["enterprise_name","uscc","legal_representative","establishment_date",)" +
           R"("business_scope"]})";
  }
  // Twelve different references of one case: the plan is made anew for more of them.
  std::string batch_body() {
    std::string tokens;
    for (int i = 0; i < 3; ++i) {
      const auto plan = hub.open(kits::CaseHub::case_request());
      for (const char* code : {"M01", "M02", "M03", "M06"}) {
        if (!tokens.empty()) tokens += ',';
        tokens += '"' + kits::CaseHub::reference(plan, code) + '"';
      }
    }
    return R"({"references":[)" + tokens + R"(],"purpose":)" + kits::AnswerHub::purpose_text() +
           "}";
  }

  void fetch(int rounds) {
    const std::string body = fetch_body();
    measure(hub, "fetch of 5 fields, beyond the edge", rounds, [&](Wave& wave) {
      const auto json = schemas::parse_json(body, 1U << 20U).value();
      const auto request = schemas::fetch_request_from_json(json).value();
      wave.send(hub.exchange->fetch(request, body, caller, *policy));
    });
  }
  void batch(int rounds) {
    const std::string body = batch_body();
    measure(hub, "batch of 12, beyond the edge", rounds / 8 + 1, [&](Wave& wave) {
      const auto json = schemas::parse_json(body, 1U << 20U).value();
      for (const auto& request : hub::exchange::batch_from_json(json).value()) {
        wave.send(hub.exchange->fetch(request, body, caller, *policy));
      }
    });
  }
  void predicate_and_form(int rounds) {
    const std::string asked = hub.body("M01", R"({"ask":"holds_valid"})");
    measure(hub, "predicate, signed", rounds / 4 + 1,
            [&](Wave& wave) { wave.send(hub.ask_as(caller, asked)); });
    const std::string form = R"({"case_id":")" + hub.case_id +
                             R"(","form":"food_business_application","purpose":)" +
                             kits::AnswerHub::purpose_text() + "}";
    measure(hub, "form of 9 fields from 4 materials", rounds / 4 + 1, [&](Wave& wave) {
      const auto json = schemas::parse_json(form, 1U << 20U).value();
      const auto request = hub::exchange::form_request_from_json(json).value();
      wave.send(forms.fill(request, form, caller, *policy));
    });
  }
};

}  // namespace
}  // namespace lh

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::max(std::atoi(argv[1]), 1) : 400;
  lh::Bench bench;
  bench.fetch(rounds);
  if (argc > 2 && std::string_view(argv[2]) == "fetch") return 0;  // alone, for a profiler
  bench.batch(rounds);
  bench.predicate_and_form(rounds);
}
