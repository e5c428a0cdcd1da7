house_test(adapters_tests
  SOURCES adapters_call_turns_test.cc
          adapters_capital_test.cc adapters_checks_test.cc adapters_converters_test.cc
          adapters_date_reader_test.cc adapters_encoding_test.cc adapters_mapper_test.cc
          adapters_mapping_test.cc adapters_mapping_calls_test.cc adapters_dialects_test.cc
          adapters_memory_source_test.cc
          adapters_row_scanner_test.cc adapters_shipped_mappings_test.cc
  DEPS lh_adapters_file lh_adapters_memory lh_adapters lh_schemas)
