// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What marks ask for, as facts: the lock of guarded data where it is accessed,
// the locks of REQUIRES and EXCLUDES where a function is called, also through
// callees; and when a new object becomes known to others, who must lock then.

#include "Flow/BodyGenerator.h"

#include "Captures/Crossing.h"
#include "Flow/Substitution.h"

#include "clang/AST/DeclTemplate.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;
using namespace fearless;
using namespace fearless::flow;
using Arguments = llvm::ArrayRef<const Expr *>;

/// Whether the code around says that no lock is needed: Clang's opt-out, and
/// the source of a move, which nobody uses any more.
bool BodyGenerator::isExempt(PlaceId Owner) {
  if (Function->hasAttr<NoThreadSafetyAnalysisAttr>() ||
      homeOf(Function)->hasAttr<NoThreadSafetyAnalysisAttr>())
    return true;
  const auto *Method = dyn_cast<CXXMethodDecl>(Function);
  const auto *Constructor = dyn_cast<CXXConstructorDecl>(Function);
  if (!Owner || !Method ||
      !((Constructor && Constructor->isMoveConstructor()) ||
        Method->isMoveAssignmentOperator()))
    return false;
  const Place &Root = P.places().get(Owner);
  return Root.Kind == Place::Local && Method->getNumParams() > 0 &&
         Root.Root == Builder.places()
                          .get(Builder.variable(Method->getParamDecl(0)))
                          .Root;
}

void BodyGenerator::addNeed(Need N, Location At) {
  if (N.K != Need::Callback && isExempt(N.Owner))
    return;
  Fact Each = make(Fact::Require, N.Object ? N.Object : N.Lock, At);
  Each.Q = N.Lock;
  Each.Need = static_cast<unsigned>(Out.Needs.size());
  Out.Needs.push_back(std::move(N));
  Current->push_back(std::move(Each));
}

//===----------------------------------------------------------------------===//
// Guarded data
//===----------------------------------------------------------------------===//

void BodyGenerator::guardedAccess(const Expr *E, bool IsPointee, bool IsWrite,
                                  Location Loc, bool Certain) {
  if (!P.hasLockMarks())
    return;
  ExactScope Exact(Builder);
  Ref R = IsPointee ? Builder.pointee(E) : Builder.place(E);
  if (R.K == Ref::Known && R.P)
    guardedPlace(R.P, ~size_t(0), IsWrite, Loc, Certain, nullptr);
}

/// The needs of an access to \p Where: one for each guarded part on the way to
/// it, among its first \p Steps. The rest is a callee's own business.
void BodyGenerator::guardedPlace(PlaceId Where, size_t Steps, bool IsWrite,
                                 Location Loc, bool Certain,
                                 const Access *Inside) {
  PlaceTable &Places = P.places();
  const Place Target = Places.get(Where);
  PlaceId At = Places.rootOf(Where), Owner{};
  const auto *Root = static_cast<const Decl *>(
      Target.Kind == Place::Local || Target.Kind == Place::Global ? Target.Root
                                                                  : nullptr);
  for (size_t I = 0; I <= Target.Path.size(); ++I) {
    const ValueDecl *Subject = nullptr;
    if (I == 0) {
      Subject = dyn_cast_or_null<VarDecl>(Root);
    } else {
      const Projection Step = Target.Path[I - 1];
      const PlaceId Before = At;
      At = Places.project(At, Step, stepName(Step));
      if (Step.K != Projection::Field)
        continue;
      const auto *Field = reinterpret_cast<const FieldDecl *>(Step.Key);
      Subject = Field;
      // The members of a nameless member are members of the object.
      if (I == 1 || Target.Path[I - 2].K != Projection::Field ||
          !reinterpret_cast<const FieldDecl *>(Target.Path[I - 2].Key)
               ->getDeclName()
               .isEmpty())
        Owner = Before;
    }
    if (!Subject || I > Steps)
      continue;
    for (const Program::GuardMark &G : P.guardsOf(Subject)) {
      // What a pointer leads to is guarded by PT_GUARDED_BY alone; the next
      // pointer after that leads out of what is guarded.
      llvm::ArrayRef<Projection> Rest =
          llvm::ArrayRef(Target.Path).drop_front(I);
      const bool Leads = !Rest.empty() && Rest.front().K == Projection::Deref;
      if (Subject->getType()->isReferenceType() && Leads)
        Rest = Rest.drop_front();
      else if (G.Pointee && Leads)
        Rest = Rest.drop_front();
      else if (G.Pointee)
        continue;
      if (llvm::any_of(Rest, [](Projection Step) {
            return Step.K == Projection::Deref;
          }))
        continue;
      Need N;
      N.Exclusive = IsWrite;
      N.Certain = Certain;
      N.Object = G.Pointee ? Builder.deref(At) : At;
      N.Owner = I == 0 ? PlaceId() : Owner;
      if (G.Lock) {
        N.Lock = Builder.lock(*G.Lock, N.Owner);
        N.LockDeclaration = G.Lock->last()->getCanonicalDecl();
      }
      N.LockText = G.Text;
      N.Subject = Subject;
      N.Mark = location(G.Loc);
      N.Loc = Loc;
      N.Home = homeOf(Function);
      N.InLambda = isLambda();
      if (Inside) {
        N.Inside = Inside->Loc;
        N.Locks.append(Inside->Locks.begin(), Inside->Locks.end());
      }
      addNeed(std::move(N), Loc);
    }
  }
}

