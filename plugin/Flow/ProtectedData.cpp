// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Flow/ProtectedData.h"

#include "Captures/Crossing.h"
#include "Flow/Uses.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;
using namespace fearless;
using namespace fearless::flow;

ProtectedData::ProtectedData(const FunctionDecl *Function, const Unit &U,
                             Program &P, bool Strict)
    : Function(Function), U(U), P(P), Strict(Strict),
      SM(P.context().getSourceManager()),
      Builder(P.places(), P.solver().models(), Function),
      Parents(const_cast<Stmt *>(Function->getBody())),
      Spans(lockSpansOf(Function, P.solver().models(), Parents)) {}

//===----------------------------------------------------------------------===//
// Types and syntax
//===----------------------------------------------------------------------===//

bool ProtectedData::isGuard(QualType Type) const {
  return isGuardClass(Type, P.solver().models());
}

bool ProtectedData::isLambda() const {
  const auto *Method = dyn_cast<CXXMethodDecl>(Function);
  return Method && Method->getParent()->isLambda();
}

bool ProtectedData::isSync(QualType Type) {
  Type = Type.getNonReferenceType();
  if (Type->isPointerType())
    Type = Type->getPointeeType();
  Type = Type.getUnqualifiedType();
  if (Type->isDependentType() || Type->isVoidType() || Type->isFunctionType())
    return true;
  return P.solver().solve(Trait::Sync, Type).V == Verdict::Yes;
}

/// The first statement around \p S that does something with its value.
const Stmt *ProtectedData::unusual(const Stmt *S) const {
  const Stmt *Up = parent(S);
  while (isa_and_nonnull<ParenExpr, ExprWithCleanups, CastExpr,
                         MaterializeTemporaryExpr, CXXBindTemporaryExpr>(Up))
    Up = parent(Up);
  return Up;
}

bool ProtectedData::isDiscarded(const Expr *E) const {
  const Stmt *Up = unusual(E);
  if (const auto *If = dyn_cast_or_null<IfStmt>(Up))
    return If->getThen() == E || If->getElse() == E;
  return isa_and_nonnull<CompoundStmt, LabelStmt, CaseStmt>(Up);
}

bool ProtectedData::isBorrow(QualType Type) const {
  if (Type->isReferenceType())
    return !isGuard(Type) && !isLock(Type, P.solver().models());
  if (Type->isPointerType())
    return !Type->isFunctionPointerType() &&
           !isLock(Type, P.solver().models());
  const TypeModel *Model = Builder.modelOf(Type);
  return Model && Model->Kind == TypeKind::View;
}

std::string ProtectedData::kindOf(QualType Type) const {
  if (Type->isReferenceType())
    return "a reference";
  if (Type->isPointerType())
    return "a pointer";
  const auto *Class = Type->getAsCXXRecordDecl();
  return Class && Class->getName().find("iterator") != llvm::StringRef::npos
             ? "an iterator"
             : "a view";
}

const ValueDecl *ProtectedData::hiddenLock(const VarDecl *Variable) const {
  const auto *Construct =
      dyn_cast_or_null<CXXConstructExpr>(Variable->getInit());
  if (!Construct || Construct->getNumArgs() != 0)
    return nullptr;
  auto Find = [&](const DeclContext *In) -> const ValueDecl * {
    for (const NamedDecl *D : In->lookup(Variable->getDeclName()))
      if (const auto *Value = dyn_cast<ValueDecl>(D);
          Value && isLock(Value->getType(), P.solver().models()))
        return Value;
    return nullptr;
  };
  for (const Decl *D : Function->decls())
    if (const auto *Value = dyn_cast<VarDecl>(D);
        Value && Value != Variable &&
        Value->getDeclName() == Variable->getDeclName() &&
        isLock(Value->getType(), P.solver().models()))
      return Value;
  for (const DeclContext *Scope = Function->getDeclContext(); Scope;
       Scope = Scope->getParent())
    if (!Scope->isFunctionOrMethod())
      if (const ValueDecl *Found = Find(Scope))
        return Found;
  return nullptr;
}

