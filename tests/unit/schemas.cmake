house_test(schemas_tests
  SOURCES schemas_audit_events_test.cc schemas_catalogue_test.cc schemas_division_table_test.cc
          schemas_fields_test.cc schemas_lists_test.cc
          schemas_json_reader_test.cc schemas_json_writer_test.cc
          schemas_material_test.cc schemas_request_test.cc schemas_sd_jwt_test.cc
          schemas_shipped_test.cc schemas_working_days_test.cc
  DEPS lh_schemas)