std::string BodyGenerator::stepName(Projection Step) {
  return Step.K == Projection::Field
             ? reinterpret_cast<const FieldDecl *>(Step.Key)->getNameAsString()
             : std::string();
}

bool BodyGenerator::isLambda() const {
  const auto *Method = dyn_cast<CXXMethodDecl>(Function);
  return Method && Method->getParent()->isLambda();
}

/// The function around all lambdas that \p F is in.
const FunctionDecl *BodyGenerator::homeOf(const FunctionDecl *F) {
  const FunctionDecl *Home = F;
  for (const DeclContext *Scope = F; Scope; Scope = Scope->getParent()) {
    const auto *Method = dyn_cast<CXXMethodDecl>(Scope);
    if (Method && Method->getParent()->isLambda())
      continue;
    if (const auto *Outer = dyn_cast<FunctionDecl>(Scope)) {
      Home = Outer;
      break;
    }
  }
  return Home->getCanonicalDecl();
}

//===----------------------------------------------------------------------===//
// Calls
//===----------------------------------------------------------------------===//

/// REQUIRES and EXCLUDES of a function that is called.
void BodyGenerator::callNeeds(const Expr *Call, const FunctionDecl *Callee,
                              const Expr *Object, Arguments Args) {
  if (!P.hasLockMarks())
    return;
  const MarkList Marks = lockMarksOf(Callee);
  if (Marks.empty())
    return;
  ExactScope Exact(Builder);
  Substitution Sub(*this, Callee, Object, Args);
  const FunctionDecl *Definition = nullptr;
  if (!Callee->hasBody(Definition))
    Definition = Callee;
  for (const Mark &M : Marks)
    for (const std::optional<LockPath> &Path : lockPathsOf(M, Definition)) {
      Need N;
      N.K = M.Kind == MarkKind::Excludes ? Need::Absence : Need::Call;
      N.Exclusive = M.Kind == MarkKind::Requires;
      if (Path) {
        if (Path->OfObject)
          N.Owner = Sub.apply(Builder.selfOf(Definition));
        else if (const auto *Parameter =
                     dyn_cast<ParmVarDecl>(Path->Steps.front()))
          N.Owner = Sub.apply(Builder.referent(Parameter));
        N.Lock = Sub.apply(Builder.lock(*Path, Builder.selfOf(Definition)));
        N.LockDeclaration = Path->last()->getCanonicalDecl();
        N.LockText = Path->Text;
        // REQUIRES(!m), Clang's way to say EXCLUDES.
        if (llvm::StringRef(N.LockText).consume_front("!"))
          N.K = Need::Absence;
      } else {
        N.LockText = M.Text;
      }
      if (N.K == Need::Absence && !N.Lock)
        continue;
      N.Subject = Callee;
      N.Mark = location(M.Attribute->getLocation());
      N.Loc = location(Call->getExprLoc());
      N.Home = homeOf(Function);
      N.InLambda = isLambda();
      addNeed(std::move(N), location(Call->getExprLoc()));
    }
}

