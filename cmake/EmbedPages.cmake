# Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# cmake -DOUTPUT=<file.cpp> -DPAGES=<page.md;...> -P EmbedPages.cmake
# Makes the pages of the checks part of the tool: `fearless explain CHECK` and
# the help texts of a SARIF log need no installed documentation.

set(cases "")
foreach(page IN LISTS PAGES)
  get_filename_component(check "${page}" NAME_WE)
  # As numbers: a text may hold what a literal, or CMake, takes for its own.
  file(READ "${page}" bytes HEX)
  string(REGEX REPLACE "(..)" "\\\\x\\1" bytes "${bytes}")
  string(APPEND cases "  if (Check == \"${check}\")\n    return \"${bytes}\";\n")
endforeach()
file(WRITE "${OUTPUT}.new" "// Generated from docs/checks by cmake/EmbedPages.cmake.
#include \"Frontends/CLI/Report.h\"
llvm::StringRef fearless::cli::checkPage(llvm::StringRef Check) {
${cases}  return {};
}
")
file(RENAME "${OUTPUT}.new" "${OUTPUT}")
