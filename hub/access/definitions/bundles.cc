#include "hub/access/definitions/bundles.h"

#include <algorithm>
#include <map>
#include <set>

namespace lh::hub::access {
namespace {

using schemas::BundleStep;
using schemas::Material;
using schemas::Matter;

// People are named as in the bundle: where the employee applies, the matter's applicant is he.
std::string part_of(const BundleStep& step, const std::string& subject) {
  return subject == "applicant" ? step.applicant : subject;
}

struct Taken {
  const BundleStep& step;
  const Matter& matter;
  Material material;        // subject: the part in the bundle
  std::string type = {};    // after mergers
  std::string origin = {};  // the earlier matter it is the result of
};

std::string key_of(const Taken& t) {
  const Material& m = t.material;
  std::string key = m.source + '\n' + m.subject + '\n';
  if (m.licence_type) {
    key += t.type;
  } else if (!m.base_kind.empty()) {
    key += m.base_kind;
  } else {
    key += m.code + '\n' + m.names.chinese;
  }
  if (m.issued_by_asker) key += '\n' + t.matter.implementing_body.text();
  return key + '\n' + t.origin;  // an old one that is brought is not the new one that comes
}

// All matters this one waits for, near and far. What it names stands before it in the list.
std::set<std::string> earlier_than(const schemas::Bundle& bundle, const BundleStep& step) {
  std::set<std::string> out(step.after.begin(), step.after.end());
  for (auto it = bundle.steps.rbegin(); it != bundle.steps.rend(); ++it) {
    if (out.contains(it->matter)) out.insert(it->after.begin(), it->after.end());
  }
  return out;
}

class List {
 public:
  List(const schemas::Bundle& bundle, const Policy& policy, LocalDate at)
      : bundle_(bundle), policy_(policy), at_(at) {}

  Status add(const BundleStep& step) {
    const Matter* matter = policy_.find_matter(step.matter, at_);
    if (matter == nullptr) return Error(Reason::kMatterUnknown, step.matter);
    for (const Material& m : matter->materials) {
      Taken taken{step, *matter, m};
      taken.material.subject = part_of(step, m.subject);
      if (m.licence_type) taken.type = policy_.resolve_type(m.licence_type->text(), at_);
      taken.origin = origin(taken);
      add(std::move(taken));
    }
    return {};
  }
  std::vector<BundleMaterial> take() { return std::move(out_); }

 private:
  void add(Taken taken) {
    const auto [at, is_new] = places_.emplace(key_of(taken), out_.size());
    if (is_new) out_.emplace_back();
    BundleMaterial& entry = out_[at->second];
    const bool demandable = !taken.material.legal_basis.empty();
    if (demandable) entry.needed_by.push_back({taken.matter.code, taken.material.code});
    entry.from_matter = taken.origin;
    if (is_new || (entry.first_basis.empty() && demandable)) {
      entry.first_basis = taken.material.legal_basis;
      entry.material = std::move(taken.material);
    }
  }

  // The earlier matter whose result it is: issued to the one whose material is asked for.
  std::string origin(const Taken& taken) const {
    if (taken.type.empty()) return {};
    const auto earlier = earlier_than(bundle_, taken.step);
    for (const BundleStep& step : bundle_.steps) {
      if (!earlier.contains(step.matter) || step.applicant != taken.material.subject) continue;
      const Matter* m = policy_.find_matter(step.matter, at_);
      if (m == nullptr || !m->result_type) continue;
      if (policy_.resolve_type(m->result_type->text(), at_) == taken.type) return step.matter;
    }
    return {};
  }

  const schemas::Bundle& bundle_;
  const Policy& policy_;
  LocalDate at_;
  std::map<std::string, std::size_t> places_;
  std::vector<BundleMaterial> out_;
};

}  // namespace

Result<std::vector<BundleMaterial>> bundle_materials(const schemas::Bundle& bundle,
                                                     const Policy& policy, LocalDate at) {
  List list(bundle, policy, at);
  for (const BundleStep& step : bundle.steps) LH_TRY(list.add(step));
  return list.take();
}

schemas::Json bundle_materials_to_json(const std::vector<BundleMaterial>& materials) {
  schemas::Json out = schemas::Json::array();
  for (const BundleMaterial& entry : materials) {
    const Material& m = entry.material;
    schemas::Json j = schemas::Json::object();
    j.set("code", m.code);
    j.set("names",
          schemas::Json::object().set("chinese", m.names.chinese).set("english", m.names.english));
    j.set("source", m.source).set("subject", m.subject);
    if (m.licence_type) j.set("licence_type", m.licence_type->text());
    if (!m.base_kind.empty()) j.set("base_kind", m.base_kind);
    if (entry.first_basis.empty()) {
      j.set("not_demandable", true);
    } else {
      j.set("legal_basis", entry.first_basis);
    }
    if (m.issued_by_asker) j.set("issued_by_asker", true);
    schemas::Json needed = schemas::Json::array();
    for (const NeededBy& n : entry.needed_by) {
      needed.push(schemas::Json::object().set("matter", n.matter).set("material", n.material));
    }
    j.set("needed_by", std::move(needed));
    if (!entry.from_matter.empty()) j.set("from_matter", entry.from_matter);
    out.push(std::move(j));
  }
  return out;
}

}  // namespace lh::hub::access
