find_package(OpenSSL REQUIRED)
house_test(edge_tests LABEL integration
  SOURCES edge_fixture.cc edge_client.cc edge_probes_test.cc edge_session_test.cc
          edge_caller_test.cc edge_limits_test.cc
  DEPS lh_edge lh_pki lh_crypto
  FOREIGN OpenSSL::SSL)
