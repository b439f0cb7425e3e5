// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Checks/Variance.h"

#include "Checks/ParameterUse.h"
#include "Support/Names.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/Expr.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/RecursiveASTVisitor.h"

using namespace clang;
using namespace fearless;

std::string MissingDemand::wanted() const {
  return std::string("fearless::") + (Asks == Trait::Send ? "send<" : "sync<") +
         (Const ? "const " : "") + Parameter->getNameAsString() + ">" +
         (Parameter->isParameterPack() ? "..." : "");
}

//===----------------------------------------------------------------------===//
// What the mark asks already
//===----------------------------------------------------------------------===//

/// Whether the mark's conditions already ask it. Sync(T) implies Sync(const T).
static bool isAsked(const Mark &M, const ParameterUses &Uses, Trait Asks,
                    bool Const) {
  const auto *Annotate = dyn_cast<AnnotateAttr>(M.Attribute);
  if (!Annotate)
    return false;
  // On the pattern the conditions are still dependent expressions:
  // fearless::send<T> is an UnresolvedLookupExpr with its template arguments.
  struct Finder : RecursiveASTVisitor<Finder> {
    Finder(const ParameterUses &Uses, Trait Asks, bool Const)
        : Uses(Uses), Asks(Asks), Const(Const) {}
    const ParameterUses &Uses;
    const Trait Asks;
    const bool Const;
    bool Found = false;
    bool VisitUnresolvedLookupExpr(UnresolvedLookupExpr *E) {
      check(E->getName().getAsString(), E->template_arguments());
      return true;
    }
    bool VisitDeclRefExpr(DeclRefExpr *E) {
      check(E->getNameInfo().getAsString(), E->template_arguments());
      return true;
    }
    void check(llvm::StringRef Name,
               llvm::ArrayRef<TemplateArgumentLoc> Arguments) {
      if (Arguments.size() != 1 || (Name == "send") != (Asks == Trait::Send))
        return;
      const TemplateArgument &Argument = Arguments[0].getArgument();
      if (Argument.getKind() != TemplateArgument::Type)
        return;
      QualType Type = Argument.getAsType();
      if (Uses.mentions(Type) &&
          !(Asks == Trait::Sync && Type.isConstQualified() && !Const))
        Found = true;
    }
  } F(Uses, Asks, Const);
  for (const Expr *E : Annotate->args())
    F.TraverseStmt(const_cast<Expr *>(E));
  return F.Found;
}

//===----------------------------------------------------------------------===//
// What the bodies of the interface show
//===----------------------------------------------------------------------===//

namespace {

enum class Locking { None, Shared, Exclusive };

/// Reads a method's body: whether it takes a lock, what it calls its callback
/// with, what `auto &` stands for.
class BodyReader : public RecursiveASTVisitor<BodyReader> {
public:
  BodyReader(ParameterUses &Uses, const CXXMethodDecl &Method) : Uses(Uses) {
    if (const Stmt *Body = Method.getBody())
      TraverseStmt(const_cast<Stmt *>(Body));
  }

  Locking Locks = Locking::None;
  /// What the calls of parameters are given.
  ParameterUse Given;
  /// What is returned, as an lvalue where it is one.
  ParameterUse Returned;
  bool MakesObjects = false;

