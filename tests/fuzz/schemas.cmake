house_fuzz(json SOURCES fuzz_json.cc DEPS lh_schemas)
house_fuzz(definitions SOURCES fuzz_definitions.cc DEPS lh_schemas)
