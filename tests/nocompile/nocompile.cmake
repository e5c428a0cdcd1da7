# One ctest for each file in cases/ (README.md tells how a case is written).
set(nocompile_judge ${CMAKE_CURRENT_SOURCE_DIR}/nocompile/judge)
file(GLOB cases CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/nocompile/cases/*.cc)
foreach(case IN LISTS cases)
  get_filename_component(name ${case} NAME_WE)
  add_test(NAME nocompile.${name}
    COMMAND ${CMAKE_COMMAND} -DCXX=${CMAKE_CXX_COMPILER} -DCASE=${case}
            -DINCLUDES=${PROJECT_SOURCE_DIR} -P ${nocompile_judge}/must_fail.cmake)
  set_tests_properties(nocompile.${name} PROPERTIES LABELS nocompile TIMEOUT 120)
endforeach()

# The judge itself must be able to say no, each time for its own reason.
function(judge_refuses name reason)
  add_test(NAME nocompile.judge_refuses_${name}
    COMMAND ${CMAKE_COMMAND} -DCXX=${CMAKE_CXX_COMPILER}
            -DCASE=${nocompile_judge}/${name}.cc
            -DINCLUDES=${PROJECT_SOURCE_DIR} -P ${nocompile_judge}/must_fail.cmake)
  set_tests_properties(nocompile.judge_refuses_${name} PROPERTIES
    LABELS nocompile TIMEOUT 120 PASS_REGULAR_EXPRESSION "${reason}")
endfunction()
judge_refuses(compiles_anyway "must not compile, but it does")
judge_refuses(control_is_broken "control does not compile")
judge_refuses(other_error "not for the expected reason")
