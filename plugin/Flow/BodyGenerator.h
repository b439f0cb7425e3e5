// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The state of generating one function: blocks, spawns, guards. See
// FactsGenerator.h.

#ifndef FEARLESS_FLOW_BODYGENERATOR_H
#define FEARLESS_FLOW_BODYGENERATOR_H

#include "Flow/Facts.h"
#include "Flow/PlaceBuilder.h"
#include "Flow/Program.h"

#include "clang/AST/ParentMap.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Analysis/CFG.h"

namespace fearless::flow {

class Substitution;

class BodyGenerator {
public:
  BodyGenerator(const clang::FunctionDecl *Function, const clang::CFG &Graph,
                Program &P);
  FunctionFacts run();

private:
  // --- Statements (BodyGenerator.cpp) ---
  void entryFacts();
  void exitFacts();
  void element(const clang::CFGElement &Element);
  void statement(const clang::Stmt *S);
  void initializer(const clang::CXXCtorInitializer *Init);
  void endLifetimes();
  void lifetimeEnds(const clang::VarDecl *Variable, Location Loc);
  void declaration(const clang::VarDecl *Variable);

  // --- Exceptions (Unwinding.cpp) ---
  void throwing(const clang::Stmt *S);
  void unwind(const clang::CXXThrowExpr *Throw);
  void endScopes(const clang::Stmt *From, const clang::CXXTryStmt *Try,
                 Location Loc);
  llvm::SmallVector<const clang::CXXTryStmt *, 2>
  triesAround(const clang::Stmt *At) const;
  void enter(unsigned Block);
  unsigned newBlock(unsigned From);
  void cut(const clang::Stmt *At);

  // --- Conditions and loops (Edges.cpp) ---
  void edges(const clang::CFGBlock &From);
  /// The facts that hold where \p Condition was found to be \p Value.
  void holds(const clang::Expr *Condition, bool Value,
             llvm::SmallVectorImpl<Fact> &Into);
  const clang::CallExpr *startCall(const clang::Expr *E) const;
  const clang::CallExpr *failedStart(const clang::Expr *Condition,
                                     bool Value) const;
  /// What a loop has joined when it is left.
  void loopEnds(const clang::Stmt *Loop, llvm::SmallVectorImpl<Fact> &Into);
  /// A flag that is known to be true, or false: releasing one value of it is
  /// not acquired by seeing the other.
  PlaceId truthOf(PlaceId Flag, bool Value);
  const clang::Expr *flagRead(const clang::CallExpr *Call) const;
  bool decidesBranch(const clang::Expr *E) const;
  const clang::DeclRefExpr *indexIn(const clang::Expr *Element) const;
  const clang::VarDecl *variableIn(const clang::Expr *Element) const;
  uint64_t extentOf(const clang::Expr *Element) const;
  struct Elements {
    PlaceId Container, All;
  };
  std::optional<Elements> elementsOf(PlaceId Element);
  PlaceId inAllRounds(const clang::Expr *Element, PlaceId Touched);
  bool isForAll(const clang::Stmt *Loop, const clang::CallExpr *Join);
  bool visitsAll(const clang::Stmt *Loop, const clang::Expr *Object,
                 PlaceId Container);

  // --- Calls (CallEffects.cpp, Declarations.cpp) ---
  void call(const clang::Expr *Call, const clang::FunctionDecl *Callee,
            const clang::Expr *Object,
            llvm::ArrayRef<const clang::Expr *> Arguments);
  /// Whether the call was followed to overriders (VirtualCalls.cpp).
  bool virtualCall(const clang::Expr *Call, const clang::CXXMethodDecl *Callee,
                   const clang::Expr *Object,
                   llvm::ArrayRef<const clang::Expr *> Arguments);
  const clang::CXXRecordDecl *dynamicClass(const clang::Expr *Object);
  PlaceId onceOf(const clang::FunctionDecl *Callee,
                 llvm::ArrayRef<const clang::Expr *> Arguments);
  void operation(const OperationModel &Model, const clang::Expr *Call,
                 const clang::Expr *Object,
                 llvm::ArrayRef<const clang::Expr *> Arguments);
  void synchronize(const clang::Expr *Call, PlaceId Object, bool Acquires,
                   bool Releases, const clang::Expr *Stored, Location Loc);
  bool isRelaxed(const clang::CallExpr *Call) const;
  Ref synchronizer(const clang::Expr *E);
  PlaceId promiseOf(const clang::Expr *Future);
  void byDeclaration(const clang::Expr *Call, const clang::FunctionDecl *Callee,
                     const clang::Expr *Object,
                     llvm::ArrayRef<const clang::Expr *> Arguments);
  void variadicArgument(const clang::FunctionDecl *Callee,
                        const clang::Expr *Argument, Location Loc);
  void methodByDeclaration(const clang::Expr *Call,
                           const clang::CXXMethodDecl *Method,
                           const clang::Expr *Object);
  void applySummary(const Summary &S, const clang::FunctionDecl *Callee,
                    const clang::Expr *Object,
                    llvm::ArrayRef<const clang::Expr *> Arguments,
                    const clang::Expr *Call);
  /// \p Call is null for calls that are not written: destructors.
  void applyEffects(const Summary &S, Substitution &Sub,
                    const clang::Expr *Call, Location Loc);

