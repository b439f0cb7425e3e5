// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Flow/PlaceBuilder.h"

#include "Support/Names.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;
using namespace fearless;
using namespace fearless::flow;

const Expr *fearless::flow::strip(const Expr *E) {
  while (true) {
    const Expr *Inner = E->IgnoreParens();
    if (const auto *Cleanups = dyn_cast<ExprWithCleanups>(Inner))
      Inner = Cleanups->getSubExpr();
    else if (const auto *Temporary = dyn_cast<MaterializeTemporaryExpr>(Inner))
      Inner = Temporary->getSubExpr();
    else if (const auto *Bind = dyn_cast<CXXBindTemporaryExpr>(Inner))
      Inner = Bind->getSubExpr();
    else if (const auto *Cast = dyn_cast<CastExpr>(Inner);
             Cast && Cast->getCastKind() != CK_ArrayToPointerDecay)
      Inner = Cast->getSubExpr();
    else if (const auto *Default = dyn_cast<CXXDefaultInitExpr>(Inner))
      Inner = Default->getExpr();
    else if (const auto *Subst = dyn_cast<SubstNonTypeTemplateParmExpr>(Inner))
      Inner = Subst->getReplacement();
    if (Inner == E)
      return E;
    E = Inner;
  }
}

namespace {
/// Finds the variables whose referent is not fixed by their initialiser.
class ReassignmentFinder : public RecursiveASTVisitor<ReassignmentFinder> {
public:
  ReassignmentFinder(llvm::DenseSet<const VarDecl *> &Out,
                     llvm::DenseMap<const VarDecl *, const Expr *> &Ranges)
      : Out(Out), Ranges(Ranges) {}

  bool VisitBinaryOperator(BinaryOperator *Op) {
    if (Op->isAssignmentOp())
      changed(Op->getLHS());
    return true;
  }
  bool VisitUnaryOperator(UnaryOperator *Op) {
    if (Op->isIncrementDecrementOp() || Op->getOpcode() == UO_AddrOf)
      changed(Op->getSubExpr());
    return true;
  }
  bool VisitCXXOperatorCallExpr(CXXOperatorCallExpr *Call) {
    if (Call->isAssignmentOp() && Call->getNumArgs() > 0)
      changed(Call->getArg(0));
    return true;
  }
  bool VisitCXXForRangeStmt(CXXForRangeStmt *For) {
    if (const auto *Variable = For->getLoopVariable())
      Ranges[Variable] = For->getRangeInit();
    return true;
  }

private:
  void changed(const Expr *E) {
    if (const auto *Ref = dyn_cast<DeclRefExpr>(E->IgnoreParenImpCasts()))
      if (const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl()))
        Out.insert(Variable);
  }
  llvm::DenseSet<const VarDecl *> &Out;
  llvm::DenseMap<const VarDecl *, const Expr *> &Ranges;
};
} // namespace

PlaceBuilder::PlaceBuilder(PlaceTable &Places, const ModelTable &Models,
                           const FunctionDecl *Function)
    : Places(Places), Models(Models), Function(Function) {
  // Assignments in the functions around a lambda count too.
  for (const DeclContext *Scope = Function; Scope; Scope = Scope->getParent())
    if (const auto *F = dyn_cast<FunctionDecl>(Scope); F && F->hasBody())
      scan(F->getBody());
  // In a constructor a member refers to what it was made from.
  if (const auto *Constructor = dyn_cast<CXXConstructorDecl>(Function))
    for (const CXXCtorInitializer *Init : Constructor->inits())
      if (Init->isMemberInitializer() && Init->getInit() &&
          (Init->getMember()->getType()->isReferenceType() ||
           Init->getMember()->getType()->isPointerType()))
        MadeFrom[Init->getMember()] = Init->getInit();
  const auto *Method = dyn_cast<CXXMethodDecl>(Function);
  if (!Method || !Method->getParent()->isLambda())
    return;
  for (const LambdaCapture &Capture : Method->getParent()->captures()) {
    if (Capture.capturesThis())
      OwnsThis = Capture.getCaptureKind() == LCK_StarThis;
    else if (Capture.capturesVariable() &&
             Capture.getCaptureKind() == LCK_ByCopy)
      OwnCopies.insert(Capture.getCapturedVar());
  }
}

