house_test(crypto_tests
  SOURCES crypto_digest_test.cc crypto_jws_test.cc crypto_merkle_test.cc crypto_note_test.cc
          crypto_seal_test.cc crypto_sign_test.cc crypto_tlog_proof_test.cc
  DEPS lh_crypto)
