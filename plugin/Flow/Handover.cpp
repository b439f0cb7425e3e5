// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Read off the code without its order: a variable that is made of something, or
// filled with it, stands for it.

#include "Flow/Handover.h"

#include "Captures/Written.h"
#include "Flow/Accessors.h"
#include "Flow/Program.h"

#include "clang/AST/RecursiveASTVisitor.h"

using namespace clang;
using namespace fearless;
using namespace fearless::flow;

/// The variable of which \p E is all or a part: through members, pointers and
/// accessors.
static const VarDecl *partOf(const Expr *E) {
  for (;;) {
    E = passedOn(E);
    if (const auto *Member = dyn_cast<MemberExpr>(E))
      E = Member->getBase();
    else if (const auto *Op = dyn_cast<UnaryOperator>(E))
      E = Op->getSubExpr();
    else if (const auto *Subscript = dyn_cast<ArraySubscriptExpr>(E))
      E = Subscript->getBase();
    else if (const auto *Call = dyn_cast<CXXMemberCallExpr>(E))
      E = Call->getImplicitObjectArgument();
    else if (const auto *Call = dyn_cast<CXXOperatorCallExpr>(E))
      E = Call->getArg(0);
    else
      break;
  }
  const auto *Name = dyn_cast<DeclRefExpr>(E);
  return Name ? dyn_cast<VarDecl>(Name->getDecl()) : nullptr;
}

/// An assignment, of a built-in or of a class: its two sides.
static std::pair<const Expr *, const Expr *> assignment(const Stmt *S) {
  if (const auto *Op = dyn_cast<BinaryOperator>(S); Op && Op->isAssignmentOp())
    return {Op->getLHS(), Op->getRHS()};
  if (const auto *Op = dyn_cast<CXXOperatorCallExpr>(S);
      Op && Op->isAssignmentOp() && Op->getNumArgs() == 2)
    return {Op->getArg(0), Op->getArg(1)};
  return {nullptr, nullptr};
}

static Ref referred(const Expr *E, PlaceBuilder &Builder) {
  return E->getType()->isPointerType() ? Builder.pointee(E) : Builder.place(E);
}

//===----------------------------------------------------------------------===//
// What a thread runs
//===----------------------------------------------------------------------===//

namespace {
/// Finds what a variable is filled from.
class SourceFinder : public RecursiveASTVisitor<SourceFinder> {
public:
  SourceFinder(const VarDecl *Of) : Of(Of) {}
  llvm::SmallVector<const Expr *, 4> From;

