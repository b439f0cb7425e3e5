// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What exactly crosses a boundary, and how: each capture of a lambda, each
// argument, the result and the exceptions that come back. One crossing is one
// question to the solver and at most one finding.

#ifndef FEARLESS_CAPTURES_CROSSING_H
#define FEARLESS_CAPTURES_CROSSING_H

#include "Boundaries/Boundary.h"
#include "Captures/Resumption.h"
#include "Traits/TraitSolver.h"

#include "clang/AST/ExprCXX.h"
#include "clang/AST/LambdaCapture.h"

#include <optional>
#include <string>

namespace fearless {

enum class CrossingKind : uint8_t {
  /// [x], [x = expr]
  CaptureByCopy,
  /// [&x], [&x = expr]
  CaptureByReference,
  /// [this]
  CaptureThis,
  /// [*this]
  CaptureStarThis,
  /// An argument that is copied or moved into the thread.
  Argument,
  /// &x, std::ref(x): the object stays and is shared.
  ArgumentByReference,
  /// A function object that is no lambda.
  FunctionObject,
  /// In the frame of a coroutine whose task or handle is handed over: an
  /// argument that it keeps a copy of.
  FrameParameter,
  /// What a parameter of it refers to.
  FrameReference,
  /// The object whose member function it is.
  FrameThis,
  /// A variable or temporary that is alive while it is suspended.
  FrameLocal,
  /// The callable's result.
  Result,
  /// An exception that the callable throws.
  Exception,
};

struct Crossing {
  Crossing(CrossingKind Kind, Goal Needs, std::string Name,
           clang::SourceRange Range)
      : Kind(Kind), Needs(Needs), Name(std::move(Name)), Loc(Range.getBegin()),
        Range(Range) {}

  CrossingKind Kind;
  /// What is asked of it.
  Goal Needs;
  /// What is asked besides: what several threads run is shared by them (Sync),
  /// and each may have a copy (Send).
  std::optional<Goal> NeedsToo;
  /// How messages name it: "'counter'", "'this'", "the result".
  std::string Name;
  /// Where it crosses: the capture or the argument.
  clang::SourceLocation Loc;
  clang::SourceRange Range;
  /// Where the capture is written, when the closure is handed over elsewhere.
  clang::SourceLocation CapturedAt;
  /// The variable that is captured or passed, if it is one.
  const clang::ValueDecl *Variable = nullptr;
  const clang::LambdaCapture *Capture = nullptr;
  /// The closure whose capture it is.
  const clang::CXXRecordDecl *Closure = nullptr;
  const Handed *Item = nullptr;
  /// The address of a thread_local variable: another thread must never have
  /// it, whatever its type.
  bool IsThreadLocal = false;
  /// The coroutine in whose frame it is, or null.
  const clang::FunctionDecl *Coroutine = nullptr;
  /// FrameLocal: the suspension point.
  const clang::CoroutineSuspendExpr *Across = nullptr;
  /// FrameReference: where the coroutine uses it after a suspension.
  clang::SourceLocation UsedAt;
  /// It may not be in the frame yet, or no longer, when that crosses; or it is a
  /// guard, of which fearless-guard knows better whether it holds its lock.
  /// Where proof is asked for it counts all the same.
  bool ForProofOnly = false;
  /// The task or handle that is handed over: a mark or model that calls its
  /// type Send vouches for the frame. The task itself is a crossing as well,
  /// with IsTask, for what is explicitly said against it.
  clang::QualType Task;
  bool IsTask = false;
};

/// Identifies a crossing among all of the unit.
inline const void *crossingKey(const Crossing &C) {
  return C.Capture ? static_cast<const void *>(C.Capture) : C.Item;
}

/// The crossings of \p B in source order; the references into \p B stay valid
/// as long as it does. Linear in captures and arguments, and in the size of
/// the callable's body for the exceptions.
llvm::SmallVector<Crossing, 4> crossingsOf(const Boundary &B,
                                           const TraitSolver &Solver);

/// What is in the frame of R.Coroutine while it goes on elsewhere.
llvm::SmallVector<Crossing, 4> crossingsOf(const Resumption &R,
                                           const TraitSolver &Solver);

/// What the callables of \p B give back to the caller's thread.
llvm::SmallVector<Crossing, 2> resultsOf(const Boundary &B,
                                         const clang::ASTContext &Ctx);

/// The call operator of a closure or function object, or the function itself;
/// null when it is generic or not visible.
const clang::FunctionDecl *calleeOf(const clang::Expr *Callable);

} // namespace fearless

#endif // FEARLESS_CAPTURES_CROSSING_H
