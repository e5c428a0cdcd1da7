// The kind "soap": operations of SOAP 1.1 and 1.2 services, as envelopes with places or as a WSDL
// file describes them, over the kind "http". The [source] table: docs/formats/source-soap.md.
#pragma once

#include <memory>

#include "adapters/http/http_kind.h"

namespace lh::adapters::soap {

// As http::make_kind.
std::unique_ptr<Kind> make_kind(const Surroundings& with, const http::MessageDigests& digests,
                                std::unique_ptr<http::transport::Transports> transports = nullptr);

}  // namespace lh::adapters::soap