  bool VisitVarDecl(VarDecl *Variable) {
    lockedBy(guardName(Variable->getType()));
    return true;
  }
  bool VisitCallExpr(CallExpr *Call) {
    const Expr *Callee = Call->getCallee()->IgnoreParenImpCasts();
    if (const auto *Member = dyn_cast<MemberExpr>(Callee))
      lockedBy(Member->getMemberDecl()->getDeclName().getAsString());
    else if (const auto *Dependent = dyn_cast<CXXDependentScopeMemberExpr>(Callee))
      lockedBy(Dependent->getMember().getAsString());
    if (isParameterCall(Callee))
      for (const Expr *Argument : Call->arguments())
        Given |= seen(Argument);
    return true;
  }
  bool VisitReturnStmt(ReturnStmt *Return) {
    if (Return->getRetValue())
      Returned |= seen(Return->getRetValue());
    return true;
  }
  bool VisitCXXNewExpr(CXXNewExpr *) {
    MakesObjects = true;
    return true;
  }
  bool TraverseLambdaExpr(LambdaExpr *Lambda) {
    // What a lambda returns is not what the method returns.
    const ParameterUse Outer = Returned;
    RecursiveASTVisitor::TraverseLambdaExpr(Lambda);
    Returned = Outer;
    return true;
  }

private:
  static std::string guardName(QualType Type) {
    Type = Type.getNonReferenceType();
    if (const auto *Deduced = Type->getAs<DeducedTemplateSpecializationType>())
      if (const TemplateDecl *D = Deduced->getTemplateName().getAsTemplateDecl())
        return D->getNameAsString();
    if (const auto *Spec = Type->getAs<TemplateSpecializationType>())
      if (const TemplateDecl *D = Spec->getTemplateName().getAsTemplateDecl())
        return D->getNameAsString();
    if (const CXXRecordDecl *Class = Type->getAsCXXRecordDecl())
      return Class->getNameAsString();
    return {};
  }
  void lockedBy(llvm::StringRef Name) {
    if (Name == "lock_guard" || Name == "unique_lock" || Name == "scoped_lock" ||
        Name == "lock" || Name == "Lock" || Name == "MutexLock")
      Locks = Locking::Exclusive;
    else if ((Name == "shared_lock" || Name == "lock_shared") &&
             Locks == Locking::None)
      Locks = Locking::Shared;
  }
  /// f(...), std::forward<F>(f)(...), std::invoke(f, ...)
  bool isParameterCall(const Expr *Callee) {
    if (const auto *Call = dyn_cast<CallExpr>(Callee))
      return Call->getNumArgs() == 1 &&
             isParameterCall(Call->getArg(0)->IgnoreParenImpCasts());
    if (const auto *Ref = dyn_cast<DeclRefExpr>(Callee))
      return isa<ParmVarDecl>(Ref->getDecl()) ||
             Ref->getDecl()->getDeclName().getAsString() == "invoke";
    if (const auto *Lookup = dyn_cast<UnresolvedLookupExpr>(Callee))
      return Lookup->getName().getAsString() == "invoke";
    return false;
  }
  /// The members that an expression passes on, by reference or value.
  ParameterUse seen(const Expr *E) {
    E = E->IgnoreParenImpCasts();
    bool Pointer = false;
    if (const auto *Operator = dyn_cast<UnaryOperator>(E)) {
      Pointer = Operator->getOpcode() == UO_AddrOf ||
                Operator->getOpcode() == UO_Deref;
      if (Pointer)
        E = Operator->getSubExpr()->IgnoreParenImpCasts();
    }
    if (!isa<MemberExpr>(E))
      return {};
    ParameterUse Out = Uses.of(E->getType());
    if (Out.ByValue) {
      Out.ByValue = false;
      (E->getType().isConstQualified() ? Out.ConstReference : Out.Reference) = true;
    }
    return Out;
  }

  ParameterUses &Uses;
};

//===----------------------------------------------------------------------===//
// The rule
//===----------------------------------------------------------------------===//

class Demands {
public:
  Demands(const CXXRecordDecl &Class, const Mark &M, const ModelTable &Models,
          const TemplateTypeParmDecl *Parameter)
      : Class(Class), M(M), Claim(*claimOf(M.Kind)), Parameter(Parameter),
        Uses(Parameter, Class.getASTContext(), Models),
        T(Parameter->getNameAsString()) {}