  bool VisitVarDecl(VarDecl *V) {
    if (V == Of && V->getInit())
      From.push_back(V->getInit());
    return true;
  }
  bool VisitCXXForRangeStmt(CXXForRangeStmt *For) {
    if (For->getLoopVariable() == Of)
      From.push_back(For->getRangeInit());
    return true;
  }
  bool VisitStmt(Stmt *S) {
    if (const auto [To, Value] = assignment(S); To && partOf(To) == Of)
      From.push_back(Value);
    return true;
  }
  // queue.pop(task), task.swap(queue.front())
  bool VisitCallExpr(CallExpr *Call) {
    const auto *Member = dyn_cast<CXXMemberCallExpr>(Call);
    const Expr *Object =
        Member ? Member->getImplicitObjectArgument() : nullptr;
    const bool IsFilled = llvm::any_of(
        Call->arguments(), [&](const Expr *E) { return isVariable(E); });
    if (Object && isVariable(Object) && Member->getNumArgs() == 1)
      From.push_back(Member->getArg(0));
    if (!IsFilled || isa<CXXOperatorCallExpr>(Call))
      return true;
    if (Object)
      From.push_back(Call);
    else
      From.append(Call->arg_begin(), Call->arg_end());
    return true;
  }

private:
  bool isVariable(const Expr *E) const {
    E = passedOn(E);
    if (const auto *Op = dyn_cast<UnaryOperator>(E);
        Op && Op->getOpcode() == UO_AddrOf)
      E = passedOn(Op->getSubExpr());
    const auto *Name = dyn_cast<DeclRefExpr>(E);
    return Name && Name->getDecl() == Of;
  }
  const VarDecl *Of;
};

/// The members and variables that an expression names, and the methods that it
/// calls.
class NameFinder : public RecursiveASTVisitor<NameFinder> {
public:
  llvm::SmallVector<const CXXMemberCallExpr *, 2> Calls;
  llvm::SmallVector<const Expr *, 4> Members;
  llvm::SmallVector<const VarDecl *, 4> Variables;
  bool VisitMemberExpr(MemberExpr *E) {
    if (isa<FieldDecl>(E->getMemberDecl()))
      Members.push_back(E);
    return true;
  }
  bool VisitDeclRefExpr(DeclRefExpr *E) {
    if (const auto *V = dyn_cast<VarDecl>(E->getDecl()))
      Variables.push_back(V);
    return true;
  }
  bool VisitCXXMemberCallExpr(CXXMemberCallExpr *Call) {
    if (Call->getMethodDecl())
      Calls.push_back(Call);
    return true;
  }
};

/// What a function returns.
class ReturnFinder : public RecursiveASTVisitor<ReturnFinder> {
public:
  llvm::SmallVector<const Expr *, 2> Values;
  bool TraverseLambdaExpr(LambdaExpr *) { return true; }
  bool VisitReturnStmt(ReturnStmt *Return) {
    if (Return->getRetValue())
      Values.push_back(Return->getRetValue());
    return true;
  }
};

/// Finds the member that a value is taken out of, in a function and the methods
/// that it calls.
class TakenFinder {
public:
  TakenFinder(Program &P, PlaceBuilder &Builder, const FunctionDecl *Function,
              unsigned Depth = 0)
      : P(P), Builder(Builder), Function(Function), Depth(Depth) {}

  void add(const VarDecl *V) {
    const bool IsHere = V && (V->isLocalVarDecl() || isa<ParmVarDecl>(V)) &&
                        !V->isStaticLocal();
    if (IsHere && Seen.insert(V).second)
      Work.push_back(V);
  }
  PlaceId of(const Expr *From, bool MayBeMember);
  PlaceId find();

private:
  PlaceId calledBy(const CXXMemberCallExpr *Call);
  bool losesElements(PlaceId Container);

  Program &P;
  PlaceBuilder &Builder;
  const FunctionDecl *Function;
  const unsigned Depth;
  llvm::SmallVector<const VarDecl *, 4> Work;
  llvm::DenseSet<const VarDecl *> Seen;
};
} // namespace

/// Whether the function takes elements out of \p Container, or all of them.
bool TakenFinder::losesElements(PlaceId Container) {
  class Finder : public RecursiveASTVisitor<Finder> {
  public:
    Finder(PlaceBuilder &Builder, PlaceId Container)
        : Builder(Builder), Container(Container) {}
    bool Found = false;

    bool VisitCallExpr(CallExpr *Call) {
      if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call);
          Member && Member->getMethodDecl() &&
          !isConstForRaces(Member->getMethodDecl()) &&
          is(Member->getImplicitObjectArgument()))
        Found = true;
      // std::move(x), swap(x, y), y.swap(x)
      const FunctionDecl *Callee = Call->getDirectCallee();
      if (Callee && !isa<CXXOperatorCallExpr>(Call))
        for (unsigned I = 0; I != std::min(Callee->getNumParams(), Call->getNumArgs()); ++I) {
          const QualType Type = Callee->getParamDecl(I)->getType();
          Found |= Type->isReferenceType() &&
                   !Type->getPointeeType().isConstQualified() &&
                   is(Call->getArg(I));
        }
      return !Found;
    }

  private:
    bool is(const Expr *E) {
      const Ref R = referred(E, Builder);
      return R.K == Ref::Known && R.P &&
             Builder.places().overlap(R.P, Container) != Overlap::None;
    }
    PlaceBuilder &Builder;
    const PlaceId Container;
  };
  Finder Takes(Builder, Container);
  Takes.TraverseStmt(const_cast<Stmt *>(Function->getBody()));
  return Takes.Found;
}