void PlaceBuilder::scan(const Stmt *Body) {
  ReassignmentFinder(Reassigned, Ranges).TraverseStmt(const_cast<Stmt *>(Body));
}

const TypeModel *PlaceBuilder::modelOf(QualType Type) const {
  const CXXRecordDecl *Class =
      Type.getNonReferenceType()->getAsCXXRecordDecl();
  return Class ? Models.type(Class) : nullptr;
}

bool PlaceBuilder::refers(QualType Type) const {
  if (Type.getNonReferenceType()->isPointerType())
    return true;
  const TypeModel *Model = modelOf(Type);
  return Model && (Model->Kind == TypeKind::View ||
                   Model->Kind == TypeKind::Owner);
}

bool PlaceBuilder::isOwnCopy(const VarDecl *Variable) const {
  return OwnCopies.count(Variable) != 0;
}

PlaceId PlaceBuilder::variable(const VarDecl *Variable) {
  const bool IsGlobal = Variable->hasGlobalStorage();
  return Places.root(IsGlobal ? Place::Global : Place::Local,
                     Variable->getCanonicalDecl(),
                     Variable->getNameAsString());
}

PlaceId PlaceBuilder::field(PlaceId Base, const FieldDecl *Field) {
  return Places.project(
      Base,
      {Projection::Field, reinterpret_cast<uint64_t>(Field->getCanonicalDecl())},
      Field->getName());
}

PlaceId PlaceBuilder::selfOf(const FunctionDecl *F) {
  for (const DeclContext *Scope = F; Scope; Scope = Scope->getParent()) {
    const Decl *Root = nullptr;
    if (const auto *Method = dyn_cast<CXXMethodDecl>(Scope);
        Method && !Method->getParent()->isLambda())
      Root = Method->getCanonicalDecl();
    else if (const auto *Class = dyn_cast<CXXRecordDecl>(Scope);
             Class && !Class->isLambda())
      Root = Class->getCanonicalDecl(); // a member's initialiser
    if (Root)
      return Places.root(Place::This, Root, "this");
  }
  return Places.root(Place::This, nullptr, "this");
}

PlaceId PlaceBuilder::resultOf(const FunctionDecl *F) {
  const Decl *Root = F->getCanonicalDecl();
  return Places.root(Place::Result, Root, "the result");
}

/// "return x_;" as all of a body: the returned expression.
static const Expr *returned(const FunctionDecl *Accessor) {
  const auto *Body = dyn_cast_or_null<CompoundStmt>(Accessor->getBody());
  if (!Body || Body->body_empty())
    return nullptr;
  const auto *Return = dyn_cast<ReturnStmt>(Body->body_back());
  if (!Return || !Return->getRetValue())
    return nullptr;
  // In front may stand the declaration of what is returned.
  if (Body->size() > 2 ||
      (Body->size() == 2 && !isa<DeclStmt>(Body->body_front())))
    return nullptr;
  return Return->getRetValue()->IgnoreParenImpCasts();
}

/// The member that "T &get() { return x_; }" returns.
static const FieldDecl *returnedField(const FunctionDecl *Accessor) {
  const auto *Member = dyn_cast_or_null<MemberExpr>(returned(Accessor));
  return Member && isa<CXXThisExpr>(Member->getBase()->IgnoreParenImpCasts())
             ? dyn_cast<FieldDecl>(Member->getMemberDecl())
             : nullptr;
}

/// The variable that "T &instance() { static T it; return it; }" returns.
static const VarDecl *returnedStatic(const FunctionDecl *Accessor) {
  const auto *Ref = dyn_cast_or_null<DeclRefExpr>(returned(Accessor));
  const auto *Variable = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
  return Variable && Variable->hasGlobalStorage() &&
                 Variable->getTLSKind() == VarDecl::TLS_None &&
                 Accessor->getReturnType()->isReferenceType()
             ? Variable
             : nullptr;
}

//===----------------------------------------------------------------------===//
// Exact places
//===----------------------------------------------------------------------===//

PlaceId PlaceBuilder::opaque(const Expr *E) {
  llvm::FoldingSetNodeID Id;
  E->Profile(Id, Function->getASTContext(), /*Canonical=*/true);
  const Expr *First = Opaque.try_emplace(Id, E).first->second;
  std::string Name;
  llvm::raw_string_ostream OS(Name);
  First->printPretty(OS, nullptr,
                     PrintingPolicy(Function->getASTContext().getLangOpts()));
  return Places.root(Place::Opaque, First, OS.str());
}

