// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Flow/RegionGenerator.h"

#include "Captures/Written.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/StringSet.h"

using namespace clang;
using namespace fearless;
using namespace fearless::flow;
using Arguments = llvm::ArrayRef<const Expr *>;

RegionFunction RegionGenerator::run() {
  const unsigned Last = Graph.getNumBlockIDs() - 1;
  auto Number = [&](const CFGBlock *B) { return Last - B->getBlockID(); };
  Out.Blocks.resize(Graph.getNumBlockIDs());
  Out.Exit = Number(&Graph.getExit());
  for (const CFGBlock *B : llvm::reverse(Graph)) {
    RegionBlock &To = Out.Blocks[Number(B)];
    Current = &To.Facts;
    for (const CFGElement &Element : *B) {
      if (std::optional<CFGStmt> S = Element.getAs<CFGStmt>())
        statement(S->getStmt());
      else if (std::optional<CFGInitializer> Init =
                   Element.getAs<CFGInitializer>())
        initializer(Init->getInitializer());
    }
    for (const CFGBlock::AdjacentBlock &Next : B->succs())
      if (const CFGBlock *Reached = Next.getReachableBlock())
        To.Successors.push_back({Number(Reached)});
  }
  return std::move(Out);
}

void RegionGenerator::statement(const Stmt *S) {
  switch (S->getStmtClass()) {
  case Stmt::ImplicitCastExprClass: {
    const auto *Cast = cast<ImplicitCastExpr>(S);
    if (Cast->getCastKind() == CK_LValueToRValue)
      touch(Cast->getSubExpr(), /*IsWrite=*/false);
    break;
  }
  case Stmt::BinaryOperatorClass: {
    const auto *Op = cast<BinaryOperator>(S);
    if (Op->getOpcode() == BO_Assign)
      assign(Op->getLHS(), Op->getRHS());
    break;
  }
  case Stmt::CompoundAssignOperatorClass:
    touch(cast<BinaryOperator>(S)->getLHS(), /*IsWrite=*/true);
    break;
  case Stmt::UnaryOperatorClass:
    if (const auto *Op = cast<UnaryOperator>(S); Op->isIncrementDecrementOp())
      touch(Op->getSubExpr(), /*IsWrite=*/true);
    break;
  case Stmt::CXXDeleteExprClass:
    touchReached(cast<CXXDeleteExpr>(S)->getArgument(), /*IsWrite=*/true,
                 /*Certain=*/true, S->getBeginLoc());
    break;
  case Stmt::CallExprClass: {
    const auto *E = cast<CallExpr>(S);
    call(E, E->getDirectCallee(), nullptr,
         Arguments(E->getArgs(), E->getNumArgs()));
    break;
  }
  case Stmt::CXXMemberCallExprClass: {
    const auto *E = cast<CXXMemberCallExpr>(S);
    call(E, E->getDirectCallee(), E->getImplicitObjectArgument(),
         Arguments(E->getArgs(), E->getNumArgs()));
    break;
  }
  case Stmt::CXXOperatorCallExprClass: {
    const auto *E = cast<CXXOperatorCallExpr>(S);
    Arguments Args(E->getArgs(), E->getNumArgs());
    const FunctionDecl *Callee = E->getDirectCallee();
    const bool IsMember = isa_and_nonnull<CXXMethodDecl>(Callee);
    call(E, Callee, IsMember ? Args.front() : nullptr,
         IsMember ? Args.drop_front() : Args);
    break;
  }
  case Stmt::CXXConstructExprClass:
  case Stmt::CXXTemporaryObjectExprClass: {
    const auto *E = cast<CXXConstructExpr>(S);
    call(E, E->getConstructor(), nullptr,
         Arguments(E->getArgs(), E->getNumArgs()));
    break;
  }
  case Stmt::DeclStmtClass:
    for (const Decl *D : cast<DeclStmt>(S)->decls())
      if (const auto *Variable = dyn_cast<VarDecl>(D))
        declaration(Variable);
    break;
  default:
    break;
  }
}

//===----------------------------------------------------------------------===//
// Values get somewhere
//===----------------------------------------------------------------------===//

