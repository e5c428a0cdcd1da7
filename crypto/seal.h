// Authenticated symmetric encryption of stored values ("sealed"), XChaCha20-Poly1305 of libsodium.
// Form: version(1)=0x01 ‖ nonce(24) ‖ ciphertext ‖ tag(16). aad binds the value to its place (key
// of the row, index of the entry): a sealed value moved elsewhere does not open. Not an SM
// algorithm: for internal, non-regulated protection only (docs/threat_model.md). Threads: any.
// Cost: about 1 µs at 300 bytes.
#pragma once

#include "base/bytes.h"
#include "base/random.h"
#include "base/secret.h"

namespace lh::crypto {

inline constexpr std::size_t kSealKeyBytes = 32;
inline constexpr std::size_t kSealOverhead = 1 + 24 + 16;

// key: exactly 32 bytes (LH_CHECK).
Bytes seal(ByteView key, ByteView plain, ByteView aad, Random& random);
// ciphertext ‖ tag only, under a nonce that is stored elsewhere. The caller answers for it that no
// key ever sees a nonce twice.
using SealNonce = std::array<std::uint8_t, 24>;
Bytes seal_under(ByteView key, const SealNonce& nonce, ByteView plain, ByteView aad);
// Errors: seal.broken (wrong key, wrong place, changed bytes).
Result<Bytes> open_under(ByteView key, const SealNonce& nonce, ByteView sealed, ByteView aad);
Result<Bytes> open(ByteView key, ByteView sealed, ByteView aad);
Result<Secret> open_secret(ByteView key, ByteView sealed, ByteView aad);

}  // namespace lh::crypto
