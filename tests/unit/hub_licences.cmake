house_test(hub_licences_tests
  SOURCES hub_licences_sd_jwt_test.cc hub_licences_document_test.cc hub_licences_status_test.cc
          hub_licences_issue_test.cc hub_licences_collect_test.cc hub_licences_verify_test.cc
          hub_licences_status_list_test.cc hub_licences_holdings_test.cc
  DEPS lh_exchange lh_licences lh_access lh_audit lh_ledger lh_store)
