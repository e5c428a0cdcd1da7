house_fuzz(http_gate SOURCES fuzz_http_gate.cc DEPS lh_edge_http)
