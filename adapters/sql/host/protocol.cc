// The questions; the answers are in answers.cc.
#include "adapters/sql/host/protocol.h"

namespace lh::adapters::sql {
namespace {

enum class Ask : std::uint8_t { kConnect = 1, kQuery = 2, kRows = 3, kChange = 4, kStep = 5 };

Error malformed() {
  return Error(Reason::kSourceAnswer, "a question that is not one");
}

template <class Enum>
void put(CborWriter& out, Enum value) {
  out.uint(static_cast<std::uint64_t>(value));
}

template <class Enum>
Result<Enum> get(CborReader& in, Enum last) {
  const std::uint64_t value = LH_TRY(in.read_uint());
  if (value > static_cast<std::uint64_t>(last)) return malformed();
  return static_cast<Enum>(value);
}

Result<std::string> get_text(CborReader& in) {
  return std::string(LH_TRY(in.read_text()));
}

Result<std::uint64_t> get_number(CborReader& in, std::uint64_t most) {
  const std::uint64_t value = LH_TRY(in.read_uint());
  if (value > most) return malformed();
  return value;
}

constexpr std::uint64_t kConnectionItems = 16;

void put(CborWriter& out, const Connection& c) {
  out.array(kConnectionItems);
  put(out, c.dialect);
  put(out, c.text);
  put(out, c.tls);
  put(out, c.access);
  for (const auto* text :
       {&c.driver, &c.dsn, &c.server, &c.database, &c.user, &c.tls_ca, &c.time_zone}) {
    out.text(*text);
  }
  out.uint(c.port);
  out.uint(c.login_ms);
  out.uint(c.query_ms);
  out.uint(c.max_value_bytes);
  out.array(c.options.size());
  for (const auto& [key, value] : c.options) {
    out.array(2);
    out.text(key);
    out.text(value);
  }
}

Status read_options(CborReader& in, Connection& c) {
  const std::uint64_t count = LH_TRY(in.read_array());
  for (std::uint64_t i = 0; i < count; ++i) {
    if (LH_TRY(in.read_array()) != 2) return malformed();
    std::string key = LH_TRY(get_text(in));
    c.options.emplace_back(std::move(key), LH_TRY(get_text(in)));
  }
  return {};
}

Result<Connection> read_connection(CborReader& in) {
  if (LH_TRY(in.read_array()) != kConnectionItems) return malformed();
  Connection c;
  c.dialect = LH_TRY(get(in, Dialect::kSqlServer));
  c.text = LH_TRY(get(in, TextForm::kUtf16));
  c.tls = LH_TRY(get(in, Tls::kDriver));
  c.access = LH_TRY(get(in, Access::kWrite));
  for (auto* text : {&c.driver, &c.dsn, &c.server, &c.database, &c.user, &c.tls_ca, &c.time_zone}) {
    *text = LH_TRY(get_text(in));
  }
  c.port = static_cast<std::uint16_t>(LH_TRY(get_number(in, 65535)));
  c.login_ms = static_cast<std::uint32_t>(LH_TRY(get_number(in, UINT32_MAX)));
  c.query_ms = static_cast<std::uint32_t>(LH_TRY(get_number(in, UINT32_MAX)));
  c.max_value_bytes = LH_TRY(get_number(in, UINT32_MAX));
  LH_TRY(read_options(in, c));
  return c;
}

void put(CborWriter& out, const Parameters& parameters) {
  out.array(parameters.size());
  for (const Parameter& p : parameters) {
    out.array(2);
    put(out, p.type);
    out.text(p.text);
  }
}

Result<Parameters> read_parameters(CborReader& in) {
  Parameters out;
  const std::uint64_t count = LH_TRY(in.read_array());
  for (std::uint64_t i = 0; i < count; ++i) {
    if (LH_TRY(in.read_array()) != 2) return malformed();
    const auto type = LH_TRY(get(in, ParameterType::kDecimal));
    out.push_back({type, LH_TRY(get_text(in))});
  }
  return out;
}

struct Writer {
  CborWriter& out;

  void begin(std::uint64_t items, Ask ask) const {
    out.array(items);
    put(out, ask);
  }
  void operator()(const AskConnect& q) const {
    begin(3, Ask::kConnect);
    put(out, q.to);
    out.bytes(q.password.bytes());
  }
  void operator()(const AskQuery& q) const {
    begin(3, Ask::kQuery);
    out.text(q.sql);
    put(out, q.parameters);
  }
  void operator()(const AskRows& q) const {
    begin(2, Ask::kRows);
    out.uint(q.most);
  }
  void operator()(const AskChange& q) const {
    begin(3, Ask::kChange);
    out.text(q.sql);
    put(out, q.parameters);
  }
  void operator()(const AskTransaction& q) const {
    begin(2, Ask::kStep);
    put(out, q.step);
  }
};

Result<Question> read_question(CborReader& in) {
  const std::uint64_t items = LH_TRY(in.read_array());
  const auto ask = LH_TRY(get(in, Ask::kStep));
  const bool short_one = ask == Ask::kRows || ask == Ask::kStep;
  if (items != (short_one ? 2U : 3U)) return malformed();
  switch (ask) {
    case Ask::kConnect: {
      AskConnect q{LH_TRY(read_connection(in)), {}};
      q.password = Secret::copy_of(LH_TRY(in.read_bytes()));
      return Question(std::move(q));
    }
    case Ask::kQuery: {
      AskQuery q{LH_TRY(get_text(in)), {}};
      q.parameters = LH_TRY(read_parameters(in));
      return Question(std::move(q));
    }
    case Ask::kRows:
      return Question(AskRows{LH_TRY(get_number(in, UINT32_MAX))});
    case Ask::kChange: {
      AskChange q{LH_TRY(get_text(in)), {}};
      q.parameters = LH_TRY(read_parameters(in));
      return Question(std::move(q));
    }
    case Ask::kStep:
      return Question(AskTransaction{LH_TRY(get(in, Step::kRollback))});
  }
  return malformed();
}

}  // namespace

Bytes encode(const Question& question) {
  CborWriter out;
  std::visit(Writer{out}, question);
  return out.take();
}

Result<Question> parse_question(ByteView in) {
  CborReader reader(in);
  auto out = read_question(reader);
  if (!out.ok() || !reader.finish().ok()) return malformed();
  return out;
}

}  // namespace lh::adapters::sql
