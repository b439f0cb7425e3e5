// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Who owns a thread: where the value of an expression ends up, how handles
// move, and what ends with an object.

#include "Flow/BodyGenerator.h"

#include "Flow/Substitution.h"

#include "clang/AST/DeclTemplate.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/StringSet.h"

using namespace clang;
using namespace fearless;
using namespace fearless::flow;

//===----------------------------------------------------------------------===//
// Types that own threads
//===----------------------------------------------------------------------===//

/// Whether an object of the type may hold handles of threads that end with it:
/// not what it only points to.
bool BodyGenerator::ownsThreads(QualType Type, unsigned Depth) const {
  Type = P.context().getBaseElementType(Type.getNonReferenceType());
  const CXXRecordDecl *Class = Type->getAsCXXRecordDecl();
  if (!Class || !Class->hasDefinition() || Depth > 4)
    return false;
  const TypeModel *Model = Builder.modelOf(Type);
  if (Model && (Model->Kind == TypeKind::Thread || isFuture(Type)))
    return true;
  if (Model && (Model->Kind == TypeKind::View || Model->Kind == TypeKind::Guard))
    return false;
  if (Model || isLibrary(Class)) {
    const auto *Spec = dyn_cast<ClassTemplateSpecializationDecl>(Class);
    if (!Spec)
      return false;
    for (const TemplateArgument &Argument : Spec->getTemplateArgs().asArray()) {
      if (Argument.getKind() == TemplateArgument::Type &&
          ownsThreads(Argument.getAsType(), Depth + 1))
        return true;
      if (Argument.getKind() == TemplateArgument::Pack)
        for (const TemplateArgument &Each : Argument.pack_elements())
          if (Each.getKind() == TemplateArgument::Type &&
              ownsThreads(Each.getAsType(), Depth + 1))
            return true;
    }
    return false;
  }
  for (const CXXBaseSpecifier &Base : Class->getDefinition()->bases())
    if (ownsThreads(Base.getType(), Depth + 1))
      return true;
  for (const FieldDecl *Field : Class->getDefinition()->fields())
    if (!Field->getType()->isReferenceType() &&
        ownsThreads(Field->getType(), Depth + 1))
      return true;
  return false;
}

/// std::future: one that std::async made waits in its destructor.
bool BodyGenerator::isFuture(QualType Type) const {
  const CXXRecordDecl *Class =
      Type.getNonReferenceType()->getAsCXXRecordDecl();
  return Class && Class->getIdentifier() && Class->isInStdNamespace() &&
         (Class->getName() == "future" || Class->getName() == "shared_future");
}

//===----------------------------------------------------------------------===//
// Where values go
//===----------------------------------------------------------------------===//

/// The field that element \p I of an initialiser list makes.
static const FieldDecl *initializedField(const InitListExpr *List, unsigned I) {
  const auto *Class = List->getType()->getAsCXXRecordDecl();
  if (!Class || Class->isUnion())
    return nullptr;
  if (I < Class->getNumBases())
    return nullptr;
  I -= Class->getNumBases();
  for (const FieldDecl *Field : Class->fields()) {
    if (Field->isBitField() && !Field->getIdentifier())
      continue; // unnamed
    if (I-- == 0)
      return Field;
  }
  return nullptr;
}

/// Members of containers that take an element.
static bool takesElement(const FunctionDecl *Callee) {
  if (!Callee->getIdentifier())
    return false;
  static const llvm::StringSet<> Names{
      "push_back", "push_front", "push",       "emplace",      "emplace_back",
      "insert",    "emplace_front", "try_emplace", "insert_or_assign"};
  return Names.contains(Callee->getName());
}

