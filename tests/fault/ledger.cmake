find_package(RocksDB REQUIRED)
add_executable(ledger_child ${HOUSE_TEST_DIR}/ledger_child.cc)
target_link_libraries(ledger_child PRIVATE lh_ledger lh_store lh_crypto house_options
                      RocksDB::rocksdb-shared)
house_test(ledger_crash_tests
  SOURCES ledger_crash_test.cc
  DEPS lh_ledger lh_store lh_crypto LABEL fault TIMEOUT 1800)
target_compile_definitions(ledger_crash_tests PRIVATE LH_LEDGER_CHILD="$<TARGET_FILE:ledger_child>")
add_dependencies(ledger_crash_tests ledger_child)
house_test(ledger_flip_tests
  SOURCES ledger_flip_test.cc
  DEPS lh_ledger lh_store lh_crypto LABEL fault TIMEOUT 1800)
