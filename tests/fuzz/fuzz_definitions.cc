// Every reader above the JSON tree on any JSON text. Laws: no crash; a definition that is accepted
// makes the round to JSON and back; an error's detail is UTF-8 (it is printed and logged).
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "schemas/catalogue_lists.h"
#include "schemas/division_table.h"
#include "schemas/purpose.h"

namespace {

using namespace lh;

template <class T>
void check_error(const Result<T>& r) {
  LH_CHECK(r.ok() || is_utf8(r.error().detail()), "an error is text");
}

template <class T>
void check_round(const schemas::Json& j, Result<T> (*read)(const schemas::Json&),
                 schemas::Json (*write)(const T&)) {
  const auto value = read(j);
  check_error(value);
  if (!value.ok()) return;
  const schemas::Json written = write(*value);
  const auto again = read(written);
  LH_CHECK(again.ok(), "what was written is read");
  LH_CHECK(to_text(write(*again)) == to_text(written), "and is the same");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_error(schemas::DivisionTable::parse(text));
  const auto parsed = schemas::parse_json(text, 1U << 20U);
  check_error(parsed);
  if (!parsed.ok()) return 0;
  check_round<schemas::LicenceType>(*parsed, schemas::licence_type_from_json,
                                    schemas::licence_type_to_json);
  check_round<schemas::BaseKind>(*parsed, schemas::base_kind_from_json, schemas::base_kind_to_json);
  check_round<schemas::Matter>(*parsed, schemas::matter_from_json, schemas::matter_to_json);
  check_round<schemas::SharingRule>(*parsed, schemas::sharing_rule_from_json,
                                    schemas::sharing_rule_to_json);
  check_round<schemas::Bundle>(*parsed, schemas::bundle_from_json, schemas::bundle_to_json);
  check_round<schemas::Proof>(*parsed, schemas::proof_from_json, schemas::proof_to_json);
  check_round<schemas::CodeTable>(*parsed, schemas::code_table_from_json,
                                  schemas::code_table_to_json);
  check_round<schemas::DirectoryEntry>(*parsed, schemas::directory_entry_from_json,
                                       schemas::directory_entry_to_json);
  check_round<schemas::PublicationRule>(*parsed, schemas::publication_rule_from_json,
                                        schemas::publication_rule_to_json);
  check_error(schemas::case_request_from_json(*parsed));
  check_error(schemas::fetch_request_from_json(*parsed));
  check_error(schemas::issue_request_from_json(*parsed));
  check_error(schemas::status_request_from_json(*parsed));
  return 0;
}
