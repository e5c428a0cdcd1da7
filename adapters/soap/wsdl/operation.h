// One operation of a WSDL 1.1 description over SOAP 1.1 or 1.2: where it is called, with which
// action, and what its request and its answer hold. Document/literal and rpc/literal; anything else
// is an error with its line.
// Source: WSDL 1.1 sections 3 (SOAP binding), WS-I Basic Profile 1.1 section 4.7.
#pragma once

#include "adapters/soap/wsdl/element.h"

namespace lh::adapters::soap::wsdl {

enum class Version : std::uint8_t { kSoap11, kSoap12 };
enum class Headers : std::uint8_t { kNone, kDeclared };

struct Operation {
  std::string port;
  std::string endpoint;
  std::string action;
  Version version = Version::kSoap11;
  Headers headers = Headers::kNone;
  Element request;  // the element in the body
  Element answer;
};

// port: of that name only; empty: the first port over SOAP that has the operation. Errors:
// mapping.invalid with file and line.
Result<Operation> find_operation(const Description& in, const std::string& name,
                                 const std::string& port);

// A parameter: path below the request's element ("query/uscc") and the text of an envelope.
using Parameters = std::vector<std::pair<std::string, std::string>>;

// The envelope with the parameters at their places, in the order of the schema; their texts are
// escaped, braces in what the description says are not places. header: XML of the Header, as it is.
// Errors: mapping.invalid: a parameter the operation does not know (it says which there are), one
// that is needed and missing, one that is no text.
Result<std::string> make_envelope(const Operation& operation, const Parameters& parameters,
                                  const std::string& header);

}  // namespace lh::adapters::soap::wsdl
