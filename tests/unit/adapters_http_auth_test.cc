// Signatures against values computed by Python's hashlib and hmac (the script is in each comment).
#include "adapters/http/request/auth.h"

#include <gtest/gtest.h>

#include "adapters_http_kit.h"

namespace lh::adapters::http::request {
namespace {

// 0, 1, 2, …: the nonce is 000102030405060708090a0b0c0d0e0f.
class CountingRandom final : public Random {
 public:
  void fill(std::uint8_t* out, std::size_t n) override {
    for (std::size_t i = 0; i < n; ++i) out[i] = static_cast<std::uint8_t>(i);
  }
};

class HttpAuth : public testing::Test {
 protected:
  HttpAuth() { secrets.values["app"] = "app-secret-001"; }

  Result<transport::Call> signed_call(const std::string& toml) {
    const auto tree = parse_settings("[auth]\n" + toml).value();
    const Auth auth = LH_TRY(read_auth(tree.find("auth")));
    transport::Call call;
    call.request.method = "POST";
    call.request.path = "/api/q?a=1";
    call.request.body = R"({"id":"测试"})";
    call.shown_path = call.request.path;
    LH_TRY(authorise(auth, with, digests, call, used));
    return call;
  }
  static std::string header(const transport::Call& call, std::string_view name) {
    for (const auto& [known, value] : call.request.headers) {
      if (known == name) return value;
    }
    return "(none)";
  }
  static std::string error_of(const std::string& toml) {
    const auto tree = parse_settings("[auth]\n" + toml).value();
    const auto auth = read_auth(tree.find("auth"));
    return auth.ok() ? "ok" : auth.error().detail();
  }