uint64_t PlaceBuilder::elementKey(const Expr *Index) {
  if (!Exact)
    return 0;
  if (const auto *Name = dyn_cast<DeclRefExpr>(strip(Index)))
    if (const auto *Variable = dyn_cast<VarDecl>(Name->getDecl()))
      return reinterpret_cast<uint64_t>(
          static_cast<const void *>(Variable->getCanonicalDecl()));
  return reinterpret_cast<uint64_t>(Places.get(opaque(strip(Index))).Root);
}

/// Whether a place stands for one of several objects.
static bool isAmbiguous(const Place &P) {
  return P.Kind == Place::Opaque ||
         llvm::any_of(P.Path, [](Projection Step) {
           return Step.K == Projection::AnyElement && Step.Key == 0;
         });
}

PlaceId PlaceBuilder::exact(const Expr *E) {
  ExactScope Scope(*this);
  Ref R = E->getType()->isPointerType() ? pointee(E) : place(E);
  return R.K == Ref::Known ? R.P : PlaceId();
}

PlaceId PlaceBuilder::lock(const LockPath &Path, PlaceId Object) {
  PlaceId At = Path.OfObject ? Object : PlaceId();
  QualType Type;
  // What a pointer or smart pointer leads to is meant, never the pointer.
  auto Follow = [&] {
    while (!Type.isNull() && refers(Type)) {
      At = deref(At);
      Type = Type->isPointerType() ? Type->getPointeeType() : QualType();
    }
  };
  for (const ValueDecl *Step : Path.Steps) {
    Follow();
    if (const auto *Field = dyn_cast<FieldDecl>(Step)) {
      if (!At)
        return {};
      At = field(At, Field);
      if (Field->getType()->isReferenceType())
        At = Places.project(At, {Projection::Deref}, "&");
    } else if (const auto *Variable = dyn_cast<VarDecl>(Step)) {
      At = variable(Variable);
    } else if (const auto *Accessor = dyn_cast<FunctionDecl>(Step)) {
      const FieldDecl *Field = returnedField(Accessor);
      const VarDecl *Static = returnedStatic(Accessor);
      if (Field && At)
        At = field(At, Field);
      else if (Static)
        At = variable(Static);
      else
        return {};
    }
    Type = isa<FunctionDecl>(Step)
               ? cast<FunctionDecl>(Step)->getReturnType().getNonReferenceType()
               : Step->getType().getNonReferenceType();
  }
  Follow();
  return At;
}

//===----------------------------------------------------------------------===//
// Pointees
//===----------------------------------------------------------------------===//

Ref PlaceBuilder::pointee(const VarDecl *Variable) {
  if (auto Range = Ranges.find(Variable); Range != Ranges.end()) {
    // for (T *p : range): an element's referent.
    if (Ref R = place(Range->second); R.K == Ref::Known)
      return Ref::known(deref(someElement(
          R.P, reinterpret_cast<uint64_t>(
                   static_cast<const void *>(Variable->getCanonicalDecl())))));
    return Ref::unknown();
  }
  const bool Fixed = Variable->hasInit() && !Reassigned.count(Variable) &&
                     !isa<ParmVarDecl>(Variable) && Variable->isLocalVarDecl();
  if ((Fixed || Variable->isInitCapture()) && Variable->getInit() &&
      Depth < 16) {
    ++Depth;
    Ref R = pointee(Variable->getInit());
    --Depth;
    if (R.K == Ref::Known && !(Exact && isAmbiguous(Places.get(R.P))))
      return R;
  }
  return Ref::known(deref(variable(Variable)));
}

Ref PlaceBuilder::subscript(const Expr *Base, const Expr *Index,
                            bool IsPointer) {
  Ref R = IsPointer ? pointee(Base) : place(Base);
  if (!R.P)
    return R;
  Expr::EvalResult Value;
  if (Index && !Index->isValueDependent() &&
      Index->EvaluateAsInt(Value, Function->getASTContext())) {
    R.P = Places.project(
        R.P, {Projection::Element,
              Value.Val.getInt().extOrTrunc(64).getZExtValue()});
    return R;
  }
  R.P = someElement(R.P, Index ? elementKey(Index) : 0);
  return R;
}

