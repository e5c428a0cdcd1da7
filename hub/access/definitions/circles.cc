// Circular proofs: which matters can never be begun, because each waits for the result of another.
#include "hub/access/definitions/circles.h"

#include <algorithm>
#include <set>

#include "hub/access/definitions/shelves.h"

namespace lh::hub::access {
namespace {

using schemas::Matter;

std::string trimmed(std::string division) {  // 990100000000 and 990100 and 9901 are one
  while (division.size() > 2 && division.ends_with("00")) division.resize(division.size() - 2);
  return division;
}

// One holds the other: a city's bureau serves its district, not a neighbour's.
bool same_line(const Matter& a, const Matter& b) {
  const std::string one = trimmed(a.division);
  const std::string other = trimmed(b.division);
  return one.starts_with(other) || other.starts_with(one);
}

using Graph = ProofGraph;

// The matters that can be reached from one over their demands.
std::set<const Matter*> reachable(const Graph& graph, const Matter& from) {
  std::set<const Matter*> seen = {&from};
  std::vector<const Matter*> waiting = {&from};
  while (!waiting.empty()) {
    const Matter* m = waiting.back();
    waiting.pop_back();
    for (const auto& type : graph.demanded(*m)) {
      for (const Matter* next : graph.issuers(type, *m)) {
        if (seen.insert(next).second) waiting.push_back(next);
      }
    }
  }
  return seen;
}

// What can be begun grows until nothing more is added; the rest waits for itself.
std::set<const Matter*> stuck_among(const Graph& graph, const std::set<const Matter*>& all) {
  std::set<const Matter*> stuck = all;
  const auto is_open = [&](const Matter* m) {
    const auto types = graph.demanded(*m);
    return std::all_of(types.begin(), types.end(), [&](const std::string& type) {
      const auto issuers = graph.issuers(type, *m);
      return issuers.empty() || std::any_of(issuers.begin(), issuers.end(),
                                            [&](const Matter* i) { return !stuck.contains(i); });
    });
  };
  for (bool more = true; more;) {
    more = std::erase_if(stuck, is_open) > 0;
  }
  return stuck;
}

// A shortest way from the matter back to itself through matters that are stuck.
std::vector<std::string> circle_through(const Graph& graph, const Matter& start,
                                        const std::set<const Matter*>& stuck) {
  std::unordered_map<const Matter*, const Matter*> came_from;
  std::vector<const Matter*> queue = {&start};
  for (std::size_t i = 0; i < queue.size(); ++i) {
    for (const auto& type : graph.demanded(*queue[i])) {
      for (const Matter* next : graph.issuers(type, *queue[i])) {
        if (!stuck.contains(next) || !came_from.emplace(next, queue[i]).second) continue;
        queue.push_back(next);
      }
    }
  }
  std::vector<std::string> out;
  if (!came_from.contains(&start)) return out;
  for (const Matter* m = came_from.at(&start); m != &start; m = came_from.at(m)) {
    out.push_back(m->code);
  }
  out.push_back(start.code);
  std::reverse(out.begin(), out.end());
  return out;
}

}  // namespace

ProofGraph::ProofGraph(const Policy& policy, LocalDate at) : policy_(policy), at_(at) {
  for (const auto& [code, versions] : policy.shelves().of<Matter>()) {
    const Matter* m = policy.find_matter(code, at);
    if (m == nullptr || !m->result_type) continue;
    by_result_[policy.resolve_type(m->result_type->text(), at)].push_back(m);
  }
}

std::vector<std::string> ProofGraph::demanded(const Matter& m) const {
  std::vector<std::string> out;
  const std::string own = m.result_type ? policy_.resolve_type(m.result_type->text(), at_) : "";
  for (const auto& material : m.materials) {
    if (!material.licence_type || material.legal_basis.empty() || material.issued_by_asker) {
      continue;
    }
    std::string type = policy_.resolve_type(material.licence_type->text(), at_);
    if (type == own && material.subject == "applicant") continue;  // a renewal or change
    out.push_back(std::move(type));
  }
  return out;
}

std::vector<const Matter*> ProofGraph::issuers(const std::string& type,
                                               const Matter& asking) const {
  const auto all = by_result_.find(type);
  if (all == by_result_.end()) return {};
  std::vector<const Matter*> near;
  std::copy_if(all->second.begin(), all->second.end(), std::back_inserter(near),
               [&asking](const Matter* m) { return same_line(*m, asking); });
  return near.empty() ? all->second : near;
}

std::vector<std::string> ProofGraph::circle_of(std::string_view code) const {
  const Matter* matter = policy_.find_matter(code, at_);
  if (matter == nullptr || !matter->result_type) return {};  // nobody waits for it
  const auto stuck = stuck_among(*this, reachable(*this, *matter));
  if (!stuck.contains(matter)) return {};
  return circle_through(*this, *matter, stuck);
}

}  // namespace lh::hub::access
