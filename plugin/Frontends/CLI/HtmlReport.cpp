// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The report as one page that needs nothing beside it: findings by check and
// folder, each with its code, its chain and both its ends.

#include "Frontends/CLI/Report.h"
#include "Frontends/CLI/SourceText.h"
#include "Frontends/SarifLog.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"

using namespace fearless;
using namespace fearless::cli;
using llvm::StringRef;

static constexpr StringRef Style = R"css(
:root { --back: #fff; --text: #1c1e21; --soft: #5b6470; --line: #d9dde3; --code: #f5f6f8;
        --hit: #fff0c2; --red: #b3261e; --orange: #9a5b00; --link: #1f5fbf; }
@media (prefers-color-scheme: dark) {
  :root { --back: #16181c; --text: #e4e6ea; --soft: #9aa3af; --line: #333842; --code: #1e2127;
          --hit: #4a3d12; --red: #ff8a80; --orange: #ffb74d; --link: #8ab4f8; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.5rem 4rem; max-width: 70rem; background: var(--back);
       color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; margin: 0 0 .25rem; }
h2 { font-size: 1.2rem; margin: 2.5rem 0 .25rem; }
h3 { font-size: 1rem; margin: 1.5rem 0 .5rem; color: var(--soft); font-weight: 600; }
a { color: var(--link); }
p { margin: .25rem 0; }
.soft { color: var(--soft); }
table { border-collapse: collapse; margin: 1rem 0; }
td, th { padding: .3rem 1.5rem .3rem 0; text-align: left; border-bottom: 1px solid var(--line); }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
details { border: 1px solid var(--line); border-radius: 8px; margin: .5rem 0; }
summary { padding: .6rem .9rem; cursor: pointer; overflow-wrap: anywhere; }
summary .place { display: block; color: var(--soft); font: .85rem/1.4 ui-monospace, monospace; }
details > div { padding: 0 .9rem .9rem; }
.note { margin: .9rem 0 .3rem; overflow-wrap: anywhere; }
.error { color: var(--red); } .warning { color: var(--orange); }
pre { margin: 0; padding: .5rem 0; overflow-x: auto; background: var(--code); border-radius: 6px;
      font: .85rem/1.5 ui-monospace, monospace; }
pre span { display: block; padding: 0 .75rem; white-space: pre; }
pre span.hit { background: var(--hit); }
pre i { display: inline-block; width: 3.5rem; padding-right: 1rem; text-align: right; color: var(--soft);
        font-style: normal; user-select: none; }
mark { background: none; color: inherit; font-weight: 700; text-decoration: underline; text-underline-offset: 3px; }
.bad { border-left: 4px solid var(--red); padding: .25rem .9rem; margin: 1rem 0; overflow-wrap: anywhere; }
)css";

static std::string html(StringRef Text) {
  std::string Out;
  llvm::raw_string_ostream OS(Out);
  llvm::printHTMLEscaped(Text, OS);
  return OS.str();
}

/// The line of a place, with two around it.
static void code(const Place &At, SourceText &Sources, llvm::raw_ostream &OS) {
  OS << "<pre>";
  const unsigned First = At.Line > 2 ? At.Line - 2 : 1;
  for (unsigned Number = First; Number != At.Line + 3; ++Number) {
    const StringRef Line = Sources.line(At.File, Number);
    if (Line.empty() && Number > At.Line)
      continue;
    OS << "<span" << (Number == At.Line ? " class=\"hit\"" : "") << "><i>" << Number
       << "</i>";
    if (Number != At.Line) {
      OS << html(Line) << "</span>";
      continue;
    }
    const size_t Begin = byteOffset(Line, At.Column);
    const size_t End = At.EndLine == At.Line && At.EndColumn > At.Column
                           ? byteOffset(Line, At.EndColumn)
                           : Begin + 1;
    OS << html(Line.take_front(Begin)) << "<mark>" << html(Line.slice(Begin, End))
       << "</mark>" << html(Line.substr(End)) << "</span>";
  }
  OS << "</pre>\n";
}

static std::string placeText(const Place &At, const Report &R) {
  return html(shown(At.File, R.Root)) + ":" + std::to_string(At.Line);
}

static void finding(const Result &Found, const Report &R, SourceText &Sources,
                    llvm::raw_ostream &OS) {
  OS << "<details><summary><span class=\"" << html(Found.Level) << "\">"
     << html(Found.Level) << "</span> " << html(Found.Message)
     << (Found.Known ? " <span class=\"soft\">(in the baseline)</span>" : "")
     << "<span class=\"place\">" << placeText(Found.At, R)
     << "</span></summary><div>\n";
  code(Found.At, Sources, OS);
  for (const Remark &Note : Found.Notes) {
    OS << "<p class=\"note\">" << html(Note.Text) << " <span class=\"soft\">"
       << placeText(Note.At, R) << "</span></p>\n";
    // Advice mostly stands where the finding is; its line was just shown.
    if (Note.At.key() != Found.At.key())
      code(Note.At, Sources, OS);
  }
  OS << "</div></details>\n";
}

static void problems(const Report &R, llvm::raw_ostream &OS) {
  if (R.Interrupted)
    OS << "<p class=\"bad\">The run was interrupted: this is not all.</p>\n";
  for (const FailedUnit &Unit : R.Failed)
    OS << "<p class=\"bad\">Not analysed: <b>" << html(shown(Unit.File, R.Root))
       << "</b>: " << html(Unit.Why) << "</p>\n";
  for (const Remark &Skipped : R.Incomplete)
    OS << "<p class=\"bad\">Not analysed: <b>" << placeText(Skipped.At, R)
       << "</b>: " << html(Skipped.Text) << "</p>\n";
}

void fearless::cli::writeHtml(const Report &R, llvm::raw_ostream &OS) {
  // Check, then folder.
  std::map<std::string, std::map<std::string, std::vector<const Result *>>> Groups;
  std::map<std::string, unsigned> Counts;
  for (const Result &Found : R.Results) {
    const std::string Folder =
        llvm::sys::path::parent_path(shown(Found.At.File, R.Root)).str();
    Groups[Found.Check][Folder].push_back(&Found);
    ++Counts[Found.Check];
  }
  OS << "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<title>Fearless: "
     << R.newFindings() << " findings</title>\n<style>" << Style
     << "</style></head><body>\n<h1>" << R.newFindings()
     << (R.newFindings() == 1 ? " finding" : " findings") << "</h1>\n<p class=\"soft\">"
     << R.Analyzed << " of " << R.Units << " units analysed";
  if (R.knownFindings() != 0)
    OS << "; " << R.knownFindings() << " findings are in the baseline";
  OS << ". Fearless " << toolVersion() << ", LLVM " << llvmVersion() << ".</p>\n";
  problems(R, OS);
  if (!Groups.empty()) {
    OS << "<table><tr><th>Check</th><th class=\"n\">Findings</th></tr>\n";
    for (const auto &[Check, Count] : Counts)
      OS << "<tr><td><a href=\"#" << html(Check) << "\">" << html(Check)
         << "</a></td><td class=\"n\">" << Count << "</td></tr>\n";
    OS << "</table>\n";
  }
  SourceText Sources;
  for (const auto &[Check, Folders] : Groups) {
    OS << "<h2 id=\"" << html(Check) << "\">" << html(Check) << "</h2>\n";
    // The page's first paragraph says what the check is about.
    const StringRef About = checkPage(Check).split("\n\n").second.split("\n\n").first;
    OS << "<p class=\"soft\">" << html(About) << "</p>\n";
    for (const auto &[Folder, Found] : Folders) {
      OS << "<h3>" << html(Folder.empty() ? "." : Folder) << "</h3>\n";
      for (const Result *One : Found)
        finding(*One, R, Sources, OS);
    }
  }
  OS << "</body></html>\n";
}