/// What a callee could not meet itself: it is a lambda, is given one, or is
/// private and leaves the lock to its callers.
void BodyGenerator::applyNeeds(const Summary &S, const FunctionDecl *Callee,
                               const Expr *Object, Arguments Args,
                               const Expr *Call) {
  if (!P.hasLockMarks())
    return;
  Out.Applied.insert(Callee->getCanonicalDecl());
  const Location Loc = location(Call->getExprLoc());
  ExactScope Exact(Builder);
  Substitution Sub(*this, Callee, Object, Args);
  if (isa<CXXConstructorDecl>(Callee))
    Sub.setObject(destinationOf(Call));
  for (PlaceId Published : S.Publishes)
    add(Fact::Publish, Sub.apply(Published), Loc);
  for (const Need &Each : S.Needs) {
    Need N = Each;
    N.Locks.clear();
    for (const HeldLock &Lock : Each.Locks)
      if (PlaceId Here = Sub.apply(Lock.P))
        N.Locks.push_back({Here, Lock.Shared});
    if (Each.K == Need::Callback) {
      applyCallback(N, Callee, Args, Call);
      continue;
    }
    N.Owner = Sub.apply(Each.Owner);
    N.Object = Sub.apply(Each.Object);
    // The object is the callee's own.
    if (Each.Owner && !N.Owner)
      continue;
    N.Lock = Sub.apply(Each.Lock);
    if (N.Home == Function->getCanonicalDecl())
      N.InLambda = false;
    N.Through.push_back(Loc);
    if (N.Through.size() <= MaxEvidenceDepth)
      addNeed(std::move(N), Loc);
  }
}

/// A callee accesses what it was given by reference, or its object: the guards
/// of that are this function's business.
void BodyGenerator::calleeAccesses(const Summary &S, const FunctionDecl *Callee,
                                   const Expr *Object, Arguments Args,
                                   const Expr *Call) {
  if (!P.hasLockMarks())
    return;
  PlaceTable &Places = P.places();
  ExactScope Exact(Builder);
  Substitution Sub(*this, Callee, Object, Args);
  const PlaceId Self = Builder.selfOf(Callee);
  for (const Access &A : S.E.Accesses) {
    const Place Inside = Places.get(A.P);
    size_t Own = Inside.Path.size();
    if (Inside.Kind == Place::Local) {
      const auto *Parameter = dyn_cast<ParmVarDecl>(
          static_cast<const VarDecl *>(Inside.Root));
      if (!Parameter)
        continue;
      if (!Parameter->getType()->isReferenceType() && Own != 0)
        --Own; // a pointer's own step is the argument's
    } else if (Inside.Kind != Place::This || Inside.Root != Places.get(Self).Root) {
      continue;
    }
    const PlaceId Where = Sub.apply(A.P);
    if (!Where || Where == A.P)
      continue;
    const size_t Steps = Places.get(Where).Path.size();
    if (Steps < Own)
      continue;
    Access Here = A;
    Here.Locks.clear();
    for (const HeldLock &Lock : A.Locks)
      if (PlaceId There = Sub.apply(Lock.P))
        Here.Locks.push_back({There, Lock.Shared});
    guardedPlace(Where, Steps - Own, A.IsWrite, location(Call->getExprLoc()),
                 A.Certain, &Here);
  }
}

/// A callee runs what it was given as argument: its needs are met, or not, by
/// the locks that the callee holds there and those held here.
void BodyGenerator::applyCallback(const Need &Callback,
                                  const FunctionDecl *Callee, Arguments Args,
                                  const Expr *Call) {
  const auto *Parameter = static_cast<const ParmVarDecl *>(Callback.Subject);
  const unsigned Index = Parameter->getFunctionScopeIndex();
  if (Index >= Args.size())
    return;
  const Location Loc = location(Call->getExprLoc());
  if (const ParmVarDecl *Own = erasedParameter(Args[Index])) {
    Need N = Callback;
    N.Subject = Own;
    return addNeed(std::move(N), Loc);
  }
  const FunctionDecl *Run = calleeOf(unwrap(Args[Index]));
  if (!Run)
    return;
  Out.Applied.insert(Run->getCanonicalDecl());
  for (const Need &Each : P.summary(Run).Needs) {
    Need N = Each;
    N.Locks.append(Callback.Locks.begin(), Callback.Locks.end());
    if (N.Home == Function->getCanonicalDecl())
      N.InLambda = false;
    N.Through.push_back(Loc);
    addNeed(std::move(N), Loc);
  }
}

