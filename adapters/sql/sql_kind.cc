#include "adapters/sql/sql_kind.h"

#include "adapters/sql/host/driver_host.h"
#include "adapters/sql/host/host_session.h"
#include "adapters/sql/odbc/odbc_session.h"
#include "adapters/sql/session/row_cells.h"
#include "adapters/sql/sql_exchange.h"

namespace lh::adapters::sql {
namespace {

std::unique_ptr<Connector> make_connector(const Surroundings& around, const HostCommand& host) {
  if (host.argv.empty()) return make_odbc_connector();
  return make_host_connector(host.argv, around.clock);
}

class SqlKind final : public Kind {
 public:
  SqlKind(const Surroundings& around, const HostCommand& host)
      : connector_(make_connector(around, host)), parts_{around, *connector_} {}

  std::string_view name() const override { return "sql"; }
  // Without cursor columns nobody can ask what changed: the table is read whole again.
  Rerun rerun(const SettingsNode& source) const override {
    const auto settings = read_settings(source);
    const bool changes = settings.ok() && !settings->cursor.empty();
    return changes ? Rerun::kFromTheCursor : Rerun::kFromTheBeginning;
  }
  Status check(const SettingsNode& source) const override {
    LH_TRY(read_settings(source));
    return {};
  }
  Result<std::unique_ptr<Source>> pull(const SettingsNode& source, const Input& /*input*/,
                                       const Cursor& from) const override {
    return open_pull(parts_, LH_TRY(read_settings(source)), from);
  }
  Result<KeptRow> reread(const SettingsNode& /*source*/, KeptRow kept) const override {
    const auto columns = LH_TRY(columns_of(kept.columns, kept.types));
    std::vector<Cell> cells;
    const Status read = read_cells(kept.row.bytes, columns.size(), cells);
    RawRow row = read.ok() ? make_row(cells, columns) : RawRow{};
    kept.row.values = std::move(row.values);
    kept.row.malformed = std::move(row.malformed);
    if (!read.ok()) kept.row.malformed = Error(Reason::kRowWidth, "the bytes are not one row");
    return kept;
  }
  Result<std::unique_ptr<Lookup>> lookup(const SettingsNode& source) const override {
    return open_lookup(parts_, LH_TRY(read_settings(source)));
  }
  Result<std::unique_ptr<Push>> push(const SettingsNode& source) const override {
    return open_push(parts_, LH_TRY(read_settings(source)));
  }

 private:
  std::unique_ptr<Connector> connector_;
  Parts parts_;
};

}  // namespace

std::unique_ptr<Kind> make_kind(const Surroundings& around, HostCommand host) {
  return std::make_unique<SqlKind>(around, host);
}

int run_driver_host(int in, int out) {
  const auto drivers = make_odbc_connector();
  return serve_driver(in, out, *drivers);
}

Result<Discovery> discover(const Surroundings& around, const HostCommand& host,
                           const SettingsNode& source, std::size_t rows) {
  const auto connector = make_connector(around, host);
  SqlSettings settings = LH_TRY(read_settings(source));
  if (settings.table.empty() && settings.query.empty()) {
    return Error(Reason::kAdapterUnsupported, "sql: no table or query to look at");
  }
  settings.columns.clear();
  settings.cursor.clear();
  settings.key.clear();
  settings.header.clear();
  OpenTable table = LH_TRY(open_table({around, *connector}, settings));
  Discovery out;
  out.columns = table.columns;
  if (rows == 0) return out;
  LH_TRY(table.session->query(sample_sql(table.relation, table.selected, rows), {}));
  std::vector<Cell> cells;
  for (;;) {
    std::vector<Bytes> some = LH_TRY(table.session->rows(rows));
    if (some.empty()) return out;
    for (Bytes& bytes : some) {
      LH_TRY(read_cells(bytes, table.columns.size(), cells));
      RawRow row = make_row(cells, table.columns);
      row.number = out.sample.size() + 1;
      row.bytes = std::move(bytes);
      out.sample.push_back(std::move(row));
    }
  }
}

}  // namespace lh::adapters::sql