//===----------------------------------------------------------------------===//
// Temporary guards
//===----------------------------------------------------------------------===//

const Expr *ProtectedData::temporaryGuard(const Expr *E) const {
  for (unsigned Depth = 0; Depth != 32; ++Depth) {
    if (const auto *Temporary = dyn_cast<MaterializeTemporaryExpr>(E)) {
      if (isGuard(Temporary->getType()) &&
          !isa<CXXConstructExpr>(strip(Temporary)))
        return Temporary->getStorageDuration() == SD_FullExpression
                   ? Temporary->getSubExpr()
                   : nullptr;
      E = Temporary->getSubExpr();
    } else if (const auto *Cast = dyn_cast<CastExpr>(E)) {
      // The value of a pointer that the data holds is another matter.
      if (Cast->getCastKind() == CK_LValueToRValue)
        return nullptr;
      E = Cast->getSubExpr();
    } else if (const auto *Paren = dyn_cast<ParenExpr>(E)) {
      E = Paren->getSubExpr();
    } else if (const auto *Full = dyn_cast<FullExpr>(E)) {
      E = Full->getSubExpr();
    } else if (const auto *Bind = dyn_cast<CXXBindTemporaryExpr>(E)) {
      E = Bind->getSubExpr();
    } else if (const auto *Member = dyn_cast<MemberExpr>(E)) {
      if (!isa<FieldDecl>(Member->getMemberDecl()))
        return nullptr;
      E = Member->getBase();
    } else if (const auto *Op = dyn_cast<UnaryOperator>(E)) {
      E = Op->getSubExpr();
    } else if (const auto *Subscript = dyn_cast<ArraySubscriptExpr>(E)) {
      E = Subscript->getBase();
    } else if (const auto *Call = dyn_cast<CXXOperatorCallExpr>(E)) {
      if (!isBorrow(Call->getCallReturnType(P.context())))
        return nullptr;
      E = Call->getArg(0);
    } else if (const auto *Call = dyn_cast<CXXMemberCallExpr>(E)) {
      // What a user's method gives may lie elsewhere.
      const FunctionDecl *Callee = Call->getDirectCallee();
      if (!Callee || !isBorrow(Call->getCallReturnType(P.context())) ||
          !Call->getImplicitObjectArgument() ||
          !(Strict || Call->isGLValue() || Program::isLibrary(Callee)))
        return nullptr;
      E = Call->getImplicitObjectArgument();
    } else if (const auto *Call = dyn_cast<CallExpr>(E)) {
      // std::move, std::addressof, std::ref.
      if (Call->getNumArgs() != 1 || !Call->getDirectCallee() ||
          !Program::isLibrary(Call->getDirectCallee()) ||
          !Call->getArg(0)->isLValue())
        return nullptr;
      E = Call->getArg(0);
    } else if (const auto *Construct = dyn_cast<CXXConstructExpr>(E)) {
      if (Construct->getNumArgs() == 0 || !isBorrow(Construct->getType()))
        return nullptr;
      E = Construct->getArg(0);
    } else {
      return nullptr;
    }
  }
  return nullptr;
}

std::string ProtectedData::lockOf(const Expr *Guard) const {
  const auto *Call = dyn_cast<CXXMemberCallExpr>(strip(Guard));
  return Call && Call->getImplicitObjectArgument()
             ? spelling(Call->getImplicitObjectArgument(), P.context())
             : std::string();
}

//===----------------------------------------------------------------------===//
// Protected data
//===----------------------------------------------------------------------===//

const LockSpan *ProtectedData::spanOf(const ValueDecl *Lock,
                                      SourceLocation Loc) const {
  for (const LockSpan &Span : Spans)
    if (Lock && Span.Lock == Lock && Span.covers(Loc, SM))
      return &Span;
  return nullptr;
}

