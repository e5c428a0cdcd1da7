# The lints of tools/ over this tree, and their own test: a lint that cannot fail is a defect.
find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)
function(house_lint name)
  add_test(NAME lint.${name} COMMAND ${Python3_EXECUTABLE} -B ${ARGN})
  set_tests_properties(lint.${name} PROPERTIES LABELS lint TIMEOUT 120)
endfunction()
house_lint(layers ${PROJECT_SOURCE_DIR}/tools/lint_layers.py ${PROJECT_SOURCE_DIR})
house_lint(sizes ${PROJECT_SOURCE_DIR}/tools/lint_sizes.py ${PROJECT_SOURCE_DIR})
house_lint(pages ${PROJECT_SOURCE_DIR}/tools/catalogue_pages.py --check ${PROJECT_SOURCE_DIR})
house_lint(self_test ${CMAKE_CURRENT_SOURCE_DIR}/lint/lint_self_test.py)
house_lint(api ${PROJECT_SOURCE_DIR}/tools/lint_api.py ${PROJECT_SOURCE_DIR})
house_lint(api_says_no ${PROJECT_SOURCE_DIR}/tools/lint_api.py
           ${CMAKE_CURRENT_SOURCE_DIR}/lint/bad_api)
set_tests_properties(lint.api_says_no PROPERTIES WILL_FAIL TRUE)
