find_package(OpenSSL REQUIRED)
house_test(pki_tests
  SOURCES pki_farm.cc pki_authority_test.cc pki_certificate_test.cc pki_chain_profile_test.cc
          pki_chain_test.cc pki_verify_report_test.cc
  DEPS lh_pki lh_crypto FOREIGN OpenSSL::Crypto)