void RegionGenerator::give(PlaceId Target, const Expr *Value, QualType Type) {
  Sources From;
  if (Value && (Type->isReferenceType() || R.carries(Type)))
    R.sources(Value, From);
  const SourceLocation Loc = Value ? Value->getExprLoc() : SourceLocation();
  // Its own old value reaches the same as before.
  const bool FromItself =
      llvm::any_of(From, [&](const Source &S) { return S.P == Target; });
  bool IsFirst = !FromItself;
  if (From.empty())
    add(RegionFact::Fresh, Target, Loc);
  for (const Source &S : From) {
    if (S.P == Target)
      continue;
    RegionFact &Fact = add(IsFirst ? RegionFact::Assign : RegionFact::Merge,
                           Target, Loc);
    Fact.Q = S.P;
    Fact.Certain = S.Certain;
    IsFirst = false;
  }
  // What was moved from has nothing any more.
  if (Value && !Type->isReferenceType())
    if (const PlaceId Old = R.movedFrom(Value); Old && Old != Target)
      add(RegionFact::Fresh, Old, Loc);
}

void RegionGenerator::declaration(const VarDecl *Variable) {
  if (Variable->isStaticLocal() || R.boundTo(Variable))
    return;
  give(R.builder().variable(Variable), Variable->getInit(),
       Variable->getType());
}

void RegionGenerator::initializer(const CXXCtorInitializer *Init) {
  if (Init->isAnyMemberInitializer())
    give(R.builder().field(R.builder().self(), Init->getAnyMember()),
         Init->getInit(), Init->getAnyMember()->getType());
}

void RegionGenerator::assign(const Expr *Target, const Expr *Value) {
  const PlaceId Named = R.isReference(Target) ? PlaceId() : R.element(Target);
  if (Named) {
    // Somebody else may look at the variable itself.
    touch(Target, /*IsWrite=*/true, /*IsMild=*/true);
    give(Named, Value, Target->getType());
    return;
  }
  touch(Target, /*IsWrite=*/true, /*IsMild=*/true);
  if (R.carries(Value->getType()))
    mergeAll(Target, Value, /*Certain=*/true, Value->getExprLoc());
  if (const PlaceId Object = R.element(Target))
    add(RegionFact::Fresh, Object, Target->getExprLoc()).Certain = false;
}

void RegionGenerator::mergeAll(const Expr *Into, Arguments Args, bool Certain,
                               SourceLocation Loc) {
  Sources To, From;
  R.sources(Into, To);
  for (const Expr *Argument : Args) {
    const Expr *Inner = peel(Argument);
    if (R.carries(Inner->getType()))
      R.sources(Inner, From);
  }
  for (const Source &A : To)
    for (const Source &B : From)
      if (A.P != B.P) {
        RegionFact &Fact = add(RegionFact::Merge, A.P, Loc);
        Fact.Q = B.P;
        Fact.Certain = Certain && A.Certain && B.Certain;
      }
}

//===----------------------------------------------------------------------===//
// Values are used
//===----------------------------------------------------------------------===//

void RegionGenerator::touchReached(const Expr *Pointer, bool IsWrite,
                                   bool Certain, SourceLocation Loc) {
  Sources Reached;
  R.sources(Pointer, Reached);
  for (const Source &S : Reached) {
    RegionFact &Fact = add(RegionFact::Touch, S.P, Loc);
    Fact.IsWrite = IsWrite;
    Fact.Certain = Certain && S.Certain;
  }
}

void RegionGenerator::touch(const Expr *Lvalue, bool IsWrite, bool IsMild,
                            bool Certain) {
  const SourceLocation Loc = Lvalue->getExprLoc();
  // Who synchronises itself may have been moved from all the same.
  if (!Lvalue->getType()->isRecordType() && R.isSync(Lvalue->getType()))
    return;
  const PlaceId Named = R.element(Lvalue);
  if (!Named) {
    if (const Expr *Pointer = R.followed(Lvalue))
      touchReached(Pointer, IsWrite, Certain, Loc);
    else if (peel(Lvalue)->isGLValue() && !isa<DeclRefExpr>(peel(Lvalue)))
      touchReached(Lvalue, IsWrite, Certain, Loc);
    return;
  }
  // The value of a pointer is its own; what it leads to is not used yet.
  if (!R.isReference(Lvalue) && R.builder().refers(Lvalue->getType()))
    return;
  RegionFact &Fact = add(RegionFact::Touch, Named, Loc);
  Fact.IsWrite = IsWrite;
  Fact.IsMild = IsMild;
  Fact.Certain = Certain;
}

