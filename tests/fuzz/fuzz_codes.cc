// The doors of base for text from outside: what is accepted is written back as it came.
#include "base/ids.h"

namespace lh {
namespace {

void check_codes(std::string_view in) {
  if (const auto id = parse_licence_id(in); id.ok()) {
    const auto type = parse_licence_type_code(id->type());
    const auto issuer = parse_uscc(id->issuer());
    LH_CHECK(type.ok() && issuer.ok(), "the parts of an identifier are codes themselves");
    const auto again = make_licence_id(*type, *issuer, id->serial(), id->version());
    LH_CHECK(again.ok() && again->text() == in, "an identifier is made of its parts");
  }
  if (const auto code = parse_uscc(in); code.ok()) {
    LH_CHECK(code->text() == in && mod31_3(in.substr(0, 17)) == in[17], "uscc");
  }
  if (const auto id = parse_resident_id(in); id.ok()) {
    LH_CHECK(id->reveal() == in && mod11_2(in.substr(0, 17)) == in[17], "resident id");
  }
  if (const auto code = parse_organisation_code(in); code.ok()) {
    LH_CHECK(parse_organisation_code(*code).value() == *code, "one inner form");
  }
  if (const auto division = parse_division(in); division.ok()) {
    LH_CHECK(division->contains(*division), "a division contains itself");
  }
  if (const auto id = CaseId::parse(in); id.ok()) LH_CHECK(id->text() == in, "random id");
}

void check_subjects(std::string_view in) {
  for (int scheme = 0; scheme <= 8; ++scheme) {
    const auto id = parse_subject_id(static_cast<IdScheme>(scheme), in);
    if (!id.ok()) continue;
    const auto again = parse_subject_id(id->scheme, id->value.reveal());
    LH_CHECK(again.ok() && again->value.reveal() == id->value.reveal(), "normal form is stable");
  }
}

void check_text(std::string_view in) {
  if (const auto t = parse_time(in); t.ok()) {
    LH_CHECK(parse_time(time_text(*t)).value() == *t, "time");
  }
  if (const auto d = parse_date(in); d.ok()) LH_CHECK(d->text() == in, "date");
  if (const auto b = parse_base64(in); b.ok()) LH_CHECK(to_base64(*b) == in, "base64");
  if (const auto b = parse_base64url(in); b.ok()) LH_CHECK(to_base64url(*b) == in, "base64url");
}

}  // namespace
}  // namespace lh

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view in(reinterpret_cast<const char*>(data), size);
  lh::check_codes(in);
  lh::check_subjects(in);
  lh::check_text(in);
  return 0;
}
