#include "hub/app/peers/host_worker.h"

#include "adapters/kind.h"

namespace lh::hub::app {
namespace {

using adapters::SettingsNode;
using adapters::host::Answer;
using adapters::host::Task;
using adapters::host::Work;

Result<const adapters::Kind*> kind_of(const adapters::Kinds& kinds, const SettingsNode& source) {
  const SettingsNode* name = source.find("kind");
  const std::string* text = name == nullptr ? nullptr : name->text();
  return kinds.find(text == nullptr ? "" : *text, source);
}

}  // namespace

Status HostWorker::check() const {
  for (const auto& [name, hosted] : config_.adapters) {
    LH_TRY(LH_TRY(kind_of(kinds_, hosted.source))->check(hosted.source));
  }
  return {};
}

Answer HostWorker::perform(const Task& task) {
  const auto hosted = config_.adapters.find(task.adapter);
  if (hosted == config_.adapters.end()) {
    return {{}, {}, true, Error(Reason::kAdapterUnknown, "not served by this host")};
  }
  auto answer = task.work == Work::kPull     ? pull(hosted->second, task)
                : task.work == Work::kLookup ? look_up(hosted->second, task)
                                             : push(hosted->second, task);
  if (answer.ok()) return std::move(*answer);
  open_.erase(task.adapter);  // whatever failed is opened anew
  return {{}, {}, true, answer.error()};
}

Result<Answer> HostWorker::pull(const HostedSource& of, const Task& task) {
  auto& source = open_[task.adapter].source;
  if (source == nullptr || task.cursor.value.empty() ||
      source->cursor().value != task.cursor.value) {
    const adapters::Kind* kind = LH_TRY(kind_of(kinds_, of.source));
    source = LH_TRY(kind->pull(of.source, {of.input}, task.cursor));
  }
  Answer out;
  out.columns = source->columns();
  std::size_t bytes = 0;
  while (out.rows.size() < task.limit && bytes < adapters::host::kPageBytes) {
    auto row = LH_TRY(source->next());
    out.end = !row;
    if (!row) break;
    bytes += row->bytes.size();
    for (const std::string& value : row->values) bytes += value.size();
    out.rows.push_back({std::move(*row), source->cursor()});
  }
  if (out.end) source.reset();
  return out;
}

// A key without columns asks for the columns.
Result<Answer> HostWorker::look_up(const HostedSource& of, const Task& task) {
  auto& lookup = open_[task.adapter].lookup;
  if (lookup == nullptr) {
    lookup = LH_TRY(LH_TRY(kind_of(kinds_, of.source))->lookup(of.source));
  }
  Answer out;
  out.columns = lookup->columns();
  out.end = true;
  if (task.values.empty()) return out;
  for (auto& row : LH_TRY(lookup->find(task.values))) out.rows.push_back({std::move(row), {}});
  return out;
}

Result<Answer> HostWorker::push(const HostedSource& of, const Task& task) {
  auto& push = open_[task.adapter].push;
  if (push == nullptr) push = LH_TRY(LH_TRY(kind_of(kinds_, of.source))->push(of.source));
  LH_TRY(push->send(task.push_id, task.values));
  Answer out;
  out.end = true;
  return out;
}

}  // namespace lh::hub::app