/// Steps that stay inside an object: a unique_ptr's object is a part of it.
static bool staysInside(llvm::ArrayRef<Projection> Path, QualType First,
                        const PlaceBuilder &Builder) {
  if (!Path.empty() && Path.front().K == Projection::Deref) {
    const auto *Class = First->getAsCXXRecordDecl();
    if (First->isReferenceType() ||
        !(Class && Class->getIdentifier() && Class->getName() == "unique_ptr"))
      return false;
    Path = Path.drop_front();
  }
  return llvm::none_of(
      Path, [](Projection Step) { return Step.K == Projection::Deref; });
}

std::optional<Protected> ProtectedData::referent(const Expr *E, QualType Type,
                                                 SourceLocation Loc) {
  Ref R = Type->isReferenceType() ? Builder.place(E) : Builder.pointee(E);
  if (R.K != Ref::Known || !R.P)
    return std::nullopt;
  if ((Type->isReferenceType() || Type->isPointerType()) && isSync(Type))
    return std::nullopt;
  const Place Where = P.places().get(R.P);
  Protected Out;
  Out.Name = P.places().name(R.P);
  const auto *Root = Where.Kind == Place::Local || Where.Kind == Place::Global
                         ? static_cast<const VarDecl *>(Where.Root)
                         : nullptr;
  if (Root && Where.Kind == Place::Local && isGuard(Root->getType())) {
    if (isa<ParmVarDecl>(Root) || Root->getType()->isReferenceType() ||
        Root->getDeclContext() != Function ||
        !staysInside(Where.Path, Root->getType(), Builder))
      return std::nullopt;
    Out.Subject = Out.Guard = Root;
    Out.Since = Root->getLocation();
    Out.IsDeclared = true;
    for (const LockSpan &Span : Spans)
      if (Span.Guard == Root)
        Out.LockName = Span.Name;
    Out.Name = Out.LockName.empty() ? "the data of '" + Root->getNameAsString() + "'"
                                    : "the data of '" + Out.LockName + "'";
    return Out;
  }
  // A declared guard on the way.
  for (size_t I = 0; I <= Where.Path.size(); ++I) {
    const ValueDecl *Subject = Root;
    if (I != 0)
      Subject = Where.Path[I - 1].K == Projection::Field
                    ? reinterpret_cast<const FieldDecl *>(Where.Path[I - 1].Key)
                    : nullptr;
    if (!Subject)
      continue;
    llvm::ArrayRef<Projection> Rest = llvm::ArrayRef(Where.Path).drop_front(I);
    for (const Program::GuardMark &G : P.guardsOf(Subject)) {
      if (!G.Lock)
        continue;
      llvm::ArrayRef<Projection> Behind = Rest;
      if (G.Pointee) {
        if (Behind.empty() || Behind.front().K != Projection::Deref)
          continue;
        Behind = Behind.drop_front();
      }
      if (!staysInside(Behind, G.Pointee ? QualType(P.context().VoidTy)
                                         : Subject->getType(),
                       Builder))
        continue;
      Out.Subject = Subject;
      Out.Lock = cast<ValueDecl>(G.Lock->last()->getCanonicalDecl());
      Out.LockName = G.Text;
      Out.Mark = G.Loc;
      Out.IsDeclared = true;
      if (const LockSpan *Span = spanOf(Out.Lock, Loc))
        Out.Since = Span->Begin;
      return Out;
    }
  }
  // A member beside the lock that is held, or a global.
  const ValueDecl *Subject = Root;
  if (Where.Kind == Place::This && !Where.Path.empty() &&
      Where.Path.front().K == Projection::Field)
    Subject = reinterpret_cast<const FieldDecl *>(Where.Path.front().Key);
  else if (Where.Kind != Place::Global || Root->isStaticLocal())
    return std::nullopt;
  if (Subject->getType().isConstQualified() ||
      isLock(Subject->getType(), P.solver().models()) ||
      llvm::any_of(Where.Path, [](Projection Step) {
        return Step.K == Projection::Deref;
      }))
    return std::nullopt;
  for (const LockSpan &Span : Spans) {
    if (!Span.Lock || !Span.covers(Loc, SM))
      continue;
    const bool IsBeside =
        isa<FieldDecl>(Subject)
            ? isa<FieldDecl>(Span.Lock) &&
                  cast<FieldDecl>(Span.Lock)->getParent()->getCanonicalDecl() ==
                      cast<FieldDecl>(Subject)->getParent()->getCanonicalDecl()
            : isa<VarDecl>(Span.Lock) &&
                  cast<VarDecl>(Span.Lock)->hasGlobalStorage();
    if (!IsBeside)
      continue;
    Out.Subject = Subject;
    Out.Lock = Span.Lock;
    Out.LockName = Span.Name;
    Out.Since = Span.Begin;
    return Out;
  }
  return std::nullopt;
}

