house_test(ledger_disk_tests
  SOURCES ledger_disk_test.cc
  DEPS lh_ledger lh_store lh_crypto LABEL integration)
