// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Traits/ConstituentTypes.h"

#include "Annotations/Marks.h"
#include "Support/LLVMCompat.h"
#include "Traits/Locks.h"

#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;
using namespace fearless;

Goal Goal::make(Trait Asks, QualType Type, const ASTContext &Ctx) {
  QualType Canonical = Ctx.getCanonicalType(Type);
  if (Canonical->isArrayType()) {
    // A qualifier of an array is one of its elements.
    return {Asks, Canonical};
  }
  QualType Plain = Canonical.getUnqualifiedType();
  // A value that is given away can be used without const there.
  const bool Const = Canonical.isConstQualified() && Asks == Trait::Sync &&
                     !Plain->isReferenceType() && !Plain->isFunctionType();
  return {Asks, Const ? Plain.withConst() : Plain};
}

namespace {

/// Builds the parts of one goal.
class Builder {
public:
  Builder(const Goal &G, const ASTContext &Ctx, const ModelTable &Models,
          bool IgnoreMarks)
      : G(G), Ctx(Ctx), Models(Models), IgnoreMarks(IgnoreMarks) {}

  Constituents build();

private:
  bool isConst() const { return G.Type.isConstQualified(); }
  void add(PartKind Kind, Trait Asks, QualType Type,
           const NamedDecl *Decl = nullptr, SourceLocation Loc = {},
           const LambdaCapture *Capture = nullptr) {
    Out.Parts.push_back(
        {Kind, Goal::make(Asks, Type, Ctx), Decl, Loc, Capture});
  }
  void answer(Rule By, Verdict Own) {
    Out.By = By;
    Out.Own = Own;
  }

  void scalar();
  void reference(QualType Pointee);
  void mayBeDerived(Trait Asks, QualType Pointee);
  void builtin(const BuiltinType *Type);
  void record(const RecordType *Type);
  void enumeration(const EnumType *Type);
  bool marks(const TagDecl *Tag);
  bool model(const RecordDecl *Record);
  void closure(const CXXRecordDecl *Record);
  void structure(const RecordDecl *Record);
  void field(const FieldDecl *Field);

  const Goal &G;
  const ASTContext &Ctx;
  const ModelTable &Models;
  const bool IgnoreMarks;
  Constituents Out;
};

} // namespace

/// Send(T) for plain T; Sync(const T) for plain T.
void Builder::scalar() {
  answer(Rule::Scalar, G.Asks == Trait::Send || isConst() ? Verdict::Yes
                                                          : Verdict::No);
}

/// Whether a positive mark of the class or of a base of it promises the trait
/// for every derived class. \p Const: of const objects only.
static bool bindsDerived(const CXXRecordDecl *Class, Trait Asks, bool Const) {
  llvm::SmallVector<const CXXRecordDecl *, 4> Classes{Class};
  while (!Classes.empty()) {
    const CXXRecordDecl *C = Classes.pop_back_val();
    if (!C->hasDefinition())
      continue;
    C = C->getDefinition();
    if (!C->isPolymorphic())
      continue;
    for (const Mark &M : marksOf(C))
      if (std::optional<TypeClaim> Claim = claimOf(M.Kind);
          Claim && Claim->About == Asks && (Const || !Claim->ConstOnly))
        return true; // a denial binds too: the class's own answer is No then
    for (const CXXBaseSpecifier &Base : C->bases())
      if (const CXXRecordDecl *Parent = Base.getType()->getAsCXXRecordDecl())
        Classes.push_back(Parent);
  }
  return false;
}

