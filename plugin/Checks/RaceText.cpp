// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Checks/RaceText.h"

#include "llvm/ADT/STLExtras.h"

using namespace fearless;
using namespace fearless::flow;

std::string fearless::waitFor(const SpawnInfo &S) {
  return S.RunAt ? "wait for the task" : "join the thread";
}

static std::string actionOf(const Access &A) {
  return A.IsWrite ? "written" : "read";
}

llvm::StringRef fearless::nounOf(const SpawnInfo &S) {
  return S.RunAt ? "task" : "thread";
}

std::string fearless::nameOf(const SpawnInfo &S) {
  return (S.RunAt ? "the task given to '" : "the thread started by '") + S.Name +
         "'";
}

/// What counts as one object: a variable (a container with all that is in it),
/// or a member of one.
static PlaceId objectOf(PlaceId P, const PlaceTable &Places) {
  const auto &Path = Places.get(P).Path;
  const auto *Member = llvm::find_if(
      Path, [](Projection Step) { return Step.K != Projection::Deref; });
  if (Member == Path.end() || Member->K != Projection::Field)
    return Places.rootOf(P);
  return Places.prefix(P, static_cast<size_t>(Member - Path.begin()) + 1);
}

RaceKey fearless::keyOf(const Race &R, const PlaceTable &Places) {
  return {objectOf(R.InThread.P, Places).Value, R.Thread.Value,
          R.BetweenThreads ? R.Other.Value + 1 : 0};
}

std::string fearless::besideThread(const std::string &Object,
                                   const Access &Here, llvm::StringRef By,
                                   const SpawnInfo &Thread,
                                   const Access &There) {
  return Object + " is " + actionOf(Here) + " here" + By.str() + " while " +
         nameOf(Thread) + " may still run and " +
         (There.IsWrite ? "write" : "read") + " it, and nothing orders them";
}

std::string fearless::inThread(const SpawnInfo &Thread, const Access &There) {
  return "the " + nounOf(Thread).str() +
         (There.IsWrite ? " writes" : " reads") + " it here";
}

RaceText fearless::textOf(const Race &R, const FunctionFacts &F,
                          const PlaceTable &Places) {
  const SpawnInfo &Thread = F.Spawns[R.Thread.Value];
  const Access &Primary = R.Outside, &Second = R.InThread;
  const std::string Object = "'" + Places.name(R.InThread.P) + "'";
  RaceText Out;
  Out.Loc = Primary.Loc;
  if (R.BetweenThreads && R.Other == R.Thread) {
    Out.Loc = Second.Loc;
    Out.Message = Object + " is " + actionOf(Second) + " by several " + nounOf(Thread).str() +
                  "s of '" + Thread.Name + "' at the same time, and nothing orders them";
    if (Primary.Loc != Second.Loc)
      Out.Notes.push_back({Primary.Loc, "it is also " + actionOf(Primary) +
                                            " here, in another of these " +
                                            nounOf(Thread).str() + "s"});
    Out.Notes.push_back(
        {Thread.Loc, Thread.IsMany
                         ? "the callable runs on several threads at once"
                         : "this runs again while earlier " +
                               nounOf(Thread).str() + "s may still run"});
  } else if (R.BetweenThreads) {
    const SpawnInfo &Other = F.Spawns[R.Other.Value];
    Out.Message = Object + " is " + actionOf(Primary) + " by " + nameOf(Other) +
                  " and " + actionOf(Second) +
                  " by another " + nounOf(Thread).str() +
                  " at the same time, and nothing orders them";
    Out.Notes.push_back(
        {Second.Loc, "it is " + actionOf(Second) + " here by " + nameOf(Thread)});
    if (Thread.RunAt && Other.RunAt) {
      Out.Notes.push_back({Thread.Loc, "one task is handed over here"});
      Out.Notes.push_back({Other.Loc, "the other is handed over here; nothing "
                                      "waits for one before the other runs"});
    } else {
      Out.Notes.push_back({Thread.Loc, "one thread starts here"});
      Out.Notes.push_back({Other.Loc, "the other starts here; neither is joined "
                                      "before both run"});
    }
  } else {
    Out.Message = besideThread(Object, Primary, "", Thread, Second);
    Out.Notes.push_back({Second.Loc, inThread(Thread, Second)});
    Out.Notes.push_back(
        {Thread.Loc,
         Thread.RunAt
             ? "the task is handed over here, and nothing waits for it before "
               "the access"
             : "the thread starts here and is not joined before the access"});
  }
  if (Thread.RunAt)
    Out.Notes.push_back({Thread.RunAt, "a thread takes such tasks and runs them "
                                       "here"});
  for (const Access *A : {&Primary, &Second})
    if (A->Through)
      Out.Notes.push_back({A->Through, "reached through this call"});
  Out.Help = "order them: guard both with one mutex, make the object atomic, or " +
             waitFor(Thread) + " first";
  return Out;
}
