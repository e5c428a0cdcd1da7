#include "adapters/host/host_kind.h"

#include "adapters/host/wire.h"

namespace lh::adapters::host {
namespace {

struct Settings {
  Owner owner;
  std::string adapter;
  std::size_t page_rows = 500;
  std::size_t wait_ms = 30000;
  Rerun rerun = Rerun::kFromTheBeginning;
};

Result<Settings> read_settings(const SettingsNode& source) {
  auto in = LH_TRY(SettingsReader::open(source, "source"));
  in.find("kind");
  in.find("header_guard");  // read with the mapping
  LH_TRY(in.texts("header"));
  Settings out;
  out.owner.organisation = LH_TRY(in.required_text("organisation"));
  out.owner.system = LH_TRY(in.required_text("system"));
  out.adapter = LH_TRY(in.required_text("adapter"));
  out.page_rows = LH_TRY(in.number("page_rows", 1, 5000, out.page_rows));
  out.wait_ms = LH_TRY(in.number("wait_ms", 100, 600000, out.wait_ms));
  if (LH_TRY(in.choice("rerun", {"beginning", "cursor"})) == "cursor") {
    out.rerun = Rerun::kFromTheCursor;
  }
  LH_TRY(in.finish());
  return out;
}

// Asks and reads; the error of the host's source is ours.
Result<Answer> ask(Broker& broker, const Settings& settings, Task task) {
  task.adapter = settings.adapter;
  const auto make = [&task](std::string_view id) {
    task.id = std::string(id);
    return to_json(task);
  };
  const std::string text =
      LH_TRY(broker.ask(settings.owner, make, static_cast<std::int64_t>(settings.wait_ms)));
  Answer answer = LH_TRY(parse_answer(text));
  if (answer.error) return *answer.error;
  return answer;
}

class HostSource final : public Source {
 public:
  HostSource(Broker& broker, Settings settings, const Cursor& from, CallGate* calls)
      : broker_(broker), settings_(std::move(settings)), at_(from), calls_(calls) {}

  Status start() {
    LH_TRY(fetch());
    columns_ = page_.columns;
    return {};
  }
  const std::vector<std::string>& columns() const override { return columns_; }

  Result<std::optional<RawRow>> next() override {
    while (given_ == page_.rows.size()) {
      if (page_.end) return std::optional<RawRow>();
      LH_TRY(fetch());
      if (page_.columns != columns_)
        return Error(Reason::kSourceChanged, "the columns of the host");
    }
    PageRow& next = page_.rows[given_++];
    at_ = std::move(next.behind);
    bytes_ += next.row.bytes.size();
    return std::optional(std::move(next.row));
  }
  Cursor cursor() const override { return at_; }
  std::optional<std::uint64_t> size_bytes() const override { return std::nullopt; }
  std::uint64_t position_bytes() const override { return bytes_; }

 private:
  Status fetch() {
    Task task;
    task.work = Work::kPull;
    task.cursor = at_;
    task.limit = settings_.page_rows;
    const auto turn = LH_TRY(Calling::begin(calls_));
    page_ = LH_TRY(ask(broker_, settings_, std::move(task)));
    given_ = 0;
    if (page_.rows.empty() && !page_.end) {
      return Error(Reason::kSourceAnswer, "a page without a row that is not the last");
    }
    return {};
  }

  Broker& broker_;
  Settings settings_;
  std::vector<std::string> columns_;
  Cursor at_;
  CallGate* calls_;
  Answer page_;
  std::size_t given_ = 0;
  std::uint64_t bytes_ = 0;
};

class HostLookup final : public Lookup {
 public:
  HostLookup(Broker& broker, Settings settings, std::vector<std::string> columns)
      : broker_(broker), settings_(std::move(settings)), columns_(std::move(columns)) {}
  const std::vector<std::string>& columns() const override { return columns_; }
  Result<std::vector<RawRow>> find(const KeyValues& key) override {
    Task task;
    task.work = Work::kLookup;
    task.values = key;
    Answer answer = LH_TRY(ask(broker_, settings_, std::move(task)));
    if (answer.columns != columns_) return Error(Reason::kSourceChanged, "the columns of the host");
    std::vector<RawRow> out;
    for (PageRow& row : answer.rows) out.push_back(std::move(row.row));
    return out;
  }

 private:
  Broker& broker_;
  Settings settings_;
  std::vector<std::string> columns_;
};

class HostPush final : public Push {
 public:
  HostPush(Broker& broker, Settings settings) : broker_(broker), settings_(std::move(settings)) {}
  Status send(std::string_view id, const KeyValues& record) override {
    Task task;
    task.work = Work::kPush;
    task.values = record;
    task.push_id = std::string(id);
    LH_TRY(ask(broker_, settings_, std::move(task)));
    return {};
  }

 private:
  Broker& broker_;
  Settings settings_;
};

class HostKind final : public Kind {
 public:
  explicit HostKind(Broker& broker) : broker_(broker) {}
  std::string_view name() const override { return "host"; }
  Status check(const SettingsNode& source) const override {
    LH_TRY(read_settings(source));
    return {};
  }
  PullCalls pull_calls() const override { return PullCalls::kEach; }
  Rerun rerun(const SettingsNode& source) const override {
    const auto settings = read_settings(source);
    return settings.ok() ? settings->rerun : Rerun::kFromTheBeginning;
  }
  Result<std::unique_ptr<Source>> pull(const SettingsNode& source, const Input& input,
                                       const Cursor& from) const override {
    if (!input.path.empty()) {
      return Error(Reason::kUsage, "a host reads what its own configuration names");
    }
    auto out =
        std::make_unique<HostSource>(broker_, LH_TRY(read_settings(source)), from, input.calls);
    LH_TRY(out->start());
    return std::unique_ptr<Source>(std::move(out));
  }
  // A lookup without a key says the columns.
  Result<std::unique_ptr<Lookup>> lookup(const SettingsNode& source) const override {
    Settings settings = LH_TRY(read_settings(source));
    Task task;
    task.work = Work::kLookup;
    Answer answer = LH_TRY(ask(broker_, settings, std::move(task)));
    return std::unique_ptr<Lookup>(
        std::make_unique<HostLookup>(broker_, std::move(settings), std::move(answer.columns)));
  }
  Result<std::unique_ptr<Push>> push(const SettingsNode& source) const override {
    return std::unique_ptr<Push>(
        std::make_unique<HostPush>(broker_, LH_TRY(read_settings(source))));
  }

 private:
  Broker& broker_;
};

}  // namespace

std::unique_ptr<Kind> make_kind(Broker& broker) {
  return std::make_unique<HostKind>(broker);
}

}  // namespace lh::adapters::host
