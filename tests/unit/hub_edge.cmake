house_test(hub_edge_tests
  SOURCES hub_edge_head_test.cc hub_edge_target_test.cc hub_edge_gate_test.cc
          hub_edge_chunked_test.cc hub_edge_reply_test.cc hub_edge_metrics_test.cc
  DEPS lh_edge lh_edge_http)
