# End to end: the built binary, started as a user would, spoken to with curl.
math(EXPR seconds "300 * ${HOUSE_PATIENCE}")
foreach(script main_job http_story operator_story vet adapter_story database_story exchange_story
        peers_story runner_story tutorial faces_story answers_story base_data_story case_feed_story
        catalogue_story originals_story certificates_story federation_story)
  add_test(NAME e2e.${script}
           COMMAND bash ${HOUSE_TEST_DIR}/${script}.sh $<TARGET_FILE:licencehub>
                   ${PROJECT_SOURCE_DIR})
  set_tests_properties(e2e.${script} PROPERTIES LABELS e2e TIMEOUT ${seconds})
endforeach()
# The founding documents' cases, each under its name.
foreach(script si_bu_ti_jiao tong_yi_zhu_ti rong_que gao_zhi_cheng_nuo yi_jian_shi yong_zheng_ma
        jian_zheng_bian_min duo_zheng_he_yi)
  add_test(NAME e2e.once_only.${script}
           COMMAND bash ${HOUSE_TEST_DIR}/once_only/${script}.sh $<TARGET_FILE:licencehub>
                   ${PROJECT_SOURCE_DIR})
  set_tests_properties(e2e.once_only.${script} PROPERTIES LABELS e2e TIMEOUT ${seconds})
endforeach()
