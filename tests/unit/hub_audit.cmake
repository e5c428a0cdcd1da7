house_test(hub_audit_tests
  SOURCES hub_audit_entry_test.cc hub_audit_search_test.cc hub_audit_receipt_test.cc
  DEPS lh_access lh_audit lh_subjects lh_ledger lh_store)
