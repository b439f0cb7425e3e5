// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Frontends/SarifLog.h"

#include "Checks/Check.h"
#include "Support/VersionGuard.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace fearless;
using llvm::StringRef;
namespace json = llvm::json;

StringRef fearless::toolVersion() { return FEARLESS_VERSION; }
StringRef fearless::llvmVersion() { return builtForVersion(); }

std::string fearless::uriPath(StringRef Path) {
  std::string Uri;
  for (const char C : Path) {
    // RFC 3986: unreserved characters and the separator stand for themselves.
    if (llvm::isAlnum(C) || StringRef("-._~/").contains(C)) {
      Uri += C;
    } else {
      Uri += '%';
      Uri += llvm::hexdigit(static_cast<unsigned char>(C) >> 4);
      Uri += llvm::hexdigit(static_cast<unsigned char>(C) & 15);
    }
  }
  return Uri;
}

std::string fearless::fileUri(StringRef Path) {
  llvm::SmallString<256> Absolute(Path);
  llvm::sys::fs::make_absolute(Absolute);
  llvm::sys::path::remove_dots(Absolute, /*remove_dot_dot=*/false);
  return "file://" + uriPath(Absolute);
}

json::Object fearless::sarifMessage(std::string Text) {
  return json::Object{{"text", json::fixUTF8(Text)}};
}

std::string fearless::checkPagesFrom(StringRef From) {
  for (const char *Relative : {FEARLESS_DOCS_FROM_INSTALLED, FEARLESS_DOCS_FROM_BUILD}) {
    llvm::SmallString<256> Folder(From);
    llvm::sys::fs::make_absolute(Folder);
    llvm::sys::path::append(Folder, Relative, "checks");
    llvm::sys::path::remove_dots(Folder, /*remove_dot_dot=*/true);
    if (llvm::sys::fs::is_directory(Folder))
      return Folder.str().str();
  }
  return {};
}

json::Array
fearless::sarifRules(StringRef Level, StringRef Pages,
                     llvm::function_ref<StringRef(StringRef)> Text) {
  json::Array Rules;
  for (const CheckInfo &Info : allChecks()) {
    json::Object Rule{
        {"id", Info.Name},
        {"shortDescription", sarifMessage(Info.Summary.str())},
        {"defaultConfiguration", json::Object{{"level", Level}}}};
    if (!Pages.empty())
      Rule["helpUri"] = fileUri((Pages + "/" + Info.Name + ".md").str());
    if (const StringRef Page = Text ? Text(Info.Name) : StringRef(); !Page.empty()) {
      json::Object Help = sarifMessage(Page.str());
      Help["markdown"] = json::fixUTF8(Page);
      Rule["help"] = std::move(Help);
    }
    Rules.push_back(std::move(Rule));
  }
  return Rules;
}

int64_t fearless::ruleIndex(StringRef Check) {
  int64_t Index = 0;
  for (const CheckInfo &Info : allChecks()) {
    if (Info.Name == Check)
      break;
    ++Index;
  }
  return Index;
}

json::Value fearless::sarifLog(json::Array Results, json::Array Rules,
                               json::Object Invocation) {
  return json::Object{
      {"$schema", "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/"
                  "schemas/sarif-schema-2.1.0.json"},
      {"version", "2.1.0"},
      {"runs",
       json::Array{json::Object{
           {"tool",
            json::Object{{"driver", json::Object{{"name", "Fearless"},
                                                 {"version", toolVersion()},
                                                 {"rules", std::move(Rules)}}}}},
           {"invocations", json::Array{std::move(Invocation)}},
           {"columnKind", "unicodeCodePoints"},
           {"results", std::move(Results)}}}}};
}
