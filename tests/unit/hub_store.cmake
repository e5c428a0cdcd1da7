find_package(RocksDB REQUIRED)
house_test(hub_store_tests
  SOURCES hub_store_laws_test.cc hub_store_disk_guard_test.cc
  DEPS lh_store
  FOREIGN RocksDB::rocksdb-shared)