/// The parameter of a type such as std::function that \p E names, or null.
const ParmVarDecl *BodyGenerator::erasedParameter(const Expr *E) const {
  const auto *Name = dyn_cast<DeclRefExpr>(strip(E));
  const auto *Parameter =
      Name ? dyn_cast<ParmVarDecl>(Name->getDecl()) : nullptr;
  if (!Parameter || Parameter->getDeclContext() != Function)
    return nullptr;
  const TypeModel *Model = Builder.modelOf(Parameter->getType());
  return Model && Model->Kind == TypeKind::Erased ? Parameter : nullptr;
}

/// f() on a std::function: what was put into it here, or by the caller.
void BodyGenerator::erasedCall(const Expr *Call, const Expr *Object) {
  if (!P.hasLockMarks())
    return;
  const Location Loc = location(Call->getExprLoc());
  if (const ParmVarDecl *Parameter = erasedParameter(Object)) {
    Need N;
    N.K = Need::Callback;
    N.Subject = Parameter;
    N.Loc = Loc;
    return addNeed(std::move(N), Loc);
  }
  const auto *Name = dyn_cast<DeclRefExpr>(strip(Object));
  const auto *Variable = Name ? dyn_cast<VarDecl>(Name->getDecl()) : nullptr;
  if (!Variable || !Variable->getInit() || Builder.isReassigned(Variable))
    return;
  if (const FunctionDecl *Run = calleeOf(unwrap(Variable->getInit())))
    applyNeeds(P.summary(Run), Run, nullptr, {}, Call);
}

//===----------------------------------------------------------------------===//
// New objects
//===----------------------------------------------------------------------===//

/// Whether the call runs the body that is seen.
bool BodyGenerator::isSeen(const FunctionDecl *Callee,
                           const CXXRecordDecl *Class) {
  if (!Callee || !P.summary(Callee).HasBody)
    return false;
  const auto *Method = dyn_cast<CXXMethodDecl>(Callee);
  return !Method || !Method->isVirtual() || Callee->hasAttr<FinalAttr>() ||
         !Class || Class->isEffectivelyFinal();
}

/// Whether using the object of \p E (a variable or *this) in this place may
/// make it known to other code; calls whose bodies are seen say so themselves.
bool BodyGenerator::isPublishing(const Expr *E) {
  const Stmt *Child = E;
  for (const Stmt *Up = parent(E); Up; Child = Up, Up = parent(Up)) {
    if (isa<ParenExpr, CastExpr, MaterializeTemporaryExpr, ExprWithCleanups,
            CXXBindTemporaryExpr>(Up))
      continue;
    if (const auto *Op = dyn_cast<UnaryOperator>(Up)) {
      if (Op->getOpcode() == UO_Deref || Op->getOpcode() == UO_AddrOf)
        continue;
      return false;
    }
    if (const auto *Member = dyn_cast<MemberExpr>(Up)) {
      if (isa<FieldDecl>(Member->getMemberDecl()))
        return false;
      continue;
    }
    if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Up)) {
      const auto Kind = Operator->getOperator();
      if (Operator->getArg(0) == Child && (Kind == OO_Arrow || Kind == OO_Star))
        continue;
      return !isSeen(Operator->getDirectCallee(), nullptr);
    }
    if (const auto *Call = dyn_cast<CallExpr>(Up)) {
      const FunctionDecl *Callee = Call->getDirectCallee();
      if (Callee && Callee->getIdentifier() && Callee->getName() == "get" &&
          isLibrary(Callee))
        continue;
      const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Callee);
      return !isSeen(Callee, Method ? Method->getParent() : nullptr);
    }
    if (const auto *Construct = dyn_cast<CXXConstructExpr>(Up)) {
      // A copy of the object is another object.
      if (Construct->getConstructor()->isCopyConstructor() &&
          !Builder.refers(Construct->getType()))
        return false;
      return !isSeen(Construct->getConstructor(), nullptr);
    }
    if (const auto *Op = dyn_cast<BinaryOperator>(Up))
      return Op->isAssignmentOp() && Op->getRHS() == Child;
    return !isa<ReturnStmt, IfStmt, WhileStmt, ForStmt, CompoundStmt>(Up);
  }
  return true;
}

