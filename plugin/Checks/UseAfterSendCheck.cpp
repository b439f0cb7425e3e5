// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// fearless-use-after-send: a use of something that another thread has now.

#include "Checks/Check.h"
#include "Checks/CrossingFinding.h"

#include "clang/AST/ASTContext.h"

using namespace clang;
using namespace fearless;
using namespace fearless::flow;

static Finding finding(const RegionResult &R, const UseAfterSend &Each,
                       bool IsEvident, const PlaceTable &Places) {
  const SendInfo &Send = R.Facts->Sends[Each.Send];
  const Place &Where = Places.get(Each.Use.P);
  // Of a reference the reader knows the name, not the member behind it.
  const auto *Root =
      Where.Kind == Place::Local || Where.Kind == Place::Global
          ? static_cast<const VarDecl *>(Where.Root)
          : nullptr;
  const bool IsReference = Root && Root->getType()->isReferenceType();
  const std::string Used =
      "'" +
      Places.name(IsReference ? Places.rootOf(Each.Use.P) : Each.Use.P) + "'";
  const std::string &Sent = Send.What.empty() ? Used : Send.What;
  const bool IsAgain = Each.Use.Loc == Send.Loc;
  Finding F;
  F.Loc = toLocation(Each.Use.Loc);
  F.Culprit = Root;
  const char *const After = IsEvident
                                ? " is used after it was sent to another thread"
                                : " may be used after it was sent to another "
                                  "thread: no proof that it is not";
  if (IsAgain)
    F.Message = Used + " is sent to another thread again, in a later round of "
                       "the loop";
  else if (Each.IsMovedFrom)
    F.Message = Used + After;
  else
    F.Message = "what " + Used + " refers to" + After;
  if (Each.AliasMade && Sent != Used)
    F.Notes.push_back(
        {toLocation(Each.AliasMade),
         Used + (IsEvident ? " refers" : " may refer") + " to what " + Sent +
             " leads to from here on"});
  F.Notes.push_back({toLocation(Send.Loc),
                     Sent + (Send.IsMove ? " is moved" : " is given") +
                         " to another thread here, by '" + Send.Boundary + "'"});
  if (Send.Through)
    F.Notes.push_back({toLocation(Send.Through), "reached through this call"});
  F.Help = IsAgain ? "send each round an object of its own"
           : Each.IsMovedFrom
               ? "use it before it is sent, or give " + Used +
                     " a new value first"
               : "use it before it is sent, or send a copy that " + Used +
                     " does not lead to";
  F.HelpLoc = F.Loc;
  F.Instantiation = instantiationName(R.Function);
  return F;
}

void UseAfterSendCheck::run(const AnalyzedUnit &U, FindingList &Out) const {
  auto Add = [&](const RegionResult &R, const std::vector<UseAfterSend> &Uses,
                 bool IsEvident) {
    for (const UseAfterSend &Each : Uses) {
      Finding F = finding(R, Each, IsEvident, U.Flow.places());
      F.Check = Name;
      Out.add(std::move(F));
    }
  };
  for (const RegionResult &R : U.Flow.regions()) {
    Add(R, R.Evident, /*IsEvident=*/true);
    if (U.Opts.Mode == Mode::Strict)
      Add(R, R.Possible, /*IsEvident=*/false);
  }
}