PlaceId TakenFinder::of(const Expr *From, bool MayBeMember) {
  NameFinder Names;
  Names.TraverseStmt(const_cast<Expr *>(From));
  for (const Expr *Member : Names.Members)
    if (const Ref R = referred(Member, Builder);
        MayBeMember && R.K == Ref::Known && R.P &&
        P.places().get(R.P).Kind == Place::This &&
        Member->getType().getNonReferenceType()->getAsCXXRecordDecl() &&
        losesElements(R.P))
      return R.P;
  for (const CXXMemberCallExpr *Call : Names.Calls)
    if (const PlaceId Found = calledBy(Call))
      return Found;
  for (const VarDecl *V : Names.Variables)
    add(V);
  return {};
}

PlaceId TakenFinder::find() {
  while (!Work.empty() && Seen.size() < 8) {
    const VarDecl *Variable = Work.pop_back_val();
    // What is still held there need not run, as in a list of handlers.
    const bool MayBeMember =
        !Variable->getType()->isReferenceType() || isa<ParmVarDecl>(Variable);
    SourceFinder Sources(Variable);
    Sources.TraverseStmt(const_cast<Stmt *>(Function->getBody()));
    for (const Expr *From : Sources.From)
      if (const PlaceId Found = of(From, MayBeMember))
        return Found;
  }
  return {};
}

/// task = next(), next(task)
PlaceId TakenFinder::calledBy(const CXXMemberCallExpr *Call) {
  const FunctionDecl *Callee = nullptr;
  if (Depth == 2 || !Call->getMethodDecl()->hasBody(Callee) ||
      Program::isLibrary(Callee))
    return {};
  const Expr *Object = Call->getImplicitObjectArgument();
  const Ref On = isa<CXXThisExpr>(passedOn(Object)) ? Ref::known(Builder.self())
                                                    : referred(Object, Builder);
  if (On.K != Ref::Known || P.places().get(On.P).Kind != Place::This)
    return {};
  PlaceBuilder Inner(P.places(), P.solver().models(), Callee);
  TakenFinder Below(P, Inner, Callee, Depth + 1);
  PlaceId Found;
  ReturnFinder Returns;
  Returns.TraverseStmt(const_cast<Stmt *>(Callee->getBody()));
  for (const Expr *Value : Returns.Values)
    if (!Found && Value->getType()->isRecordType())
      Found = Below.of(Value, /*MayBeMember=*/true);
  for (unsigned I = 0; I != Call->getNumArgs() && I < Callee->getNumParams(); ++I)
    if (Seen.count(partOf(Call->getArg(I))))
      Below.add(Callee->getParamDecl(I));
  if (!Found)
    Found = Below.find();
  return Found ? P.ofSelf(Found, Callee, On.P) : PlaceId();
}

PlaceId fearless::flow::takenFrom(const Expr *Callable, Program &P,
                                  PlaceBuilder &Builder,
                                  const FunctionDecl *Function) {
  const VarDecl *Variable = partOf(Callable);
  if (!Variable || !Variable->isLocalVarDecl())
    return {};
  TakenFinder Finder(P, Builder, Function);
  Finder.add(Variable);
  return Finder.find();
}

//===----------------------------------------------------------------------===//
// What a method keeps
//===----------------------------------------------------------------------===//

namespace {
class KeepFinder : public RecursiveASTVisitor<KeepFinder> {
  using Parameters = llvm::SmallVector<const ParmVarDecl *, 4>;

public:
  KeepFinder(PlaceBuilder &Builder, const FunctionDecl *Function,
             llvm::function_ref<const std::vector<KeptParameter> &(
                 const CXXMethodDecl *)>
                 Own)
      : Builder(Builder), Own(Own) {
    for (const ParmVarDecl *Parameter : Function->parameters())
      StandsFor[Parameter].push_back(Parameter);
    if (const auto *Constructor = dyn_cast<CXXConstructorDecl>(Function))
      for (const CXXCtorInitializer *Init : Constructor->inits())
        if (Init->isMemberInitializer() && Init->getInit())
          note(Init->getInit(),
               Builder.field(Builder.selfOf(Function), Init->getMember()),
               Init->getSourceLocation());
  }
  std::vector<KeptParameter> Out;