/// The one argument that std::move, std::forward and the like pass on.
static bool passesOn(const CallExpr *Call) {
  const FunctionDecl *Callee = Call->getDirectCallee();
  if (!Callee || Call->getNumArgs() != 1 || !Call->isGLValue() ||
      isa<CXXMethodDecl>(Callee))
    return false;
  return Call->getType().getCanonicalType().getUnqualifiedType() ==
         Call->getArg(0)->getType().getCanonicalType().getUnqualifiedType();
}

/// A container's method that returns a reference to an element.
static bool returnsElement(llvm::StringRef Name) {
  return Name == "at" || Name == "front" || Name == "back" || Name == "top" ||
         Name == "value" || Name == "emplace_back" || Name == "emplace_front";
}

/// A container's method that returns something that refers to its elements.
static bool refersToElements(llvm::StringRef Name) {
  return Name == "begin" || Name == "end" || Name == "cbegin" ||
         Name == "cend" || Name == "rbegin" || Name == "rend" ||
         Name == "data" || Name == "c_str" || Name == "find" ||
         Name == "lower_bound" || Name == "upper_bound" || Name == "substr";
}

Ref PlaceBuilder::call(const CallExpr *Call) {
  if (passesOn(Call))
    return place(Call->getArg(0));
  const FunctionDecl *Callee = Call->getDirectCallee();
  if (!Callee)
    return Ref::unknown();
  if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Call)) {
    // Smart pointers inherit their operators: the variable's own type counts.
    const Expr *Object = strip(Operator->getArg(0));
    const TypeModel *Model = modelOf(Object->getType());
    switch (Operator->getOperator()) {
    case OO_Star:
    case OO_Arrow:
      if (refers(Object->getType()))
        return pointee(Object);
      if (Model) // optional, expected: the value inside
        return place(Object);
      return Ref::unknown();
    case OO_Subscript:
      return subscript(Object, Operator->getNumArgs() > 1 ? Operator->getArg(1)
                                                          : nullptr,
                       refers(Object->getType()));
    case OO_PlusPlus:
    case OO_MinusMinus:
    case OO_Equal:
    case OO_PlusEqual:
    case OO_LessLess:
      return place(Object);
    default:
      return Ref::unknown();
    }
  }
  if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call)) {
    const Expr *Object = Member->getImplicitObjectArgument();
    if (!Object || !Callee->getIdentifier())
      return Ref::unknown();
    if (returnsElement(Callee->getName()) &&
        modelOf(Object->getType()->isPointerType()
                    ? Object->getType()->getPointeeType()
                    : Object->getType())) {
      Ref R = Object->getType()->isPointerType() ? pointee(Object)
                                                 : place(Object);
      if (R.P)
        R.P = someElement(R.P, elementKey(Call->getNumArgs() == 1
                                              ? Call->getArg(0)
                                              : Call));
      return R;
    }
    if (const FieldDecl *F = returnedField(Callee)) {
      Ref R = Object->getType()->isPointerType() ? pointee(Object)
                                                 : place(Object);
      if (R.P)
        R.P = field(R.P, F);
      return R;
    }
  }
  if (const VarDecl *Static = returnedStatic(Callee))
    return Ref::known(variable(Static));
  return Ref::unknown();
}

/// What a constructor has made a pointer or reference member of its object from.
const Expr *PlaceBuilder::originOf(const MemberExpr *Member) const {
  const auto *Field = dyn_cast<FieldDecl>(Member->getMemberDecl());
  auto Found = MadeFrom.find(Field);
  return Found != MadeFrom.end() && isa<CXXThisExpr>(strip(Member->getBase()))
             ? Found->second
             : nullptr;
}

Ref PlaceBuilder::place(const Expr *E) {
  Ref R = inexactPlace(E);
  if (Exact && R.K == Ref::Unknown && !isa<CXXThisExpr>(strip(E)))
    return Ref::known(opaque(strip(E)));
  return R;
}

Ref PlaceBuilder::pointee(const Expr *E) {
  Ref R = inexactPointee(E);
  if (Exact && R.K == Ref::Unknown)
    return Ref::known(deref(opaque(strip(E))));
  return R;
}

