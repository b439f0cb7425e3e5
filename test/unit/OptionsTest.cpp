// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The option table: what each key accepts, what it refuses and with which
// words, and how globs and the header filter select.

#include "Support/Options.h"

#include "gtest/gtest.h"

using namespace fearless;

/// The error of setting \p Key, or empty.
static std::string set(Options &O, llvm::StringRef Key, llvm::StringRef Value) {
  return llvm::toString(O.set(Key, Value));
}

TEST(Options, AnUnknownKeyNamesTheKnownOnes) {
  Options O;
  EXPECT_EQ(set(O, "modus", "strict"),
            "unknown option 'modus'; the options are mode, severity, checks, "
            "config, header-filter, sarif, summary, dump");
}

TEST(Options, ModeAndSeverity) {
  Options O;
  EXPECT_EQ(O.Mode, Mode::Default);
  EXPECT_EQ(O.Severity, Severity::Error);
  EXPECT_EQ(set(O, "mode", "strict"), "");
  EXPECT_EQ(O.Mode, Mode::Strict);
  EXPECT_EQ(set(O, "severity", "warning"), "");
  EXPECT_EQ(O.Severity, Severity::Warning);
  EXPECT_EQ(set(O, "mode", "Strict"),
            "mode must be default or strict, not 'Strict'");
  EXPECT_EQ(O.Mode, Mode::Strict) << "a refused value changes nothing";
  EXPECT_EQ(set(O, "severity", ""),
            "severity must be error or warning, not ''");
}

TEST(Options, LaterGlobsWin) {
  Options O;
  EXPECT_TRUE(O.isEnabled("fearless-send"));
  EXPECT_EQ(set(O, "checks", "fearless-*,-fearless-sync"), "");
  EXPECT_TRUE(O.isEnabled("fearless-send"));
  EXPECT_FALSE(O.isEnabled("fearless-sync"));
  EXPECT_EQ(set(O, "checks", "-fearless-sync"), "");
  EXPECT_TRUE(O.isEnabled("fearless-send")) << "only left out: all others run";
  EXPECT_FALSE(O.isEnabled("fearless-sync"));
  EXPECT_EQ(set(O, "checks", "-*, fearless-s*"), "");
  EXPECT_TRUE(O.isEnabled("fearless-sync"));
  EXPECT_FALSE(O.isEnabled("fearless-unsafe"));
}

TEST(Options, MalformedGlobsAndExpressions) {
  Options O;
  EXPECT_NE(set(O, "checks", "fearless-[").find("'fearless-['"),
            std::string::npos);
  EXPECT_NE(set(O, "checks", ","), "");
  EXPECT_NE(set(O, "header-filter", "(").find("'('"), std::string::npos);
  EXPECT_NE(set(O, "config", ""), "");
  EXPECT_NE(set(O, "sarif", ""), "");
  EXPECT_NE(set(O, "dump", "everything"), "");
}

TEST(Options, APercentSignIsNoPlaceholder) {
  Options O;
  EXPECT_EQ(set(O, "mode", "%s%n"),
            "mode must be default or strict, not '%s%n'");
}

TEST(Options, ValuesAreCopied) {
  Options O;
  std::string Value = "fearless-send-and-a-tail-beyond-small-strings";
  EXPECT_EQ(set(O, "checks", Value), "");
  Value.assign(Value.size(), '#');
  EXPECT_TRUE(O.isEnabled("fearless-send-and-a-tail-beyond-small-strings"));
}

TEST(Options, GlobsThatMatchNothing) {
  const llvm::StringRef Known[] = {"fearless-send", "fearless-sync"};
  Options O;
  EXPECT_EQ(O.uselessGlob(Known), "");
  EXPECT_EQ(set(O, "checks", "*,-fearless-sync"), "");
  EXPECT_EQ(O.uselessGlob(Known), "");
  EXPECT_EQ(set(O, "checks", "fearless-sync,-fearless-sned"), "");
  EXPECT_EQ(O.uselessGlob(Known), "fearless-sned");
}

TEST(Options, HeaderFilter) {
  Options O;
  EXPECT_TRUE(O.showsHeader("src/a.h")) << "all of the user's by default";
  EXPECT_EQ(set(O, "header-filter", "src/"), "");
  EXPECT_TRUE(O.showsHeader("project/src/a.h"));
  EXPECT_FALSE(O.showsHeader("third_party/a.h"));
}
