// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Models/ModelTable.h"

#include "Support/Names.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/PrettyPrinter.h"
#include "llvm/Support/raw_ostream.h"

using namespace clang;
using namespace fearless;

ModelTable::ModelTable() { add(builtinModels()); }

void ModelTable::add(const ModelSet &Set) {
  for (const TypeModel &Model : Set.Types) {
    auto [Template, Arguments] = llvm::StringRef(Model.Name).split('<');
    if (Arguments.empty())
      Types[Template] = &Model;
    else
      Specialisations[Template].insert(Specialisations[Template].begin(),
                                       &Model);
  }
  // A set replaces what earlier sets said of the same function, all overloads.
  llvm::StringSet<> Seen;
  for (const BoundaryModel &Model : Set.Boundaries) {
    auto &Entry = Boundaries[Model.Function];
    if (Seen.insert(Model.Function).second)
      Entry.clear();
    Entry.push_back(&Model);
    BoundaryNames.insert(llvm::StringRef(Model.Function).rsplit("::").second);
    if (!llvm::StringRef(Model.Function).contains("::"))
      BoundaryNames.insert(Model.Function);
  }
  for (const OperationModel &Model : Set.Operations) {
    llvm::StringRef Name(Model.Function);
    Operations[Name] = &Model;
    OperationNames.insert(Name.contains("::") ? Name.rsplit("::").second : Name);
  }
  for (const ObjectModel &Model : Set.Objects)
    Objects[Model.Name] = &Model;
}

/// "bool, std::allocator<bool>": the type arguments in canonical spelling.
static std::string argumentText(const ClassTemplateSpecializationDecl *Spec) {
  PrintingPolicy Policy(Spec->getASTContext().getLangOpts());
  Policy.SuppressTagKeyword = true;
  Policy.SuppressInlineNamespace = true;
  std::string Text;
  llvm::raw_string_ostream OS(Text);
  auto Print = [&](const TemplateArgument &Argument) {
    if (!OS.str().empty())
      OS << ", ";
    Argument.print(Policy, OS, /*IncludeType=*/false);
  };
  for (const TemplateArgument &Argument : Spec->getTemplateArgs().asArray()) {
    // A pack is written as its elements.
    if (Argument.getKind() == TemplateArgument::Pack)
      llvm::for_each(Argument.pack_elements(), Print);
    else
      Print(Argument);
  }
  return OS.str();
}

const TypeModel *ModelTable::type(const RecordDecl *Record) const {
  // `typedef union {...} pthread_mutex_t;` has the name of its typedef.
  if (!Record->getIdentifier() && !Record->getTypedefNameForAnonDecl())
    return nullptr;
  const llvm::SmallString<64> Name = qualifiedName(Record);
  if (auto Found = Specialisations.find(Name); Found != Specialisations.end())
    if (const auto *Spec = dyn_cast<ClassTemplateSpecializationDecl>(Record)) {
      const std::string Arguments = argumentText(Spec);
      for (const TypeModel *Model : Found->second) {
        llvm::StringRef Wanted =
            llvm::StringRef(Model->Name).split('<').second.drop_back();
        llvm::StringRef Given(Arguments);
        if (Given.consume_front(Wanted) &&
            (Given.empty() || Given.front() == ','))
          return Model;
      }
    }
  auto Found = Types.find(Name);
  return Found == Types.end() ? nullptr : Found->second;
}

llvm::ArrayRef<const BoundaryModel *>
ModelTable::boundaries(const FunctionDecl *Function) const {
  const NamedDecl *Named = Function;
  if (isa<CXXConstructorDecl>(Function))
    Named = cast<CXXRecordDecl>(Function->getDeclContext());
  const IdentifierInfo *Id = Named->getIdentifier();
  if (!Id || !BoundaryNames.contains(Id->getName()))
    return {};
  auto Found = Boundaries.find(qualifiedName(Function));
  if (Found == Boundaries.end())
    return {};
  return Found->second;
}

const ObjectModel *ModelTable::object(const VarDecl *Object) const {
  if (!Object->hasGlobalStorage() || !Object->getIdentifier())
    return nullptr;
  auto Found = Objects.find(qualifiedName(Object));
  return Found == Objects.end() ? nullptr : Found->second;
}

const OperationModel *
ModelTable::operation(const FunctionDecl *Function,
                      const CXXRecordDecl *Object) const {
  const IdentifierInfo *Id = Function->getIdentifier();
  if (!Id || !OperationNames.contains(Id->getName()))
    return nullptr;
  if (Object && Object->getIdentifier()) {
    llvm::SmallString<64> Name = qualifiedName(Object);
    Name += "::";
    Name += Id->getName();
    if (auto Found = Operations.find(Name); Found != Operations.end())
      return Found->second;
  }
  auto Found = Operations.find(qualifiedName(Function));
  return Found == Operations.end() ? nullptr : Found->second;
}

const OperationModel *ModelTable::operation(const VarDecl *FunctionObject) const {
  const IdentifierInfo *Id = FunctionObject->getIdentifier();
  if (!Id || !OperationNames.contains(Id->getName()))
    return nullptr;
  auto Found = Operations.find(qualifiedName(FunctionObject));
  return Found == Operations.end() ? nullptr : Found->second;
}