//===----------------------------------------------------------------------===//
// Calls
//===----------------------------------------------------------------------===//

/// A method after which the object has a new value, whatever it had before.
static bool reinitializes(const CXXMethodDecl *Method) {
  if (Method->hasAttr<ReinitializesAttr>())
    return true;
  static const llvm::StringSet<> Names{"clear", "assign", "reset"};
  return Method->getIdentifier() && Names.contains(Method->getName());
}

/// What may be asked of an object that was moved from.
static bool isMild(const CXXMethodDecl *Method) {
  static const llvm::StringSet<> Names{"size", "capacity", "length", "resize",
                                       "swap", "get_id",   "get"};
  return Method->getIdentifier() && Names.contains(Method->getName());
}

/// A question whether there is a value.
static bool asksForValue(const FunctionDecl *Callee) {
  static const llvm::StringSet<> Names{"empty", "has_value", "valid",
                                       "joinable"};
  if (const auto *Conversion = dyn_cast<CXXConversionDecl>(Callee))
    return Conversion->getConversionType()->isBooleanType();
  if (Callee->getIdentifier())
    return Names.contains(Callee->getName());
  return Callee->getOverloadedOperator() == OO_EqualEqual ||
         Callee->getOverloadedOperator() == OO_ExclaimEqual ||
         Callee->getOverloadedOperator() == OO_Exclaim;
}

void RegionGenerator::call(const Expr *Call, const FunctionDecl *Callee,
                           const Expr *Object, Arguments Args) {
  if (const Boundary *B = P.boundaryAt(Call))
    return boundary(*B);
  if (!Callee) {
    for (const Expr *Argument : Args)
      if (R.carries(Argument->getType()))
        touchReached(Argument, /*IsWrite=*/true, /*Certain=*/false,
                     Call->getExprLoc());
    return;
  }
  if (passedThrough(Call))
    return;
  // Who gets the value says what becomes of the old one.
  const auto *Constructor = dyn_cast<CXXConstructorDecl>(Callee);
  if (Constructor && Constructor->isMoveConstructor())
    return;
  if (const auto *Method = dyn_cast<CXXMethodDecl>(Callee);
      Method && Object && !Method->isStatic())
    if (method(Call, Method, Object, Args))
      return;
  // What the callee sends on.
  const FunctionDecl *Definition = nullptr;
  llvm::SmallVector<bool, 8> IsSent(Args.size(), false);
  if (Callee->hasBody(Definition) && !Definition->isDependentContext() &&
      !Program::isLibrary(Definition))
    for (const RegionSummary::ParameterSent &Each : Summaries(Definition).Sent)
      if (Each.Parameter < Args.size() && !IsSent[Each.Parameter]) {
        SendInfo Info = Each.Info;
        Info.Through = Call->getExprLoc().getRawEncoding();
        Info.Key = nullptr;
        IsSent[Each.Parameter] = true;
        send(Args[Each.Parameter], Info, /*Certain=*/true, /*SharedToo=*/true);
      }
  for (size_t I = 0; I != Args.size(); ++I)
    if (!IsSent[I] && !isa<CXXDefaultArgExpr>(Args[I]))
      argument(Call, Callee,
               I < Callee->getNumParams() ? Callee->getParamDecl(I)->getType()
                                          : Args[I]->getType(),
               Args[I]);
}

