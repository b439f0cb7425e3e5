// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Checks/Variance.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/Expr.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/RecursiveASTVisitor.h"

using namespace clang;
using namespace fearless;

std::string MissingDemand::wanted() const {
  return std::string("fearless::") + (Asks == Trait::Send ? "send<" : "sync<") +
         (Const ? "const " : "") + Parameter->getNameAsString() + ">";
}

namespace {

/// How a type mentions a parameter.
enum Use : unsigned {
  None = 0,
  /// T, T&&, unique_ptr<T>, vector<T>: a T moves through.
  ByValue = 1,
  /// const T&, const T*
  ConstReference = 2,
  /// T&, T*
  Reference = 4,
};

/// Collects how a type mentions one template parameter.
class UseFinder : public RecursiveASTVisitor<UseFinder> {
public:
  explicit UseFinder(const TemplateTypeParmDecl *Parameter)
      : Parameter(Parameter) {}

  unsigned find(QualType Type) {
    Uses = None;
    if (!Type.isNull() && Type->isInstantiationDependentType())
      referred(Type);
    return Uses;
  }

  bool VisitTemplateTypeParmType(TemplateTypeParmType *Type) {
    if (Type->getDepth() == Parameter->getDepth() &&
        Type->getIndex() == Parameter->getIndex())
      Uses |= ByValue;
    return true;
  }
  // sizeof(T), decltype(...), noexcept(...) evaluate nothing of a T.
  bool TraverseStmt(Stmt *) { return true; }
  bool TraverseDecltypeTypeLoc(DecltypeTypeLoc) { return true; }

private:
  bool isParameter(QualType Type) {
    const auto *T = Type->getAs<TemplateTypeParmType>();
    return T && T->getDepth() == Parameter->getDepth() &&
           T->getIndex() == Parameter->getIndex();
  }
  void referred(QualType Type) {
    // A reference or pointer to the parameter itself shares it; anything that
    // merely has the parameter inside may hold it.
    if (Type->isLValueReferenceType() || Type->isPointerType()) {
      QualType Pointee = Type->getPointeeType();
      if (isParameter(Pointee)) {
        Uses |= Pointee.isConstQualified() ? ConstReference : Reference;
        return;
      }
    }
    TraverseType(Type);
  }

  const TemplateTypeParmDecl *Parameter;
  unsigned Uses = None;
};

} // namespace

/// Whether the mark's conditions already ask it. Sync(T) implies Sync(const T).
static bool isAsked(const Mark &M, const TemplateTypeParmDecl *Parameter,
                    Trait Asks, bool Const) {
  const auto *Annotate = dyn_cast<AnnotateAttr>(M.Attribute);
  if (!Annotate)
    return false;
  // On the pattern the conditions are still dependent expressions:
  // fearless::send<T> is an UnresolvedLookupExpr with its template arguments.
  struct Finder : RecursiveASTVisitor<Finder> {
    const TemplateTypeParmDecl *Parameter;
    Trait Asks;
    bool Const;
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
      if (UseFinder(Parameter).find(Type) == None)
        return;
      if (Asks == Trait::Sync && Type.isConstQualified() && !Const)
        return;
      Found = true;
    }
  } F;
  F.Parameter = Parameter;
  F.Asks = Asks;
  F.Const = Const;
  for (const Expr *E : Annotate->args())
    F.TraverseStmt(const_cast<Expr *>(E));
  return F.Found;
}

namespace {

class Demands {
public:
  Demands(const ClassTemplateDecl &Template, const Mark &M)
      : Class(*Template.getTemplatedDecl()), M(M), Claim(*claimOf(M.Kind)) {}

  std::vector<MissingDemand> of(const TemplateTypeParmDecl *Parameter) {
    Missing.clear();
    if (Claim.About == Trait::Send)
      forSend(Parameter);
    else
      forSync(Parameter);
    return std::move(Missing);
  }

private:
  void demand(const TemplateTypeParmDecl *P, Trait Asks, bool Const,
              const NamedDecl *Because, std::string Why) {
    if (isAsked(M, P, Asks, Const))
      return;
    for (const MissingDemand &Known : Missing)
      if (Known.Asks == Asks && Known.Const == Const)
        return;
    Missing.push_back({P, Asks, Const, Because, std::move(Why)});
  }

