// Every limit on what comes from outside, in one place. Units in the names.
#pragma once

#include <cstddef>
#include <cstdint>

namespace lh::limits {

inline constexpr std::size_t kJsonBodyBytes = 1U << 20U;
inline constexpr std::size_t kDocumentBytes = 32U << 20U;
inline constexpr int kJsonDepth = 32;
inline constexpr std::size_t kJsonMembers = 4096;
inline constexpr std::size_t kEntryBytes = 65535;      // audit.md
inline constexpr std::size_t kSubjectsPerEntry = 16;   // model.md
inline constexpr std::size_t kBatchBytes = 1U << 20U;  // one synced batch of the ledger
inline constexpr std::size_t kPendingChanges = 16384;  // waiting in the ledger
inline constexpr std::size_t kHttpHeaderBytes = 16U << 10U;
inline constexpr std::size_t kHttpTargetBytes = 2048;
inline constexpr std::size_t kHttpHeaderFields = 64;
inline constexpr std::size_t kConnections = 4096;
inline constexpr std::size_t kConnectionsPerPeer = 1024;
inline constexpr int kHandshakeSeconds = 10;
inline constexpr int kHeaderSeconds = 10;
inline constexpr int kBodySeconds = 30;
inline constexpr int kIdleSeconds = 75;
inline constexpr std::size_t kRowBytes = 1U << 20U;  // one row of a file source
inline constexpr std::size_t kRowColumns = 512;
inline constexpr std::size_t kFieldBytes = 64U << 10U;  // one surface field
inline constexpr std::size_t kHoldersPerLicence = 16;
inline constexpr std::size_t kPageItems = 200;
inline constexpr std::size_t kCertificateBytes = 16U << 10U;
inline constexpr std::size_t kChainCertificates = 8;
inline constexpr std::size_t kSdJwtDisclosures = 256;
inline constexpr std::size_t kTextLine = 4096;

}  // namespace lh::limits
