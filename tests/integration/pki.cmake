find_package(OpenSSL REQUIRED)
house_test(pki_trust_store_tests
  SOURCES pki_trust_store_test.cc ../unit/pki_farm.cc
  DEPS lh_pki lh_crypto FOREIGN OpenSSL::Crypto LABEL integration)
