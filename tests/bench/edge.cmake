find_package(OpenSSL REQUIRED)
add_executable(load_client ${CMAKE_CURRENT_LIST_DIR}/load_client.cc)
target_link_libraries(load_client PRIVATE house_options OpenSSL::SSL)
target_compile_options(load_client PRIVATE -Wno-useless-cast -Wno-old-style-cast)
add_executable(edge_server ${CMAKE_CURRENT_LIST_DIR}/edge_server.cc
               ${PROJECT_SOURCE_DIR}/tests/integration/edge_fixture.cc)
target_link_libraries(edge_server PRIVATE lh_edge lh_pki lh_crypto house_options GTest::gtest)
target_compile_options(edge_server PRIVATE -Wno-useless-cast)
