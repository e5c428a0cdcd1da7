#include "hub/access/decision_memo.h"

namespace lh::hub::access {
namespace {

constexpr std::size_t kAnswers = 1024;  // then it starts anew: dates go by, old ones are of no use

// The whole question, each part with its length: two questions that differ anywhere differ here.
std::string key_of(const Question& q) {
  constexpr std::size_t kUsual = 512;
  std::string key;
  key.reserve(kUsual);
  const auto put = [&key](std::string_view part) {
    append_be32(key, static_cast<std::uint32_t>(part.size()));
    key += part;
  };
  key += static_cast<char>(q.operation);
  key += static_cast<char>(q.has_consent ? 1 : 0);
  append_be32(key, static_cast<std::uint32_t>(q.at.days()));
  put(q.caller.organisation.text());
  put(q.caller.division);
  append_be32(key, static_cast<std::uint32_t>(q.caller.roles.size()));
  for (const Role role : q.caller.roles) key += static_cast<char>(role);
  put(q.matter);
  put(q.object);
  append_be32(key, static_cast<std::uint32_t>(q.all_fields.size()));
  for (const auto& field : q.all_fields) put(field.name);
  append_be32(key, static_cast<std::uint32_t>(q.asked.size()));
  for (const auto& field : q.asked) put(field);
  return key;
}

}  // namespace

DecisionPtr DecisionMemo::decide(const Question& question, const Policy& policy) {
  std::string key = key_of(question);
  {
    const std::lock_guard lock(mutex_);
    const auto known = answers_.find(key);
    if (known != answers_.end()) return known->second;
  }
  auto decision = std::make_shared<const Decision>(access::decide(question, policy));
  const std::lock_guard lock(mutex_);
  if (answers_.size() >= kAnswers) answers_.clear();
  answers_.insert_or_assign(std::move(key), decision);
  return decision;
}

}  // namespace lh::hub::access