bool RegionGenerator::method(const Expr *Call, const CXXMethodDecl *Method,
                             const Expr *Object, Arguments Args) {
  const SourceLocation Loc = Call->getExprLoc();
  const bool IsArrow = Object->getType()->isPointerType();
  const PlaceId Named = IsArrow ? PlaceId() : R.element(Object);
  if (isa<CXXThisExpr>(peel(Object))) {
    // It may give the members new values.
    if (!Method->isConst())
      add(RegionFact::Fresh, R.builder().self(), Loc).Certain = false;
    return false;
  }
  if (Method->getOverloadedOperator() == OO_Equal && Args.size() == 1) {
    assign(Object, Args[0]);
    return true;
  }
  const QualType Type =
      IsArrow ? Object->getType()->getPointeeType() : peel(Object)->getType();
  const TypeModel *Model = R.builder().modelOf(Type);
  const bool IsKnown = Model || Program::isLibrary(Method);
  const bool Asks = asksForValue(Method);
  if (Named && Asks)
    add(RegionFact::Ask, Named, Loc);
  if (!IsArrow && Model &&
      (Model->Kind == TypeKind::Owner || Model->Kind == TypeKind::View)) {
    const OverloadedOperatorKind Op = Method->getOverloadedOperator();
    const bool Follows = Op == OO_Star || Op == OO_Arrow || Op == OO_Subscript;
    const bool Reads = Model->Kind == TypeKind::View && Method->getIdentifier() &&
                       !isMild(Method) && !Asks && Method->isConst() &&
                       Method->getReturnType()->isScalarType();
    if (Follows && Named && !R.isReference(Object)) {
      // A pointer that was moved from is null.
      RegionFact &Fact = add(RegionFact::Touch, Named, Loc);
      Fact.Certain = true;
    } else if (Follows || Reads) {
      touchReached(Object, /*IsWrite=*/false, /*Certain=*/true, Loc);
    } else if (Named && reinitializes(Method)) {
      give(Named, Args.empty() ? nullptr : Args[0], Type);
    } else if (Named && Method->getIdentifier() && Method->getName() == "swap") {
      add(RegionFact::Fresh, Named, Loc).Certain = false;
    }
    return false;
  }
  const bool Writes = !Method->isConst();
  if (IsArrow)
    touchReached(Object, Writes, /*Certain=*/true, Loc);
  else
    touch(Object, Writes, Asks || isMild(Method) || reinitializes(Method));
  if (Writes)
    mergeAll(Object, Args, /*Certain=*/IsKnown, Loc);
  if (Named && reinitializes(Method))
    add(RegionFact::Fresh, Named, Loc);
  else if (Named && isMild(Method) && Writes)
    add(RegionFact::Fresh, Named, Loc).Certain = false;
  return false;
}

/// A function that is not understood may keep what \p Value leads to.
void RegionGenerator::escape(const Expr *Value) {
  const PlaceId Elsewhere =
      P.places().root(Place::Opaque, nullptr, "elsewhere");
  Sources From;
  R.sources(Value, From);
  for (const Source &S : From) {
    RegionFact &Fact = add(RegionFact::Merge, S.P, Value->getExprLoc());
    Fact.Q = Elsewhere;
    Fact.Certain = false;
  }
}

void RegionGenerator::argument(const Expr *Call, const FunctionDecl *Callee,
                               QualType Parameter, const Expr *Argument) {
  const SourceLocation Loc = Argument->getExprLoc();
  const bool Library = Program::isLibrary(Callee);
  // Another function has it now; of a constructed object it is part, and who
  // gets that says the rest.
  if (const PlaceId Old = R.movedFrom(Argument)) {
    if (!isa<CXXConstructorDecl>(Callee) && !makes(Callee))
      add(RegionFact::Fresh, Old, Loc).Certain =
          !Parameter->isRValueReferenceType() || Library;
    return;
  }
  const QualType Given = Argument->getType().getNonReferenceType();
  if (!Library && R.carries(Given))
    escape(Argument);
  // Views, owners and pointers: a library that keeps them does not look.
  const bool Refers = R.builder().refers(Given);
  const bool Looks = !Library || !isa<CXXConstructorDecl>(Callee);
  if (Parameter->isReferenceType()) {
    if (!peel(Argument)->isGLValue())
      return;
    if (Refers) {
      if (const PlaceId Named = R.element(Argument);
          Named && Library && asksForValue(Callee))
        add(RegionFact::Ask, Named, Loc);
      touchReached(Argument, /*IsWrite=*/false, /*Certain=*/!Library, Loc);
    } else if (Parameter->getPointeeType().isConstQualified() ||
               (Parameter->isRValueReferenceType() && Library)) {
      touch(Argument, /*IsWrite=*/false);
    } else {
      touch(Argument, /*IsWrite=*/true, /*IsMild=*/true);
      if (const PlaceId Named = R.element(Argument))
        add(RegionFact::Fresh, Named, Loc).Certain = false;
    }
  } else if (Refers && Looks && R.carries(Given)) {
    touchReached(Argument, /*IsWrite=*/false, /*Certain=*/true, Loc);
  }
}

