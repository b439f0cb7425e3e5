// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Annotations/Capabilities.h"

#include "Support/LLVMCompat.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;
using namespace fearless;

namespace {
class Reader {
public:
  explicit Reader(const FunctionDecl *Function) : Function(Function) {}

  template <typename Attribute>
  void add(CapabilityEffect::Kind K, const Attribute *A, bool Shared) {
    add(K, Shared, /*OnTrue=*/true,
        llvm::ArrayRef<Expr *>(A->args_begin(), A->args_size()));
  }

  template <typename Attribute>
  void addTry(const Attribute *A, bool Shared) {
    bool OnTrue = true;
    Expr::EvalResult Success;
    const Expr *E = A->getSuccessValue();
    if (E && !E->isValueDependent() &&
        E->EvaluateAsRValue(Success, Function->getASTContext()) &&
        Success.Val.isInt())
      OnTrue = Success.Val.getInt().getBoolValue();
    add(CapabilityEffect::TryAcquire, Shared, OnTrue,
        llvm::ArrayRef<Expr *>(A->args_begin(), A->args_size()));
  }

  llvm::SmallVector<CapabilityEffect, 1> Out;

private:
  void add(CapabilityEffect::Kind K, bool Shared, bool OnTrue,
           llvm::ArrayRef<Expr *> Arguments) {
    if (Arguments.empty())
      Out.push_back({K, Shared, OnTrue, std::nullopt});
    for (const Expr *E : Arguments) {
      if (isa<CXXThisExpr>(E->IgnoreParenCasts())) {
        Out.push_back({K, Shared, OnTrue, std::nullopt});
        continue;
      }
      Mark M{MarkKind::Requires, nullptr, {}, {}, E};
      for (std::optional<LockPath> &Path : lockPathsOf(M, Function))
        if (Path)
          Out.push_back({K, Shared, OnTrue, std::move(Path)});
    }
  }

  const FunctionDecl *Function;
};
} // namespace

llvm::SmallVector<CapabilityEffect, 1>
fearless::capabilityEffectsOf(const FunctionDecl *Function) {
  Reader R(Function);
  if (!Function->hasAttrs())
    return std::move(R.Out);
  for (const Attr *A : Function->attrs()) {
    if (const auto *Acquire = dyn_cast<AcquireCapabilityAttr>(A))
      R.add(CapabilityEffect::Acquire, Acquire, Acquire->isShared());
    else if (const auto *Release = dyn_cast<ReleaseCapabilityAttr>(A))
      R.add(CapabilityEffect::Release, Release, Release->isShared());
    else if (const auto *Assert = dyn_cast<AssertCapabilityAttr>(A))
      R.add(CapabilityEffect::Assert, Assert, Assert->isShared());
    else if (const auto *Try = dyn_cast<TryAcquireCapabilityAttr>(A))
      R.addTry(Try, Try->isShared());
#if FEARLESS_HAS_OLD_LOCK_ATTRIBUTES
    else if (const auto *Assert = dyn_cast<AssertExclusiveLockAttr>(A))
      R.add(CapabilityEffect::Assert, Assert, false);
    else if (const auto *Assert = dyn_cast<AssertSharedLockAttr>(A))
      R.add(CapabilityEffect::Assert, Assert, true);
    else if (const auto *Try = dyn_cast<ExclusiveTrylockFunctionAttr>(A))
      R.addTry(Try, false);
    else if (const auto *Try = dyn_cast<SharedTrylockFunctionAttr>(A))
      R.addTry(Try, true);
#endif
  }
  return std::move(R.Out);
}
