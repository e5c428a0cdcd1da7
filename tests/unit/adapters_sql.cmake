house_test(adapters_sql_tests
  SOURCES adapters_sql_settings_test.cc adapters_sql_statement_test.cc adapters_sql_values_test.cc
          adapters_sql_protocol_test.cc
  DEPS lh_adapters_sql lh_adapters lh_base)
