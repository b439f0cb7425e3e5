// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Compiles a function to region facts: what gets to what, what is sent, what is
// used. The counterpart of BodyGenerator for the partition.

#ifndef FEARLESS_FLOW_REGIONGENERATOR_H
#define FEARLESS_FLOW_REGIONGENERATOR_H

#include "Boundaries/Boundary.h"
#include "Flow/Partition.h"
#include "Flow/Reach.h"

#include "clang/Analysis/CFG.h"

namespace fearless::flow {

/// What a function does to the arguments of a call, as far as sends go.
struct RegionSummary {
  struct ParameterSent {
    /// Index of the parameter.
    unsigned Parameter;
    SendInfo Info;
  };
  llvm::SmallVector<ParameterSent, 2> Sent;
};

class RegionGenerator {
public:
  using SummaryOf =
      llvm::function_ref<const RegionSummary &(const clang::FunctionDecl *)>;

  /// \p Summaries answers for functions with a visible body.
  RegionGenerator(const clang::FunctionDecl *Function, const clang::CFG &Graph,
                  Program &P, SummaryOf Summaries)
      : Graph(Graph), P(P), R(Function, P),
        Summaries(Summaries) {}

  RegionFunction run();

private:
  void statement(const clang::Stmt *S);
  void initializer(const clang::CXXCtorInitializer *Init);
  void declaration(const clang::VarDecl *Variable);
  /// \p Target gets the value of \p Value.
  void give(PlaceId Target, const clang::Expr *Value, clang::QualType Type);
  void assign(const clang::Expr *Target, const clang::Expr *Value);
  void touch(const clang::Expr *Lvalue, bool IsWrite, bool IsMild = false,
             bool Certain = true);
  /// What the value of a pointer, owner or view leads to is used.
  void touchReached(const clang::Expr *Pointer, bool IsWrite, bool Certain,
                    clang::SourceLocation Loc);
  void call(const clang::Expr *Call, const clang::FunctionDecl *Callee,
            const clang::Expr *Object,
            llvm::ArrayRef<const clang::Expr *> Arguments);
  /// True when its arguments are seen to.
  bool method(const clang::Expr *Call, const clang::CXXMethodDecl *Method,
              const clang::Expr *Object,
              llvm::ArrayRef<const clang::Expr *> Arguments);
  void argument(const clang::Expr *Call, const clang::FunctionDecl *Callee,
                clang::QualType Parameter, const clang::Expr *Argument);
  void escape(const clang::Expr *Value);
  void mergeAll(const clang::Expr *Into,
                llvm::ArrayRef<const clang::Expr *> Arguments, bool Certain,
                clang::SourceLocation Loc);
  void boundary(const Boundary &B);
  /// \p Value is given away as \p Info says.
  void send(const clang::Expr *Value, const SendInfo &Info, bool Certain,
            bool SharedToo);
  void sendOne(PlaceId What, const clang::Expr *Value, SendInfo Info,
               bool IsMove, bool Certain, bool RegionToo);

  RegionFact &add(RegionFact::Kind K, PlaceId P, clang::SourceLocation Loc) {
    RegionFact Fact;
    Fact.K = K;
    Fact.P = P;
    Fact.Loc = Loc.getRawEncoding();
    Current->push_back(Fact);
    return Current->back();
  }

  const clang::CFG &Graph;
  Program &P;
  Reach R;
  SummaryOf Summaries;
  RegionFunction Out;
  std::vector<RegionFact> *Current = nullptr;
};

} // namespace fearless::flow

#endif // FEARLESS_FLOW_REGIONGENERATOR_H
