if(NOT TARGET sql_driver_host)
  add_executable(sql_driver_host ${PROJECT_SOURCE_DIR}/tests/integration/sql_driver_host.cc)
  target_link_libraries(sql_driver_host PRIVATE lh_adapters_sql house_options)
endif()
add_executable(sql_bench ${CMAKE_CURRENT_LIST_DIR}/sql_bench.cc
  ${PROJECT_SOURCE_DIR}/tests/integration/sql_servers.cc)
target_link_libraries(sql_bench PRIVATE lh_adapters_sql lh_adapters lh_base ${ODBC_LIBRARY}
  house_options GTest::gtest)
target_compile_definitions(sql_bench PRIVATE LH_DRIVER_HOST="$<TARGET_FILE:sql_driver_host>")
add_dependencies(sql_bench sql_driver_host)
