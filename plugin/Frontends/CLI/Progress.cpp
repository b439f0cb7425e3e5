// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Frontends/CLI/Progress.h"

#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"

#include <algorithm>

using namespace fearless::cli;
using std::chrono::steady_clock;

Progress::Progress(unsigned Total, bool Quiet)
    : Total(Total), Quiet(Quiet),
      Bar(llvm::sys::Process::StandardErrIsDisplayed()),
      Begin(steady_clock::now()) {}

void Progress::done(llvm::StringRef File, unsigned Findings, bool Failed) {
  const std::lock_guard<std::mutex> Lock(Mutex);
  ++Done;
  Found += Findings;
  Broken += Failed;
  if (Quiet)
    return;
  if (!Bar) {
    llvm::errs() << "[" << Done << "/" << Total << "] " << File
                 << (Failed ? ": not analysed" : "") << "\n";
    return;
  }
  // Ten pictures a second are enough, and the last one.
  if (Done != Total && steady_clock::now() - Drawn < std::chrono::milliseconds(100))
    return;
  Drawn = steady_clock::now();
  draw();
}

void Progress::draw() {
  unsigned Columns = llvm::sys::Process::StandardErrColumns();
  if (Columns == 0)
    Columns = 80;
  const auto Passed =
      std::chrono::duration_cast<std::chrono::seconds>(steady_clock::now() - Begin)
          .count();
  const auto Left = Passed * (Total - Done) / Done;
  std::string Text = std::to_string(Done) + "/" + std::to_string(Total) +
                     " units, " + std::to_string(Found) + " findings";
  if (Broken != 0)
    Text += ", " + std::to_string(Broken) + " not analysed";
  const std::string Seconds = std::to_string(Left % 60);
  Text += ", " + std::to_string(Left / 60) + ":" +
          (Seconds.size() == 1 ? "0" : "") + Seconds + " left";
  std::string Picture;
  // At least ten cells, or none on a narrow terminal.
  if (Text.size() + 14 < Columns) {
    const unsigned Cells = std::min<unsigned>(40, Columns - Text.size() - 4);
    const unsigned Full = Cells * Done / Total;
    Picture = "[" + std::string(Full, '#') + std::string(Cells - Full, ' ') + "] ";
  }
  llvm::errs() << "\r\x1b[K" << (Picture + Text).substr(0, Columns - 1);
  llvm::errs().flush();
}

void Progress::finish() {
  const std::lock_guard<std::mutex> Lock(Mutex);
  if (!Quiet && Bar && Done != 0)
    llvm::errs() << "\r\x1b[K";
}
