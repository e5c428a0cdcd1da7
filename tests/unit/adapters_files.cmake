house_test(adapters_files_tests
  SOURCES adapters_json_path_test.cc adapters_drop_names_test.cc schemas_xml_rows_test.cc
          schemas_xml_tree_test.cc
  DEPS lh_adapters_drop lh_adapters_file lh_adapters lh_schemas)
