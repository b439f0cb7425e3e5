// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// YAML made readable for every version of the parser: which names are quoted,
// what is left alone, and that columns still mean the text as written.

#include "Models/YamlText.h"

#include "gtest/gtest.h"

using namespace fearless;

static std::string quoted(llvm::StringRef Written) {
  return YamlText(Written).text().str();
}

TEST(YamlText, NamesInFlowCollectionsAreQuoted) {
  EXPECT_EQ(quoted("name: [std::map, std::set]\n"),
            "name: ['std::map', 'std::set']\n");
  EXPECT_EQ(quoted("name: [std::map,\n       std::set ] # std::list\nx: 1\n"),
            "name: ['std::map',\n       'std::set' ] # std::list\nx: 1\n");
  EXPECT_EQ(quoted("- {argument: 0, type: [a::b]}"),
            "- {argument: 0, type: ['a::b']}");
  EXPECT_EQ(quoted("- [::a]"), "- ['::a']");
}

TEST(YamlText, EverythingElseIsLeftAlone) {
  for (const char *Same :
       {"", "\n", "name: std::map\n", "- std::map", "send: [send(0), sync(const 0)]",
        "name: ['std::map', \"std::set\"]", "why: a [std::map] isn't Sync\n",
        "# isn't [a::b]\n", "why: 'isn''t [a::b]'\n", "why: \"\\\" [a::b]\"\n",
        "key: [unclosed", "key: ]", "a: \"unclosed [a::b]", "a: [ #b::c\n]"})
    EXPECT_EQ(quoted(Same), Same);
}

TEST(YamlText, ColumnsAreThoseOfTheWrittenText) {
  //                0123456789012345678901
  YamlText Text("a: 1\nname: [std::map, std::set]\nb: 2\n");
  EXPECT_EQ(Text.writtenColumn(1, 3), 3u);
  EXPECT_EQ(Text.writtenColumn(2, 6), 6u);
  EXPECT_EQ(Text.text().substr(5 + 19, 1), "'");
  EXPECT_EQ(Text.writtenColumn(2, 19), 17u); // the quote before std::set
  EXPECT_EQ(Text.writtenColumn(2, 20), 17u); // its first letter
  EXPECT_EQ(Text.writtenColumn(2, 29), 25u); // the bracket
  EXPECT_EQ(Text.writtenColumn(3, 3), 3u);
  EXPECT_EQ(Text.writtenColumn(9, 3), 3u);
}
