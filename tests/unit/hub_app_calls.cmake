house_test(hub_app_calls_tests
  SOURCES hub_app_calls_lane_test.cc hub_app_calls_push_test.cc
          hub_app_calls_base_data_test.cc hub_exchange_outbox_test.cc
  DEPS lh_app_calls lh_exchange lh_licences lh_access lh_audit lh_ledger lh_store lh_adapters)
