// The driver host of the tests: what `licencehub adapter-driver` is.
#include "adapters/sql/sql_kind.h"

int main() {
  return lh::adapters::sql::run_driver_host(0, 1);
}
