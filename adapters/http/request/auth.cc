#include "adapters/http/request/auth.h"

#include <algorithm>

namespace lh::adapters::http::request {
namespace {

constexpr std::string_view kMask = "***";

// What the texts of a profile may hold, beside the values the mapping gives.
const std::vector<std::string_view> kSignNames = {"timestamp",
                                                  "nonce",
                                                  "secret",
                                                  "method",
                                                  "path",
                                                  "query",
                                                  "body",
                                                  "body_sha256",
                                                  "body_sha256_base64",
                                                  "body_sha256_upper"};
const std::vector<std::string_view> kHeaderNames = {
    "timestamp",        "nonce", "signature", "method", "body_sha256", "body_sha256_base64",
    "body_sha256_upper"};

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return text;
}

std::string digest_text(const Digest& digest, DigestText form) {
  if (form == DigestText::kBase64) return to_base64(view(digest));
  return form == DigestText::kHexUpper ? upper(to_hex(view(digest))) : to_hex(view(digest));
}

std::string time_value(UtcTime now, TimeForm form) {
  if (form == TimeForm::kSeconds) return std::to_string(now.ms / 1000);
  if (form == TimeForm::kMilliseconds) return std::to_string(now.ms);
  const LocalDate day = local_date(now);
  const auto second = (now.ms - start_of_day(day).ms) / 1000;
  std::string clock = std::to_string(second / 3600 * 10000 + second / 60 % 60 * 100 + second % 60);
  return day.compact() + std::string(6 - clock.size(), '0') + clock;
}

std::string nonce_value(Random& random, NonceForm form) {
  auto bytes = random.array<16>();
  if (form == NonceForm::kHex) return to_hex(view(bytes));
  if (form == NonceForm::kDigits) {
    std::string out;
    for (const std::uint8_t b : bytes) out.push_back(static_cast<char>('0' + b % 10));
    return out;
  }
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0FU) | 0x40U);  // RFC 9562 section 5.4
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3FU) | 0x80U);
  std::string out = to_hex(view(bytes));
  for (const std::size_t at : {8U, 13U, 18U, 23U}) out.insert(at, 1, '-');
  return out;
}

using Pairs = std::vector<std::pair<std::string, std::string>>;

// The mapping's key where it is there, else the profile's.
class Keys {
 public:
  Keys(SettingsReader& own, const SettingsNode* profile) : own_(own), profile_(profile) {}
  const SettingsNode* find(std::string_view key) {
    const SettingsNode* node = own_.find(key);
    return node != nullptr || profile_ == nullptr ? node : profile_->find(key);
  }
  Result<std::string> text(std::string_view key) {
    const SettingsNode* node = find(key);
    if (node == nullptr) return own_.invalid(std::string(key) + " is missing (or name a profile)");
    if (node->text() == nullptr) return invalid_setting(*node, std::string(key) + " is a text");
    return *node->text();
  }
  template <class Enum>
  Result<Enum> choice(std::string_view key,
                      std::initializer_list<std::pair<std::string_view, Enum>> allowed) {
    const std::string value = LH_TRY(text(key));
    std::string list;
    for (const auto& [name, result] : allowed) {
      if (value == name) return result;
      list.append(list.empty() ? "" : ", ").append(name);
    }
    return own_.invalid(std::string(key) + " is one of: " + list);
  }
  Result<Pairs> pairs(std::string_view key) {
    Pairs out;
    const SettingsNode* node = find(key);
    if (node == nullptr) return out;
    if (node->table() == nullptr) return invalid_setting(*node, std::string(key) + " is a table");
    for (const auto& [name, value] : *node->table()) {
      if (value.text() == nullptr) return invalid_setting(value, name + " is a text");
      out.emplace_back(name, *value.text());
    }
    return out;
  }

 private:
  SettingsReader& own_;
  const SettingsNode* profile_;
};

Result<Template> parse_or_invalid(const SettingsReader& in, const std::string& text, Place place,
                                  const std::vector<std::string_view>& names) {
  auto made = Template::parse(text, place, names);
  if (!made.ok()) return in.invalid(made.error().detail());
  return made;
}

