// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a virtual call may run: the overrider of an object that was seen being
// made, or else the overriders that the unit has.

#include "Flow/BodyGenerator.h"
#include "Support/LLVMCompat.h"

using namespace clang;
using namespace fearless;
using namespace fearless::flow;
using Arguments = llvm::ArrayRef<const Expr *>;

/// More are no longer followed one by one: the call is taken by its
/// declaration.
static constexpr size_t MaxOverriders = 8;

static void addOverriddenBy(
    const CXXMethodDecl *Base, const CXXMethodDecl *Overrider,
    llvm::DenseMap<const CXXMethodDecl *,
                   llvm::SmallVector<const CXXMethodDecl *, 2>> &Out) {
  for (const CXXMethodDecl *Overridden : Base->overridden_methods()) {
    Out[Overridden->getCanonicalDecl()].push_back(Overrider);
    addOverriddenBy(Overridden, Overrider, Out);
  }
}

llvm::ArrayRef<const CXXMethodDecl *>
Program::overriders(const CXXMethodDecl *Method) {
  if (!Overriders) {
    Overriders.emplace();
    for (const FunctionDecl *Function : U.Functions)
      if (const auto *Overrider = dyn_cast<CXXMethodDecl>(Function);
          Overrider && Overrider->isVirtual() && !isLibrary(Overrider))
        addOverriddenBy(Overrider, Overrider, *Overriders);
  }
  auto Found = Overriders->find(Method->getCanonicalDecl());
  if (Found == Overriders->end())
    return {};
  return Found->second;
}

/// What a reference, or a pointer that is never set again, was made from: a
/// captured one is a stranger to the lambda's own places.
static const VarDecl *referent(const VarDecl *Variable) {
  for (unsigned Depth = 0; Depth != 4; ++Depth) {
    const QualType Type = Variable->getType();
    const bool IsFixed = Type->isReferenceType() ||
                         (Type->isPointerType() && Type.isConstQualified());
    const Expr *Init = IsFixed ? Variable->getInit() : nullptr;
    if (!Init)
      return Variable;
    Init = Init->IgnoreParenImpCasts();
    if (const auto *Address = dyn_cast<UnaryOperator>(Init);
        Address && Address->getOpcode() == UO_AddrOf)
      Init = Address->getSubExpr()->IgnoreParenImpCasts();
    const auto *Name = dyn_cast<DeclRefExpr>(Init);
    const auto *Next = Name ? dyn_cast<VarDecl>(Name->getDecl()) : nullptr;
    if (!Next)
      return Variable;
    Variable = Next;
  }
  return Variable;
}

/// The class of the object itself, when it is seen: that of a variable, which
/// a reference or pointer to a base of it may lead to. Not of *this and of what
/// was passed in.
const CXXRecordDecl *BodyGenerator::dynamicClass(const Expr *Object) {
  const Ref R = Object->getType()->isPointerType() ? Builder.pointee(Object)
                                                   : Builder.place(Object);
  if (R.K != Ref::Known)
    return nullptr;
  const Place &Where = P.places().get(R.P);
  if (Where.Kind != Place::Local && Where.Kind != Place::Global)
    return nullptr;
  const auto *Variable = static_cast<const VarDecl *>(Where.Root);
  if (Where.Path.empty() ||
      (Where.Path.size() == 1 && Where.Path.front().K == Projection::Deref))
    Variable = referent(Variable);
  QualType Type = Variable->getType();
  if (Type->getAsCXXRecordDecl() && Where.Path.size() == 1 &&
      Where.Path.front().K == Projection::Deref)
    return Type->getAsCXXRecordDecl();
  for (const Projection &Step : Where.Path) {
    if (Step.K != Projection::Field)
      return nullptr;
    Type = reinterpret_cast<const FieldDecl *>(Step.Key)->getType();
  }
  return Type->getAsCXXRecordDecl(); // null for references and pointers
}

static bool isQualifiedCall(const Expr *Call) {
  const auto *Member = dyn_cast<CXXMemberCallExpr>(Call);
  const auto *Name =
      Member ? dyn_cast<MemberExpr>(Member->getCallee()->IgnoreParens())
             : nullptr;
  return Name && Name->hasQualifier();
}

/// The function that a call of \p Callee surely runs: another than itself where
/// it is virtual and the object is seen. Null when it may be any.
const FunctionDecl *BodyGenerator::surelyRuns(const Expr *Call,
                                              const FunctionDecl *Callee,
                                              const Expr *Object) {
  const auto *Method = dyn_cast<CXXMethodDecl>(Callee);
  if (!Method || !Method->isVirtual() || Method->hasAttr<FinalAttr>() ||
      Method->getParent()->isEffectivelyFinal())
    return Callee;
  if (Call && isQualifiedCall(Call))
    return Callee;
  const CXXRecordDecl *Class = Object ? dynamicClass(Object) : nullptr;
  if (!Class || !Class->hasDefinition())
    return nullptr;
  return const_cast<CXXMethodDecl *>(Method)->getCorrespondingMethodInClass(
      Class, /*MayBeBase=*/true);
}

bool BodyGenerator::virtualCall(const Expr *Call, const CXXMethodDecl *Callee,
                                const Expr *Object, Arguments Args) {
  if (!Object || !Callee->isVirtual() || isa<CXXDestructorDecl>(Callee) ||
      isLibrary(Callee))
    return false;
  auto Applied = [&](const CXXMethodDecl *Method) {
    const Summary &S = P.summary(Method);
    if (!S.HasBody)
      return false;
    // The class as a whole: of a base without data no more can be said.
    if (isSync(compat::tagType(P.context(), Method->getParent()))) {
      applyOrdered(S, Method, Object, Args, Call);
      return true;
    }
    applySummary(S, Method, Object, Args, Call);
    return true;
  };
  if (const FunctionDecl *Sure = surelyRuns(Call, Callee, Object))
    return Applied(cast<CXXMethodDecl>(Sure));
  // Any of them: what one does is no evidence, unless there is no other.
  llvm::SmallVector<const CXXMethodDecl *, 4> May(P.overriders(Callee));
  if (!compat::isPureVirtual(Callee))
    May.push_back(Callee);
  if (May.empty() || May.size() > MaxOverriders)
    return false;
  if (May.size() == 1)
    return Applied(May.front());
  const size_t Before = Current->size();
  for (const CXXMethodDecl *Method : May)
    Applied(Method);
  auto First = Current->begin() + static_cast<ptrdiff_t>(Before);
  Current->erase(std::remove_if(First, Current->end(),
                                [](const Fact &Each) {
                                  return Each.K != Fact::Read &&
                                         Each.K != Fact::Write;
                                }),
                 Current->end());
  for (size_t I = Before; I != Current->size(); ++I)
    (*Current)[I].Certain = false;
  add(Fact::Unknown, {}, location(Call->getExprLoc()));
  return true;
}