/// "if (!made) value = make();": the lock guards the making.
bool ProtectedData::looksLazy() const {
  bool Writes = false;
  forEachUse(Function, [&](const ValueDecl *D, const Expr *, Use How) {
    const auto *Variable = dyn_cast<VarDecl>(D);
    Writes |= How == Use::Write && (!Variable || Variable->hasGlobalStorage());
  });
  const auto *Body = dyn_cast<CompoundStmt>(Function->getBody());
  return Writes && Body && llvm::any_of(Body->body(), [](const Stmt *S) {
           return isa<IfStmt>(S);
         });
}

bool ProtectedData::isWrittenElsewhere(const ValueDecl *Subject) const {
  const auto *Canonical = Subject->getCanonicalDecl();
  bool Found = false;
  for (const FunctionDecl *Other : U.Functions) {
    if (Other == Function || isa<CXXConstructorDecl, CXXDestructorDecl>(Other))
      continue;
    forEachUse(Other, [&](const ValueDecl *D, const Expr *, Use How) {
      Found |= D == Canonical && How == Use::Write;
    });
    if (Found)
      return true;
  }
  return false;
}

bool ProtectedData::leavesByReturn(const Protected &What, QualType Type) {
  if (What.Guard)
    return true;
  for (const Mark &M : lockMarksOf(Function))
    if (M.Kind == MarkKind::Requires || M.Kind == MarkKind::RequiresShared)
      return false;
  for (const ParmVarDecl *Parameter : Function->parameters())
    if (isGuard(Parameter->getType()))
      return false;
  if (What.IsDeclared) {
    if (What.Since.isValid())
      return true;
    // Callers that can lock may do so.
    const AccessSpecifier Own = Function->getAccess();
    const AccessSpecifier Lock = What.Lock->getAccess();
    return (Own == AS_public || Own == AS_none) &&
           (Lock == AS_private || Lock == AS_protected);
  }
  const bool Writable = (Type->isReferenceType() || Type->isPointerType()) &&
                        !Type->getPointeeType().isConstQualified();
  return Strict || (Writable && !looksLazy()) ||
         isWrittenElsewhere(What.Subject);
}

bool ProtectedData::isGuardedAlike(const Expr *To, const Protected &What) {
  // A part of what the lock guards is guarded, too: head.next, nodes[0].next.
  for (const Expr *Part = To->IgnoreParenImpCasts(); Part;) {
    if (const ValueDecl *Name = lastName(Part))
      for (const Program::GuardMark &G : P.guardsOf(Name))
        if (G.Lock && G.Lock->last()->getCanonicalDecl() == What.Lock)
          return true;
    if (const auto *Member = dyn_cast<MemberExpr>(Part))
      Part = Member->getBase()->IgnoreParenImpCasts();
    else if (const auto *Element = dyn_cast<ArraySubscriptExpr>(Part))
      Part = Element->getBase()->IgnoreParenImpCasts();
    else if (const auto *Call = dyn_cast<CXXOperatorCallExpr>(Part))
      Part = Call->getArg(0)->IgnoreParenImpCasts();
    else if (const auto *Op = dyn_cast<UnaryOperator>(Part))
      Part = Op->getSubExpr()->IgnoreParenImpCasts();
    else
      Part = nullptr;
  }
  return false;
}

