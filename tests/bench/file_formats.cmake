find_package(GTest REQUIRED)
add_executable(file_formats_bench ${CMAKE_CURRENT_LIST_DIR}/file_formats_bench.cc)
target_include_directories(file_formats_bench PRIVATE ${PROJECT_SOURCE_DIR}/tests/integration)
target_link_libraries(file_formats_bench PRIVATE lh_adapters_file lh_adapters GTest::gtest
                      house_options)
