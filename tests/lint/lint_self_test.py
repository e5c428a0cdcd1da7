"""The lints must refuse small bad trees, and accept small good ones."""

import contextlib
import io
import os
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "tools"))

import catalogue_pages  # noqa: E402
import lint_layers  # noqa: E402
import lint_sizes  # noqa: E402
import lint_symbols  # noqa: E402
import lint_tree  # noqa: E402


@contextlib.contextmanager
def tree(files):
    """A source tree of {path: text} that is gone afterwards."""
    with tempfile.TemporaryDirectory() as root:
        for path, text in files.items():
            full = os.path.join(root, path)
            os.makedirs(os.path.dirname(full), exist_ok=True)
            with open(full, "w", encoding="utf-8") as f:
                f.write(text)
        yield root


def messages(run, files):
    with tree(files) as root:
        return [f"{path}:{line}: {message}" for path, line, message in run(root)]


HEADERS = {
    "base/time.h": "",
    "crypto/digest.h": "",
    "schemas/licence.h": "",
    "pki/chain.h": "",
    "adapters/adapter.h": "",
    "adapters/file/csv.h": "",
    "hub/store/store.h": "",
    "hub/ledger/change.h": "",
    "hub/ledger/ledger.h": "",
    "hub/api/routes/routes.h": "",
    "hub/app/wiring.h": "",
    "tests/support/fake_clock.h": "",
}


