house_test(hub_api_faces_tests
  SOURCES hub_api_faces_guangdong_test.cc hub_api_faces_national_test.cc
          hub_api_faces_sessions_test.cc hub_api_faces_entry_test.cc
  DEPS lh_api_faces)
