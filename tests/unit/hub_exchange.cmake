house_test(hub_exchange_tests
  SOURCES hub_exchange_json_text_test.cc
          hub_exchange_plan_test.cc hub_exchange_reference_test.cc hub_exchange_fetch_test.cc
          hub_exchange_case_test.cc hub_exchange_subjects_test.cc hub_exchange_obtain_test.cc
          hub_exchange_tickets_test.cc hub_exchange_joint_test.cc
          hub_exchange_people_test.cc
  DEPS lh_exchange lh_licences lh_access lh_audit lh_ledger lh_store)
house_test(hub_exchange_answer_tests
  SOURCES hub_exchange_question_test.cc hub_exchange_predicate_test.cc
          hub_exchange_form_test.cc hub_exchange_copy_test.cc
  DEPS lh_exchange lh_licences lh_access lh_audit lh_ledger lh_store)
