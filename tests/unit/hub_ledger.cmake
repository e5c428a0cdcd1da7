house_test(hub_ledger_tests
  SOURCES hub_ledger_change_test.cc hub_ledger_parts_test.cc hub_ledger_ledger_test.cc
          hub_ledger_fsck_test.cc
  DEPS lh_ledger lh_ledger_log lh_store lh_crypto)
