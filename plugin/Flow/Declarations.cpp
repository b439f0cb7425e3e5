// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What calls do as far as their declarations allow: of code that is not seen,
// and of the standard library, which is known by its rules.

#include "Flow/BodyGenerator.h"

#include "Captures/Crossing.h"
#include "Flow/Accessors.h"

#include "clang/AST/StmtCXX.h"

using namespace clang;
using namespace fearless;
using namespace fearless::flow;
using Arguments = llvm::ArrayRef<const Expr *>;

void BodyGenerator::methodByDeclaration(const Expr *Call,
                                        const CXXMethodDecl *Method,
                                        const Expr *Object) {
  const bool IsArrow = Object->getType()->isPointerType();
  // The class as declared: an inherited method sees only its base.
  QualType Type = IsArrow ? Object->getType()->getPointeeType()
                          : strip(Object)->getType();
  const Location Loc = location(Call->getExprLoc());
  Ref R = IsArrow ? Builder.pointee(Object) : Builder.place(Object);
  if (const auto *Name = dyn_cast<DeclRefExpr>(strip(Object)))
    if (const auto *Variable = dyn_cast<VarDecl>(Name->getDecl());
        Variable && P.solver().models().object(Variable))
      return;
  const bool Library = isLibrary(Method) || Builder.modelOf(Type);
  const bool Reads = Library ? isConstForRaces(Method) : Method->isConst();
  guardedAccess(Object, IsArrow, !Reads, Loc, /*Certain=*/Library);
  const TypeModel *Known = Builder.modelOf(Type);
  const bool IsConcurrent = Known && Known->Kind == TypeKind::Concurrent;
  // What it gives out may be used on several threads at once, for all that is
  // seen here.
  if (IsConcurrent && R.K == Ref::Known && !isSync(Type) &&
      (Call->isGLValue() || Builder.refers(Call->getType())) &&
      !isDiscarded(Call))
    add(Fact::Write, R.P, Loc, /*Certain=*/false);
  if (IsConcurrent || isSync(Type)) {
    // Each operation of a synchronising object may order threads.
    if (R.K != Ref::Known)
      return;
    const TypeModel *Model = Builder.modelOf(Type);
    const bool IsAtomic = Model && Model->Kind == TypeKind::Atomic;
    const bool Loads = IsAtomic && isa<CXXConversionDecl>(Method);
    const bool Stores =
        IsAtomic && Method->getOverloadedOperator() == OO_Equal;
    const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Call);
    synchronize(Call, R.P, !Stores, !Loads,
                Stores && Operator ? Operator->getArg(1) : nullptr, Loc);
    return;
  }
  if (isThread(Type) || isGuard(Type))
    return;
  // Iterators and references to elements read only where the elements are.
  if (R.K == Ref::Known && Library && Reads && isAccessor(Method))
    if (const TypeModel *Model = Builder.modelOf(Type);
        Model && Model->Kind == TypeKind::Container)
      R.P = P.places().project(R.P, {Projection::Structure});
  // Code that is not visible may lock inside.
  if (R.K == Ref::Known)
    accessPlace(R, Type, !Reads, Loc, /*Certain=*/Library);
  else if (R.K == Ref::Unknown && !Library)
    unknown(Call);
  // What a view shows is read with it, unless it only leads there.
  if (const TypeModel *Model = Builder.modelOf(Type);
      Model && Model->Kind == TypeKind::View && Reads && !isAccessor(Method) &&
      Method->getIdentifier())
    if (Ref To = shownBy(Object); To.K == Ref::Known)
      add(Fact::Read, To.P, Loc);
}

/// Whether parameter \p I of \p Callee is a forwarding reference. An lvalue is
/// passed on there as what it is; the library does not write it by itself.
static bool isForwarding(const FunctionDecl *Callee, size_t I) {
  const FunctionTemplateDecl *Template = Callee->getPrimaryTemplate();
  const FunctionDecl *Pattern = Template ? Template->getTemplatedDecl() : nullptr;
  if (!Pattern || Pattern->getNumParams() == 0)
    return false;
  // The last one may be a pack, and take all that is left.
  QualType Type =
      Pattern->getParamDecl(std::min<unsigned>(I, Pattern->getNumParams() - 1))
          ->getType();
  if (const auto *Pack = Type->getAs<PackExpansionType>())
    Type = Pack->getPattern();
  const auto *Reference = Type->getAs<RValueReferenceType>();
  return Reference && !Reference->getPointeeType().hasQualifiers() &&
         Reference->getPointeeType()->getAs<TemplateTypeParmType>();
}

