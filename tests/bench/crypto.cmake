find_package(benchmark REQUIRED)
add_executable(crypto_bench ${CMAKE_CURRENT_LIST_DIR}/crypto_bench.cc)
target_link_libraries(crypto_bench PRIVATE lh_pki lh_crypto house_options benchmark::benchmark_main)