bool ProtectedData::isHeld(const Protected &What, SourceLocation At) const {
  return llvm::any_of(Spans, [&](const LockSpan &Span) {
    return Span.covers(At, SM) && (What.Guard ? Span.Guard == What.Guard
                                              : Span.Lock == What.Lock);
  });
}

bool ProtectedData::isFollowed(const DeclRefExpr *Use) const {
  const Stmt *Up = parent(Use);
  if (Use->getDecl()->getType()->isReferenceType())
    return true;
  while (isa_and_nonnull<ParenExpr, ImplicitCastExpr, MaterializeTemporaryExpr>(
      Up))
    Up = parent(Up);
  if (const auto *Op = dyn_cast_or_null<UnaryOperator>(Up))
    return Op->getOpcode() == UO_Deref;
  if (const auto *Call = dyn_cast_or_null<CXXOperatorCallExpr>(Up))
    return Call->getOperator() == OO_Star || Call->getOperator() == OO_Arrow ||
           Call->getOperator() == OO_Subscript ||
           Call->getOperator() == OO_LessLess;
  return isa_and_nonnull<MemberExpr, ArraySubscriptExpr, ReturnStmt>(Up) ||
         (isa_and_nonnull<CallExpr>(Up) && !isa<CXXOperatorCallExpr>(Up));
}

bool ProtectedData::isOverwritten(const VarDecl *Variable,
                                  llvm::ArrayRef<const DeclRefExpr *> Uses,
                                  SourceLocation From, SourceLocation To) const {
  if (Variable->getType()->isReferenceType())
    return false;
  return llvm::any_of(Uses, [&](const DeclRefExpr *Use) {
    const SourceLocation At = Use->getExprLoc();
    return SM.isBeforeInTranslationUnit(From, At) &&
           SM.isBeforeInTranslationUnit(At, To) &&
           useOf(Use, Parents) != flow::Use::Read;
  });
}

//===----------------------------------------------------------------------===//
// Callbacks
//===----------------------------------------------------------------------===//

namespace {

/// Finds where a function lets the address of a parameter out.
class ParameterTracker : public RecursiveASTVisitor<ParameterTracker> {
public:
  ParameterTracker(const FunctionDecl *Function, const ParmVarDecl *Parameter,
                   Program &P)
      : Function(Function), Parameter(Parameter), P(P),
        Builder(P.places(), P.solver().models(), Function) {}
  SourceLocation Kept, Returned;

