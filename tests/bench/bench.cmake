# Each room's benchmarks stand in a .cmake file of their own; all are taken in.
file(GLOB bench_parts CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/*.cmake)
list(REMOVE_ITEM bench_parts ${CMAKE_CURRENT_LIST_FILE})
foreach(part IN LISTS bench_parts)
  include(${part})
endforeach()
