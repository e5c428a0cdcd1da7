house_fuzz(note SOURCES fuzz_note.cc DEPS lh_crypto)
house_fuzz(certificate SOURCES fuzz_certificate.cc DEPS lh_pki lh_crypto)
