house_test(hub_exchange_rights_tests
  SOURCES hub_exchange_changes_test.cc hub_exchange_consent_test.cc
          hub_exchange_consent_answer_test.cc hub_exchange_feed_test.cc
          hub_exchange_listing_test.cc hub_exchange_sharing_test.cc hub_exchange_signing_test.cc
  DEPS lh_exchange lh_licences lh_access lh_audit lh_ledger lh_store)
