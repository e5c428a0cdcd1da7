// What preparing a fetch costs, without network, disk and commit: one thread, a store in memory,
// the shipped catalogue. Prints microseconds and allocations an operation, whole and in parts.
// Usage: fetch_bench [divisor of the rounds, for a run under an instruction counter]
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <new>

#include "tests/unit/hub_exchange_kit.h"

namespace {
std::uint64_t allocations = 0;  // of the one thread
}

[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  void* const block = std::malloc(size);
  if (block == nullptr) throw std::bad_alloc();
  return block;
}
[[gnu::noinline]] void operator delete(void* block) noexcept {
  std::free(block);
}
[[gnu::noinline]] void operator delete(void* block, std::size_t /*size*/) noexcept {
  std::free(block);
}

namespace lh {
namespace {

// CPU time of this thread: the figure does not depend on who else uses the machine.
double cpu_us() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) * 1e6 + static_cast<double>(t.tv_nsec) / 1e3;
}

int divisor = 1;

template <class F>
void measure(const char* name, int rounds, F f) {
  rounds = std::max(rounds / divisor, 1);
  for (int i = 0; i < rounds / 10 + 1; ++i) f();
  const std::uint64_t before = allocations;
  const double begin = cpu_us();
  for (int i = 0; i < rounds; ++i) f();
  const double spent = cpu_us() - begin;
  std::printf("%-34s %8.2f us %6.1f allocations\n", name, spent / rounds,
              static_cast<double>(allocations - before) / rounds);
}

struct Bench {
  kits::CaseHub hub;
  schemas::FetchRequest q;
  std::string raw = std::string(600, 'x');
  hub::licences::LicenceHead head;

  Bench() {
    const auto plan = hub.open(kits::CaseHub::case_request());
    q = kits::CaseHub::fetch_request(kits::CaseHub::reference(plan, "M01"));
    head = hub.licences->head(hub.references->find(q.reference)->target.licence).value();
  }

  void whole() {
    const auto& policy = *hub.catalogue.policy();
    const auto caller = hub.bureau();
    measure("fetch, prepared", 100000, [&] {
      if (!hub.exchange->fetch(q, raw, caller, policy).ok()) std::abort();
    });
    int person = 100;
    measure("issue, prepared (signed)", 500, [&] {
      const auto request = kits::LicenceHub::health_request(person++ % 900);
      hub.office->issue(request, "{}", hub.supervision(), policy).value();
    });
  }

  // A matter of twelve licences, each of which is held: what opening its case costs.
  void plan() {
    auto matter =
        *hub.catalogue.policy()->find_matter(kits::kFoodMatter, parse_date("2026-11-22").value());
    const auto like = matter.materials.front();
    matter.version = 2;
    matter.materials.assign(12, like);
    for (std::size_t i = 0; i < 12; ++i) matter.materials[i].code = "B" + std::to_string(i);
    hub.activate_all(hub::access::ObjectKind::kMatter,
                     {schemas::to_text(schemas::matter_to_json(matter))});
    const auto policy = hub.catalogue.policy();
    const auto caller = hub.bureau();
    const auto opened = hub.open(kits::CaseHub::case_request("CASE-12"));
    const auto id = CaseId::parse(*opened.find("case_id")->string()).value();
    measure("plan, 12 materials held, prepared", 5000, [&] {
      if (!hub.exchange->read_case(id, caller, *policy).ok()) std::abort();
    });
  }

  void reads() {
    const auto now = hub.clock.now();
    const std::vector<std::string> released = {"enterprise_name", "uscc", "establishment_date",
                                               "business_scope"};
    measure("  reference", 50000, [&] { hub.references->find(q.reference).value(); });
    measure("  head", 50000, [&] { hub.licences->head(head.key).value(); });
    measure("  version, unsealed", 50000, [&] {
      const auto permit = hub.gate.maintenance();
      hub.licences->present(head, head.version, released, permit).value();
    });
    measure("  verdicts", 50000,
            [&] { hub.office->stored_verdicts(head, now, UtcTime::max()).value(); });
    std::string text;
    const auto verdicts = hub.office->stored_verdicts(head, now, UtcTime::max()).value();
    measure("  verdicts as text", 50000, [&] {
      text.clear();
      hub::licences::append_verdicts(text, verdicts);
    });
  }

  void decision_and_entry() {
    const auto& policy = *hub.catalogue.policy();
    const auto caller = hub.bureau();
    const LocalDate today = local_date(hub.clock.now());
    const hub::access::Question question{hub::access::Operation::kFetch,
                                         caller,
                                         kits::kFoodMatter,
                                         head.type,
                                         policy.find_type(head.type, today)->fields,
                                         {},
                                         today,
                                         false};
    measure("  decision", 50000, [&] { hub::access::decide(question, policy); });
    measure("  permit", 50000, [&] { hub.gate.maintenance(); });
    measure("  tags (4)", 50000, [&] {
      for (int i = 0; i < 4; ++i) hub.directory->tag_of("case", view(head.key.value));
    });
    measure("  commitments", 50000, [&] {
      const crypto::CommitKey k(hub.random);
      k.commit(raw);
      k.commit(std::string(4000, 'y'));
    });
    hub::audit::EntryFacts facts;
    facts.subjects = {hub.directory->get(head.holders.front()).value()};
    facts.box_b = hub::audit::SubjectBox{Personal<std::string>(std::string(100, 'x'))};
    facts.box_a.officer_id = "1";
    measure("  entry", 50000, [&] { hub.draft(facts); });
  }
};

}  // namespace
}  // namespace lh

int main(int argc, char** argv) {
  if (argc > 1) lh::divisor = std::max(std::atoi(argv[1]), 1);
  lh::Bench bench;
  bench.whole();
  bench.reads();
  bench.decision_and_entry();
  bench.plan();
}
