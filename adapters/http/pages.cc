#include "adapters/http/pages.h"

#include <charconv>
#include <functional>

namespace lh::adapters::http {
namespace {

Error circle(const char* what) {
  return Error(Reason::kSourceAnswer, what);
}

// The path and query of a link; absent: it leads elsewhere.
std::optional<std::string> own_path(const std::string& link, const request::Connection& to) {
  std::string_view rest = link;
  if (!rest.starts_with('/') || rest.starts_with("//")) {
    const std::string usual = to.scheme == "https" ? ":443" : ":80";
    const std::string host = to.host.find(':') == std::string::npos ? to.host : "[" + to.host + "]";
    const std::string origin = to.scheme + "://" + host;
    const std::string port = ":" + std::to_string(to.port);
    if (rest.starts_with(origin + port + "/")) {
      rest.remove_prefix(origin.size() + port.size());
    } else if (port == usual && rest.starts_with(origin + "/")) {
      rest.remove_prefix(origin.size());
    } else {
      return std::nullopt;
    }
  }
  const auto mark = rest.find('?');
  if (!request::is_plain_path(rest.substr(0, mark))) return std::nullopt;
  for (const char c : rest) {
    if (c <= ' ' || c > '~' || c == '#') return std::nullopt;
  }
  return std::string(rest);
}

}  // namespace

Pages::Pages(const Paging& paging, const request::Connection& connection, std::string token)
    : paging_(paging), connection_(connection), page_(paging.first), token_(std::move(token)) {}

void Pages::fill(request::Values& values) const {
  values.set("size", std::to_string(paging_.size));
  values.set("page", std::to_string(page_));
  values.set("offset", std::to_string(given_));
  values.set("token", token_);
}

Status Pages::advance(const answer::Answer& answer, std::size_t rows, const std::string& body) {
  given_ += rows;
  if (++pages_ > connection_.limits.pages) return Error(Reason::kInputTooLarge, "pages of one run");
  LH_TRY(check_total(answer));
  const bool numbered = paging_.kind == PagingKind::kPage || paging_.kind == PagingKind::kOffset;
  if (numbered) {
    // A short page proves nothing, a server may cap the size: only an empty one is the end, or the
    // announced number.
    const std::size_t same = std::hash<std::string>{}(body);
    if (rows > 0 && pages_ > 1 && same == last_body_) {
      return circle("the same page again: the source does not look at the page asked for");
    }
    last_body_ = same;
    ++page_;
    done_ = rows == 0 || (total_ && given_ >= *total_);
  } else if (paging_.kind == PagingKind::kNext) {
    LH_TRY(follow_link(answer));
  } else if (paging_.kind == PagingKind::kToken) {
    LH_TRY(follow_token(answer, rows));
  } else {
    done_ = true;
  }
  if (done_ && total_ && given_ < *total_) {
    return Error(Reason::kSourceUnavailable, "fewer rows came than the source announced");
  }
  return {};
}

Status Pages::check_total(const answer::Answer& answer) {
  if (paging_.total.empty()) return {};
  const auto text = answer.find(paging_.total);
  std::uint64_t total = 0;
  if (!text ||
      std::from_chars(text->data(), text->data() + text->size(), total).ptr !=
          text->data() + text->size() ||
      text->empty()) {
    return Error(Reason::kSourceAnswer, "no number at " + paging_.total);
  }
  if (total_ && *total_ != total) {
    return Error(Reason::kSourceUnavailable, "the source changed while its pages were read");
  }
  total_ = total;
  return {};
}

Status Pages::follow_link(const answer::Answer& answer) {
  const auto link = answer.find(paging_.path);
  done_ = !link || link->empty();
  if (done_) return {};
  auto path = own_path(*link, connection_);
  if (!path) return circle("the next link leads to another server");
  if (next_path_ == path) return circle("the next link leads to the same page again");
  next_path_ = std::move(path);
  return {};
}

Status Pages::follow_token(const answer::Answer& answer, std::size_t rows) {
  const auto token = answer.find(paging_.path);
  done_ = !token || token->empty();
  if (done_) return {};
  // A kept stream of changes always says its position, also when there is nothing new.
  const bool kept = paging_.keep == Flag::kYes;
  if (*token == token_ && !kept) return circle("the same token again");
  done_ = kept && (*token == token_ || rows == 0);
  token_ = *token;
  return {};
}

}  // namespace lh::adapters::http
