house_test(hub_access_tests
  SOURCES hub_access_decide_test.cc hub_access_registry_test.cc hub_access_catalogue_test.cc
          hub_access_matrix_test.cc
          hub_access_bundle_test.cc hub_access_circles_test.cc hub_access_definitions_test.cc
          hub_access_import_test.cc hub_access_changes_test.cc hub_access_align_test.cc
  DEPS lh_access_simulate lh_access lh_audit lh_subjects lh_ledger lh_store)
