house_test(adapters_http_tests
  SOURCES adapters_http_answer_test.cc adapters_http_auth_test.cc adapters_http_lookup_test.cc
          adapters_http_pull_test.cc adapters_http_template_test.cc adapters_http_date_test.cc
          adapters_outbound_response_test.cc
  DEPS lh_adapters_soap lh_adapters_http lh_adapters_outbound lh_crypto)
