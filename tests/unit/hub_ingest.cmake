house_test(hub_ingest_tests
  SOURCES hub_ingest_load_test.cc
  DEPS lh_ingest lh_exchange lh_licences lh_adapters lh_adapters_memory lh_access lh_audit lh_ledger
       lh_store)