void BodyGenerator::publish(const Expr *E) {
  if (!P.hasLockMarks())
    return;
  PlaceId Object{};
  if (isa<CXXThisExpr>(E)) {
    Object = Builder.self();
  } else if (const auto *Variable =
                 dyn_cast<VarDecl>(cast<DeclRefExpr>(E)->getDecl())) {
    Object = Builder.referent(Variable);
    if (!isa<ParmVarDecl>(Variable) && !Out.Fresh.count(Object))
      return;
  }
  if (Object && isPublishing(E))
    add(Fact::Publish, Object, location(E->getExprLoc()));
}

/// Whether all constructors of \p Class are seen and keep *this to themselves.
bool BodyGenerator::constructsQuietly(const CXXRecordDecl *Class) {
  if (!Class || !Class->hasDefinition())
    return false;
  for (const CXXConstructorDecl *Constructor : Class->ctors()) {
    if (!Constructor->isUserProvided())
      continue;
    const Summary &S = P.summary(Constructor);
    if (!S.HasBody)
      return false;
    for (PlaceId Published : S.Publishes)
      if (P.places().get(Published).Kind == Place::This)
        return false;
  }
  return true;
}

/// T object; T *p = new T; auto p = std::make_shared<T>();
void BodyGenerator::freshObject(const VarDecl *Variable) {
  if (!P.hasLockMarks() || Variable->hasGlobalStorage())
    return;
  QualType Type = Variable->getType();
  if (Type->isReferenceType())
    return;
  if (!Builder.refers(Type)) {
    if (constructsQuietly(Type->getAsCXXRecordDecl()))
      Out.Fresh.insert(Builder.referent(Variable));
    return;
  }
  if (Builder.isReassigned(Variable) || !Variable->getInit())
    return;
  const Expr *Init = strip(Variable->getInit());
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(Init);
      Construct && Construct->getNumArgs() >= 1)
    Init = strip(Construct->getArg(0));
  const CXXRecordDecl *Class = nullptr;
  if (const auto *New = dyn_cast<CXXNewExpr>(Init)) {
    Class = New->getAllocatedType()->getAsCXXRecordDecl();
  } else if (const auto *Call = dyn_cast<CallExpr>(Init);
             Call && Call->getDirectCallee() &&
             isLibrary(Call->getDirectCallee())) {
    const FunctionDecl *Maker = Call->getDirectCallee();
    const TemplateArgumentList *Made =
        Maker->getTemplateSpecializationArgs();
    if (Maker->getIdentifier() && Maker->getName().substr(0, 5) == "make_" &&
        Made && Made->size() != 0 &&
        Made->get(0).getKind() == TemplateArgument::Type)
      Class = Made->get(0).getAsType()->getAsCXXRecordDecl();
  }
  if (Class && constructsQuietly(Class))
    Out.Fresh.insert(Builder.referent(Variable));
}

/// A member whose destructor waits for a thread, or a container of those.
static bool holdsThread(QualType Type, const PlaceBuilder &Builder) {
  const TypeModel *Model = Builder.modelOf(Type);
  if (Model && Model->Kind == TypeKind::Thread)
    return true;
  const auto *Spec = dyn_cast_or_null<ClassTemplateSpecializationDecl>(
      Type->getAsCXXRecordDecl());
  return Model && Spec && Spec->getTemplateArgs().size() != 0 &&
         Spec->getTemplateArgs()[0].getKind() == TemplateArgument::Type &&
         holdsThread(Spec->getTemplateArgs()[0].getAsType(), Builder);
}

/// What the function has for itself when it begins: copies of arguments, and
/// the object that it constructs or destroys. The threads of an object that is
/// destroyed know it until they are joined.
void BodyGenerator::freshAtEntry() {
  if (!P.hasLockMarks())
    return;
  for (const ParmVarDecl *Parameter : Function->parameters())
    if (Parameter->getType()->isRecordType() &&
        !Builder.refers(Parameter->getType()))
      Out.Fresh.insert(Builder.variable(Parameter));
  if (!isa<CXXConstructorDecl, CXXDestructorDecl>(Function))
    return;
  Out.Fresh.insert(Builder.self());
  if (isa<CXXDestructorDecl>(Function) &&
      llvm::any_of(cast<CXXMethodDecl>(Function)->getParent()->fields(),
                   [&](const FieldDecl *Field) {
                     return holdsThread(Field->getType(), Builder);
                   }))
    add(Fact::Publish, Builder.self(), location(Function->getLocation()));
}
