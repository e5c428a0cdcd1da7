house_test(adapters_http_integration_tests
  SOURCES adapters_http_source_test.cc adapters_http_docs_test.cc adapters_wsdl_test.cc
  DEPS lh_adapters_soap lh_adapters_message lh_adapters_http lh_crypto
  LABEL integration TIMEOUT 60)
house_test(adapters_message_tests
  SOURCES adapters_message_test.cc
  DEPS lh_adapters_message
  LABEL integration TIMEOUT 60)
