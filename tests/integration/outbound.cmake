find_package(Poco REQUIRED COMPONENTS Foundation Net NetSSL)
house_test(outbound_integration_tests
  SOURCES outbound_http_client_test.cc
  DEPS lh_adapters_outbound lh_pki lh_crypto
  FOREIGN Poco::NetSSL Poco::Net
  LABEL integration TIMEOUT 60)