  bool VisitVarDecl(VarDecl *V) {
    if (V->getInit())
      fill(V, V->getInit());
    return true;
  }
  bool VisitStmt(Stmt *S) {
    const auto [To, Value] = assignment(S);
    if (!To)
      return true;
    if (const VarDecl *V = partOf(To); isObject(V))
      fill(V, Value);
    else
      keep(To, {Value});
    return true;
  }
  bool VisitCXXMemberCallExpr(CXXMemberCallExpr *Call) {
    const Expr *Object = Call->getImplicitObjectArgument();
    const CXXMethodDecl *Callee = Call->getMethodDecl();
    if (!Callee || Callee->isConst())
      return true;
    if (isa<CXXThisExpr>(passedOn(Object))) {
      for (const KeptParameter &Each : Own(Callee))
        if (Each.Parameter->getFunctionScopeIndex() < Call->getNumArgs())
          note(Call->getArg(Each.Parameter->getFunctionScopeIndex()),
               Each.Into, Call->getExprLoc());
    } else if (const VarDecl *V = partOf(Object); isObject(V)) {
      for (const Expr *E : Call->arguments())
        fill(V, E);
    } else {
      keep(Object, {Call->getArgs(), Call->getNumArgs()});
    }
    return true;
  }

private:
  /// A variable that is not another name of something.
  static bool isObject(const VarDecl *V) {
    return V && V->isLocalVarDecl() && !V->getType()->isReferenceType();
  }
  /// The parameters that are in what \p E makes.
  Parameters in(const Expr *E) {
    NameFinder Names;
    Names.TraverseStmt(const_cast<Expr *>(E));
    Parameters Out;
    for (const VarDecl *V : Names.Variables)
      if (auto Found = StandsFor.find(V); Found != StandsFor.end())
        Out.append(Found->second);
    return Out;
  }
  void fill(const VarDecl *V, const Expr *E) {
    if (Parameters In = in(E); !In.empty())
      StandsFor[V].append(In);
  }
  void keep(const Expr *Into, llvm::ArrayRef<const Expr *> Values) {
    const Ref R = referred(Into, Builder);
    if (R.K == Ref::Known && R.P &&
        Builder.places().get(R.P).Kind == Place::This)
      for (const Expr *E : Values)
        note(E, R.P, Into->getExprLoc());
  }
  void note(const Expr *E, PlaceId Into, SourceLocation At) {
    for (const ParmVarDecl *Parameter : in(E))
      if (llvm::none_of(Out, [&](const KeptParameter &Known) {
            return Known.Parameter == Parameter && Known.Into == Into;
          }))
        Out.push_back({Parameter, Into, At.getRawEncoding()});
  }

  PlaceBuilder &Builder;
  llvm::function_ref<const std::vector<KeptParameter> &(const CXXMethodDecl *)>
      Own;
  std::map<const VarDecl *, Parameters> StandsFor;
};
} // namespace

std::vector<KeptParameter> fearless::flow::keptParameters(
    const FunctionDecl *Function, PlaceBuilder &Builder,
    llvm::function_ref<const std::vector<KeptParameter> &(const CXXMethodDecl *)>
        Own) {
  KeepFinder Finder(Builder, Function, Own);
  Finder.TraverseStmt(Function->getBody());
  llvm::sort(Finder.Out, [](const KeptParameter &A, const KeptParameter &B) {
    return A.Parameter->getFunctionScopeIndex() <
           B.Parameter->getFunctionScopeIndex();
  });
  return std::move(Finder.Out);
}