  std::vector<MissingDemand> run() {
    if (Claim.About == Trait::Send)
      forSend();
    else
      interface(/*ConstOnly=*/Claim.ConstOnly);
    return std::move(Missing);
  }

private:
  void demand(Trait Asks, bool Const, SourceLocation Because, std::string Why) {
    if (isAsked(M, Uses, Asks, Const))
      return;
    for (MissingDemand &Known : Missing)
      if (Known.Asks == Asks) {
        if (Known.Const && !Const) // the stronger one says it all
          Known = {Parameter, Asks, Const, Because, std::move(Why)};
        return;
      }
    Missing.push_back({Parameter, Asks, Const, Because, std::move(Why)});
  }

  ParameterUse held() {
    ParameterUse Out;
    for (const FieldDecl *Field : Class.fields())
      Out |= Uses.heldBy(Field->getType());
    for (const CXXBaseSpecifier &Base : Class.bases())
      Out |= Uses.heldBy(Base.getType());
    return Out;
  }

  void forSend();
  void interface(bool ConstOnly);
  void method(const CXXMethodDecl &Method);
  void copies(bool ConstOnly);
  void comparisons();
  void used(ParameterUse Use, SourceLocation At, const std::string &By,
            Locking Locks);
  /// How the class says it is copied: not at all, so that both share what is
  /// pointed to, or by code that makes new objects.
  enum class Copying { No, Shallow, Own };
  Copying copying(const CXXConstructorDecl **Constructor = nullptr);

  const CXXRecordDecl &Class;
  const Mark &M;
  const TypeClaim Claim;
  const TemplateTypeParmDecl *Parameter;
  ParameterUses Uses;
  const std::string T;
  std::vector<MissingDemand> Missing;
};

} // namespace

/// A Send wrapper takes along every T it holds.
void Demands::forSend() {
  bool Owns = false, Refers = false;
  auto Held = [&](ParameterUse Use, SourceLocation At, std::string By) {
    if (!Use.any())
      return;
    if (Use.ByValue)
      demand(Trait::Send, false, At,
             By + " takes its '" + T + "' along to the other thread");
    Owns |= Use.ByValue;
    if (!Use.Reference && !Use.ConstReference)
      return;
    Refers = true;
    if (Use.ByValue) // a shared owner
      demand(Trait::Sync, !Use.Reference, At,
             By + " shares its '" + T + "' with whoever has a copy");
    // Behind a pointer either may be meant: an owner asks Send, a view Sync.
    else if (!isAsked(M, Uses, Trait::Send, false) &&
             !isAsked(M, Uses, Trait::Sync, true)) {
      demand(Trait::Send, false, At,
             By + " takes its '" + T + "' along to the other thread");
    }
  };
  for (const FieldDecl *Field : Class.fields())
    Held(Uses.heldBy(Field->getType()), Field->getLocation(),
         "'" + Field->getNameAsString() + "'");
  for (const CXXBaseSpecifier &Base : Class.bases())
    Held(Uses.heldBy(Base.getType()), Base.getBeginLoc(), "a base class");

  // Copies of a handle go to different threads and lead to one T.
  if (Refers && !Owns && copying() == Copying::Shallow)
    interface(/*ConstOnly=*/false);
}

Demands::Copying Demands::copying(const CXXConstructorDecl **Found) {
  for (const CXXConstructorDecl *Constructor : Class.ctors())
    if (Constructor->isCopyConstructor() && !Constructor->isImplicit()) {
      if (Constructor->isDeleted() || Constructor->getAccess() != AS_public)
        return Copying::No;
      if (Found)
        *Found = Constructor;
      if (Constructor->isDefaulted())
        return Copying::Shallow;
      return BodyReader(Uses, *Constructor).MakesObjects || !Constructor->hasBody()
                 ? Copying::Own
                 : Copying::Shallow;
    }
  // Copies that nobody declared are most often forgotten, not meant.
  return Copying::No;
}

