# The house rules for building: one static library a folder, one set of warnings, one standard.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
# Position independent executables; no library of ours is shared, so nothing of it is replaceable at
# load time and the compiler may inline across functions.
set(CMAKE_POSITION_INDEPENDENT_CODE OFF)
add_compile_options(-fPIE)
add_link_options(-pie)

option(HOUSE_WERROR "warnings are errors" OFF)
option(HOUSE_FUZZ "build the fuzz targets (clang)" OFF)
option(HOUSE_BENCH "build the benchmarks" OFF)
option(HOUSE_COVERAGE "build for coverage" OFF)
option(HOUSE_UNITE "compile several files of one library together (tools/unite.py)" OFF)
set(HOUSE_SANITIZE "" CACHE STRING "value of -fsanitize, or empty")

add_library(house_options INTERFACE)
target_include_directories(house_options INTERFACE
  ${PROJECT_SOURCE_DIR})
target_compile_options(house_options INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wnon-virtual-dtor
  -Wold-style-cast -Woverloaded-virtual -Wformat=2 -Wimplicit-fallthrough -Wextra-semi
  $<$<CXX_COMPILER_ID:GNU>:-Wduplicated-cond -Wlogical-op -Wuseless-cast -Wsuggest-override>
  $<$<BOOL:${HOUSE_WERROR}>:-Werror>)
# Debug builds keep line tables only: half the object size, and stack traces stay readable.
set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g1")
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1 -DNDEBUG")
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  target_compile_options(house_options INTERFACE
    -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fcf-protection)
  # g++ 12 takes "text" + std::string for a copy onto itself (GCC bug 105651).
  target_compile_options(house_options INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
  target_link_options(house_options INTERFACE -pie -Wl,-z,relro,-z,now)
endif()
if(HOUSE_SANITIZE)
  add_compile_options(
    -fsanitize=${HOUSE_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${HOUSE_SANITIZE})
  add_compile_definitions(HOUSE_SANITIZED)
endif()
if(HOUSE_FUZZ)
  add_compile_options(-O1)  # at -O0 a fuzzer sees a fifth as many inputs
endif()
if(HOUSE_COVERAGE)
  add_compile_options(--coverage)
  add_link_options(--coverage)
endif()
find_package(Threads REQUIRED)

if(HOUSE_UNITE)
  find_package(Python3 REQUIRED COMPONENTS Interpreter)
endif()
# house_unite(TARGET files…): compiles them in the groups of tools/unite.py, which is asked once for
# all of them by house_unite_all(). The release build takes each file by itself: each still includes
# what it uses.
function(house_unite target)
  string(REPLACE ";" "|" files "${ARGN}")
  set_property(GLOBAL APPEND PROPERTY HOUSE_UNITED "${target}|${files}")
endfunction()
function(house_unite_all)
  if(NOT HOUSE_UNITE)
    return()
  endif()
  get_property(united GLOBAL PROPERTY HOUSE_UNITED)
  string(REPLACE ";" "\n" lines "${united}")
  set(list ${PROJECT_BINARY_DIR}/generated/united.txt)
  file(WRITE ${list} "${lines}\n")
  execute_process(COMMAND ${Python3_EXECUTABLE} -B ${PROJECT_SOURCE_DIR}/tools/unite.py ${list}
                  OUTPUT_VARIABLE groups OUTPUT_STRIP_TRAILING_WHITESPACE
                  COMMAND_ERROR_IS_FATAL ANY)
  string(REPLACE "\n" ";" groups "${groups}")
  set(number 0)
  foreach(group IN LISTS groups)
    string(REPLACE "|" ";" files "${group}")
    list(POP_FRONT files target)
    math(EXPR number "${number} + 1")
    set_source_files_properties(${files} TARGET_DIRECTORY ${target}
                                PROPERTIES UNITY_GROUP "${number}")
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
    # g++ takes an included .cc for a header, whose anonymous types should stay out of members.
    target_compile_options(${target} PRIVATE
      $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
  endforeach()
endfunction()

# house_library(NAME [DEPS lib...] [FOREIGN lib...])
# Makes the static library lh_<NAME> of every .cc in the current folder.
# DEPS are rooms of the house (by library name), FOREIGN are other people's libraries.
function(house_library name)
  cmake_parse_arguments(ARG "" "" "DEPS;FOREIGN" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cc)
  if(sources)
    add_library(lh_${name} STATIC ${sources})
    house_unite(lh_${name} ${sources})
    target_link_libraries(lh_${name} PUBLIC house_options ${ARG_DEPS} Threads::Threads)
    foreach(lib IN LISTS ARG_FOREIGN)
      target_link_libraries(lh_${name} PRIVATE ${lib})
    endforeach()
  else()
    add_library(lh_${name} INTERFACE)
    target_link_libraries(lh_${name} INTERFACE house_options ${ARG_DEPS})
  endif()
endfunction()

# house_embed(TARGET OUT_HEADER_NAME files...): the files' bytes become part of the library.
# Writes <generated>/<name>.cc (tools/cmake/embed.cmake): .incbin and a table of (path, bytes).
function(house_embed target name)
  cmake_parse_arguments(ARG "" "BASE" "FILES" ${ARGN})
  set(out ${PROJECT_BINARY_DIR}/generated/${name}.cc)
  set(list ${PROJECT_BINARY_DIR}/generated/${name}.txt)
  string(REPLACE ";" "\n" lines "${ARG_FILES}")
  file(GENERATE OUTPUT ${list} CONTENT "${lines}\n")
  add_custom_command(OUTPUT ${out}
    COMMAND ${CMAKE_COMMAND} -DLIST=${list} -DBASE=${ARG_BASE} -DOUT=${out} -DNAME=${name}
            -P ${PROJECT_SOURCE_DIR}/tools/cmake/embed.cmake
    DEPENDS ${ARG_FILES} ${list} ${PROJECT_SOURCE_DIR}/tools/cmake/embed.cmake VERBATIM)
  target_sources(${target} PRIVATE ${out})
endfunction()

# jemalloc: a request's blocks are taken by one thread and given back by another, which costs
# glibc's allocator a lock and a search each (docs/decisions/0004). Sanitizers bring their own.
find_library(JEMALLOC jemalloc)
function(house_allocator target)
  if(JEMALLOC AND CMAKE_BUILD_TYPE STREQUAL "Release" AND NOT HOUSE_SANITIZE)
    target_link_libraries(${target} PRIVATE -Wl,--no-as-needed ${JEMALLOC} -Wl,--as-needed)
  endif()
endfunction()