  /// The callee's places seen from here, for a call that is written.
  Substitution substitutionFor(const clang::Expr *Call,
                               const clang::FunctionDecl *Callee,
                               const clang::Expr *Object,
                               llvm::ArrayRef<const clang::Expr *> Arguments);

  // --- Calls that other units know more of (CallSites.cpp) ---
  const clang::FunctionDecl *surelyRuns(const clang::Expr *Call,
                                        const clang::FunctionDecl *Callee,
                                        const clang::Expr *Object);
  /// Notes a call, unless this unit knows all of it. The facts up to callEnds()
  /// are what is known without the other units.
  std::optional<unsigned>
  noteCall(const clang::Expr *Call, const clang::FunctionDecl *Callee,
           const clang::Expr *Object,
           llvm::ArrayRef<const clang::Expr *> Arguments, bool OrdersItself);
  std::optional<unsigned> noteCall(CallSite Site, Location Loc);
  void callEnds(std::optional<unsigned> Noted);

  // --- Ranges (RangeFacts.cpp) ---
  Ref range(const clang::Expr *First, const clang::Expr *Last);
  Ref shownBy(const clang::Expr *View);
  Ref elementsOfRange(const clang::Expr *E);
  Ref givenToCallback(const clang::FunctionDecl *Callee,
                      const clang::Expr *Callback,
                      llvm::ArrayRef<const clang::Expr *> Arguments);
  void rangeOperation(const OperationModel &Model, const clang::Expr *Call,
                      llvm::ArrayRef<const clang::Expr *> Arguments);
  bool runsCallback(const clang::Expr *Call, const clang::FunctionDecl *Callee,
                    const clang::Expr *Argument,
                    llvm::ArrayRef<const clang::Expr *> Arguments);

  // --- Locks (LockFacts.cpp) ---
  /// What a guard object holds, by its initialiser.
  struct Guard {
    llvm::SmallVector<PlaceId, 2> Locks;
    enum When : uint8_t { Now, Later, IfFree, Adopted };
    When Takes = Later;
    bool Shared = false;
  };
  Guard guardMadeBy(const clang::Expr *Init);
  const Guard &guardOf(const clang::VarDecl *Variable);
  /// The guard variable that an expression names, through references.
  const clang::VarDecl *guardVariable(const clang::Expr *E) const;
  void noteLock(PlaceId Lock);
  void take(const Guard &G, PlaceId Owner, Location Loc);
  void guardDeclared(const clang::VarDecl *Variable);
  void guardReturned(const clang::Expr *Value);
  bool guardCall(const clang::Expr *Call, const clang::FunctionDecl *Callee,
                 const clang::Expr *Object,
                 llvm::ArrayRef<const clang::Expr *> Arguments);
  void lockOperation(OperationKind Does, const clang::Expr *E,
                     const clang::Expr *Call);
  bool lockCall(const clang::Expr *Call, const clang::FunctionDecl *Callee,
                const clang::Expr *Object,
                llvm::ArrayRef<const clang::Expr *> Arguments);
  void applyLockOperations(const Summary &S, const clang::FunctionDecl *Callee,
                           const clang::Expr *Object,
                           llvm::ArrayRef<const clang::Expr *> Arguments,
                           const clang::Expr *Call);
  void applyBesides(const Summary &S, const clang::FunctionDecl *Callee,
                    const clang::Expr *Object,
                    llvm::ArrayRef<const clang::Expr *> Arguments,
                    const clang::Expr *Call);
  /// A call of an object that synchronises itself: its accesses are ordered,
  /// but it may lock for its caller.
  void applyOrdered(const Summary &S, const clang::FunctionDecl *Callee,
                    const clang::Expr *Object,
                    llvm::ArrayRef<const clang::Expr *> Arguments,
                    const clang::Expr *Call);
  /// What a callee locks, for itself.
  void applyTaken(const Summary &S, const clang::FunctionDecl *Callee,
                  const clang::Expr *Object,
                  llvm::ArrayRef<const clang::Expr *> Arguments,
                  const clang::Expr *Call);
  /// The facts that hold where \p Condition was found to be \p Value.
  void assume(const clang::Expr *Condition, bool Value,
              llvm::SmallVectorImpl<Fact> &Into);
  void assumeCall(const clang::CallExpr *Call, bool Success,
                  llvm::SmallVectorImpl<Fact> &Into);
  void requiredLocks();
  bool isDiscarded(const clang::Expr *E) const;