PlaceId BodyGenerator::destinationOf(const Expr *Value) {
  auto Temporary = [&](const Expr *E) { return Builder.temporary(strip(E)); };
  const Expr *At = Value;
  for (;;) {
    if (auto Member = Initialized.find(At); Member != Initialized.end())
      return Member->second;
    const Stmt *Up = parent(At);
    if (!Up)
      return Temporary(Value);
    if (isa<ExprWithCleanups, MaterializeTemporaryExpr, CXXBindTemporaryExpr,
            ParenExpr, CastExpr, CXXDefaultInitExpr, ConstantExpr>(Up)) {
      if (const auto *Cast = dyn_cast<CastExpr>(Up);
          Cast && Cast->getCastKind() == CK_ToVoid)
        return Temporary(At);
      At = cast<Expr>(Up);
      continue;
    }
    if (const auto *List = dyn_cast<InitListExpr>(Up)) {
      const PlaceId Whole = destinationOf(List);
      for (unsigned I = 0; Whole && I != List->getNumInits(); ++I) {
        if (List->getInit(I) != At)
          continue;
        if (List->getType()->isArrayType())
          return P.places().project(Whole, {Projection::Element, I});
        if (const FieldDecl *Field = initializedField(List, I))
          return Builder.field(Whole, Field);
      }
      return Whole;
    }
    if (const auto *Construct = dyn_cast<CXXConstructExpr>(Up)) {
      const CXXConstructorDecl *Constructor = Construct->getConstructor();
      // What a user's constructor is given is an argument like any other; a
      // library's keeps it somewhere inside.
      if (!Constructor->isCopyOrMoveConstructor() && !isLibrary(Constructor))
        return Temporary(At);
      At = Construct;
      continue;
    }
    if (const auto *New = dyn_cast<CXXNewExpr>(Up)) {
      const PlaceId Pointer = destinationOf(New);
      return Pointer ? Builder.deref(Pointer) : PlaceId();
    }
    if (const auto *Lambda = dyn_cast<LambdaExpr>(Up)) {
      for (const LambdaCapture &Capture : Lambda->captures())
        if (Lambda->isInitCapture(&Capture)) {
          const auto *Variable = dyn_cast<VarDecl>(Capture.getCapturedVar());
          if (Variable && Variable->getInit() == At)
            return Builder.variable(Variable);
        }
      return {};
    }
    if (const auto *Decl = dyn_cast<DeclStmt>(Up)) {
      for (const clang::Decl *D : Decl->decls())
        if (const auto *Variable = dyn_cast<VarDecl>(D);
            Variable && Variable->getInit() == At)
          return Builder.variable(Variable);
      return {};
    }
    if (isa<ReturnStmt>(Up))
      return Builder.resultOf(Function);
    if (const auto *Assign = dyn_cast<BinaryOperator>(Up)) {
      if (!Assign->isAssignmentOp())
        return Temporary(At);
      const Ref To = Builder.place(Assign->getLHS());
      return To.K == Ref::Known ? To.P : PlaceId();
    }
    if (isa<MemberExpr>(Up))
      return Temporary(At);
    if (const auto *Call = dyn_cast<CallExpr>(Up)) {
      const FunctionDecl *Callee = Call->getDirectCallee();
      if (!Callee)
        return {};
      if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Call);
          Operator && Operator->getOperator() == OO_Equal &&
          Operator->getArg(0) != At && isLibrary(Callee)) {
        const Ref To = Builder.place(Operator->getArg(0));
        return To.K == Ref::Known ? To.P : PlaceId();
      }
      if (!isLibrary(Callee))
        return Temporary(At);
      const auto *Member = dyn_cast<CXXMemberCallExpr>(Call);
      if (Member && takesElement(Callee))
        return elementOf(Member->getImplicitObjectArgument());
      if (Call->isGLValue() && Call->getNumArgs() == 1 && !Member) {
        At = Call; // std::move, std::forward
        continue;
      }
      return {};
    }
    if (isa<CompoundStmt, IfStmt, ForStmt, WhileStmt, DoStmt, CaseStmt,
            DefaultStmt, LabelStmt, CXXForRangeStmt>(Up))
      return Temporary(At);
    return {};
  }
}

/// Some element of a container (or the value in an optional).
PlaceId BodyGenerator::elementOf(const Expr *Container) {
  const Ref R = Container->getType()->isPointerType()
                    ? Builder.pointee(Container)
                    : Builder.place(Container);
  if (R.K != Ref::Known)
    return {};
  QualType Type = Container->getType()->isPointerType()
                      ? Container->getType()->getPointeeType()
                      : strip(Container)->getType();
  const TypeModel *Model = Builder.modelOf(Type);
  return Model && Model->Kind == TypeKind::Container ? Builder.anyElement(R.P)
                                                     : R.P;
}

