find_package(PkgConfig REQUIRED)
pkg_check_modules(TEST_QPDF REQUIRED IMPORTED_TARGET libqpdf)
find_package(ZLIB REQUIRED)
house_test(hub_licences_originals_tests
  SOURCES hub_licences_originals_test.cc hub_exchange_original_copy_test.cc
  DEPS lh_exchange_copies lh_exchange_answers lh_exchange lh_licences lh_access lh_audit
       lh_ledger lh_store
  FOREIGN PkgConfig::TEST_QPDF ZLIB::ZLIB)