/// Behind a pointer, the object may be of a class derived from the one that is
/// named, and only a mark on the base binds those: Unknown without one.
void Builder::mayBeDerived(Trait Asks, QualType Pointee) {
  const CXXRecordDecl *Class = Pointee->getAsCXXRecordDecl();
  if (!Class || !Class->hasDefinition())
    return;
  Class = Class->getDefinition();
  if (!Class->isPolymorphic() || Class->isEffectivelyFinal() ||
      Models.type(Class) ||
      bindsDerived(Class, Asks, Pointee.isConstQualified()))
    return;
  const char *Wanted = Asks == Trait::Send          ? "FEARLESS_SEND"
                       : Pointee.isConstQualified() ? "FEARLESS_SYNC_CONST"
                                                    : "FEARLESS_SYNC";
  Out.Why = Out.By == Rule::Polymorphic && Out.Why != Wanted
                ? Out.Why + " and " + Wanted
                : Wanted;
  Out.By = Rule::Polymorphic;
  Out.Own = Verdict::Unknown;
  Out.Record = Class;
}

/// Send(U&) <=> Sync(U); Send(U*) <=> Sync(U); Sync(U* const) <=> Sync(U).
void Builder::reference(QualType Pointee) {
  Out.By = Rule::Pointer;
  mayBeDerived(Trait::Sync, Pointee);
  add(PartKind::Pointee, Trait::Sync, Pointee);
}

void Builder::builtin(const BuiltinType *Type) {
  if (Type->isVoidType())
    return answer(Rule::Incomplete, Verdict::Unknown);
  if (Type->isDependentType() || Type->isPlaceholderType())
    return answer(Rule::Dependent, Verdict::Unknown);
  if (Type->isArithmeticType() || Type->isNullPtrType() ||
      Type->isSizelessBuiltinType())
    return scalar();
  answer(Rule::Unsupported, Verdict::Unknown);
}

/// Whether the class keeps the object behind a pointer of its own: a mark's
/// fearless::send<T> then speaks of what may be of a class derived from T.
static bool pointsTo(const TagDecl *Tag, QualType Type, const ASTContext &Ctx,
                     const ModelTable &Models) {
  const auto *Class = dyn_cast<CXXRecordDecl>(Tag);
  if (!Class || !Class->isCompleteDefinition())
    return false;
  for (const FieldDecl *Field : Class->fields()) {
    QualType T = Field->getType();
    if (T->isPointerType() || T->isReferenceType()) {
      T = T->getPointeeType();
    } else if (const auto *Owner =
                   dyn_cast_or_null<ClassTemplateSpecializationDecl>(
                       T->getAsCXXRecordDecl());
               Owner && Owner->getTemplateArgs().size() != 0 &&
               Owner->getTemplateArgs()[0].getKind() == TemplateArgument::Type) {
      const TypeModel *Model = Models.type(Owner);
      if (!Model || (Model->Kind != TypeKind::Owner && Model->Kind != TypeKind::View))
        continue;
      T = Owner->getTemplateArgs()[0].getAsType();
    } else {
      continue;
    }
    if (Ctx.hasSameUnqualifiedType(T, Type))
      return true;
  }
  return false;
}

/// True when a mark of the class or enumeration decides.
bool Builder::marks(const TagDecl *Tag) {
  std::optional<Mark> Decided;
  // Of an incomplete class the latest declaration knows the marks of all.
  for (Mark &M : marksOf(Tag->getMostRecentDecl())) {
    std::optional<TypeClaim> Claim = claimOf(M.Kind);
    if (!Claim || Claim->About != G.Asks)
      continue;
    if (Claim->Negative) {
      // A denial wins over whatever else is said.
      answer(Rule::Mark, Verdict::No);
      Out.Weight = Strength::Explicit;
      Out.Record = Tag;
      Out.Why = M.Text;
      Out.Parts.clear();
      return true;
    }
    if (Claim->ConstOnly && !isConst())
      continue;
    // What asks least decides: Sync(T) implies Sync(const T), so for a const
    // object the mark about const objects is enough.
    if (Decided) {
      std::optional<TypeClaim> Other = claimOf(Decided->Kind);
      const bool Better = (Other->Conditional && !Claim->Conditional) ||
                          (Other->Conditional == Claim->Conditional &&
                           !Other->ConstOnly && Claim->ConstOnly);
      if (!Better)
        continue;
    }
    Decided = std::move(M);
  }
  if (!Decided)
    return false;
  answer(Rule::Mark, Verdict::Yes);
  Out.Record = Tag;
  Out.Why = Decided->Text;
  for (const MarkCondition &C : Decided->Conditions) {
    add(PartKind::Argument, C.Asks, C.Type, Tag);
    if (pointsTo(Tag, C.Type, Ctx, Models))
      mayBeDerived(C.Asks, C.Type);
  }
  return true;
}

