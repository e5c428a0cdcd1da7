// Whether what another hub answered is what its issuer signed. Checking signatures is not for
// adapters: hub/app gives the judge.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace lh::adapters::hub {

// What the issuer's signature covers; nothing else of an answer is used.
struct SignedLicence {
  std::string licence_id;
  std::string type;                                         // the 21 characters of vct
  std::vector<std::pair<std::string, std::string>> fields;  // a list has one item a line
};

// What is asked of a licence beside its signature, its chain and its receipt.
enum class Demand : std::uint8_t {
  kInForce,   // the issuer signed it itself, and its time has come
  kAnyTime,   // the issuer signed it itself; a pull brings what is to come as well
  kStockData  // as kAnyTime; a department that collected it may have signed it instead
};

class Judge {
 public:
  Judge() = default;
  Judge(const Judge&) = delete;
  Judge& operator=(const Judge&) = delete;
  virtual ~Judge() = default;
  // presentation: an SD-JWT; receipt: JSON, as that hub gave them for one answer. trust: a folder
  // with the anchors (*.pem) of its issuers and the key of its log (*.vkey). Errors: the finding
  // that speaks against it (signature.invalid, chain.*, proof.*, …), trust.missing,
  // file.unreadable.
  virtual Result<SignedLicence> judge(std::string_view presentation, std::string_view receipt,
                                      const std::string& trust, Demand demand) const = 0;
};

}  // namespace lh::adapters::hub
