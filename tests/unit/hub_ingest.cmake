house_test(hub_ingest_tests
  SOURCES hub_ingest_load_test.cc hub_ingest_marks_test.cc hub_ingest_quarantine_test.cc
          hub_ingest_lines_test.cc hub_ingest_book_test.cc hub_ingest_schedule_test.cc
          hub_ingest_replay_test.cc
  DEPS lh_ingest lh_exchange lh_licences lh_adapters lh_adapters_memory lh_access lh_audit lh_ledger
       lh_ledger_log lh_store)
house_test(hub_own_accesses_tests
  SOURCES hub_ingest_own_accesses_test.cc hub_exchange_idempotency_test.cc
  DEPS lh_exchange lh_licences lh_access lh_audit lh_ledger lh_store)