/// A Sync wrapper lets several threads call its interface: all public methods,
/// or the const ones where the claim covers only const objects.
void Demands::interface(bool ConstOnly) {
  for (const Decl *D : Class.decls()) {
    const auto *Method = dyn_cast<CXXMethodDecl>(D);
    if (const auto *Generic = dyn_cast<FunctionTemplateDecl>(D))
      Method = dyn_cast<CXXMethodDecl>(Generic->getTemplatedDecl());
    if (!Method || Method->getAccess() != AS_public || Method->isStatic() ||
        Method->isDeleted() || Method->isImplicit() ||
        isa<CXXConstructorDecl>(Method) || isa<CXXDestructorDecl>(Method))
      continue;
    // An rvalue is nobody else's.
    if (Method->getRefQualifier() == RQ_RValue)
      continue;
    if (ConstOnly && !Method->isConst())
      continue;
    method(*Method);
  }
  for (const FieldDecl *Field : Class.fields())
    if (Field->getAccess() == AS_public) {
      ParameterUse Use = Uses.heldBy(Field->getType());
      const bool Const = ConstOnly && !Field->isMutable();
      if (Use.ByValue && !Use.Reference) {
        Use.ByValue = false;
        (Const ? Use.ConstReference : Use.Reference) = true;
      }
      used(Use, Field->getLocation(), "'" + Field->getNameAsString() + "' ",
           Locking::None);
    }
  copies(ConstOnly);
  comparisons();
}

void Demands::method(const CXXMethodDecl &Method) {
  BodyReader Body(Uses, Method);
  for (const Mark &Own : marksOf(&Method)) {
    if (Own.Kind == MarkKind::RunsOn)
      return; // one thread's own
    if (Own.Kind == MarkKind::Requires)
      Body.Locks = Locking::Exclusive;
  }
  const std::string By = "'" + Method.getNameAsString() + "' ";
  const SourceLocation At = Method.getLocation();

  QualType Result = Method.getReturnType();
  ParameterUse Out = Uses.of(Result);
  if (const auto *Auto = Result.getNonReferenceType()->getContainedAutoType()) {
    // auto &get() { return value_; }
    if (Result->isReferenceType() || Result->isPointerType() ||
        Auto->isDecltypeAuto()) {
      Out = Body.Returned;
      if (Result->isReferenceType() &&
          Result->getPointeeType().isConstQualified() && Out.Reference) {
        Out.Reference = false;
        Out.ConstReference = true;
      }
    } else {
      Out.ByValue |= Body.Returned.any();
    }
  }
  // What is returned outlives a lock that the method took, not one that the
  // caller holds.
  const bool CallersLock = markOf(&Method, MarkKind::Requires).has_value();
  used(Out, At, By, CallersLock ? Locking::Exclusive : Locking::None);

  ParameterUse In = Body.Given;
  std::swap(In.Callback, In.Reference);
  std::swap(In.ConstCallback, In.ConstReference);
  for (const ParmVarDecl *P : Method.parameters()) {
    ParameterUse Use = Uses.of(P->getType());
    // A reference that comes in is to the caller's own object: a T is moved out
    // into it (pop(T &)), or copied in from it (push(const T &)).
    Use.ByValue |= Use.Reference || (Use.ConstReference && !Method.isConst() &&
                                     held().ByValue);
    Use.Reference = Use.ConstReference = false;
    // A function that is offered: what it is called with, goes out.
    In |= Use;
  }
  used(In, At, By, Body.Locks);
}

/// Copying a shared object reads it, and a copy of a handle makes one more
/// owner, perhaps the last, on the thread that copies.
void Demands::copies(bool ConstOnly) {
  const CXXConstructorDecl *Constructor = nullptr;
  const Copying How = copying(&Constructor);
  if (How == Copying::No)
    return;
  const ParameterUse Held = held();
  const SourceLocation At =
      Constructor ? Constructor->getLocation() : Class.getLocation();
  if (Held.ByValue && !Held.Reference)
    demand(Trait::Sync, true, At,
           "copying a shared object reads its '" + T + "'");
  if ((Held.Reference || Held.ConstReference) && How == Copying::Shallow &&
      Class.hasUserDeclaredDestructor())
    demand(Trait::Send, false, At,
           "each copy is an owner, and the last one destroys the '" + T +
               "' on its own thread");
}