class Layers(unittest.TestCase):
    def assert_refused(self, path, text, said):
        found = messages(lint_layers.run, {**HEADERS, path: text})
        self.assertTrue(any(said in m and m.startswith(path) for m in found), found)

    def assert_accepted(self, path, text):
        self.assertEqual(messages(lint_layers.run, {**HEADERS, path: text}), [])

    def test_accepts_the_arrows_of_the_house(self):
        for path, target in [
            ("crypto/a.cc", "base/time.h"),
            ("crypto/a.cc", "crypto/digest.h"),
            ("hub/api/a.cc", "hub/ledger/change.h"),
            ("hub/api/routes/a.cc", "hub/api/routes/routes.h"),
            ("hub/ingest/a.cc", "adapters/adapter.h"),
            ("hub/edge/a.cc", "hub/api/routes/routes.h"),
            ("hub/app/a.cc", "adapters/file/csv.h"),
            ("tests/unit/a.cc", "hub/app/wiring.h"),
        ]:
            self.assert_accepted(path, f'#include "{target}"\n')

    def test_refuses_every_other_arrow(self):
        for path, target in [
            ("base/a.cc", "crypto/digest.h"),
            ("crypto/a.cc", "schemas/licence.h"),
            ("schemas/a.cc", "crypto/digest.h"),
            ("pki/a.cc", "schemas/licence.h"),
            ("adapters/file/a.cc", "crypto/digest.h"),
            ("adapters/a.h", "hub/store/store.h"),
            ("hub/ledger/a.cc", "schemas/licence.h"),
            ("hub/api/a.cc", "hub/store/store.h"),
            ("hub/api/a.cc", "hub/ledger/ledger.h"),
            ("hub/edge/a.cc", "hub/store/store.h"),
            ("hub/ingest/a.cc", "adapters/file/csv.h"),
            ("hub/store/a.cc", "hub/app/wiring.h"),
        ]:
            self.assert_refused(path, f'#include "{target}"\n', "may not include")

    def test_refuses_tests_unknown_rooms_and_missing_files(self):
        line = '#include "tests/support/fake_clock.h"\n'
        self.assert_refused("hub/app/a.cc", line, "never includes tests")
        self.assert_refused("hub/misc/a.cc", "", "no room of the house")
        self.assert_refused("base/a.cc", '#include "time.h"\n', "from the root")
        self.assert_refused("base/a.cc", '#include "base/gone.h"\n', "there is no")

    def test_foreign_headers_have_one_home(self):
        for home, elsewhere, header in [
            ("crypto/a.cc", "hub/store/a.cc", "openssl/evp.h"),
            ("crypto/a.cc", "hub/ledger/a.cc", "sodium.h"),
            ("hub/store/rocksdb_a.cc", "hub/store/a.cc", "rocksdb/db.h"),
            ("schemas/xml_a.cc", "adapters/a.cc", "libxml/parser.h"),
            ("hub/edge/http/a.cc", "hub/api/a.cc", "boost/asio.hpp"),
            ("adapters/outbound/a.cc", "hub/edge/a.cc", "Poco/Net/HTTPSClientSession.h"),
            ("adapters/sql/a_session.cc", "adapters/sql/a.cc", "Poco/Data/Session.h"),
            ("base/log_poco.cc", "base/a.cc", "Poco/Message.h"),
            ("hub/app/a.cc", "base/log_poco.cc", "Poco/Util/ServerApplication.h"),
            ("schemas/json_reader.cc", "schemas/reader.cc", "simdjson.h"),
            ("hub/app/a.cc", "hub/api/a.cc", "CLI/CLI.hpp"),
            ("adapters/mapping_toml.cc", "adapters/mapping.cc", "toml++/toml.h"),
            ("hub/edge/metrics.cc", "hub/app/a.cc", "prometheus/counter.h"),
            ("hub/licences/status_zlib.cc", "hub/licences/a.cc", "zlib.h"),
        ]:
            self.assert_accepted(home, f"#include <{header}>\n")
            self.assert_refused(elsewhere, f"#include <{header}>\n", "has its home elsewhere")
        self.assert_refused("hub/app/a.cc", "#include <curl/curl.h>\n", "without a home")
        self.assert_accepted("base/a.cc", "#include <cstring>\n#include <sys/mman.h>\n")

    def test_foreign_headers_do_not_travel(self):
        files = {
            **HEADERS,
            "crypto/evp.h": "#include <openssl/evp.h>\n",
            "crypto/a.cc": '#include "crypto/evp.h"\n',
        }
        self.assertEqual(messages(lint_layers.run, files), [])
        files["pki/a.cc"] = '#include "crypto/evp.h"\n'
        found = messages(lint_layers.run, files)
        self.assertTrue(any("brings a foreign header" in m for m in found), found)

    def test_a_type_has_its_name_to_itself_in_its_namespace(self):
        one = "namespace lh::hub::store {\nstruct Row {\n};\n}\n"
        part = "namespace lh::hub::store {\nstruct Row;\nstruct Row::Parts {\n};\n}\n"
        other = one.replace("store {", "ledger {")
        files = {"hub/store/a.h": one, "hub/store/b.h": part, "hub/ledger/c.h": other}
        self.assertEqual(messages(lint_layers.run, files), [])
        files["hub/store/b.h"] = one
        self.assertEqual(
            messages(lint_layers.run, files),
            ["hub/store/b.h:2: lh::hub::store::Row is a type of hub/store/a.h already"],
        )

    def test_nothing_ambient_inside_a_room(self):
        for text, said in [
            ("auto t = std::chrono::system_clock::now();\n", "a clock"),
            ("auto t = std::time(nullptr);\n", "a clock"),
            ("std::random_device d;\n", "randomness"),
            ("int x = rand();\n", "randomness"),
            ('auto p = std::getenv("HOME");\n', "configuration"),
            ("std::ifstream in(p);\n", "files are read"),
        ]:
            self.assert_refused("hub/exchange/a.cc", text, said)
        self.assert_accepted("base/time.cc", "auto t = std::chrono::system_clock::now();\n")
        self.assert_accepted("tests/unit/a.cc", "std::random_device d;\n")

    def test_words_in_comments_and_text_are_no_code(self):
        text = '// getenv( and rand( are not used\nauto s = "std::ifstream getenv(";\n'
        self.assert_accepted("hub/exchange/a.cc", text)
        self.assert_accepted("hub/exchange/a.h", "UtcTime time() const;\nauto operand(int x);\n")


def function_of(lines, head="void f()"):
    return head + " {\n" + "  x();\n" * (lines - 2) + "}\n"