/// Library functions that are declared to take what they could write, and only
/// read it: make_pair(x, y), v.emplace_back(x), std::visit(f, x).
static bool onlyReads(const FunctionDecl *Callee, const Expr *Object, size_t I) {
  if (Callee->getIdentifier() &&
      (Callee->getName() == "get_if" || Callee->getName() == "any_cast" ||
       Callee->getName() == "get"))
    return true;
  // std::istringstream(s) >> x, std::ranges::swap(x, y)
  const auto *Name = dyn_cast_or_null<DeclRefExpr>(Object);
  const bool IsSwap =
      Name && Callee->getOverloadedOperator() == OO_Call &&
      Name->getDecl()->getName().find("swap") != llvm::StringRef::npos;
  return isForwarding(Callee, I) && !IsSwap &&
         Callee->getOverloadedOperator() != OO_GreaterGreater;
}

/// What std::tie makes is used at once: assigned to, or compared. None when it
/// is kept.
static std::optional<bool> isWrittenByTie(const Stmt *Around) {
  if (const auto *Operator = dyn_cast_or_null<CXXOperatorCallExpr>(Around))
    return Operator->getOperator() == OO_Equal;
  if (isa_and_nonnull<CXXRewrittenBinaryOperator>(Around))
    return false;
  return std::nullopt;
}

/// What goes through "...": a buffer to read into, or text.
void BodyGenerator::variadicArgument(const FunctionDecl *Callee,
                                     const Expr *Argument, Location Loc) {
  const Ref To = Builder.pointee(Argument);
  if (To.K != Ref::Known)
    return;
  const llvm::StringRef Name =
      Callee->getIdentifier() ? Callee->getName() : llvm::StringRef();
  const QualType Target = Argument->getType()->getPointeeType();
  if (Name.find("scanf") != llvm::StringRef::npos)
    add(Fact::Write, To.P, Loc);
  else if (Name.find("printf") != llvm::StringRef::npos &&
           Target->isAnyCharacterType())
    add(Fact::Read, To.P, Loc);
  else // printf("%p"), or "%n"
    add(Target.isConstQualified() ? Fact::Read : Fact::Write, To.P, Loc,
        /*Certain=*/false);
}

