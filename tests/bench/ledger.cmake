add_executable(ledger_bench ${CMAKE_CURRENT_LIST_DIR}/ledger_bench.cc)
target_link_libraries(ledger_bench PRIVATE lh_ledger lh_store lh_crypto house_options)
house_allocator(ledger_bench)
