// Which page comes next, told from what the last one said. Pure; every way of going round in
// circles ends in source.answer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "adapters/http/http_settings.h"

namespace lh::adapters::http {

class Pages {
 public:
  // token: where a kept token stream goes on; empty: the beginning.
  Pages(const Paging& paging, const request::Connection& connection, std::string token);
  bool done() const { return done_; }
  void end() { done_ = true; }  // there is nothing new
  // The values of {page}, {size}, {offset}, {token}.
  void fill(request::Values& values) const;
  // Of a next link; absent: the operation's own path.
  const std::optional<std::string>& next_path() const { return next_path_; }
  // body: of the answer, as received. Errors: source.answer (a page or token again, a next link to
  // another server), source.unavailable (the total changed while pages were read, or fewer rows
  // came than announced: what was there moved), input.too_large (pages).
  Status advance(const answer::Answer& answer, std::size_t rows, const std::string& body);
  // Of the page that was asked for last; a kept token.
  const std::string& token() const { return token_; }

 private:
  Status check_total(const answer::Answer& answer);
  Status follow_link(const answer::Answer& answer);
  Status follow_token(const answer::Answer& answer, std::size_t rows);
  const Paging& paging_;
  const request::Connection& connection_;
  bool done_ = false;
  std::size_t page_;
  std::uint64_t given_ = 0;  // rows of all pages so far
  std::size_t pages_ = 0;
  std::optional<std::uint64_t> total_;
  std::optional<std::string> next_path_;
  std::string token_;
  std::size_t last_body_ = 0;
};

}  // namespace lh::adapters::http