/// The type arguments of a specialisation with packs flattened; non-type
/// arguments hold their place as null types.
static llvm::SmallVector<QualType, 4>
typeArguments(const ClassTemplateSpecializationDecl *Spec) {
  llvm::SmallVector<QualType, 4> Types;
  auto Add = [&](const TemplateArgument &Argument, auto &Self) -> void {
    if (Argument.getKind() == TemplateArgument::Pack)
      for (const TemplateArgument &Each : Argument.pack_elements())
        Self(Each, Self);
    else
      Types.push_back(Argument.getKind() == TemplateArgument::Type
                          ? Argument.getAsType()
                          : QualType());
  };
  for (const TemplateArgument &Argument : Spec->getTemplateArgs().asArray())
    Add(Argument, Add);
  return Types;
}

/// True when a model of the class decides.
bool Builder::model(const RecordDecl *Record) {
  const TypeModel *Model = Models.type(Record);
  if (!Model)
    return false;
  const TraitRule *Said = &Model->Send;
  if (G.Asks == Trait::Sync) {
    Said = isConst() ? &Model->SyncConst : &Model->Sync;
    // Sync(T) implies Sync(const T).
    if (isConst() && Said->K == TraitRule::Absent &&
        Model->Sync.K != TraitRule::No && Model->Sync.K != TraitRule::Never)
      Said = &Model->Sync;
  }
  if (Said->K == TraitRule::Absent)
    return false;
  Out.By = Rule::Model;
  Out.Record = Record;
  Out.Why = Model->Why;
  Out.Instead = Model->Instead;
  switch (Said->K) {
  case TraitRule::Absent:
    break;
  case TraitRule::Yes:
    Out.Own = Verdict::Yes;
    break;
  case TraitRule::No:
    Out.Own = Verdict::No;
    break;
  case TraitRule::Never:
    Out.Own = Verdict::No;
    Out.Weight = Strength::Explicit;
    break;
  case TraitRule::Unknown:
    Out.Own = Verdict::Unknown;
    break;
  case TraitRule::All: {
    llvm::SmallVector<QualType, 4> Types;
    if (const auto *Spec = dyn_cast<ClassTemplateSpecializationDecl>(Record))
      Types = typeArguments(Spec);
    for (const Condition &C : Said->conditions()) {
      const size_t End = C.Rest ? Types.size() : size_t(C.Argument) + 1;
      for (size_t I = C.Argument; I < End && I < Types.size(); ++I) {
        if (Types[I].isNull())
          continue;
        QualType Asked = Types[I];
        if (C.Const && !Asked->isReferenceType() && !Asked->isFunctionType())
          Asked.addConst();
        add(PartKind::Argument, C.Asks, Asked, Record);
        // unique_ptr<Base> is Send only if every class derived from Base is.
        if (I == 0 &&
            (Model->Kind == TypeKind::Owner || Model->Kind == TypeKind::View))
          mayBeDerived(C.Asks, Asked);
      }
    }
    break;
  }
  }
  return true;
}

