house_test(schemas_tests
  SOURCES schemas_shipped_test.cc
  DEPS lh_schemas)
