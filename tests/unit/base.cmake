house_test(base_tests
  SOURCES base_bytes_test.cc base_catalogue_test.cc base_cbor_test.cc base_check_characters_test.cc
          base_licence_id_test.cc base_log_test.cc base_national_codes_test.cc base_permit_test.cc
          base_result_test.cc base_secret_test.cc base_subject_id_test.cc base_time_test.cc
  DEPS lh_base)
