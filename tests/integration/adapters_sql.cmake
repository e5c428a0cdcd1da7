add_executable(sql_driver_host ${HOUSE_TEST_DIR}/sql_driver_host.cc)
target_link_libraries(sql_driver_host PRIVATE lh_adapters_sql house_options)
foreach(database postgres mariadb sqlite)
  house_test(adapters_sql_${database}_tests
    SOURCES adapters_sql_${database}_test.cc sql_servers.cc
    DEPS lh_adapters_sql lh_adapters lh_base
    LABEL integration TIMEOUT 120)
  target_compile_definitions(adapters_sql_${database}_tests PRIVATE
    LH_DRIVER_HOST="$<TARGET_FILE:sql_driver_host>")
  add_dependencies(adapters_sql_${database}_tests sql_driver_host)
endforeach()
add_library(sql_false_driver MODULE ${HOUSE_TEST_DIR}/sql_false_driver.cc)
target_compile_options(sql_false_driver PRIVATE -fPIC)
house_test(adapters_sql_host_tests
  SOURCES adapters_sql_host_test.cc sql_servers.cc
  DEPS lh_adapters_sql lh_adapters lh_base
  LABEL integration TIMEOUT 120)
target_compile_definitions(adapters_sql_host_tests PRIVATE
  LH_DRIVER_HOST="$<TARGET_FILE:sql_driver_host>"
  LH_FALSE_DRIVER="$<TARGET_FILE:sql_false_driver>")
add_dependencies(adapters_sql_host_tests sql_driver_host sql_false_driver)
