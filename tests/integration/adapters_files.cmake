# Files of every format, and folders where they arrive. DBF files are also made by another
# implementation (python3-dbf), the SFTP server is OpenSSH's.
house_test(adapters_file_characters_tests
  SOURCES adapters_formats_characters_test.cc
  DEPS lh_adapters_file lh_adapters lh_schemas
  LABEL integration)
house_test(adapters_file_formats_tests
  SOURCES adapters_formats_laws_test.cc adapters_fixed_test.cc adapters_dbf_test.cc
          adapters_json_xml_test.cc
  DEPS lh_adapters_file lh_adapters lh_schemas
  LABEL integration)
house_test(adapters_drop_tests
  SOURCES adapters_drop_test.cc adapters_drop_stock_test.cc adapters_sftp_test.cc
          adapters_source_docs_test.cc
  DEPS lh_adapters_drop lh_adapters_file lh_adapters lh_schemas
  LABEL integration)
house_test(adapters_reread_tests
  SOURCES adapters_reread_test.cc
  DEPS lh_adapters_message lh_adapters_file lh_adapters lh_schemas
  LABEL integration)
