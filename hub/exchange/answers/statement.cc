#include "hub/exchange/answers/statement.h"

#include "crypto/digest.h"
#include "crypto/jws.h"
#include "schemas/sd_jwt_json.h"

namespace lh::hub::exchange {

Result<std::string> state(const licences::Signer* attester, std::string_view typ,
                          const schemas::Json& payload) {
  if (attester == nullptr) return Error(Reason::kKeyMissing, "attester");
  const std::string header =
      schemas::sd_jwt_header(crypto::jose_name(attester->key.algorithm()), typ, attester->x5c);
  return crypto::sign_jws(header, schemas::to_text(payload), attester->key);
}

QuestionDisclosure disclose_question(const schemas::Json& question, Random& random) {
  const auto salt = random.array<16>();  // RFC 9901 section 9.3
  QuestionDisclosure out;
  out.text = schemas::disclosure_text(to_base64url(view(salt)), "question", question);
  out.digest = to_base64url(view(crypto::sha256(out.text)));
  return out;
}

}  // namespace lh::hub::exchange