Ref PlaceBuilder::inexactPlace(const Expr *E) {
  E = strip(E);
  if (E->isPRValue() && !isa<CXXThisExpr>(E) && !E->getType()->isArrayType() &&
      !isa<CallExpr>(E))
    return {Ref::Private, {}};
  if (const auto *R = dyn_cast<DeclRefExpr>(E)) {
    if (const auto *Binding = dyn_cast<BindingDecl>(R->getDecl()))
      return Binding->getBinding() ? place(Binding->getBinding())
                                   : Ref::unknown();
    const auto *Variable = dyn_cast<VarDecl>(R->getDecl());
    if (!Variable)
      return {Ref::Private, {}}; // a function or an enumerator
    if (Variable->getTLSKind() != VarDecl::TLS_None)
      return {Ref::Private, {}};
    if (auto Range = Ranges.find(Variable);
        Range != Ranges.end() && Variable->getType()->isReferenceType()) {
      Ref Over = place(Range->second);
      if (Over.P)
        Over.P = someElement(
            Over.P, reinterpret_cast<uint64_t>(
                        static_cast<const void *>(Variable->getCanonicalDecl())));
      return Over;
    }
    if (Variable->getType()->isReferenceType()) {
      if (const Expr *Init = Variable->getInit();
          Init && !isa<ParmVarDecl>(Variable) && Depth < 16) {
        ++Depth;
        Ref To = place(Init);
        --Depth;
        if (To.K != Ref::Unknown && !(Exact && isAmbiguous(Places.get(To.P))))
          return To;
      }
      return Ref::known(variable(Variable));
    }
    if (isOwnCopy(Variable) || Variable->isInitCapture())
      return {Ref::Private, variable(Variable)};
    return Ref::known(variable(Variable));
  }
  if (isa<CXXThisExpr>(E))
    return Ref::unknown(); // a pointer: see pointee()
  if (const auto *Member = dyn_cast<MemberExpr>(E)) {
    if (const auto *Static = dyn_cast<VarDecl>(Member->getMemberDecl()))
      return Static->getTLSKind() != VarDecl::TLS_None
                 ? Ref{Ref::Private, {}}
                 : Ref::known(variable(Static));
    const auto *Field = dyn_cast<FieldDecl>(Member->getMemberDecl());
    if (!Field)
      return {Ref::Private, {}};
    if (const Expr *Origin = originOf(Member);
        Origin && Field->getType()->isReferenceType())
      return place(Origin);
    Ref Base = Member->isArrow() ? pointee(Member->getBase())
                                 : place(Member->getBase());
    if (!Base.P)
      return Base;
    Base.P = this->field(Base.P, Field);
    if (Field->getType()->isReferenceType())
      Base = Ref::known(Places.project(Base.P, {Projection::Deref}, "&"));
    return Base;
  }
  if (const auto *Op = dyn_cast<UnaryOperator>(E)) {
    if (Op->getOpcode() == UO_Deref)
      return pointee(Op->getSubExpr());
    if (Op->isPrefix())
      return place(Op->getSubExpr());
    return Ref::unknown();
  }
  if (const auto *Subscript = dyn_cast<ArraySubscriptExpr>(E)) {
    const Expr *Base = Subscript->getBase()->IgnoreParens();
    if (const auto *Decay = dyn_cast<ImplicitCastExpr>(Base);
        Decay && Decay->getCastKind() == CK_ArrayToPointerDecay)
      return subscript(Decay->getSubExpr(), Subscript->getIdx(), false);
    return subscript(Base, Subscript->getIdx(), true);
  }
  if (const auto *Op = dyn_cast<BinaryOperator>(E)) {
    if (Op->isAssignmentOp())
      return place(Op->getLHS());
    if (Op->getOpcode() == BO_Comma)
      return place(Op->getRHS());
    return Ref::unknown();
  }
  if (const auto *Call = dyn_cast<CallExpr>(E)) {
    if (E->isPRValue())
      return {Ref::Private, {}};
    return this->call(Call);
  }
  if (isa<CXXConstructExpr, LambdaExpr, InitListExpr, CXXNewExpr,
          clang::StringLiteral>(E))
    return {Ref::Private, {}};
  return Ref::unknown();
}