void BodyGenerator::byDeclaration(const Expr *Call, const FunctionDecl *Callee,
                                  const Expr *Object, Arguments Args) {
  const Location Loc = location(Call->getExprLoc());
  const bool Library = isLibrary(Callee);
  if (const auto *Method = dyn_cast<CXXMethodDecl>(Callee);
      Method && Object && !Method->isStatic())
    methodByDeclaration(Call, Method, Object);
  // std::move and the like only pass a reference on.
  if (Library && Args.size() == 1 && Call->isGLValue() && !Object &&
      Call->getType().getCanonicalType().getUnqualifiedType() ==
          Args[0]->getType().getCanonicalType().getUnqualifiedType())
    return;
  // So does std::get<0>(x), to a part.
  if (const auto *Written = dyn_cast<CallExpr>(Call);
      Written && Builder.isPart(Written))
    return;
  const bool IsTie =
      Library && Callee->getIdentifier() && Callee->getName() == "tie";
  for (size_t I = 0; I != Args.size(); ++I) {
    const Expr *Argument = Args[I];
    if (isa<CXXDefaultArgExpr>(Argument))
      continue;
    if (I >= Callee->getNumParams() && Callee->isVariadic() &&
        Argument->getType()->isPointerType()) {
      variadicArgument(Callee, Argument, Loc);
      continue;
    }
    // A callback: the library runs it before it returns.
    if (const FunctionDecl *Callback = calleeOf(unwrap(Argument))) {
      const auto *Method = dyn_cast<CXXMethodDecl>(Callback);
      const TypeModel *Model =
          Object ? Builder.modelOf(Object->getType()) : nullptr;
      const bool IsLambda = Method && Method->getParent()->isLambda();
      const bool IsKept =
          isa<CXXConstructorDecl>(Callee) ||
          (Model && (Model->Kind == TypeKind::Erased ||
                     Model->Kind == TypeKind::Container));
      if (IsLambda && !Library && !IsKept) {
        // Code that is not seen may run it at once, or later and elsewhere.
        Out.GivenToUnseen.insert(Callback->getCanonicalDecl());
        applyNeeds(P.summary(Callback), Callback, nullptr, {}, Call);
      }
      if (Library && !IsKept && (calleeOf(Argument) || !IsLambda)) {
        // mutex.with(f): f runs under the lock.
        Ref Lock = Object && isSync(strip(Object)->getType())
                       ? synchronizer(Object)
                       : Ref::unknown();
        const bool IsLocked = Lock.K == Ref::Known;
        if (IsLocked)
          add(Fact::Lock, Lock.P, Loc);
        const size_t First = Out.Spawns.size();
        runsCallback(Call, Callee, Argument, Args);
        // scope([&](scope_handle &s) {...}) has joined what was spawned in it.
        for (size_t T = First; T != Out.Spawns.size(); ++T)
          if (Out.Spawns[T].EndsWithScope) {
            Out.Spawns[T].EndsWithScope = false;
            Out.Spawns[T].EndsInCall = true;
          }
        if (IsLocked)
          add(Fact::Unlock, Lock.P, Loc);
        continue;
      }
    }
    QualType Parameter = I < Callee->getNumParams()
                             ? Callee->getParamDecl(I)->getType()
                             : Argument->getType();
    QualType Given = Argument->getType().getNonReferenceType();
    const auto *Class = Given->getAsCXXRecordDecl();
    if (Class && Class->isLambda())
      continue;
    if (isThread(Given) || isGuard(Given))
      continue;
    if (Parameter->isReferenceType()) {
      const QualType Target = Parameter->getPointeeType();
      const bool Writes = !Target.isConstQualified() &&
                          (Parameter->isLValueReferenceType() ||
                           strip(Argument)->isXValue());
      // Whether a user's function that is not visible touches it is not known,
      // except where there is little else to do with a scalar.
      const auto *Constructor = dyn_cast<CXXConstructorDecl>(Callee);
      const bool Certain =
          Library || Given->isScalarType() ||
          (Constructor && Constructor->isCopyOrMoveConstructor());
      // std::ref(x), std::back_inserter(x), std::span(x): who uses the result
      // uses the object.
      if (Library && Call->isPRValue() && Builder.refers(Call->getType()) &&
          !Builder.refers(Given)) {
        const OperationModel *Model = P.solver().models().operation(Callee);
        if (!Model || Model->Does != OperationKind::Refer)
          access(Argument, /*IsWrite=*/false, /*Certain=*/false);
        continue;
      }
      if (IsTie) {
        const std::optional<bool> IsWritten = isWrittenByTie(around(Call));
        access(Argument, IsWritten.value_or(true), IsWritten.has_value());
        continue;
      }
      if (Library && Writes && strip(Argument)->isLValue() &&
          onlyReads(Callee, Object, I)) {
        access(Argument, /*IsWrite=*/false);
        access(Argument, /*IsWrite=*/true, /*Certain=*/false);
        continue;
      }
      if (strip(Argument)->isGLValue())
        access(Argument, Writes && !(Library && Parameter->isRValueReferenceType() &&
                                     !strip(Argument)->isXValue()),
               Certain);
      if (Builder.refers(Given) && !Given->isPointerType() && Library)
        if (const TypeModel *Model = Builder.modelOf(Given);
            Model && Model->Kind == TypeKind::View)
          if (Ref To = shownBy(Argument); To.K == Ref::Known)
            add(Fact::Read, To.P, Loc);
      continue;
    }
    if (Parameter->isPointerType() && !Parameter->isFunctionPointerType()) {
      Ref To = Builder.pointee(Argument);
      const QualType Target = Parameter->getPointeeType();
      const bool Writes =
          !Target.isConstQualified() && !(Library && onlyReads(Callee, Object, I));
      guardedAccess(Argument, /*IsPointee=*/true, Writes, Loc,
                    /*Certain=*/Library && !Target->isVoidType());
      if (To.K == Ref::Known && !Target->isVoidType())
        accessPlace(To, Target, Writes, Loc, Library);
      else if (To.K == Ref::Known)
        add(Target.isConstQualified() ? Fact::Read : Fact::Write, To.P, Loc,
            /*Certain=*/false);
      continue;
    }
    if (const TypeModel *Model = Builder.modelOf(Given);
        Model && Model->Kind == TypeKind::View && !isa<CXXConstructorDecl>(Callee))
      if (Ref To = shownBy(Argument); To.K == Ref::Known)
        add(Fact::Read, To.P, Loc);
  }
}
