// A description as a tree: names with their namespaces, lines, limits, and nothing from outside.
#include "schemas/xml/xml_tree.h"

#include <gtest/gtest.h>

#include "schemas/xml/xml_text.h"

namespace lh::schemas {
namespace {

TEST(XmlTree, HasNamesNamespacesAndLines) {
  const auto root = parse_xml_tree(
                        "<a xmlns='urn:d' xmlns:p='urn:p' x='1'>\n"
                        "<p:b p:x='2' y='a&amp;b&#x6D4B;'/>\n"
                        "<c xmlns:p='urn:q' type='p:t'/><!-- <d/> --></a>")
                        .value();
  EXPECT_TRUE(root.is("urn:d", "a"));
  EXPECT_EQ(*root.attribute("x"), "1");
  ASSERT_EQ(root.children.size(), 2U);
  const XmlElement& b = root.children[0];
  EXPECT_TRUE(b.is("urn:p", "b"));
  EXPECT_EQ(b.line, 2);
  EXPECT_EQ(b.attribute("x"), nullptr) << "it is of another namespace";
  EXPECT_EQ(*b.attribute("y"), "a&b测");
  const XmlElement& c = root.children[1];
  EXPECT_EQ(c.resolve(*c.attribute("type")).value(), (XmlName{"urn:q", "t"}));
  EXPECT_EQ(b.resolve("p:t").value(), (XmlName{"urn:p", "t"}));
  EXPECT_EQ(b.resolve("t").value(), (XmlName{"urn:d", "t"}));
  EXPECT_FALSE(b.resolve("q:t").ok());
  EXPECT_FALSE(b.resolve("p:").ok());
}

TEST(XmlTree, RefusesWhatIsNotPlain) {
  for (const char* text :
       {"", "a", "<a>", "<a></b>", "<a/><b/>", "<a b='1' b='2'/>", "<p:a/>", "<a>&x;</a>",
        "<!DOCTYPE a><a/>", "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>"}) {
    const auto read = parse_xml_tree(text);
    ASSERT_FALSE(read.ok()) << text;
    EXPECT_EQ(read.error().reason(), Reason::kInputMalformed) << text;
  }
  EXPECT_EQ(parse_xml_tree("<a>\xFF</a>").error().reason(), Reason::kInputEncoding);
}

// What is written as text is read as that text, between tags and as an attribute.
TEST(XmlTree, TextThatIsWrittenIsReadAgain) {
  const std::string text = "<a href=\"x\">&amp; ]]> 'q' {测}</a>";
  std::string escaped;
  append_xml_text(escaped, text);
  const auto tree = parse_xml_tree("<r v=\"" + escaped + "\">" + escaped + "</r>");
  ASSERT_TRUE(tree.ok()) << tree.error().describe();
  EXPECT_EQ(*tree->attribute("v"), text);
  EXPECT_EQ(escaped.find_first_of("<>\""), std::string::npos);
}

TEST(XmlTree, HasLimits) {
  std::string deep;
  for (int i = 0; i < 65; ++i) deep += "<a>";
  EXPECT_EQ(parse_xml_tree(deep).error().reason(), Reason::kInputTooLarge);
  EXPECT_EQ(parse_xml_tree("<a><b/><b/></a>", {100, 2}).error().reason(), Reason::kInputTooLarge);
  EXPECT_TRUE(parse_xml_tree("<a><b/></a>", {100, 2}).ok());
  EXPECT_EQ(parse_xml_tree("<a><b/></a>", {10, 2}).error().reason(), Reason::kInputTooLarge);
  std::string crowded = "<a";
  for (int i = 0; i < 300; ++i) crowded += " b" + std::to_string(i) + "=''";
  EXPECT_EQ(parse_xml_tree(crowded + "/>").error().reason(), Reason::kInputTooLarge);
}

}  // namespace
}  // namespace lh::schemas