Result<SignatureProfile> read_signature(SettingsReader& in, const Pairs& values) {
  const std::string name = LH_TRY(in.text("profile"));
  SettingsNode shipped;
  if (!name.empty()) {
    const auto toml = find_profile(name);
    if (toml.empty()) {
      std::string list;
      for (const auto known : shipped_profiles())
        list.append(list.empty() ? "" : ", ").append(known);
      return in.invalid("profile is one of: " + list);
    }
    shipped = LH_TRY(parse_settings(toml));
  }
  Keys keys(in, name.empty() ? nullptr : &shipped);
  SignatureProfile out;
  out.method = LH_TRY(keys.choice<SignMethod>(
      "method", {{"hmac-sha256", SignMethod::kHmacSha256}, {"sha256", SignMethod::kSha256}}));
  out.output = LH_TRY(keys.choice<DigestText>("output", {{"hex", DigestText::kHexLower},
                                                         {"HEX", DigestText::kHexUpper},
                                                         {"base64", DigestText::kBase64}}));
  out.time = LH_TRY(keys.choice<TimeForm>("timestamp", {{"seconds", TimeForm::kSeconds},
                                                        {"milliseconds", TimeForm::kMilliseconds},
                                                        {"yyyyMMddHHmmss", TimeForm::kCompact}}));
  out.nonce = LH_TRY(keys.choice<NonceForm>(
      "nonce",
      {{"hex", NonceForm::kHex}, {"uuid", NonceForm::kUuid}, {"digits", NonceForm::kDigits}}));
  std::vector<std::string_view> names = kSignNames;
  std::vector<std::string_view> header_names = kHeaderNames;
  for (const auto& [key, value] : values) {
    names.push_back(key);
    header_names.push_back(key);
  }
  out.sign.push_back(
      LH_TRY(parse_or_invalid(in, LH_TRY(keys.text("sign")), Place::kAsItIs, names)));
  if (out.method == SignMethod::kSha256 && !out.sign[0].uses("secret")) {
    return in.invalid("sign: a digest without {secret} proves nothing");
  }
  for (const auto& [header, text] : LH_TRY(keys.pairs("headers"))) {
    out.headers.emplace_back(header,
                             LH_TRY(parse_or_invalid(in, text, Place::kAsItIs, header_names)));
  }
  for (const auto& [parameter, text] : LH_TRY(keys.pairs("query"))) {
    out.query.emplace_back(parameter,
                           LH_TRY(parse_or_invalid(in, text, Place::kQuery, header_names)));
  }
  if (out.headers.empty() && out.query.empty()) return in.invalid("headers are missing");
  return out;
}

Status sign(const Auth& auth, const Surroundings& with, const MessageDigests& digests,
            const Secret& secret, transport::Call& call) {
  const SignatureProfile& p = auth.profile;
  outbound::HttpRequest& request = call.request;
  Values values;
  for (const auto& [name, value] : auth.values) values.set(name, value);
  const Digest body = digests.sha256(request.body);
  const auto mark = request.path.find('?');
  values.set("timestamp", time_value(with.clock.now(), p.time));
  values.set("nonce", nonce_value(with.random, p.nonce));
  values.set("method", request.method);
  values.set("path", request.path.substr(0, mark));
  values.set("query", mark == std::string::npos ? "" : request.path.substr(mark + 1));
  values.set("body", request.body);
  values.set("body_sha256", to_hex(view(body)));
  values.set("body_sha256_upper", upper(to_hex(view(body))));
  values.set("body_sha256_base64", to_base64(view(body)));
  values.set("secret", std::string(secret.bytes()));
  std::string text = LH_TRY(p.sign[0].render(values));
  const Digest made = p.method == SignMethod::kSha256 ? digests.sha256(text)
                                                      : digests.hmac_sha256(secret.bytes(), text);
  wipe(text);
  values.set("signature", digest_text(made, p.output));
  for (const auto& [name, header] : p.headers) {
    request.headers.emplace_back(name, LH_TRY(header.render(values)));
  }
  char joint = mark == std::string::npos ? '?' : '&';
  for (const auto& [name, parameter] : p.query) {
    const std::string start = joint + percent_encoded(name) + "=";
    request.path += start + LH_TRY(parameter.render(values));
    call.shown_path += start + std::string(kMask);
    joint = '&';
  }
  return {};
}

}  // namespace

Result<Auth> read_auth(const SettingsNode* table) {
  Auth out;
  if (table == nullptr) return out;
  auto in = LH_TRY(SettingsReader::open(*table, "auth"));
  const std::string kind = LH_TRY(in.choice("kind", {"none", "basic", "bearer", "signed"}));
  if (kind != "none") out.secret = LH_TRY(in.required_text("secret"));
  if (kind == "basic") {
    out.kind = AuthKind::kBasic;
    out.user = LH_TRY(in.required_text("user"));
    if (out.user.find(':') != std::string::npos) return in.invalid("user: without a colon");
  } else if (kind == "bearer") {
    out.kind = AuthKind::kBearer;
  } else if (kind == "signed") {
    out.kind = AuthKind::kSigned;
    out.values = LH_TRY(in.pairs("values"));
    const std::string app_id = LH_TRY(in.text("app_id"));
    if (!app_id.empty()) out.values.emplace_back("app_id", app_id);
    out.profile = LH_TRY(read_signature(in, out.values));
  }
  LH_TRY(in.finish());
  return out;
}

Status authorise(const Auth& auth, const Surroundings& with, const MessageDigests& digests,
                 transport::Call& call, std::vector<Secret>& used) {
  if (auth.kind == AuthKind::kNone) return {};
  Secret secret = LH_TRY(with.secrets.find(auth.secret));
  if (auth.kind == AuthKind::kSigned) {
    LH_TRY(sign(auth, with, digests, secret, call));
  } else if (auth.kind == AuthKind::kBearer) {  // RFC 6750 section 2.1
    call.request.headers.emplace_back("Authorization", "Bearer " + std::string(secret.bytes()));
  } else {  // RFC 7617
    std::string pair = auth.user + ":" + std::string(secret.bytes());
    call.request.headers.emplace_back("Authorization", "Basic " + to_base64(pair));
    wipe(pair);
  }
  used.push_back(std::move(secret));
  return {};
}

}  // namespace lh::adapters::http::request