Ref PlaceBuilder::inexactPointee(const Expr *E) {
  E = strip(E);
  if (isa<CXXThisExpr>(E))
    return OwnsThis ? Ref{Ref::Private, self()} : Ref::known(self());
  if (const auto *Op = dyn_cast<UnaryOperator>(E)) {
    if (Op->getOpcode() == UO_AddrOf)
      return place(Op->getSubExpr());
    if (Op->isIncrementDecrementOp())
      return pointee(Op->getSubExpr());
  }
  if (const auto *Op = dyn_cast<BinaryOperator>(E);
      Op && Op->isAdditiveOp()) {
    // p + n: somewhere in the same array.
    Ref R = pointee(Op->getLHS()->getType()->isPointerType() ? Op->getLHS()
                                                             : Op->getRHS());
    return R;
  }
  if (const auto *Decay = dyn_cast<ImplicitCastExpr>(E);
      Decay && Decay->getCastKind() == CK_ArrayToPointerDecay) {
    Ref R = place(Decay->getSubExpr());
    if (R.P)
      R.P = anyElement(R.P);
    return R;
  }
  if (const auto *R = dyn_cast<DeclRefExpr>(E)) {
    const auto *Variable = dyn_cast<VarDecl>(R->getDecl());
    if (Variable && !Variable->getType()->isReferenceType())
      return pointee(Variable);
  }
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(E);
      Construct && Construct->getNumArgs() >= 1) {
    // A copy or move of a smart pointer or iterator, or a view of a container.
    const Expr *Source = Construct->getArg(0);
    if (refers(Source->getType()))
      return pointee(Source);
    if (modelOf(Construct->getType()) &&
        modelOf(Construct->getType())->Kind == TypeKind::View)
      return place(Source);
  }
  if (const auto *Call = dyn_cast<CXXMemberCallExpr>(E)) {
    const Expr *Object = Call->getImplicitObjectArgument();
    if (Object && !Object->getType()->isPointerType())
      Object = strip(Object);
    const FunctionDecl *Callee = Call->getDirectCallee();
    if (Object && Callee) {
      const bool Arrow = Object->getType()->isPointerType();
      if (isa<CXXConversionDecl>(Callee)) // string to string_view
        return Arrow ? pointee(Object) : place(Object);
      if (Callee->getIdentifier()) {
        if (Callee->getName() == "get" && refers(Object->getType()))
          return pointee(Object);
        if (refersToElements(Callee->getName()) &&
            modelOf(Arrow ? Object->getType()->getPointeeType()
                          : Object->getType())) {
          Ref R = Arrow ? pointee(Object) : place(Object);
          if (R.P && refers(Object->getType()) && !Arrow)
            return pointee(Object);
          if (R.P)
            R.P = someElement(R.P, elementKey(Call));
          return R;
        }
      }
    }
  }
  if (const auto *Call = dyn_cast<CallExpr>(E)) {
    if (passesOn(Call))
      return pointee(Call->getArg(0));
    const FunctionDecl *Callee = Call->getDirectCallee();
    // std::ref(x), std::addressof(x): a value that refers to its argument.
    if (Callee && Call->getNumArgs() == 1 && !isa<CXXMethodDecl>(Callee) &&
        refers(Call->getType()) && Call->getArg(0)->isLValue() &&
        Callee->getParamDecl(0)->getType()->isReferenceType() &&
        !refers(Call->getArg(0)->getType()))
      return place(Call->getArg(0));
    // p-> of a smart pointer or optional.
    if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Call);
        Operator && Operator->getOperator() == OO_Arrow) {
      const Expr *Object = strip(Operator->getArg(0));
      if (refers(Object->getType()))
        return pointee(Object);
      if (modelOf(Object->getType()))
        return place(Object);
    }
    // A fresh object, or one that is not known.
    return Ref::unknown();
  }
  if (isa<CXXNewExpr>(E))
    return Ref::unknown();
  if (const auto *Member = dyn_cast<MemberExpr>(E))
    if (const Expr *Origin = originOf(Member))
      if (Ref R = pointee(Origin); R.K == Ref::Known)
        return R;
  if (E->isGLValue()) {
    Ref R = place(E);
    if (R.P)
      return Ref::known(deref(R.P));
    return R;
  }
  return Ref::unknown();
}
