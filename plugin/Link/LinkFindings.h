// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What only several units together show: races whose two ends, or whose order,
// are in different files, and classes that are marked differently.

#ifndef FEARLESS_LINK_LINKFINDINGS_H
#define FEARLESS_LINK_LINKFINDINGS_H

#include "Link/LinkedProgram.h"

#include "llvm/ADT/StringRef.h"

#include <string>
#include <utility>
#include <vector>

namespace fearless::linking {

/// Places are of LinkedProgram.
struct LinkFinding {
  llvm::StringRef Check;
  flow::Location Loc = 0;
  std::string Message;
  std::vector<std::pair<flow::Location, std::string>> Notes;
  std::string Help;
};

/// The findings of a joined program, each once; those that a unit shows by
/// itself are left out, and so are those at quiet places. Linear in the facts
/// of open functions and what they call.
std::vector<LinkFinding> findingsOf(LinkedProgram &P);

} // namespace fearless::linking

#endif // FEARLESS_LINK_LINKFINDINGS_H
