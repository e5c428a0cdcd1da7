add_executable(load_bench ${CMAKE_CURRENT_LIST_DIR}/load_bench.cc)
target_link_libraries(load_bench PRIVATE
  lh_ingest lh_exchange lh_adapters_file lh_licences lh_access lh_audit lh_ledger lh_store
  house_options GTest::gtest)
house_allocator(load_bench)
