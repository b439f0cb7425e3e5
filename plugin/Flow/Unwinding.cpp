// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The ways to a handler: what a throw, or a call that may throw, ends before it
// gets there. Clang's graph has edges for what is written only.

#include "Flow/BodyGenerator.h"
#include "Flow/FactsGenerator.h"

#include "clang/AST/StmtCXX.h"

using namespace clang;
using namespace fearless;
using namespace fearless::flow;

/// Whether a handler may be the one: false only for scalars and enumerations
/// against another type, which no conversion joins ([except.handle]).
static bool mayCatch(const CXXTryStmt *Try, const Expr *Thrown) {
  if (!Thrown)
    return true; // rethrown
  const QualType Type = Thrown->getType().getCanonicalType().getUnqualifiedType();
  for (unsigned I = 0; I != Try->getNumHandlers(); ++I) {
    const QualType Caught = Try->getHandler(I)->getCaughtType();
    if (Caught.isNull())
      return true; // catch (...)
    const QualType Handled = Caught.getNonReferenceType()
                                 .getCanonicalType()
                                 .getUnqualifiedType();
    if (Handled == Type || Handled->isDependentType() ||
        (!Type->isArithmeticType() && !Type->isEnumeralType() &&
         !Handled->isArithmeticType() && !Handled->isEnumeralType()))
      return true;
  }
  return false;
}

/// The variables between \p From and the block of \p Try (of the function without
/// one), the last one first.
void BodyGenerator::endScopes(const Stmt *From, const CXXTryStmt *Try,
                              Location Loc) {
  auto End = [&](const Stmt *Declaration) {
    const auto *Declares = dyn_cast_or_null<DeclStmt>(Declaration);
    if (!Declares)
      return;
    const llvm::SmallVector<const Decl *, 2> Declared(Declares->decls());
    for (const Decl *D : llvm::reverse(Declared))
      if (const auto *Variable = dyn_cast<VarDecl>(D))
        lifetimeEnds(Variable, Loc);
  };
  const Stmt *Inner = From;
  for (const Stmt *Outer = parent(Inner); Outer && Outer != Try;
       Inner = Outer, Outer = parent(Outer)) {
    if (isa<LambdaExpr>(Outer))
      return;
    if (const auto *Block = dyn_cast<CompoundStmt>(Outer)) {
      bool IsBefore = false;
      for (const Stmt *Each : llvm::reverse(Block->body())) {
        if (IsBefore)
          End(Each);
        IsBefore |= Each == Inner;
      }
    } else if (const auto *For = dyn_cast<ForStmt>(Outer)) {
      End(For->getInit());
    } else if (const auto *If = dyn_cast<IfStmt>(Outer)) {
      End(If->getConditionVariableDeclStmt());
      End(If->getInit());
    } else if (const auto *Range = dyn_cast<CXXForRangeStmt>(Outer)) {
      End(Range->getLoopVarStmt());
    }
  }
}

/// The tries in whose block \p At stands, the innermost first.
llvm::SmallVector<const CXXTryStmt *, 2>
BodyGenerator::triesAround(const Stmt *At) const {
  llvm::SmallVector<const CXXTryStmt *, 2> Out;
  for (const Stmt *Inner = At, *Outer = parent(At);
       Outer && !isa<LambdaExpr>(Outer); Inner = Outer, Outer = parent(Outer))
    if (const auto *Try = dyn_cast<CXXTryStmt>(Outer);
        Try && Try->getTryBlock() == Inner)
      Out.push_back(Try);
  return Out;
}

void BodyGenerator::unwind(const CXXThrowExpr *Throw) {
  for (const CXXTryStmt *Try : triesAround(Throw))
    if (mayCatch(Try, Throw->getSubExpr()))
      return endScopes(Throw, Try, location(Throw->getBeginLoc()));
  endScopes(Throw, nullptr, location(Throw->getBeginLoc()));
}

//===----------------------------------------------------------------------===//
// Calls that may throw
//===----------------------------------------------------------------------===//

bool fearless::flow::mayThrow(const FunctionDecl *Callee) {
  if (!Callee)
    return true;
  const auto *Type = Callee->getType()->getAs<FunctionProtoType>();
  if (!Type || Callee->getBuiltinID() != 0 || Callee->isTrivial())
    return Callee->getBuiltinID() == 0 && !Callee->isTrivial();
  return isUnresolvedExceptionSpec(Type->getExceptionSpecType()) ||
         !Type->isNothrow();
}

/// The statement, in a graph that knows where it may throw. A call may throw
/// before it has done anything, and after all of it; a thread that is not
/// started, and one that is waited for, are what they are.
void BodyGenerator::throwing(const Stmt *S) {
  const auto *Call = dyn_cast<CallExpr>(S);
  const auto *Construct = dyn_cast<CXXConstructExpr>(S);
  const FunctionDecl *Callee = Call        ? Call->getDirectCallee()
                               : Construct ? Construct->getConstructor()
                                           : nullptr;
  const auto *Cast = dyn_cast<CXXDynamicCastExpr>(S);
  const bool Throws =
      !Handlers.empty() &&
      (Call || Construct ? mayThrow(Callee)
                         : isa<CXXNewExpr>(S) || (Cast && Cast->isGLValue()));
  if (!Throws)
    return statement(S);
  const OperationModel *Model =
      Callee ? P.solver().models().operation(Callee) : nullptr;
  if (!Model || Model->Does != OperationKind::Join)
    cut(S);
  statement(S);
  if (!Construct && !P.boundaryAt(cast<Expr>(S)))
    cut(S);
}

void BodyGenerator::enter(unsigned Block) {
  Here = Block;
  Current = &Out.Blocks[Block].Facts;
}

unsigned BodyGenerator::newBlock(unsigned From) {
  const unsigned New = static_cast<unsigned>(Out.Blocks.size());
  Out.Blocks.emplace_back();
  Out.Blocks[From].Successors.push_back({New, {}});
  return New;
}

/// Goes on in a new block, with a way from here to the handlers around \p At.
void BodyGenerator::cut(const Stmt *At) {
  if (Here == LastCut && Current->empty())
    return; // as it was
  const auto Tries = triesAround(At);
  if (Tries.empty())
    return;
  const Location Loc = location(At->getBeginLoc());
  const unsigned Next = newBlock(Here);
  unsigned From = Here;
  const Stmt *Inner = At;
  for (const CXXTryStmt *Try : Tries) {
    enter(newBlock(From));
    if (Try == Tries.front())
      Current->push_back(make(Fact::Unwind, {}, Loc));
    endScopes(Inner, Try, Loc);
    bool All = false;
    for (unsigned I = 0; I != Try->getNumHandlers(); ++I) {
      const CXXCatchStmt *Catch = Try->getHandler(I);
      if (auto To = Handlers.find(Catch); To != Handlers.end())
        Out.Blocks[Here].Successors.push_back({To->second, {}});
      All |= Catch->getCaughtType().isNull();
    }
    if (All)
      break;
    From = Here;
    Inner = Try;
  }
  enter(Next);
  LastCut = Next;
}
