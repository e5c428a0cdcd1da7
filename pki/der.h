// The strictness that OpenSSL's reader lacks: it takes BER (indefinite and long-form lengths, any
// BOOLEAN, padded integers) and ignores what follows. Inside pki only.
// Source: ITU-T X.690 section 10 and 11. Threads: any.
#pragma once

#include "base/bytes.h"

namespace lh::pki {

// Exactly one value in DER, and no byte more. Looks into every constructed value, to depth 16; what
// an OCTET STRING holds is the caller's to check. Tag numbers above 30 are refused.
// Errors: chain.malformed.
Status check_der(ByteView value);

}  // namespace lh::pki