/// Send(closure) for every capture: Send of a copy, Sync of what is referred
/// to. A variable that is no reference itself is known to be exactly of its
/// type, so the rule about derived classes does not apply.
void Builder::closure(const CXXRecordDecl *Record) {
  Out.By = Rule::Closure;
  Out.Record = Record;
  auto Field = Record->field_begin();
  for (const LambdaCapture &Capture : Record->captures()) {
    if (Field == Record->field_end())
      break;
    const FieldDecl *F = *Field++;
    QualType Type = F->getType();
    const ValueDecl *Variable =
        Capture.capturesVariable() ? Capture.getCapturedVar() : nullptr;
    const SourceLocation Loc = Capture.getLocation();
    const bool ByReference = Capture.getCaptureKind() == LCK_ByRef;
    if (ByReference && Variable && !Variable->getType()->isReferenceType())
      add(PartKind::Capture, Trait::Sync, Type.getNonReferenceType(), Variable,
          Loc, &Capture);
    else if (G.Asks == Trait::Send || Type->isReferenceType())
      add(PartKind::Capture, Trait::Send, Type, Variable, Loc, &Capture);
    else
      add(PartKind::Capture, Trait::Sync,
          isConst() ? Type.withConst() : Type, Variable, Loc, &Capture);
  }
}

/// Send(C) for every base and field; Sync(C) for every base and field as seen
/// through C's qualifier.
void Builder::structure(const RecordDecl *Record) {
  Out.By = Rule::Structure;
  Out.Record = Record;
  if (const auto *Class = dyn_cast<CXXRecordDecl>(Record))
    for (const CXXBaseSpecifier &Base : Class->bases()) {
      QualType Type = Base.getType();
      add(PartKind::Base, G.Asks, isConst() ? Type.withConst() : Type,
          Base.getType()->getAsCXXRecordDecl(), Base.getBeginLoc());
    }
  for (const FieldDecl *Field : Record->fields())
    field(Field);
}

/// The type that a pointer or an owner of the library points to, or null.
static QualType guardedPointee(QualType Type, const ModelTable &Models) {
  if (Type->isPointerType())
    return Type->getPointeeType();
  const auto *Spec = dyn_cast_or_null<ClassTemplateSpecializationDecl>(
      Type->getAsCXXRecordDecl());
  const TypeModel *Model = Spec ? Models.type(Spec) : nullptr;
  if (!Model || Model->Kind != TypeKind::Owner ||
      Spec->getTemplateArgs().size() == 0 ||
      Spec->getTemplateArgs()[0].getKind() != TemplateArgument::Type)
    return {};
  return Spec->getTemplateArgs()[0].getAsType();
}

void Builder::field(const FieldDecl *Field) {
  QualType Type = Field->getType();
  const SourceLocation Loc = Field->getLocation();
  const bool SeenConst = (isConst() && !Field->isMutable()) ||
                         Type.isConstQualified() || Type->isReferenceType();
  // A lock of the same object orders all accesses, so only one thread at a time
  // has what it guards: Send is enough. (That every access does hold the lock
  // is what fearless-unguarded checks.)
  const Guarding By = guardingOf(Field, Models);
  if (By.Pointee && (G.Asks == Trait::Send || By.Field || SeenConst))
    if (QualType Pointee = guardedPointee(Type, Models); !Pointee.isNull()) {
      mayBeDerived(Trait::Send, Pointee);
      return add(PartKind::GuardedField, Trait::Send, Pointee, Field, Loc);
    }
  if (G.Asks == Trait::Send)
    return add(PartKind::Field, Trait::Send, Type, Field, Loc);
  if (By.Field)
    return add(PartKind::GuardedField, Trait::Send, Type.getNonReferenceType(),
               Field, Loc);
  if (SeenConst && !Type->isReferenceType())
    Type.addConst();
  add(PartKind::Field, Trait::Sync, Type, Field, Loc);
}

/// A plain value, unless a mark says more.
void Builder::enumeration(const EnumType *Type) {
  const EnumDecl *Enum = Type->getDecl();
  if (const EnumDecl *Definition = Enum->getDefinition())
    Enum = Definition;
  if (!IgnoreMarks && marks(Enum))
    return;
  scalar();
}

void Builder::record(const RecordType *Type) {
  const RecordDecl *Record = compat::recordOf(Type);
  if (!IgnoreMarks && (marks(Record) || model(Record)))
    return;
  Out.Record = Record;
  if (Record->isDependentContext())
    return answer(Rule::Dependent, Verdict::Unknown);
  if (!Record->isCompleteDefinition())
    return answer(Rule::Incomplete, Verdict::Unknown);
  if (Record->isInvalidDecl())
    return answer(Rule::Unsupported, Verdict::Unknown);
  if (const auto *Class = dyn_cast<CXXRecordDecl>(Record);
      Class && Class->isLambda())
    return closure(Class);
  structure(Record);
}

