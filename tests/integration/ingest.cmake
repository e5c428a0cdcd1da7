# The sample world lives in hub/app; only its own files are taken in here.
house_test(ingest_integration_tests
  SOURCES ingest_files_test.cc ../../hub/app/sample_world.cc ../../hub/app/sample_dump.cc
  DEPS lh_ingest lh_exchange lh_licences lh_adapters_file lh_adapters_memory lh_adapters lh_access
       lh_audit lh_ledger lh_ledger_log lh_store
  LABEL integration)
house_test(ingest_reconcile_tests
  SOURCES ingest_reconcile_test.cc
  DEPS lh_ingest lh_exchange lh_licences lh_adapters lh_adapters_memory lh_access lh_audit lh_ledger
       lh_ledger_log lh_store
  LABEL integration)