class Sizes(unittest.TestCase):
    def assert_refused(self, files, said):
        found = messages(lint_sizes.run, files)
        self.assertTrue(any(said in m for m in found), found)

    def assert_accepted(self, files):
        self.assertEqual(messages(lint_sizes.run, files), [])

    def test_files(self):
        self.assert_accepted({"base/a.cc": "//\n" * 400, "base/a.h": "//\n" * 250})
        self.assert_refused({"base/a.cc": "//\n" * 401}, "401 lines in the file")
        self.assert_refused({"base/a.h": "//\n" * 251}, "251 lines in the file")
        self.assert_refused({"tests/unit/a.cc": "//\n" * 401}, "401 lines in the file")

    def test_columns(self):
        self.assert_accepted({"base/a.cc": "/" * 100 + "\n"})
        self.assert_accepted({"base/a.cc": "//" + "证" * 98 + "\n"})
        self.assert_refused({"base/a.cc": "/" * 101 + "\n"}, "101 columns")

    def test_functions(self):
        heads = [
            "void f()",
            "Result<int> C::f(const std::string& a) const",
            "C::C(int a, B b) : a_(a), b_(b)",
            "static struct stat f(int a) noexcept",
            "class X f()",
            "template <class T>\nbool operator()(const T& v) const",
            "bool operator==(const A& a, const A& b)",
            "TEST(Suite, Name)",
        ]
        for head in heads:
            lines = 60 - head.count("\n")
            body = function_of(lines, head)
            in_class = "namespace lh {\nclass C : public B {\n" + body + "};\n}\n"
            self.assert_accepted({"base/a.cc": in_class})
            longer = in_class.replace("  x();\n", "  x();\n  x();\n", 1)
            self.assert_refused({"base/a.cc": longer}, "61 lines in")

    def test_functions_are_not_confused_by_tables_classes_and_directives(self):
        table = "const int kTable[] = {\n" + "  1,\n" * 80 + "};\n"
        members = "class C {\n public:\n" + "  int a;\n" * 80 + "};\n"
        macro = "#define M(x) \\\n  do {        \\\n  } while (0)\n"
        text = '// {{{\nauto s = "{";\nchar c = \'{\';\nauto r = R"({{)";\nint n = 1\'000;\n'
        self.assert_accepted({"base/a.cc": table + members + macro + text + function_of(60)})
        self.assert_refused({"base/a.cc": macro + text + function_of(61)}, "61 lines in f")

    def test_nesting(self):
        def nested(n):
            return "void f() {\n" + "if (a) {\n" * n + "}\n" * n + "}\n"

        self.assert_accepted({"base/a.cc": nested(3)})
        self.assert_refused({"base/a.cc": nested(4)}, "4 levels of nesting in f")
        flat = "void f() {\n  if (a) {\n  } else if (b) {\n  } else {\n  }\n}\n"
        self.assertEqual(lint_sizes.functions(flat)[0].nesting, 1)

    def test_parameters(self):
        five = "int a, std::map<int, int> b, int c, int d, std::function<int(int, int)> e"
        self.assert_accepted({"base/a.cc": f"void f({five}) {{\n}}\n"})
        self.assert_refused({"base/a.cc": f"void f({five}, int g) {{\n}}\n"}, "6 parameters of f")
        self.assert_refused({"base/a.cc": f"C::C({five}, int g) : a_(a) {{\n}}\n"}, "6 parameters")

    def test_folders(self):
        rooms = {f"base/a{n}.cc": "" for n in range(15)}
        self.assert_accepted({**rooms, **{f"base/a{n}.h": "" for n in range(15)}})
        self.assert_refused({**rooms, "base/b.h": ""}, "16 rooms in the folder")
        self.assert_accepted({f"tests/unit/a{n}.cc": "" for n in range(40)})

    def test_exceptions_are_bounded_and_needed(self):
        long_file = "//\n" * 450
        entry = "base/a.cc file 450 a table that belongs together\n"
        files = {"base/a.cc": long_file, lint_sizes.EXCEPTIONS: entry}
        self.assert_accepted(files)
        self.assert_refused({**files, "base/a.cc": long_file + "//\n"}, "451 lines")
        self.assert_refused({**files, "base/a.cc": "//\n"}, "is not needed")
        with self.assertRaises(SystemExit):
            messages(lint_sizes.run, {lint_sizes.EXCEPTIONS: "base/a.cc file 450\n"})