  // --- Needs (NeedFacts.cpp) ---
  void addNeed(Need N, Location At);
  bool isExempt(PlaceId Owner);
  void guardedAccess(const clang::Expr *E, bool IsPointee, bool IsWrite,
                     Location Loc, bool Certain);
  void guardedPlace(PlaceId Where, size_t Steps, bool IsWrite, Location Loc,
                    bool Certain, const Access *Inside);
  void calleeAccesses(const Summary &S, const clang::FunctionDecl *Callee,
                      const clang::Expr *Object,
                      llvm::ArrayRef<const clang::Expr *> Arguments,
                      const clang::Expr *Call);
  bool isLambda() const;
  static std::string stepName(Projection Step);
  static const clang::FunctionDecl *homeOf(const clang::FunctionDecl *F);
  void callNeeds(const clang::Expr *Call, const clang::FunctionDecl *Callee,
                 const clang::Expr *Object,
                 llvm::ArrayRef<const clang::Expr *> Arguments);
  void applyNeeds(const Summary &S, const clang::FunctionDecl *Callee,
                  const clang::Expr *Object,
                  llvm::ArrayRef<const clang::Expr *> Arguments,
                  const clang::Expr *Call);
  void applyCallback(const Need &Callback, const clang::FunctionDecl *Callee,
                     llvm::ArrayRef<const clang::Expr *> Arguments,
                     const clang::Expr *Call);
  const clang::ParmVarDecl *erasedParameter(const clang::Expr *E) const;
  void erasedCall(const clang::Expr *Call, const clang::Expr *Object);

  // --- Callables that somebody gave (Callbacks.cpp) ---
  const clang::VarDecl *givenCallable(const clang::Expr *E) const;
  void isDone(const clang::Expr *Callable, Location Loc);
  void callsBack(const clang::Expr *Call, const clang::Expr *Callable,
                 llvm::ArrayRef<const clang::Expr *> Arguments);

  // --- What is handed to running threads (TaskFacts.cpp) ---
  void runsTaken(const clang::Expr *Callable, Location Loc);
  void runsKept(std::vector<Access> &Body);
  bool isStarted(const clang::Expr *Object, const Executor &By,
                 const clang::Expr *Before) const;
  bool isMadeWithOne(const clang::Expr *Object) const;
  /// A method of an object that has threads to run callables.
  void tasks(const clang::Expr *Call, const clang::FunctionDecl *Callee,
             const clang::Expr *Object,
             llvm::ArrayRef<const clang::Expr *> Arguments);

  bool isSeen(const clang::FunctionDecl *Callee,
              const clang::CXXRecordDecl *Class);
  bool isPublishing(const clang::Expr *E);
  void publish(const clang::Expr *E);
  bool constructsQuietly(const clang::CXXRecordDecl *Class);
  void freshObject(const clang::VarDecl *Variable);
  void freshAtEntry();