//===----------------------------------------------------------------------===//
// Sends
//===----------------------------------------------------------------------===//

void RegionGenerator::boundary(const Boundary &B) {
  SendInfo Info;
  Info.Boundary = B.Name;
  Info.Loc = B.Call->getExprLoc().getRawEncoding();
  Info.Key = &B;
  if (const auto *Member = dyn_cast<CXXMemberCallExpr>(B.Call))
    if (const Expr *Object = Member->getImplicitObjectArgument();
        !Object->getType()->isPointerType())
      touch(Object, /*IsWrite=*/false);
  for (const Handed &Item : B.Items) {
    Info.IsExclusive = B.IsMarked;
    // What a thread merely borrows or shares is judged by who runs when.
    send(Item.Value, Info, /*Certain=*/!B.IsDeferred,
         /*SharedToo=*/Item.Kind == BoundaryKind::Sending);
  }
}

void RegionGenerator::sendOne(PlaceId What, const Expr *Value, SendInfo Info,
                              bool IsMove, bool Certain, bool RegionToo) {
  const SourceLocation Loc = Value->getExprLoc();
  Info.What = nameOf(Value, P.context());
  Info.P = What;
  Info.IsMove = IsMove;
  if (!Info.Through)
    Info.Loc = Loc.getRawEncoding();
  // Everybody may go on reading what is sent to be read.
  Info.IsExclusive = (Info.IsExclusive && !R.leadsToConst(Value->getType())) ||
                     (IsMove && R.ownsAlone(Value->getType()));
  const unsigned Send = static_cast<unsigned>(Out.Sends.size());
  Out.Sends.push_back(std::move(Info));
  RegionFact &Again = add(RegionFact::Touch, What, Loc);
  Again.Certain = Certain;
  auto Give = [&](RegionFact::Kind K) {
    RegionFact &Fact = add(K, What, Loc);
    Fact.Which = Send;
    Fact.Certain = Certain;
  };
  if (RegionToo)
    Give(RegionFact::Send);
  if (IsMove)
    Give(RegionFact::MoveOut);
}

void RegionGenerator::send(const Expr *Value, const SendInfo &Info,
                           bool Certain, bool SharedToo) {
  const Expr *E = peel(Value);
  if (const PlaceId Old = R.movedFrom(E)) {
    const QualType Type = E->getType();
    sendOne(Old, E, Info, /*IsMove=*/true, Certain,
            SharedToo ? true : R.ownsAlone(Type));
    return;
  }
  auto Each = [&](Arguments Args, bool Known) {
    for (const Expr *Argument : Args)
      if (!isa<CXXDefaultArgExpr>(Argument))
        send(Argument, Info, Certain && Known, SharedToo);
  };
  if (const auto *List = dyn_cast<InitListExpr>(E))
    return Each(Arguments(List->inits().begin(), List->getNumInits()), true);
  if (const auto *Lambda = dyn_cast<LambdaExpr>(E)) {
    for (const LambdaCapture &Capture : Lambda->captures())
      if (Capture.capturesVariable())
        if (const auto *Variable = dyn_cast<VarDecl>(Capture.getCapturedVar());
            Variable && Variable->isInitCapture() && Variable->getInit())
          send(Variable->getInit(), Info, Certain, SharedToo);
  } else if (const auto *Construct = dyn_cast<CXXConstructExpr>(E);
             Construct &&
             !Construct->getConstructor()->isCopyOrMoveConstructor()) {
    return Each(Arguments(Construct->getArgs(), Construct->getNumArgs()),
                R.builder().modelOf(E->getType()) != nullptr);
  } else if (const auto *Make = dyn_cast<CallExpr>(E);
             Make && makes(Make->getDirectCallee())) {
    for (const Expr *Argument : Make->arguments())
      if (!R.copies(Make, Argument))
        Each(Argument, true);
    return;
  }
  if (!SharedToo || (!E->isGLValue() && !R.carries(E->getType())))
    return;
  Sources Shared;
  R.sources(E, Shared);
  for (const Source &S : Shared)
    sendOne(S.P, E, Info, /*IsMove=*/false, Certain && S.Certain,
            /*RegionToo=*/true);
}
