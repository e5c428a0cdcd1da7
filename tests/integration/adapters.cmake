# The sample world lives in hub/app; only its own files are taken in here.
house_test(adapters_integration_tests
  SOURCES adapters_csv_source_test.cc adapters_cursor_test.cc adapters_docs_test.cc
          adapters_real_data_test.cc
          adapters_sample_dump_test.cc adapters_sample_world_test.cc
          ../../hub/app/sample_world.cc ../../hub/app/sample_dump.cc
  DEPS lh_adapters_file lh_adapters_memory lh_adapters lh_schemas
  LABEL integration)