BodyGenerator::Handle BodyGenerator::handleOf(const Boundary &B) {
  const Expr *Call = B.Call;
  auto Known = [](PlaceId P) { return Handle{P, P ? true : false}; };
  if (B.HandleIsUnknown)
    return {PlaceId(), false};
  if (B.Handle) {
    const Ref To = B.Handle->getType()->isPointerType()
                       ? Builder.pointee(B.Handle)
                       : Builder.place(B.Handle);
    return Known(To.K == Ref::Known ? To.P : PlaceId());
  }
  // ts.emplace_back(...): an element owns it.
  if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call);
      Member && !B.IsMarked && takesElement(Member->getMethodDecl()))
    return Known(elementOf(Member->getImplicitObjectArgument()));
  QualType Type = Call->getType();
  // GThread *, QThread *: what it points to is waited for.
  if (Type->isPointerType())
    if (const TypeModel *Model = Builder.modelOf(Type->getPointeeType());
        Model && Model->Kind == TypeKind::Thread) {
      const PlaceId To = destinationOf(Call);
      return Known(To ? Builder.deref(To) : PlaceId());
    }
  const TypeModel *Model = Builder.modelOf(Type);
  if (Type->isVoidType() || (!Model && !ownsThreads(Type) && !B.IsMarked))
    return {PlaceId(), true}; // nobody can wait for it
  const PlaceId To = destinationOf(Call);
  // make_unique<std::thread>(...)
  if (To && Model && Model->Kind == TypeKind::Owner)
    return Known(Builder.deref(To));
  if (!ownsThreads(Type))
    // A handle that is not known: whether it waits is not known either.
    return {PlaceId(), Type->isVoidType()};
  return Known(To);
}

//===----------------------------------------------------------------------===//
// Moves
//===----------------------------------------------------------------------===//

/// Handles in the arguments of a call whose body is not followed: moved into a
/// variable, an element, or out of sight.
/// pthread_t, as it is spelled: to the compiler it is any number.
static bool isThreadNumber(QualType Type) {
  const auto *Alias = Type->getAs<TypedefType>();
  const llvm::StringRef Name = Alias ? Alias->getDecl()->getName() : "";
  return Type->isIntegerType() && (Name == "pthread_t" || Name == "thrd_t");
}

void BodyGenerator::moveHandles(const Expr *Call, const FunctionDecl *Callee,
                                const Expr *Object,
                                llvm::ArrayRef<const Expr *> Args) {
  const Location Loc = location(Call->getExprLoc());
  const bool Library = isLibrary(Callee) || Callee->isImplicit() ||
                       Callee->isDefaulted();
  auto PlaceOf = [&](const Expr *E) {
    const Ref R =
        E->getType()->isPointerType() ? Builder.pointee(E) : Builder.place(E);
    return R.K == Ref::Known ? R.P : PlaceId();
  };
  const bool IsName = Callee->getIdentifier() != nullptr;
  if (Library && IsName && Callee->getName() == "swap") {
    const Expr *A = Object ? Object : (Args.size() == 2 ? Args[0] : nullptr);
    const Expr *B = Object ? (Args.size() == 1 ? Args[0] : nullptr)
                           : (Args.size() == 2 ? Args[1] : nullptr);
    if (!A || !B || !ownsThreads(B->getType()))
      return;
    const PlaceId From = PlaceOf(A), To = PlaceOf(B);
    const PlaceId Between = Builder.temporary(Call);
    add(Fact::Move, From, Loc, true, Between);
    add(Fact::Move, To, Loc, true, From);
    add(Fact::Move, Between, Loc, true, To);
    return;
  }
  QualType ObjectType;
  if (Object)
    ObjectType = Object->getType()->isPointerType()
                     ? Object->getType()->getPointeeType()
                     : strip(Object)->getType();
  const auto *Construct = dyn_cast<CXXConstructExpr>(Call);
  const bool Assigns =
      Object && Callee->getOverloadedOperator() == OO_Equal && Library;
  if (Object && Library && ownsThreads(ObjectType) && IsName) {
    // What it owned before has ended, or the process has.
    if (Callee->getName() == "clear" || Callee->getName() == "reset")
      joinOwned(ObjectType, PlaceOf(Object), Loc);
    else if (Callee->getName() == "pop_back" ||
             Callee->getName() == "pop_front" || Callee->getName() == "pop" ||
             Callee->getName() == "erase" || Callee->getName() == "resize")
      joinOwned(ObjectType, elementOf(Object), Loc);
  }
  if (Assigns && ownsThreads(ObjectType) && Args.size() == 1 &&
      (strip(Args[0])->isXValue() || Args[0]->getType()->isNullPtrType()))
    joinOwned(ObjectType, PlaceOf(Object), Loc);
  for (const Expr *Argument : Args) {
    // What is known by a number goes on under another name.
    if (Object && Library && isThreadNumber(strip(Argument)->getType()) &&
        takesElement(Callee))
      if (const Ref From = Builder.handle(Argument); From.K == Ref::Known)
        add(Fact::Move, From.P, Loc, true, elementOf(Object));
    if (!ownsThreads(Argument->getType()) ||
        !(Argument->isXValue() || strip(Argument)->isXValue()))
      continue;
    const PlaceId From = PlaceOf(Argument);
    PlaceId To;
    if (Construct && Library)
      To = destinationOf(Construct);
    else if (Assigns)
      To = PlaceOf(Object);
    else if (Object && Library && takesElement(Callee))
      To = elementOf(Object);
    add(Fact::Move, From, Loc, true, To);
  }
  // Given away by reference or pointer: it may be joined there.
  if (!Library)
    for (const Expr *Argument : Args) {
      QualType Type = Argument->getType();
      if (Type->isPointerType())
        Type = Type->getPointeeType();
      if (!Type.isConstQualified() && ownsThreads(Type) &&
          !strip(Argument)->isXValue())
        add(Fact::JoinMaybe, PlaceOf(Argument), Loc);
    }
}