  StandingClock clock{kNow};
  CountingRandom random;
  MapSecrets secrets;
  Surroundings with{clock, random, secrets, {}, false};
  CryptoDigests digests;
  std::vector<Secret> used;
};

// hashlib.sha256(("1795320306" + "app-secret-001" + nonce + "1795320306").encode()).hexdigest()
TEST_F(HttpAuth, TifIsADigestOverTimeTokenNonceTime) {
  const auto call =
      signed_call("kind='signed'\nprofile='tif'\napp_id='paas-1'\nsecret='app'").value();
  EXPECT_EQ(header(call, "x-tif-paasid"), "paas-1");
  EXPECT_EQ(header(call, "x-tif-timestamp"), "1795320306");
  EXPECT_EQ(header(call, "x-tif-nonce"), "000102030405060708090a0b0c0d0e0f");
  EXPECT_EQ(header(call, "x-tif-signature"),
            "85428d24a6cda4f94dd4a958d3e3da2d1a7e8ccf5ea4db9ab87c472378e006da");
  ASSERT_EQ(used.size(), 1U) << "what a cassette must not keep";
}

TEST_F(HttpAuth, RioIsTheSameInUpperCase) {
  const auto call =
      signed_call("kind='signed'\nprofile='rio'\napp_id='paas-1'\nsecret='app'").value();
  EXPECT_EQ(header(call, "x-rio-signature"),
            "85428D24A6CDA4F94DD4A958D3E3DA2D1A7E8CCF5EA4DB9AB87C472378E006DA");
}

// base64(hmac.new(b"app-secret-001", ("s_1" + "r_1" + "1795320306789").encode(), sha256).digest())
TEST_F(HttpAuth, GjgxjhptIsAnHmacOverServiceRequesterTime) {
  const auto call = signed_call(
                        "kind='signed'\nprofile='gjgxjhpt'\nsecret='app'\n"
                        "values={sid='s_1', rid='r_1'}")
                        .value();
  EXPECT_EQ(header(call, "gjgxjhpt_rtime"), "1795320306789");
  EXPECT_EQ(header(call, "gjgxjhpt_sign"), "NS56t9qK97/Q++sXUoXFYVi3Q0cwYPqTIdhI1IABQ/8=");
}

// hmac.new(b"app-secret-001", ("app-1" + ms + nonce + sha256(body).hexdigest()).encode(), sha256)
TEST_F(HttpAuth, AppKeyHmacCoversTheBody) {
  const auto call =
      signed_call("kind='signed'\nprofile='app-key-hmac'\napp_id='app-1'\nsecret='app'").value();
  EXPECT_EQ(header(call, "X-Body-Sha256"),
            "25b934de6e9aff261f8ddd9bbd33fbf9fb01cc0e4bb2c9ab3dda7bffd393ec26");
  EXPECT_EQ(header(call, "X-Signature"),
            "c9c42572fcdaefc275fb305f3fad9a49ff318fdea872ec750c62010bac414f86");
}

// sha256(b"app-secret-001" + ("app-1" + ms + nonce + sha256(body).hexdigest()).encode())
TEST_F(HttpAuth, AppKeySha256BeginsWithTheSecret) {
  const auto call =
      signed_call("kind='signed'\nprofile='app-key-sha256'\napp_id='app-1'\nsecret='app'").value();
  EXPECT_EQ(header(call, "X-Signature"),
            "1f7705d127156aae6ee34c0f7a5db00d7c23f1e709e48061ee3983f36977da60");
}

// base64(hmac.new(secret, "POST\n/api/q\na=1\n20261122120506\n" + uuid + "\n" +
// base64(sha256(body))))
TEST_F(HttpAuth, AProfileCanBeWrittenInTheMapping) {
  const auto call = signed_call(R"(kind = "signed"
secret = "app"
method = "hmac-sha256"
output = "base64"
timestamp = "yyyyMMddHHmmss"
nonce = "uuid"
sign = "{method}\n{path}\n{query}\n{timestamp}\n{nonce}\n{body_sha256_base64}"
headers = { "X-Time" = "{timestamp}", "X-Nonce" = "{nonce}", "Authorization" = "SIGN {signature}" }
)")
                        .value();
  EXPECT_EQ(header(call, "X-Time"), "20261122120506") << "UTC+8";
  EXPECT_EQ(header(call, "X-Nonce"), "00010203-0405-4607-8809-0a0b0c0d0e0f");
  EXPECT_EQ(header(call, "Authorization"), "SIGN QrDJjI4bh+0kjs747DbAJp4uouB5lmVcNjx1BT49PDM=");
}

TEST_F(HttpAuth, ASignatureInTheQueryIsEncodedAndNotShown) {
  const auto call = signed_call(R"(kind = "signed"
profile = "gjgxjhpt"
secret = "app"
values = { sid = "s_1", rid = "r_1" }
headers = {}
query = { sign = "{signature}" }
)")
                        .value();
  EXPECT_EQ(call.request.path,
            "/api/q?a=1&sign=NS56t9qK97%2FQ%2B%2BsXUoXFYVi3Q0cwYPqTIdhI1IABQ%2F8%3D");
  EXPECT_EQ(call.shown_path, "/api/q?a=1&sign=***");
}

TEST_F(HttpAuth, BasicAndBearer) {
  auto call = signed_call("kind='basic'\nuser='hub'\nsecret='app'").value();
  EXPECT_EQ(header(call, "Authorization"), "Basic aHViOmFwcC1zZWNyZXQtMDAx");
  call = signed_call("kind='bearer'\nsecret='app'").value();
  EXPECT_EQ(header(call, "Authorization"), "Bearer app-secret-001");
  EXPECT_EQ(signed_call("kind='bearer'\nsecret='other'").error().id(), "key.missing");
}

TEST_F(HttpAuth, EveryShippedProfileIsComplete) {
  for (const auto name : shipped_profiles()) {
    EXPECT_EQ(
        error_of("kind='signed'\nsecret='s'\napp_id='a'\nvalues={sid='1',rid='2'}\nprofile='" +
                 std::string(name) + "'"),
        "ok")
        << name;
  }
}

TEST_F(HttpAuth, WhatCannotBeIsRefused) {
  EXPECT_NE(error_of("kind='magic'").find("kind is one of"), std::string::npos);
  EXPECT_NE(error_of("kind='bearer'").find("secret"), std::string::npos);
  EXPECT_NE(error_of("kind='basic'\nuser='a:b'\nsecret='s'").find("colon"), std::string::npos);
  EXPECT_NE(error_of("kind='signed'\nsecret='s'\nprofile='nope'").find("profile is one of"),
            std::string::npos);
  EXPECT_NE(error_of("kind='signed'\nsecret='s'\nprofile='tif'").find("app_id"), std::string::npos)
      << "the profile has a place for it";
  EXPECT_NE(error_of("kind='signed'\nsecret='s'\nprofile='tif'\napp_id='a'\nsign='{timestamp}'")
                .find("proves nothing"),
            std::string::npos);
  EXPECT_NE(error_of("kind='signed'\nsecret='s'\nprofile='tif'\napp_id='a'\n"
                     "headers={'X'='{secret}'}")
                .find("{secret}"),
            std::string::npos)
      << "a secret is never sent";
  EXPECT_NE(error_of("kind='none'\nuser='x'").find("not known"), std::string::npos);
}

}  // namespace
}  // namespace lh::adapters::http::request
