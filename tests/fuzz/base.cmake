house_fuzz(cbor SOURCES fuzz_cbor.cc DEPS lh_base)
house_fuzz(codes SOURCES fuzz_codes.cc DEPS lh_base)
