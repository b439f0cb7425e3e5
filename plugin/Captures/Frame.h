// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a coroutine's frame holds across its suspension points: the variables
// and temporaries that are alive there, by the scopes of the source. What was
// moved from, unlocked or reset before is not alive.

#ifndef FEARLESS_CAPTURES_FRAME_H
#define FEARLESS_CAPTURES_FRAME_H

#include "clang/AST/ASTContext.h"
#include "clang/AST/Decl.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"

namespace fearless {

/// One object in the frame.
struct FrameObject {
  /// A parameter or local variable; null for a temporary.
  const clang::VarDecl *Variable = nullptr;
  const clang::Expr *Temporary = nullptr;
  /// Moved from, unlocked or reset on every path to here.
  bool IsGone = false;

  clang::QualType type() const;
  clang::SourceLocation location() const;
};

/// Told in source order; the body of a loop twice, since its second round may
/// find what the first has left.
class FrameObserver {
public:
  virtual ~FrameObserver() = default;
  /// \p At suspends while \p Alive (and what is gone) exist. \p Again: every
  /// path to here has suspended before.
  virtual void suspended(const clang::CoroutineSuspendExpr *At,
                         llvm::ArrayRef<FrameObject> Alive, bool Again) {}
  /// A variable or `this` is named where the coroutine may have been suspended
  /// before.
  virtual void usedAfter(const clang::Expr *Name) {}
};

/// Its body, or null when \p Function is no coroutine or has none in sight.
const clang::CoroutineBodyStmt *coroutineBody(const clang::FunctionDecl *Function);

/// How a coroutine begins, as far as its promise says so with a constant.
enum class CoroutineStart : uint8_t {
  /// In the call, until its first suspension point.
  AtOnce,
  /// When it is first resumed: the call only fills the frame.
  Lazy,
  Unknown,
};
CoroutineStart startOf(const clang::CoroutineBodyStmt *Body);

/// Linear in the body, doubled for each loop around a loop.
void walkFrame(const clang::FunctionDecl *Coroutine, FrameObserver &Observer);

/// An object that may be alive while the coroutine is suspended at Across.
struct HeldObject {
  FrameObject Object;
  const clang::CoroutineSuspendExpr *Across;
  /// Across may be the first point at which the coroutine is suspended.
  bool AtFirst;
  /// Across comes round again, with an object that is alive again.
  bool InLoop = false;
};

/// The parameters, locals and temporaries of \p Coroutine that are alive across
/// a suspension point that is written in its body, each with the first such.
/// With \p Only, those alive across that one.
llvm::SmallVector<HeldObject, 8>
heldAcross(const clang::FunctionDecl *Coroutine,
           const clang::CoroutineSuspendExpr *Only = nullptr);

/// The first place in \p Coroutine that names what \p Wanted accepts (variables
/// and `this`) and where it may have been suspended before, or null.
const clang::Expr *
usedAfterSuspension(const clang::FunctionDecl *Coroutine,
                    llvm::function_ref<bool(const clang::Expr *)> Wanted);
/// The same for a variable.
const clang::Expr *usedAfterSuspension(const clang::FunctionDecl *Coroutine,
                                       const clang::VarDecl *Variable);

/// The call of await_suspend at \p Suspension; null when the awaiter's type is
/// dependent.
const clang::CallExpr *
awaitSuspendCall(const clang::CoroutineSuspendExpr *Suspension);

/// std::move(x).
bool isMove(const clang::CallExpr *Call);

} // namespace fearless

#endif // FEARLESS_CAPTURES_FRAME_H