  // --- Threads (SpawnFacts.cpp) ---
  void spawn(const Boundary &B);
  SpawnInfo threadOf(const Boundary &B);
  const clang::Expr *referredCallable(const clang::Expr *Run, bool &Shared,
                                      PlaceId &Task);
  /// What was put into a std::function on the spot.
  const clang::Expr *unwrap(const clang::Expr *E) const;
  void convertedInside(const clang::FunctionDecl *Body,
                       llvm::ArrayRef<const clang::Expr *> Arguments,
                       SpawnInfo &Into);
  void bodyOf(const Handed &Callable, llvm::ArrayRef<const Handed *> Data,
              SpawnInfo &Out);
  void unknownBody(const clang::Expr *Run,
                   llvm::ArrayRef<const clang::Expr *> Arguments, Location Loc,
                   SpawnInfo &Into);
  bool isBorrowable(PlaceId Where) const;
  bool isShared(PlaceId Where) const;
  void impliedBorrows(SpawnInfo &Into, Location Loc);
  void borrowsOf(const Boundary &B, SpawnInfo &Out);
  /// Notes what each round of a loop around \p Call has of its own.
  void roundLocals(const clang::Expr *Call,
                   llvm::SmallVectorImpl<PlaceId> &Into);

  // --- Owners (Ownership.cpp) ---
  /// Who owns the thread that a boundary starts.
  struct Handle {
    PlaceId Owner{};
    /// Without an owner: nobody can wait for it. Not known: somebody may.
    bool IsKnown = false;
  };
  Handle handleOf(const Boundary &B);
  /// The object that the value of a prvalue initialises, or none.
  PlaceId destinationOf(const clang::Expr *Value);
  PlaceId elementOf(const clang::Expr *Container);
  bool ownsThreads(clang::QualType Type, unsigned Depth = 0) const;
  bool isFuture(clang::QualType Type) const;
  void moveHandles(const clang::Expr *Call, const clang::FunctionDecl *Callee,
                   const clang::Expr *Object,
                   llvm::ArrayRef<const clang::Expr *> Arguments);
  void joinOwned(clang::QualType Type, PlaceId Where, Location Loc);
  bool isMovedFrom(PlaceId Where) const;
  void destroy(clang::QualType Type, PlaceId Where, Location Loc,
               unsigned Depth = 0);

  friend class Substitution;

  // --- Helpers ---
  void add(Fact::Kind K, PlaceId P, Location Loc, bool Certain = true,
           PlaceId Q = {}) {
    if (P || K == Fact::Unknown)
      Current->push_back(make(K, P, Loc, Certain, Q));
  }
  static Fact make(Fact::Kind K, PlaceId P, Location Loc, bool Certain = true,
                   PlaceId Q = {}) {
    Fact F{K, P, Q};
    F.Loc = Loc;
    F.Certain = Certain;
    return F;
  }
  Ref returnedBy(const clang::CallExpr *Call);
  void access(const clang::Expr *E, bool IsWrite, bool Certain = true);
  void accessPlace(Ref R, clang::QualType Type, bool IsWrite, Location Loc,
                   bool Certain);
  void unknown(const clang::Stmt *S);
  static Location location(clang::SourceLocation Loc) {
    return Loc.getRawEncoding();
  }
  /// Objects of the type synchronise themselves.
  bool isSync(clang::QualType Type);
  bool isThread(clang::QualType Type) const;
  bool isGuard(clang::QualType Type) const;
  bool isLibrary(const clang::Decl *D) const;
  const clang::Stmt *parent(const clang::Stmt *S) const;
  /// What an expression's value is for, without parentheses and conversions.
  const clang::Stmt *around(const clang::Expr *E) const;
  /// The innermost loop around \p S, or null.
  const clang::Stmt *loopAround(const clang::Stmt *S) const;

  const clang::FunctionDecl *Function;
  const clang::CFG &Graph;
  Program &P;
  PlaceBuilder Builder;
  clang::ParentMap Parents;
  FunctionFacts Out;
  /// The block that is being filled, and its facts.
  unsigned Here = 0;
  std::vector<Fact> *Current = nullptr;
  /// The block that the last cut() has begun.
  unsigned LastCut = ~0u;
  /// Where the handlers start.
  llvm::DenseMap<const clang::CXXCatchStmt *, unsigned> Handlers;
  /// A pointer or reference was returned: see FunctionFacts::Returns.
  bool HasReturned = false;
  /// Variables that end here, not yet in order.
  llvm::SmallVector<std::pair<const clang::VarDecl *, Location>, 8> Ending;
  std::map<const clang::VarDecl *, Guard> Guards;
  /// The member that a constructor's initialiser makes.
  llvm::DenseMap<const clang::Expr *, PlaceId> Initialized;
};

} // namespace fearless::flow

#endif // FEARLESS_FLOW_BODYGENERATOR_H
