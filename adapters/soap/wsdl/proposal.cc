#include "adapters/soap/wsdl/proposal.h"

#include <algorithm>

namespace lh::adapters::soap::wsdl {
namespace {

constexpr std::string_view kBody = "/Envelope/Body/";

void add_parameters(const Element& of, const std::string& path, Needed above, Proposal& out) {
  for (const Element& child : of.children) {
    const std::string below = path.empty() ? child.name.local : path + "/" + child.name.local;
    const bool needed = above == Needed::kYes && child.needed == Needed::kYes;
    if (child.content == Content::kElements) {
      add_parameters(child, below, needed ? Needed::kYes : Needed::kNo, out);
    } else {
      (needed ? out.needed : out.optional).push_back(below);
    }
  }
}

bool has_texts(const Element& e) {
  for (const Element& child : e.children) {
    if (child.content == Content::kText && child.times == Times::kOnce) return true;
  }
  return false;
}

// The first element with texts below it; of those that may be there many times, if there is one.
const Element* find_row(const Element& e, Times times, std::string& path) {
  const std::string here = path;
  path += "/" + e.name.local;
  if (e.content == Content::kElements && has_texts(e) && (e.times == times)) return &e;
  for (const Element& child : e.children) {
    if (const Element* row = find_row(child, times, path)) return row;
  }
  path = here;
  return nullptr;
}

void add_columns(const Element& row, const std::string& path, Proposal& out) {
  for (const Element& child : row.children) {
    if (child.times == Times::kMany) continue;
    const std::string below = path.empty() ? child.name.local : path + "/" + child.name.local;
    if (child.content == Content::kText) out.columns.emplace_back(below, below);
    if (child.content == Content::kElements) add_columns(child, below, out);
  }
}

}  // namespace

Proposal propose(const Operation& operation) {
  Proposal out;
  add_parameters(operation.request, "", Needed::kYes, out);
  for (const Times times : {Times::kMany, Times::kOnce}) {
    std::string path = "/Envelope/Body";
    const Element* row = find_row(operation.answer, times, path);
    if (row == nullptr) continue;
    add_columns(*row, "", out);
    // An answer whose only text may be a document of its own.
    if (times == Times::kOnce && out.columns.size() == 1) {
      out.columns.clear();
      return out;
    }
    out.rows = path;
    return out;
  }
  return out;
}

Result<const Element*> follow(const Operation& operation, std::string_view path) {
  if (!path.starts_with(kBody)) return nullptr;
  path.remove_prefix(kBody.size());
  const Element* at = nullptr;
  while (!path.empty()) {
    const auto end = std::min(path.find('/'), path.size());
    const std::string step(path.substr(0, end));
    path.remove_prefix(std::min(end + 1, path.size()));
    if (at == nullptr && step != operation.answer.name.local) {
      return Error(Reason::kMappingInvalid, "the answer is " + operation.answer.name.local);
    }
    const Element* next = at == nullptr ? &operation.answer : at->child(step);
    if (next == nullptr) {
      std::string known;
      for (const Element& child : at->children) known += " " + child.name.local;
      return Error(Reason::kMappingInvalid,
                   "the answer has no " + step + " there; in " + at->name.local + " are" + known);
    }
    if (next->content != Content::kElements && !path.empty()) return nullptr;
    at = next;
  }
  return at;
}

}  // namespace lh::adapters::soap::wsdl
