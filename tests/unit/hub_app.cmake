house_test(hub_app_tests
  SOURCES hub_app_lanes_test.cc hub_app_guarded_source_test.cc
  DEPS lh_app_serve lh_app_runs lh_app lh_adapters_memory)
