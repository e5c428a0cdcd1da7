house_test(crypto_key_file_tests
  SOURCES crypto_bucket_keys_test.cc crypto_key_store_test.cc
  DEPS lh_crypto LABEL integration)
