// How far a source over HTTP was read: deterministic CBOR [1, rows, since, before, token, etag,
// modified]. It moves only where asking again from it loses nothing: docs/formats/source-http.md.
#pragma once

#include <string>

#include "adapters/adapter.h"
#include "adapters/http/http_settings.h"

namespace lh::adapters::http {

struct PullCursor {
  std::uint64_t rows = 0;  // given so far, over all runs: rows have numbers of their own
  std::string since;       // largest value given
  std::string before;      // the largest below it
  std::string token;
  std::string etag;
  std::string modified;
};

Cursor encode_cursor(const PullCursor& at);
Result<PullCursor> parse_cursor(const Cursor& cursor);  // cursor.invalid

// Values of the cursor column: numbers by size where both are of digits, else bytewise.
int compare_since(std::string_view a, std::string_view b);

// Takes the values of the cursor column as rows are given.
class SinceMark {
 public:
  SinceMark(const Since& rule, const PullCursor& from)
      : rule_(rule), since_(from.since), before_(from.before) {}
  // What to ask the source for. Rows that share the last value come again, for others may have
  // joined them: to a source that compares with "greater" the value below it is given.
  std::string asked() const;
  // Errors: source.answer (a value below the last one, where the mapping says ascending).
  Status observe(std::string_view value);
  void write(PullCursor& to) const {
    to.since = since_;
    to.before = before_;
  }

 private:
  const Since& rule_;
  std::string since_;
  std::string before_;
  std::string last_;  // of this run
};

}  // namespace lh::adapters::http
