# house_fuzz(NAME SOURCES … DEPS …): one fuzz target fuzz_NAME with its corpus in corpus/NAME.
# With HOUSE_FUZZ (clang) it is a libFuzzer program, built by the target "fuzzers"; without, the
# same code replays the corpus as a test. Targets are registered in the other .cmake files here.
set(HOUSE_FUZZ_DIR ${CMAKE_CURRENT_LIST_DIR})
if(HOUSE_FUZZ)
  add_custom_target(fuzzers)
endif()

function(house_fuzz name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  list(TRANSFORM ARG_SOURCES PREPEND ${HOUSE_FUZZ_DIR}/)
  if(HOUSE_FUZZ)
    add_executable(fuzz_${name} ${ARG_SOURCES})
    target_link_libraries(fuzz_${name} PRIVATE ${ARG_DEPS} house_options -fsanitize=fuzzer)
    add_dependencies(fuzzers fuzz_${name})
  else()
    add_executable(fuzz_${name} ${HOUSE_FUZZ_DIR}/replay_main.cc ${ARG_SOURCES})
    target_link_libraries(fuzz_${name} PRIVATE ${ARG_DEPS} house_options)
    add_test(NAME fuzz.replay_${name} COMMAND fuzz_${name} ${HOUSE_FUZZ_DIR}/corpus/${name})
    set_tests_properties(fuzz.replay_${name} PROPERTIES LABELS fuzz TIMEOUT 120)
  endif()
endfunction()

file(GLOB fuzz_parts CONFIGURE_DEPENDS ${HOUSE_FUZZ_DIR}/*.cmake)
list(REMOVE_ITEM fuzz_parts ${CMAKE_CURRENT_LIST_FILE})
foreach(part IN LISTS fuzz_parts)
  include(${part})
endforeach()
