# The conformance kit: every kind of source against the same bad input, and the page of results.
house_test(adapters_conformance_tests
  SOURCES conformance/conformance_test.cc conformance/kit.cc conformance/cases.cc
          conformance/files.cc conformance/drops.cc conformance/databases.cc
          conformance/service.cc conformance/services.cc conformance/messages.cc
          conformance/example.cc conformance/hosts.cc sql_servers.cc
  DEPS lh_adapters_drop lh_adapters_file lh_adapters_sql lh_adapters_soap lh_adapters_http
       lh_adapters_message lh_adapters_remote lh_adapters_example lh_app_peers
       lh_adapters lh_schemas lh_crypto
  FOREIGN z
  LABEL integration TIMEOUT 900)
target_compile_definitions(adapters_conformance_tests PRIVATE
  LH_DRIVER_HOST="$<TARGET_FILE:sql_driver_host>"
  LH_FALSE_DRIVER="$<TARGET_FILE:sql_false_driver>")
add_dependencies(adapters_conformance_tests sql_driver_host sql_false_driver)
# What pages quote is the code that is compiled.
add_test(NAME lint.quotes COMMAND python3 ${PROJECT_SOURCE_DIR}/tools/quote_pages.py
                                  ${PROJECT_SOURCE_DIR})
set_tests_properties(lint.quotes PROPERTIES LABELS lint)
house_test(adapters_peers_docs_tests
  SOURCES adapters_peers_docs_test.cc
  DEPS lh_adapters_remote lh_adapters_hub lh_adapters_host lh_adapters_example lh_crypto
  LABEL integration)