Constituents Builder::build() {
  const clang::Type *T = G.Type.getTypePtr();
  auto Element = [&](QualType Type) {
    Out.By = Rule::Element;
    if (isConst())
      Type.addConst();
    add(PartKind::Element, G.Asks, Type);
  };

  // No default: a type class that a new LLVM adds must be decided here.
  switch (T->getTypeClass()) {
  case Type::Builtin:
    builtin(cast<BuiltinType>(T));
    break;
  case Type::Enum:
    enumeration(cast<EnumType>(T));
    break;
  case Type::BitInt:
  case Type::MemberPointer:
    scalar();
    break;
  case Type::Pointer: {
    QualType Pointee = T->getPointeeType();
    if (Pointee->isFunctionType())
      scalar();
    else if (G.Asks == Trait::Send || isConst())
      reference(Pointee);
    else
      answer(Rule::Scalar, Verdict::No); // the pointer itself can be changed
    break;
  }
  case Type::LValueReference:
  case Type::RValueReference:
    reference(T->getPointeeType());
    break;
  case Type::FunctionProto:
  case Type::FunctionNoProto:
    answer(Rule::Function, Verdict::Yes);
    break;
  case Type::ConstantArray:
  case Type::IncompleteArray:
  case Type::VariableArray:
  FEARLESS_ARRAY_PARAMETER_CASE
    Element(Ctx.getAsArrayType(G.Type)->getElementType());
    break;
  case Type::Complex:
    Element(cast<ComplexType>(T)->getElementType());
    break;
  case Type::Vector:
  case Type::ExtVector:
    Element(cast<VectorType>(T)->getElementType());
    break;
  case Type::ConstantMatrix:
    Element(cast<ConstantMatrixType>(T)->getElementType());
    break;
  case Type::Atomic:
    // Every value stored in it is copied between threads.
    Out.By = Rule::Element;
    add(PartKind::Element, Trait::Send, cast<AtomicType>(T)->getValueType());
    break;
  case Type::Record:
    record(cast<RecordType>(T));
    break;
  case Type::BlockPointer:
  case Type::ObjCObject:
  case Type::ObjCInterface:
  case Type::ObjCObjectPointer:
  case Type::Pipe:
  FEARLESS_HLSL_TYPE_CASES
    answer(Rule::Unsupported, Verdict::Unknown);
    break;
  case Type::Auto:
  case Type::DeducedTemplateSpecialization:
#define ABSTRACT_TYPE(Class, Base)
#define TYPE(Class, Base)
#define NON_CANONICAL_TYPE(Class, Base)
#define DEPENDENT_TYPE(Class, Base) case Type::Class:
#define NON_CANONICAL_UNLESS_DEPENDENT_TYPE(Class, Base) case Type::Class:
#include "clang/AST/TypeNodes.inc"
    answer(Rule::Dependent, Verdict::Unknown);
    break;
    // Sugar: a goal's type is canonical, so none of these is met.
#define ABSTRACT_TYPE(Class, Base)
#define TYPE(Class, Base)
#define DEPENDENT_TYPE(Class, Base)
#define NON_CANONICAL_UNLESS_DEPENDENT_TYPE(Class, Base)
#define NON_CANONICAL_TYPE(Class, Base) case Type::Class:
#include "clang/AST/TypeNodes.inc"
    answer(Rule::Unsupported, Verdict::Unknown);
    break;
  }
  return std::move(Out);
}

Constituents fearless::constituentsOf(const Goal &G, const ASTContext &Ctx,
                                      const ModelTable &Models,
                                      bool IgnoreMarks) {
  return Builder(G, Ctx, Models, IgnoreMarks).build();
}
