# Sources that others serve: adapters by the HTTP contract, front-end machines, other hubs.
house_test(adapters_peers_tests
  SOURCES adapters_host_broker_test.cc adapters_host_wire_test.cc adapters_hub_lookup_test.cc
          adapters_hub_pull_test.cc adapters_remote_description_test.cc
  DEPS lh_adapters_host lh_adapters_hub lh_adapters_remote lh_crypto)
