house_test(hub_subjects_tests
  SOURCES hub_subjects_directory_test.cc hub_subjects_base_data_test.cc hub_subjects_history_test.cc
          hub_subjects_ties_test.cc hub_subjects_flags_test.cc
  DEPS lh_access lh_audit lh_subjects lh_ledger lh_store)
