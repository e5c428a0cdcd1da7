# The outside checker is built from Debian's golang.org/x/mod where that is installed; without it
# its one test says so and is skipped.
find_program(HOUSE_GO go)
set(logcheck "")
set(logcheck_source ${PROJECT_SOURCE_DIR}/tools/logcheck)
if(HOUSE_GO AND EXISTS /usr/share/gocode/src/golang.org/x/mod/sumdb/tlog/tlog.go)
  set(logcheck ${PROJECT_BINARY_DIR}/tools/logcheck)
  add_custom_command(OUTPUT ${logcheck}
    COMMAND ${logcheck_source}/build.sh ${logcheck}
    DEPENDS ${logcheck_source}/build.sh ${logcheck_source}/main.go
    VERBATIM)
  add_custom_target(logcheck DEPENDS ${logcheck})
endif()
house_test(audit_export_tests LABEL integration
  SOURCES audit_export_test.cc audit_docs_test.cc
  DEPS lh_access lh_audit lh_subjects lh_ledger lh_store)
target_compile_definitions(audit_export_tests PRIVATE LH_LOGCHECK="${logcheck}")
if(TARGET logcheck)
  add_dependencies(audit_export_tests logcheck)
endif()
