find_package(GTest REQUIRED)
add_executable(fetch_bench ${CMAKE_CURRENT_LIST_DIR}/fetch_bench.cc)
target_link_libraries(fetch_bench PRIVATE lh_exchange lh_licences lh_access lh_audit lh_ledger
                      lh_store GTest::gtest house_options)
house_allocator(fetch_bench)
add_executable(answers_bench ${CMAKE_CURRENT_LIST_DIR}/answers_bench.cc)
target_link_libraries(answers_bench PRIVATE lh_exchange lh_licences lh_access lh_audit lh_ledger
                      lh_store GTest::gtest house_options)
house_allocator(answers_bench)
add_executable(growth_bench ${CMAKE_CURRENT_LIST_DIR}/growth_bench.cc)
target_link_libraries(growth_bench PRIVATE lh_exchange lh_licences lh_access lh_audit lh_ledger
                      lh_store GTest::gtest house_options)
house_allocator(growth_bench)
