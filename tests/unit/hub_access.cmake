house_test(hub_access_tests
  SOURCES hub_access_decide_test.cc hub_access_registry_test.cc hub_access_catalogue_test.cc
          hub_access_matrix_test.cc
  DEPS lh_access_simulate lh_access lh_audit lh_subjects lh_ledger lh_store)