//===----------------------------------------------------------------------===//
// Ends
//===----------------------------------------------------------------------===//

/// The threads that an object owns have ended when it has: it joins them, or
/// ends the process. What a shared owner holds may live on.
void BodyGenerator::joinOwned(QualType Type, PlaceId Where, Location Loc) {
  const TypeModel *Model = Builder.modelOf(Type);
  if (!ownsThreads(Type) && !(Model && Model->Kind == TypeKind::Scope))
    return;
  const CXXRecordDecl *Class = Type->getAsCXXRecordDecl();
  const bool MayLiveOn =
      (Model && Model->Kind == TypeKind::Owner && Class->getIdentifier() &&
       Class->getName() != "unique_ptr") ||
      (Class && Class->getIdentifier() && Class->getName() == "shared_future");
  add(MayLiveOn ? Fact::JoinMaybe : Fact::Join, Where, Loc);
}

/// Whether a variable may have been given up before it ends.
bool BodyGenerator::isMovedFrom(PlaceId Where) const {
  const Place &Of = P.places().get(Where);
  return Of.Kind != Place::Local || !Of.Path.empty() ||
         Builder.changesOf(static_cast<const VarDecl *>(Of.Root)).MovedFrom;
}

/// The object at \p Where is destroyed: its destructor runs, then those of its
/// members and bases.
void BodyGenerator::destroy(QualType Type, PlaceId Where, Location Loc,
                            unsigned Depth) {
  if (!Where || Depth > 4)
    return;
  if (const auto *Array = P.context().getAsArrayType(Type)) {
    Where = P.places().project(Where, {Projection::AllElements});
    Type = P.context().getBaseElementType(Array);
  }
  const CXXRecordDecl *Class = Type->getAsCXXRecordDecl();
  if (!Class || !Class->hasDefinition())
    return;
  Class = Class->getDefinition();
  if (const TypeModel *Model = Builder.modelOf(Type);
      Model || isLibrary(Class)) {
    joinOwned(Type, Where, Loc);
    // What it holds is destroyed with it.
    const auto *Spec = dyn_cast<ClassTemplateSpecializationDecl>(Class);
    if (Model && Spec && Spec->getTemplateArgs().size() > 0 &&
        Spec->getTemplateArgs()[0].getKind() == TemplateArgument::Type) {
      const QualType Held = Spec->getTemplateArgs()[0].getAsType();
      if (Model->Kind == TypeKind::Container)
        destroy(Held, P.places().project(Where, {Projection::AllElements}), Loc,
                Depth + 1);
      else if (Model->Kind == TypeKind::Owner &&
               Class->getName() == "unique_ptr" && !isMovedFrom(Where)) {
        destroy(Held, Builder.deref(Where), Loc, Depth + 1);
        add(Fact::Expire, Builder.deref(Where), Loc);
      }
    }
    return;
  }
  if (Class->hasTrivialDestructor())
    return;
  if (const CXXDestructorDecl *Destructor = Class->getDestructor()) {
    Substitution Sub(*this, Destructor, nullptr, {});
    Sub.setObject(Where);
    std::optional<unsigned> Noted;
    if (P.isOpen(Destructor))
      Noted = noteCall(Sub.site(), Loc);
    applyEffects(P.summary(Destructor), Sub, nullptr, Loc);
    callEnds(Noted);
  }
  llvm::SmallVector<const FieldDecl *, 8> Fields(Class->fields());
  for (const FieldDecl *Field : llvm::reverse(Fields))
    if (!Field->getType()->isReferenceType())
      destroy(Field->getType(), Builder.field(Where, Field), Loc, Depth + 1);
  for (const CXXBaseSpecifier &Base : Class->bases())
    destroy(Base.getType(), Where, Loc, Depth + 1);
}