/// operator==, operator<=>, operator<< and their friends read what they are
/// given.
void Demands::comparisons() {
  if (!held().ByValue)
    return;
  auto Reads = [&](const FunctionDecl *Function) {
    switch (Function->getOverloadedOperator()) {
    case OO_EqualEqual:
    case OO_ExclaimEqual:
    case OO_Less:
    case OO_Greater:
    case OO_LessEqual:
    case OO_GreaterEqual:
    case OO_Spaceship:
    case OO_LessLess:
      break;
    default:
      return;
    }
    if (Function->isDeleted())
      return;
    demand(Trait::Sync, true, Function->getLocation(),
           "'" + Function->getNameAsString() + "' reads the '" + T +
               "' of an object that other threads use");
  };
  for (const Decl *D : Class.decls()) {
    if (const auto *Friend = dyn_cast<FriendDecl>(D))
      D = Friend->getFriendDecl();
    if (const auto *Generic = dyn_cast_or_null<FunctionTemplateDecl>(D))
      D = Generic->getTemplatedDecl();
    const auto *Function = dyn_cast_or_null<FunctionDecl>(D);
    if (!Function || (isa<CXXMethodDecl>(Function) &&
                      Function->getAccess() != AS_public))
      continue;
    if (Claim.ConstOnly && isa<CXXMethodDecl>(Function) &&
        !cast<CXXMethodDecl>(Function)->isConst())
      continue;
    Reads(Function);
  }
}

void Demands::used(ParameterUse Use, SourceLocation At, const std::string &By,
                   Locking Locks) {
  if (Use.ByValue)
    demand(Trait::Send, false, At,
           By + "moves a '" + T + "' in or out, from whichever thread calls");
  const bool Shown = Use.Reference || Use.Callback;
  const bool ShownConst = Use.ConstReference || Use.ConstCallback;
  if (!Shown && !ShownConst)
    return;
  if (Locks == Locking::Exclusive)
    // One thread at a time has it: that is what a mutex makes of it.
    return demand(Trait::Send, false, At,
                  By + "gives the '" + T + "' to whichever thread has the lock");
  if (Shown)
    demand(Trait::Sync, false, At,
           By + (Use.Reference ? "gives every caller access to the same '"
                               : "calls back on every thread with the same '") +
               T + "'");
  else
    demand(Trait::Sync, true, At,
           By + (Use.ConstReference ? "shows every caller the same 'const "
                                    : "calls back on every thread with the "
                                      "same 'const ") +
               T + "'");
}

std::vector<MissingDemand> fearless::missingDemands(const CXXRecordDecl &Class,
                                                    const Mark &M,
                                                    const ModelTable &Models) {
  std::vector<MissingDemand> Out;
  auto Ask = [&](const TemplateParameterList *List) {
    for (const NamedDecl *Parameter : *List)
      if (const auto *Type = dyn_cast<TemplateTypeParmDecl>(Parameter);
          Type && Type->getIdentifier())
        for (MissingDemand &Missing : Demands(Class, M, Models, Type).run())
          Out.push_back(std::move(Missing));
  };
  for (const DeclContext *Scope = &Class; Scope; Scope = Scope->getParent()) {
    const auto *Outer = dyn_cast<CXXRecordDecl>(Scope);
    if (!Outer)
      continue;
    if (const ClassTemplateDecl *Template = Outer->getDescribedClassTemplate())
      Ask(Template->getTemplateParameters());
    else if (const auto *Partial =
                 dyn_cast<ClassTemplatePartialSpecializationDecl>(Outer))
      Ask(Partial->getTemplateParameters());
  }
  return Out;
}