  bool TraverseLambdaExpr(LambdaExpr *) { return true; }
  bool VisitBinaryOperator(BinaryOperator *Op) {
    if (Op->getOpcode() == BO_Assign && Op->getType()->isPointerType() &&
        outlives(Op->getLHS()) && isParameter(Op->getRHS(), false))
      Kept = Op->getExprLoc();
    return true;
  }
  bool VisitCXXOperatorCallExpr(CXXOperatorCallExpr *Call) {
    if (Call->getOperator() == OO_Equal && Call->getNumArgs() == 2 &&
        isView(Call->getArg(0)->getType()) && outlives(Call->getArg(0)) &&
        isParameter(Call->getArg(1), false))
      Kept = Call->getExprLoc();
    return true;
  }
  bool VisitCXXMemberCallExpr(CXXMemberCallExpr *Call) {
    const FunctionDecl *Callee = Call->getDirectCallee();
    if (!Callee || !Callee->getIdentifier() || Call->getNumArgs() == 0 ||
        !Call->getImplicitObjectArgument())
      return true;
    const llvm::StringRef Name = Callee->getName();
    if ((Name == "push_back" || Name == "emplace_back" || Name == "insert" ||
         Name == "push") &&
        outlives(Call->getImplicitObjectArgument()))
      for (const Expr *Argument : Call->arguments())
        if ((strip(Argument)->getType()->isPointerType() ||
             isView(strip(Argument)->getType())) &&
            isParameter(Argument, false))
          Kept = Call->getExprLoc();
    return true;
  }
  bool VisitReturnStmt(ReturnStmt *Return) {
    const QualType Type = Function->getReturnType();
    if (Return->getRetValue() &&
        (Type->isReferenceType() || Type->isPointerType() || isView(Type)) &&
        isParameter(Return->getRetValue(), Type->isReferenceType()))
      Returned = Return->getReturnLoc();
    return true;
  }

private:
  bool isView(QualType Type) const {
    const TypeModel *Model = Builder.modelOf(Type);
    return Model && Model->Kind == TypeKind::View;
  }
  bool isParameter(const Expr *E, bool Itself) {
    Ref R = Itself ? Builder.place(E) : Builder.pointee(E);
    if (R.K != Ref::Known || !R.P)
      return false;
    const Place &Where = P.places().get(R.P);
    return Where.Root == Parameter->getCanonicalDecl() &&
           llvm::none_of(
               llvm::ArrayRef(Where.Path)
                   .drop_front(Parameter->getType()->isPointerType() &&
                                       !Where.Path.empty()
                                   ? 1
                                   : 0),
               [](Projection Step) { return Step.K == Projection::Deref; });
  }
  /// The target is a global, a member, or a variable of a function around.
  bool outlives(const Expr *E) const {
    E = strip(E);
    while (true) {
      if (const auto *Op = dyn_cast<UnaryOperator>(E))
        E = strip(Op->getSubExpr());
      else if (const auto *Member = dyn_cast<MemberExpr>(E);
               Member && !isa<CXXThisExpr>(strip(Member->getBase())))
        E = strip(Member->getBase());
      else
        break;
    }
    if (isa<MemberExpr>(E))
      return true;
    const auto *Name = dyn_cast<DeclRefExpr>(E);
    const auto *Variable = Name ? dyn_cast<VarDecl>(Name->getDecl()) : nullptr;
    return Variable && Variable != Parameter &&
           (Variable->hasGlobalStorage() ||
            Variable->getDeclContext() != Function ||
            (isa<ParmVarDecl>(Variable) &&
             Variable->getType()->isReferenceType()));
  }

  const FunctionDecl *Function;
  const ParmVarDecl *Parameter;
  Program &P;
  PlaceBuilder Builder;
};

} // namespace

SourceLocation fearless::flow::keepsParameter(const FunctionDecl *Function,
                                              unsigned Parameter, Program &P) {
  ParameterTracker Tracker(Function, Function->getParamDecl(Parameter), P);
  Tracker.TraverseStmt(Function->getBody());
  return Tracker.Kept;
}

SourceLocation fearless::flow::returnsParameter(const FunctionDecl *Function,
                                                unsigned Parameter,
                                                Program &P) {
  ParameterTracker Tracker(Function, Function->getParamDecl(Parameter), P);
  Tracker.TraverseStmt(Function->getBody());
  return Tracker.Returned;
}

const FunctionDecl *fearless::flow::callbackBody(const Expr *E) {
  E = strip(E);
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(E);
      Construct && Construct->getNumArgs() == 1)
    E = strip(Construct->getArg(0));
  const auto *Lambda = dyn_cast<LambdaExpr>(E);
  if (!Lambda)
    return nullptr;
  if (FunctionTemplateDecl *Generic = Lambda->getDependentCallOperator()) {
    for (FunctionDecl *Instance : Generic->specializations())
      if (!Instance->isDependentContext() && Instance->hasBody())
        return Instance;
    return nullptr;
  }
  return Lambda->getCallOperator();
}
