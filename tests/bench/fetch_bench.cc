// What preparing a fetch costs, without network, disk and commit: one thread, a store in memory,
// the shipped catalogue. Prints microseconds an operation, whole and in parts.
#include <chrono>
#include <cstdio>

#include "tests/unit/hub_exchange_kit.h"

namespace lh {
namespace {

template <class F>
void measure(const char* name, int rounds, F f) {
  for (int i = 0; i < rounds / 10 + 1; ++i) f();
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < rounds; ++i) f();
  const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - begin;
  std::printf("%-34s %8.2f us\n", name, took.count() / rounds);
}

int run() {
  kits::CaseHub hub;
  const auto plan = hub.open(kits::CaseHub::case_request());
  const auto q = kits::CaseHub::fetch_request(kits::CaseHub::reference(plan, "M01"));
  const auto& policy = *hub.catalogue.policy();
  const auto caller = hub.bureau();
  const std::string raw(600, 'x');
  const auto head = hub.licences->head(hub.references->find(q.reference)->target.licence).value();
  const auto now = hub.clock.now();
  measure("fetch, prepared", 20000, [&] {
    if (!hub.exchange->fetch(q, raw, caller, policy).ok()) std::abort();
  });
  measure("  reference", 50000, [&] { hub.references->find(q.reference).value(); });
  measure("  head", 50000, [&] { hub.licences->head(head.key).value(); });
  measure("  version, unsealed", 50000, [&] {
    const auto permit = hub.gate.maintenance();
    hub.licences->version(head, head.version, permit).value();
  });
  measure("  verdicts", 50000,
          [&] { hub.office->stored_verdicts(head, now, UtcTime::max()).value(); });
  std::vector<std::string> fields;
  for (const auto& f : policy.find_type(head.type, local_date(now))->fields)
    fields.push_back(f.name);
  measure("  decision", 50000, [&] {
    hub::access::decide({hub::access::Operation::kFetch,
                         caller,
                         std::string(kits::kFoodMatter),
                         head.type,
                         fields,
                         {},
                         local_date(now),
                         false},
                        policy);
  });
  hub::audit::EntryFacts facts;
  facts.subjects = {hub.directory->get(head.holders.front()).value()};
  facts.box_b = hub::audit::SubjectBox{Personal<std::string>(std::string(100, 'x'))};
  facts.box_a.officer_id = "1";
  measure("  entry", 50000, [&] { hub.draft(facts); });
  int person = 100;
  measure("issue, prepared (signed)", 500, [&] {
    const auto request = kits::LicenceHub::health_request(person++ % 900);
    hub.office->issue(request, "{}", hub.supervision(), policy).value();
  });
  return 0;
}

}  // namespace
}  // namespace lh

int main() {
  return lh::run();
}
