// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Flow/Executors.h"

#include "Flow/Accessors.h"
#include "Flow/Program.h"
#include "Support/LLVMCompat.h"

#include "clang/AST/DeclTemplate.h"

using namespace clang;
using namespace fearless;
using namespace fearless::flow;

/// All methods with a body, constructors first; of templates the instances.
static std::vector<const CXXMethodDecl *>
methodsOf(const CXXRecordDecl *Class) {
  std::vector<const CXXMethodDecl *> Out;
  for (const bool Constructors : {true, false})
    for (const Decl *D : Class->decls()) {
      const auto *Template = dyn_cast<FunctionTemplateDecl>(D);
      llvm::SmallVector<const FunctionDecl *, 4> Each;
      if (Template)
        for (const FunctionDecl *Instance : Template->specializations())
          Each.push_back(Instance);
      else if (const auto *F = dyn_cast<FunctionDecl>(D))
        Each.push_back(F);
      for (const FunctionDecl *F : Each)
        if (const auto *Method = dyn_cast<CXXMethodDecl>(F);
            Method && Method->hasBody() && !Method->isDependentContext() &&
            !Method->isStatic() && !isa<CXXDestructorDecl>(Method) &&
            isa<CXXConstructorDecl>(Method) == Constructors)
          Out.push_back(Method);
    }
  return Out;
}

const std::vector<KeptParameter> &
Executors::keptBy(const CXXMethodDecl *Method) {
  Method = Method->getCanonicalDecl();
  auto [Slot, IsNew] = Kept.try_emplace(Method);
  const Executor *By = IsNew ? of(Method->getParent()) : nullptr;
  const FunctionDecl *Definition = nullptr;
  if (!By || !Method->hasBody(Definition) || Definition->isDependentContext())
    return Slot->second;
  PlaceBuilder Builder(P.places(), P.solver().models(), Definition);
  const PlaceId Self = Builder.selfOf(Definition);
  const PlaceId Queue = P.ofSelf(By->Queue, By->Starter, Self);
  std::vector<KeptParameter> Own;
  std::vector<KeptParameter> All = keptParameters(
      Definition, Builder,
      [&](const CXXMethodDecl *Callee) -> const std::vector<KeptParameter> & {
        Own = keptBy(Callee);
        for (KeptParameter &Each : Own)
          Each.Into = P.ofSelf(Each.Into, Callee, Self);
        return Own;
      });
  llvm::erase_if(All, [&](const KeptParameter &Each) {
    return P.places().overlap(Each.Into, Queue) == Overlap::None;
  });
  return Slot->second = std::move(All);
}

std::vector<const CXXMethodDecl *>
Executors::keepers(const CXXRecordDecl *Class) {
  std::vector<const CXXMethodDecl *> Out;
  if (of(Class))
    for (const CXXMethodDecl *Method : methodsOf(Class->getDefinition()))
      if (!keptBy(Method).empty())
        Out.push_back(Method);
  return Out;
}

//===----------------------------------------------------------------------===//
// Classes
//===----------------------------------------------------------------------===//

const Executor *Executors::of(const CXXRecordDecl *Class) {
  Class = Class->getDefinition();
  if (!Class || Class->isDependentContext() || Class->isLambda() ||
      Program::isLibrary(Class))
    return nullptr;
  auto [Slot, IsNew] = Known.try_emplace(Class);
  if (IsNew) {
    std::optional<Executor> Found = find(Class);
    Slot = Known.find(Class); // other classes were asked for
    Slot->second = Found;
  }
  return Slot->second ? &*Slot->second : nullptr;
}

/// A member that holds callables, and is none itself.
bool Executors::isContainer(PlaceId Member) const {
  const Place &Where = P.places().get(Member);
  if (Where.Kind != Place::This || Where.Path.empty() ||
      Where.Path.back().K != Projection::Field)
    return Where.Kind == Place::This;
  const auto *Field =
      reinterpret_cast<const FieldDecl *>(Where.Path.back().Key);
  const CXXRecordDecl *Class = Field->getType()->getAsCXXRecordDecl();
  return Class && !isCallable(Field->getType());
}

/// Whether objects of the type lead to thread handles: in members, elements, or
/// behind pointers. Most classes do not, and their methods need no look.
static bool reachesThreads(QualType Type, const ModelTable &Models,
                           unsigned Depth = 0) {
  if (Depth > 4)
    return false;
  if (const auto *Alias = Type->getAs<TypedefType>();
      Alias && Type->isIntegerType())
    return Alias->getDecl()->getName() == "pthread_t" ||
           Alias->getDecl()->getName() == "thrd_t";
  while (Type->isPointerType() || Type->isArrayType())
    Type = QualType(Type->getPointeeOrArrayElementType(), 0);
  const CXXRecordDecl *Class = Type->getAsCXXRecordDecl();
  if (!Class || !(Class = Class->getDefinition()))
    return false;
  if (const TypeModel *Model = Models.type(Class);
      Model && Model->Kind == TypeKind::Thread)
    return true;
  if (Program::isLibrary(Class)) {
    const auto *Spec = dyn_cast<ClassTemplateSpecializationDecl>(Class);
    return Spec && llvm::any_of(Spec->getTemplateArgs().asArray(),
                                [&](const TemplateArgument &Each) {
                                  return Each.getKind() ==
                                             TemplateArgument::Type &&
                                         reachesThreads(Each.getAsType(),
                                                        Models, Depth + 1);
                                });
  }
  return llvm::any_of(Class->fields(),
                      [&](const FieldDecl *Field) {
                        return reachesThreads(Field->getType(), Models,
                                              Depth + 1);
                      }) ||
         llvm::any_of(Class->bases(), [&](const CXXBaseSpecifier &Base) {
           return reachesThreads(Base.getType(), Models, Depth + 1);
         });
}

std::optional<Executor> Executors::find(const CXXRecordDecl *Class) {
  if (!reachesThreads(compat::tagType(P.context(), Class), P.solver().models()))
    return std::nullopt;
  // Whether it waits for its threads has to be known.
  if (const CXXDestructorDecl *End = Class->getDestructor();
      End && !End->isImplicit() && !End->isDefaulted() && !End->hasBody())
    return std::nullopt;
  std::optional<Executor> Out;
  unsigned NumThreads = 0;
  for (const CXXMethodDecl *Method : methodsOf(Class)) {
    if (Out && Out->Starter != Method)
      break;
    for (const Summary::Left &Left : P.summary(Method).Leaves) {
      const Place Owner = P.places().get(Left.Owner);
      if (!memberOf(Owner))
        continue;
      for (const Access &A : Left.Thread.Body.Accesses) {
        if (!A.IsCall || !isContainer(A.P))
          continue;
        const bool IsElement = llvm::any_of(Owner.Path, [](Projection Step) {
          return Step.K == Projection::AnyElement ||
                 Step.K == Projection::AllElements ||
                 (Step.K == Projection::Offset &&
                  Step.Key == Projection::UnknownOffset);
        });
        NumThreads += IsElement || Left.Thread.IsMany ? 2 : 1;
        Out = Executor{Method, Left.Owner, A.P, A.Loc, NumThreads == 1};
        break;
      }
    }
  }
  return Out;
}