  /// A Send wrapper takes along every T it holds.
  void forSend(const TemplateTypeParmDecl *P) {
    UseFinder Finder(P);
    const std::string T = P->getNameAsString();
    for (const FieldDecl *Field : Class.fields()) {
      const unsigned Uses = Finder.find(Field->getType());
      if (Uses == None)
        continue;
      // Behind a pointer either may be meant: an owner needs Send, a view Sync.
      if (!(Uses & ByValue) && (isAsked(M, P, Trait::Sync, true)))
        continue;
      demand(P, Trait::Send, false, Field,
             "'" + Field->getNameAsString() + "' takes its '" + T +
                 "' along to the other thread");
    }
    for (const CXXBaseSpecifier &Base : Class.bases())
      if (Finder.find(Base.getType()) != None)
        demand(P, Trait::Send, false, &Class,
               "a base class takes its '" + T + "' along to the other thread");
  }

  /// A Sync wrapper lets several threads call its interface: all public
  /// methods, or the const ones where the claim covers only const objects.
  void forSync(const TemplateTypeParmDecl *P) {
    for (const Decl *D : Class.decls()) {
      const auto *Method = dyn_cast<CXXMethodDecl>(D);
      if (const auto *Generic = dyn_cast<FunctionTemplateDecl>(D))
        Method = dyn_cast<CXXMethodDecl>(Generic->getTemplatedDecl());
      if (!Method || Method->getAccess() != AS_public || Method->isStatic() ||
          Method->isDeleted() || isa<CXXConstructorDecl>(Method) ||
          isa<CXXDestructorDecl>(Method))
        continue;
      // An rvalue is nobody else's.
      if (Method->getRefQualifier() == RQ_RValue)
        continue;
      if (Claim.ConstOnly && !Method->isConst())
        continue;
      method(P, *Method);
    }
    for (const FieldDecl *Field : Class.fields())
      if (Field->getAccess() == AS_public)
        used(P, UseFinder(P).find(Field->getType()), Field);
  }

  void method(const TemplateTypeParmDecl *P, const CXXMethodDecl &Method) {
    UseFinder Finder(P);
    used(P, Finder.find(Method.getReturnType()), &Method);
    for (const ParmVarDecl *Parameter : Method.parameters()) {
      unsigned Uses = Finder.find(Parameter->getType());
      // A reference that comes in shows the caller's own object.
      if (Parameter->getType()->isReferenceType() ||
          Parameter->getType()->isPointerType())
        Uses &= ByValue;
      used(P, Uses, &Method);
    }
  }

  void used(const TemplateTypeParmDecl *P, unsigned Uses, const NamedDecl *D) {
    const std::string T = P->getNameAsString();
    const std::string By = "'" + D->getNameAsString() + "' ";
    if (Uses & ByValue)
      demand(P, Trait::Send, false, D,
             By + "moves a '" + T + "' in or out, from whichever thread calls");
    if (Uses & Reference)
      demand(P, Trait::Sync, false, D,
             By + "gives every caller access to the same '" + T + "'");
    else if (Uses & ConstReference)
      demand(P, Trait::Sync, true, D,
             By + "shows every caller the same 'const " + T + "'");
  }

  const CXXRecordDecl &Class;
  const Mark &M;
  const TypeClaim Claim;
  std::vector<MissingDemand> Missing;
};

} // namespace

std::vector<MissingDemand>
fearless::missingDemands(const ClassTemplateDecl &Template, const Mark &M) {
  std::vector<MissingDemand> Out;
  Demands D(Template, M);
  for (const NamedDecl *Parameter : *Template.getTemplateParameters())
    if (const auto *Type = dyn_cast<TemplateTypeParmDecl>(Parameter);
        Type && Type->getIdentifier())
      for (MissingDemand &Missing : D.of(Type))
        Out.push_back(std::move(Missing));
  return Out;
}
