// The cases, and what each means for a kind that has nothing of its own to say about it.
#include <chrono>

#include "adapters/file/encoding.h"
#include "hostile_server.h"
#include "kit.h"
#include "tests/kits/code_points.h"

namespace lh::conformance {

const std::vector<CaseText>& all_cases() {
  static const std::vector<CaseText> cases{
      {Case::kKeys, "Keys", "Injection through keys",
       "keys full of SQL, XML, JSON, paths, header fields and places are data: each arrives as it "
       "is and finds its own row only, and nothing of the source is changed"},
      {Case::kTargets, "Targets", "Calls to other machines (SSRF)",
       "only addresses the hub's configuration lists are called; never this machine unless it is "
       "allowed, never link-local ones (cloud metadata)"},
      {Case::kRedirects, "Redirects", "Redirects", "none is followed"},
      {Case::kPaths, "Paths", "Path traversal",
       "no key, name, link or id leads out of the place the mapping names"},
      {Case::kXml, "Xml", "XML bombs and external entities",
       "a DOCTYPE is refused before it is read; no entity is expanded, nothing is fetched; depth "
       "has an end"},
      {Case::kZip, "Zip", "Compressed answers and files",
       "nothing is inflated: a content coding, gzip or zip is refused"},
      {Case::kHugeRows, "HugeRows", "Huge rows",
       "a row beyond the limit is one bad row, and the ones around it arrive"},
      {Case::kLongText, "LongText", "300 KB of text", "it arrives whole, by pull and by key"},
      {Case::kNulls, "Nulls", "NULL", "no value is empty, and an empty one stays empty"},
      {Case::kLobs, "Lobs", "Large binary values", "300 KB of bytes arrive exactly"},
      {Case::kEncoding, "Encoding", "Bytes that are no text",
       "invalid GB18030 or UTF-8 is one bad row with its bytes; nothing is replaced"},
      {Case::kDuplicates, "Duplicates", "Duplicate keys",
       "two rows with one key are both given, or said; none is dropped in silence, nor a name that "
       "stands twice in a row"},
      {Case::kHalfClosed, "HalfClosed", "Half-closed servers",
       "a server that goes away, at once or in the middle, is an error, never an end of rows"},
      {Case::kDripping, "Dripping", "Silent and dripping servers", "the deadline holds"},
      {Case::kClock, "Clock", "Clocks that differ", "it is named, and loses nothing"},
      {Case::kSizes, "Sizes", "Sizes that lie",
       "a source that announces another size than it gives loses no byte in silence"},
      {Case::kCharacters, "Characters", "Every character of GB18030",
       "all assigned and unassigned code points of GB 18030 arrive as they were written"},
  };
  return cases;
}

namespace {

const std::vector<std::string>& evil_keys() {
  static const std::vector<std::string> keys{"' OR '1'='1",
                                             "'; DROP TABLE t; --",
                                             "\" OR \"\"=\"",
                                             "x\\' OR 1=1 #",
                                             "../../etc/passwd",
                                             "..%2f..",
                                             "%00",
                                             "</k><k>",
                                             "]]>",
                                             "&lt;",
                                             "\",\"k\":\"x",
                                             "{secret.app}",
                                             "{key.k}",
                                             "${jndi:ldap://x}",
                                             "$1 ? :id",
                                             "?a=b&c=d#e",
                                             "测试\U00020BB7",
                                             "=1+1",
                                             "%",
                                             "_",
                                             "a b",
                                             "a\r\nHost: x"};
  return keys;
}

std::string said(const std::string& what, const Read& read) {
  return what + ": " + read.end + ", " + std::to_string(read.rows.size()) + " rows" +
         (read.rows.empty() ? "" : ", the first " + read.column(0)[0].substr(0, 60));
}

Outcome compare(const Table& table, const Read& read) {
  if (read.end != "end") return fails(read.end);
  if (read.rows.size() != table.rows.size()) return fails(said("other rows", read));
  const auto keys = read.column(0);
  const auto values = read.column(1);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (keys[i] != table.rows[i].k) return fails("key " + table.rows[i].k + " became " + keys[i]);
    if (values[i] != table.rows[i].v.value_or("")) {
      return fails("the value of " + keys[i] + " is another");
    }
  }
  return passes();
}

Outcome keys(Bench& bench) {
  Table table;
  for (const auto& key : evil_keys()) {
    if (bench.can_hold(key)) table.rows.push_back({key, "v" + std::to_string(table.rows.size())});
  }
  table.rows.push_back({"plain", "v"});
  bench.put(table);
  if (auto pulled = compare(table, bench.pull()); pulled.is != Outcome::Is::kPasses) return pulled;
  for (const auto& row : table.rows) {
    const auto found = bench.find(row.k);
    if (!found) break;
    if (auto one = compare({{row}}, *found); one.is != Outcome::Is::kPasses) {
      return fails("by key " + row.k + ": " + one.why);
    }
    const auto none = bench.find(row.k + "x");
    if (none->end == "end" && !none->rows.empty())
      return fails("another key found a row: " + row.k);
  }
  return compare(table, bench.pull());
}

Outcome targets(Bench& bench) {
  const Address here{"127.0.0.1", 1};
  const auto why = [&bench](const Address& at) { return bench.pull(bench.toml_at(at, 1000)).end; };
  if (bench.toml_at(here, 1000).empty()) return fails("the bench does not say");
  const auto before = bench.with.allowed_targets;
  Outcome out = passes();
  const auto expect = [&](const Address& at, const char* what) {
    const std::string end = why(at);
    if (!end.starts_with("source.target")) out = fails(std::string(what) + ": " + end);
  };
  bench.with.allowed_targets = {"127.0.0.1:2", "localhost:1"};
  expect(here, "not listed");
  bench.with.allowed_targets = {"127.0.0.1:1", "169.254.169.254:80", "0.0.0.0:80"};
  bench.with.allow_loopback = false;
  expect(here, "this machine");
  bench.with.allow_loopback = true;
  expect({"169.254.169.254", 80}, "link-local");
  expect({"0.0.0.0", 80}, "no address");
  bench.with.allowed_targets = before;
  return out;
}

Outcome zip(Bench& bench) {
  // For files: the whole file is packed. Kinds with a network say what they do themselves.
  bench.put({{{"1", "a"}, {"2", "b"}}});
  const std::string path = bench.input();
  if (path.empty()) return fails("the bench does not say");
  kits::store_file(path, gzip_of(kits::load_file(path)));
  return refuses(bench.pull(),
                 {"row.", "source.", "json.", "xml.", "input.", "mapping.", "adapter."});
}

Outcome huge_rows(Bench& bench) {
  std::string huge;
  while (huge.size() < 3'000'000) huge += "大字段\U00020BB7";
  bench.put({{{"1", "a"}, {"2", huge}, {"3", "b"}}});
  const Read read = bench.pull();
  const std::vector<std::string> expected{"a", "!row.too_long", "b"};
  if (read.end != "end" || read.rows.size() != 3 || read.column(1) != expected) {
    return fails(said("not one bad row", read));
  }
  return passes();
}

Outcome long_text(Bench& bench) {
  std::string text;
  while (text.size() < 300'000) text += "大字段\U00020BB7x";
  const Table table{{{"1", "a"}, {"2", text}, {"3", "b"}}};
  bench.put(table);
  if (auto all = compare(table, bench.pull()); all.is != Outcome::Is::kPasses) return all;
  const auto found = bench.find("2");
  return found ? compare({{table.rows[1]}}, *found) : passes();
}

Outcome nulls(Bench& bench) {
  const Table table{{{"1", std::nullopt}, {"2", ""}, {"3", "null"}}};
  bench.put(table);
  return compare(table, bench.pull());
}

Outcome encoding(Bench& bench) {
  for (const ByteView bad : {ByteView("\xFF", 1), ByteView("\x81", 1), ByteView("\x81\x30\x81", 3),
                             ByteView("\xC0\xAF", 2), ByteView("\xED\xA0\x80", 3)}) {
    // C0 AF and ED A0 are characters of GB 18030.
    if (bench.writes_gb18030() && (bad[0] == '\xC0' || bad[0] == '\xED')) continue;
    bench.put(
        {{{"1", "甲"}, {"2", std::string("乙 ") + kBadMark + " 乙"}, {"3", "丙"}}, Bytes(bad)});
    const Read read = bench.pull();
    const std::vector<std::string> expected{"甲", "!row.encoding", "丙"};
    if (read.end != "end" || read.rows.size() != 3 || read.column(1) != expected) {
      return fails(said("not one bad row for " + to_hex(bad), read));
    }
    if (read.rows[1].bytes.find(bad) == Bytes::npos) return fails("the bytes are not kept");
  }
  return passes();
}

Outcome duplicates(Bench& bench) {
  const Table table{{{"a", "1"}, {"a", "2"}, {"b", "3"}}};
  bench.put(table);
  const Read read = bench.pull();
  // A source whose cursor cannot tell the two apart says so instead of losing one.
  const bool told = read.end.starts_with("source.answer") || read.end.starts_with("row.");
  if (!told) {
    if (auto all = compare(table, read); all.is != Outcome::Is::kPasses) return all;
  }
  const auto found = bench.find("a");
  if (!found) return passes();
  return compare({{table.rows[0], table.rows[1]}}, *found);
}

Outcome hostile(Bench& bench, const std::vector<Manner>& manners) {
  for (const Manner manner : manners) {
    HostileServer server(manner);
    const Address at{"127.0.0.1", server.port()};
    if (bench.toml_at(at, 500).empty()) return fails("the bench does not say");
    const auto before = bench.with.allowed_targets;
    bench.with.allowed_targets = {at.text()};
    const auto begin = std::chrono::steady_clock::now();
    const Read read = bench.pull(bench.toml_at(at, 500));
    const auto took = std::chrono::steady_clock::now() - begin;
    bench.with.allowed_targets = before;
    const std::string how = "manner " + std::to_string(static_cast<int>(manner)) + ": ";
    if (!read.end.starts_with("source.")) return fails(how + said("no error", read));
    if (took > std::chrono::seconds(5)) return fails(how + "the deadline did not hold");
  }
  return passes();
}

// The code points of one block; of those that iconv has no bytes for in the edition of 2022, none.
std::vector<std::string> block_of(char32_t from, bool gb18030) {
  std::vector<std::string> out;
  std::string all;
  for (char32_t c = from; c < from + 64; ++c) {
    const bool none =
        (c >= 0xD800 && c < 0xE000) || c == 0xFFFE || c == 0xFFFF || c == 0x7F || c > 0x10FFFF;
    if (!none) out.push_back(kits::utf8(c));
    if (!none) all += out.back();
  }
  if (!gb18030 || adapters::file::encode_gb18030(all).ok()) return out;
  std::erase_if(out, [](const auto& c) { return !adapters::file::encode_gb18030(c).ok(); });
  return out;
}

// Every code point but U+0000 and the controls that not every format has.
Table characters_of(const Bench& bench) {
  Table out;
  std::string text;
  std::size_t in_text = 0;
  const auto flush = [&] {
    if (!text.empty())
      out.rows.push_back({"r" + std::to_string(out.rows.size()), "<" + text + ">"});
    text.clear();
    in_text = 0;
  };
  for (char32_t from = 0x20; from < 0x110000; from += 64) {
    for (const std::string& c : block_of(from, bench.writes_gb18030())) {
      text += c;
      if (++in_text == bench.characters_of_a_value()) flush();
    }
  }
  flush();
  return out;
}

Outcome characters(Bench& bench) {
  const Table table = characters_of(bench);
  bench.put(table);
  return compare(table, bench.pull());
}

}  // namespace

Outcome run(Bench& bench, Case id) {
  if (auto own = bench.own(id)) return *own;
  switch (id) {
    case Case::kKeys:
      return keys(bench);
    case Case::kTargets:
      return targets(bench);
    case Case::kZip:
      return zip(bench);
    case Case::kHugeRows:
      return huge_rows(bench);
    case Case::kLongText:
      return long_text(bench);
    case Case::kNulls:
      return nulls(bench);
    case Case::kEncoding:
      return encoding(bench);
    case Case::kDuplicates:
      return duplicates(bench);
    case Case::kHalfClosed:
      return hostile(bench, {Manner::kClosesAtOnce, Manner::kClosesHalfWay});
    case Case::kDripping:
      return hostile(bench, {Manner::kSilent, Manner::kDrips});
    case Case::kCharacters:
      return characters(bench);
    default:
      return fails("the bench does not say");
  }
}

}  // namespace lh::conformance