ERRORS = """// LH_ERROR(enumerator, stable id, HTTP status, retry, English, 中文)

// identifiers
LH_ERROR(kA, "id.a", 422, kNever, "A \\"quoted\\" (a, b) | c.", "甲。")
LH_ERROR(kB, "id.b", 503, kLater, "B.", "乙。")
"""
EVENTS = 'LH_AUDIT_EVENT(kX, 7, "x.y", "X.", "某。")\n'
SOURCES = {"base/error_catalogue.def": ERRORS, "schemas/audit_events.def": EVENTS}


class Pages(unittest.TestCase):
    def run_quietly(self, root, check):
        with contextlib.redirect_stdout(io.StringIO()):
            return catalogue_pages.run(root, check)

    def test_a_written_page_is_fresh_and_a_changed_list_makes_it_stale(self):
        with tree(SOURCES) as root:
            self.assertEqual(len(self.run_quietly(root, check=True)), 2)
            self.assertFalse(os.path.exists(os.path.join(root, "docs/errors.md")))
            self.run_quietly(root, check=False)
            self.assertEqual(self.run_quietly(root, check=True), [])
            page = lint_tree.read(root, "docs/errors.md")
            self.assertIn("## Identifiers", page)
            self.assertIn('| `id.a` | 422 |  | A "quoted" (a, b) \\| c. | 甲。 |', page)
            self.assertIn("| `id.b` | 503 | yes | B. | 乙。 |", page)
            self.assertIn("| 7 | `x.y` | X. | 某。 |", lint_tree.read(root, "docs/audit_events.md"))
            with open(os.path.join(root, "schemas/audit_events.def"), "a", encoding="utf-8") as f:
                f.write('LH_AUDIT_EVENT(kZ, 8, "z.z", "Z.", "丙。")\n')
            self.assertEqual(self.run_quietly(root, check=True), ["docs/audit_events.md"])

    def test_a_line_that_cannot_be_read_is_refused(self):
        with tree({"base/error_catalogue.def": 'LH_ERROR(kA, "id.a" 422)\n'}) as root:
            with self.assertRaises(SystemExit):
                self.run_quietly(root, check=True)

    def test_a_list_that_is_not_there_is_skipped(self):
        with tree({}) as root:
            self.assertEqual(self.run_quietly(root, check=True), [])


class Symbols(unittest.TestCase):
    """Two members of one name, as in two folders of one library."""

    def build(self, root, first, second):
        for folder, text in (("a", first), ("b", second)):
            os.makedirs(os.path.join(root, folder))
            source = os.path.join(root, folder, "room.cc")
            with open(source, "w", encoding="utf-8") as f:
                f.write(text)
            subprocess.run(["c++", "-c", source, "-o", source[:-2] + "o"], check=True)
        objects = [os.path.join(root, folder, "room.o") for folder in "ab"]
        subprocess.run(["ar", "qc", os.path.join(root, "liblh_x.a")] + objects, check=True)
        return subprocess.run([sys.executable, "-B", lint_symbols.__file__, root],
                              capture_output=True, text=True, check=False)

    def test_a_function_that_two_files_define_is_found(self):
        with tempfile.TemporaryDirectory() as root:
            made = self.build(root, "void add(int) {}\n", "void add(int) {}\n")
            self.assertEqual(made.returncode, 1)
            self.assertIn("add(int): defined in liblh_x.a:room.o and", made.stdout)

    def test_overloads_templates_and_constructors_are_not(self):
        with tempfile.TemporaryDirectory() as root:
            shared = "struct S { S(); ~S(); }; template <class T> T id(T t) { return t; }\n"
            made = self.build(root, shared + "S::S() {}\nint f() { return id(1); }\n",
                              shared + "S::~S() {}\nint f(int) { return id(1); }\n")
            self.assertEqual(made.stdout, "")
            self.assertEqual(made.returncode, 0)

    def test_a_folder_without_libraries_is_no_success(self):
        with tempfile.TemporaryDirectory() as root:
            made = subprocess.run([sys.executable, "-B", lint_symbols.__file__, root],
                                  capture_output=True, text=True, check=False)
            self.assertEqual(made.returncode, 1)


if __name__ == "__main__":
    unittest.main()
