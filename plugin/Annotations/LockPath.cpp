// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Annotations/LockPath.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/PrettyPrinter.h"
#include "llvm/ADT/StringExtras.h"

using namespace clang;
using namespace fearless;
using llvm::StringRef;

static const ValueDecl *asValue(const NamedDecl *D) {
  if (const auto *Using = dyn_cast<UsingShadowDecl>(D))
    D = Using->getTargetDecl();
  return isa<FieldDecl, VarDecl, FunctionDecl>(D) ? cast<ValueDecl>(D)
                                                  : nullptr;
}

/// The member of \p Class or of its bases, anonymous members looked through.
static const ValueDecl *memberNamed(const RecordDecl *Class, StringRef Name) {
  llvm::SmallVector<const RecordDecl *, 4> Classes{Class};
  while (!Classes.empty()) {
    const RecordDecl *C = Classes.pop_back_val();
    for (const Decl *D : C->decls())
      if (const auto *Named = dyn_cast<NamedDecl>(D);
          Named && Named->getIdentifier() && Named->getName() == Name) {
        if (const auto *Indirect = dyn_cast<IndirectFieldDecl>(Named))
          return Indirect->getAnonField();
        if (const ValueDecl *Value = asValue(Named))
          return Value;
      }
    if (const auto *Derived = dyn_cast<CXXRecordDecl>(C))
      for (const CXXBaseSpecifier &Base : Derived->bases())
        if (const CXXRecordDecl *Parent = Base.getType()->getAsCXXRecordDecl();
            Parent && Parent->hasDefinition())
          Classes.push_back(Parent->getDefinition());
  }
  return nullptr;
}

/// The innermost class around a declaration: a field's own, a method's, and for
/// a lambda that of the method around it, whose *this it has captured.
static const RecordDecl *objectOf(const ValueDecl *On) {
  for (const DeclContext *Scope = On->getDeclContext(); Scope;
       Scope = Scope->getParent())
    if (const auto *Class = dyn_cast<RecordDecl>(Scope))
      if (const auto *CXX = dyn_cast<CXXRecordDecl>(Class);
          !CXX || !CXX->isLambda())
        return Class;
  return nullptr;
}

/// What \p Name means at the declaration of \p On.
static const NamedDecl *lookUp(const ValueDecl *On, StringRef Name) {
  auto &Ids = On->getASTContext().Idents;
  auto Known = Ids.find(Name);
  const RecordDecl *Object = objectOf(On);
  auto InFunction = [&](const FunctionDecl *Function) -> const NamedDecl * {
    for (const ParmVarDecl *Parameter : Function->parameters())
      if (Parameter->getIdentifier() && Parameter->getName() == Name)
        return Parameter;
    return nullptr;
  };
  if (const auto *Function = dyn_cast<FunctionDecl>(On))
    for (const FunctionDecl *Declaration : Function->redecls())
      if (const NamedDecl *Parameter = InFunction(Declaration))
        return Parameter;
  for (const DeclContext *Scope = On->getDeclContext(); Scope;
       Scope = Scope->getParent()) {
    if (const auto *Class = dyn_cast<RecordDecl>(Scope))
      if (const ValueDecl *Member = memberNamed(Class, Name)) {
        // A member of a class around this one is no part of the same object,
        // but where the class in between is a nameless part of it.
        const bool SameObject =
            Class == Object || (Object && Object->getDeclName().isEmpty());
        if (SameObject || isa<VarDecl>(Member))
          return Member;
      }
    if (const auto *Function = dyn_cast<FunctionDecl>(Scope)) {
      if (const NamedDecl *Parameter = InFunction(Function))
        return Parameter;
      // A local; the last of that name that is declared before.
      const NamedDecl *Last = nullptr;
      for (const Decl *D : Function->decls())
        if (const auto *Variable = dyn_cast<VarDecl>(D);
            Variable && Variable != On && Variable->getIdentifier() &&
            Variable->getName() == Name)
          Last = Variable;
      if (Last)
        return Last;
    }
    if (Known == Ids.end() || Scope->isFunctionOrMethod())
      continue;
    for (const NamedDecl *D : Scope->getRedeclContext()->lookup(Known->second))
      if (!isa<FieldDecl>(D) && (asValue(D) || isa<NamespaceDecl, TagDecl>(D)))
        return D;
  }
  return nullptr;
}

/// What `.`, `->`, `::` or `()` continues from: the class of a value.
static const RecordDecl *classOf(const ValueDecl *Value) {
  QualType Type = Value->getType();
  if (const auto *Function = dyn_cast<FunctionDecl>(Value))
    Type = Function->getReturnType();
  Type = Type.getNonReferenceType();
  while (Type->isPointerType() || Type->isArrayType())
    Type = Type->isPointerType()
               ? Type->getPointeeType()
               : QualType(Type->getPointeeOrArrayElementType(), 0);
  const RecordDecl *Class = Type->getAsRecordDecl();
  // it->m of a smart pointer: its first argument is what it points to.
  if (const auto *Spec =
          dyn_cast_or_null<ClassTemplateSpecializationDecl>(Class)) {
    auto &Names = Class->getASTContext().DeclarationNames;
    if (Spec->hasDefinition() &&
        !Spec->getDefinition()->lookup(Names.getCXXOperatorName(OO_Arrow)).empty() &&
        Spec->getTemplateArgs().size() != 0 &&
        Spec->getTemplateArgs()[0].getKind() == TemplateArgument::Type)
      Class = Spec->getTemplateArgs()[0].getAsType()->getAsRecordDecl();
  }
  return Class && Class->getDefinition() ? Class->getDefinition() : Class;
}

static std::optional<LockPath> finished(LockPath Path, const ValueDecl *On) {
  if (Path.Steps.empty())
    return std::nullopt;
  // A parameter is that of the definition, whichever declaration has the mark.
  if (const auto *Parameter = dyn_cast<ParmVarDecl>(Path.Steps.front()))
    if (const auto *Function = dyn_cast<FunctionDecl>(On)) {
      const FunctionDecl *Definition = nullptr;
      if (!Function->hasBody(Definition))
        Definition = Function;
      if (isa<FunctionDecl>(Parameter->getDeclContext()) &&
          Parameter->getFunctionScopeIndex() < Definition->getNumParams() &&
          Parameter->getDeclContext() != On->getDeclContext())
        Path.Steps.front() =
            Definition->getParamDecl(Parameter->getFunctionScopeIndex());
    }
  Path.OfObject = isa<FieldDecl>(Path.Steps.front()) ||
                  (isa<CXXMethodDecl>(Path.Steps.front()) &&
                   !cast<CXXMethodDecl>(Path.Steps.front())->isStatic());
  // A static member starts anew, whatever was named before it.
  for (size_t I = Path.Steps.size(); I-- > 1;)
    if (isa<VarDecl>(Path.Steps[I])) {
      Path.Steps.erase(Path.Steps.begin(), Path.Steps.begin() + I);
      Path.OfObject = false;
      break;
    }
  return Path;
}

//===----------------------------------------------------------------------===//
// Text
//===----------------------------------------------------------------------===//

static std::optional<LockPath> parse(StringRef Text, const ValueDecl *On) {
  LockPath Path;
  Path.Text = Text.trim().str();
  StringRef Rest = Text.trim();
  auto Skip = [&](StringRef Token) {
    Rest = Rest.ltrim();
    return Rest.consume_front(Token);
  };
  auto Word = [&] {
    Rest = Rest.ltrim();
    StringRef Name = Rest.take_while(
        [](char C) { return llvm::isAlnum(C) || C == '_'; });
    Rest = Rest.drop_front(Name.size());
    return Name;
  };
  auto At = [&](const NamedDecl *D) {
    if (const ValueDecl *Value = D ? asValue(D) : nullptr)
      Path.Steps.push_back(Value);
    return D;
  };
  auto &Ids = On->getASTContext().Idents;
  while (Skip("*") || Skip("&") || Skip("!"))
    ;
  const NamedDecl *Current;
  if (Skip("this")) {
    const RecordDecl *Object = objectOf(On);
    if (!Skip("->") || !Object)
      return std::nullopt;
    Current = At(memberNamed(Object, Word()));
  } else if (Skip("::")) {
    auto Known = Ids.find(Word());
    if (Known == Ids.end())
      return std::nullopt;
    auto Found =
        On->getASTContext().getTranslationUnitDecl()->lookup(Known->second);
    Current = At(Found.empty() ? nullptr : Found.front());
  } else {
    Current = At(lookUp(On, Word()));
  }
  while (Current) {
    if (Skip("()"))
      continue;
    const bool Qualified = Skip("::");
    if (!Qualified && !Skip("->") && !Skip("."))
      break;
    StringRef Name = Word();
    if (const auto *Scope = dyn_cast<NamespaceDecl>(Current)) {
      auto Known = Ids.find(Name);
      if (!Qualified || Known == Ids.end())
        return std::nullopt;
      auto Found = Scope->lookup(Known->second);
      Current = At(Found.empty() ? nullptr : Found.front());
      continue;
    }
    const RecordDecl *Class = dyn_cast<RecordDecl>(Current);
    if (Class && Class->getDefinition())
      Class = Class->getDefinition();
    if (const auto *Value = dyn_cast<ValueDecl>(Current); Value && !Qualified)
      Class = classOf(Value);
    Current = At(Class ? memberNamed(Class, Name) : nullptr);
  }
  if (!Current || !asValue(Current) || !Rest.trim().empty())
    return std::nullopt;
  return finished(std::move(Path), On);
}

//===----------------------------------------------------------------------===//
// Clang's attributes
//===----------------------------------------------------------------------===//

static bool follow(const Expr *E, LockPath &Path) {
  E = E->IgnoreParenCasts();
  if (const auto *Operator = dyn_cast<UnaryOperator>(E))
    return follow(Operator->getSubExpr(), Path);
  if (const auto *Call = dyn_cast<CXXOperatorCallExpr>(E))
    return follow(Call->getArg(0), Path);
  if (const auto *Call = dyn_cast<CXXMemberCallExpr>(E)) {
    if (!follow(Call->getImplicitObjectArgument(), Path) ||
        !Call->getMethodDecl())
      return false;
    Path.Steps.push_back(Call->getMethodDecl());
    return true;
  }
  if (const auto *Call = dyn_cast<CallExpr>(E)) {
    if (!Call->getDirectCallee())
      return false;
    Path.Steps.push_back(Call->getDirectCallee());
    return true;
  }
  if (isa<CXXThisExpr>(E))
    return true;
  if (const auto *Member = dyn_cast<MemberExpr>(E)) {
    if (!follow(Member->getBase(), Path))
      return false;
    Path.Steps.push_back(Member->getMemberDecl());
    return true;
  }
  if (const auto *Ref = dyn_cast<DeclRefExpr>(E)) {
    Path.Steps.push_back(Ref->getDecl());
    return true;
  }
  return false;
}

static std::optional<LockPath> fromExpression(const Expr *E,
                                              const ValueDecl *On) {
  LockPath Path;
  PrintingPolicy Policy(On->getASTContext().getLangOpts());
  Policy.SuppressImplicitBase = true;
  llvm::raw_string_ostream OS(Path.Text);
  E->printPretty(OS, nullptr, Policy);
  OS.flush();
  if (!follow(E, Path))
    return std::nullopt;
  return finished(std::move(Path), On);
}

llvm::SmallVector<std::optional<LockPath>, 1>
fearless::lockPathsOf(const Mark &M, const ValueDecl *On) {
  llvm::SmallVector<std::optional<LockPath>, 1> Out;
  if (M.Lock) {
    Out.push_back(fromExpression(M.Lock, On));
    return Out;
  }
  // "m, n": at the commas outside parentheses.
  StringRef Text = M.Text;
  size_t Begin = 0;
  int Depth = 0;
  for (size_t I = 0; I <= Text.size(); ++I) {
    if (I != Text.size() && Text[I] == '(')
      ++Depth;
    else if (I != Text.size() && Text[I] == ')')
      --Depth;
    else if (I == Text.size() || (Text[I] == ',' && Depth == 0)) {
      Out.push_back(parse(Text.slice(Begin, I), On));
      Begin = I + 1;
    }
  }
  return Out;
}

MarkList fearless::lockMarksOf(const FunctionDecl *Function) {
  MarkList Out;
  for (Mark &M : marksOf(Function))
    if (M.Kind == MarkKind::Requires || M.Kind == MarkKind::RequiresShared ||
        M.Kind == MarkKind::Excludes)
      Out.push_back(std::move(M));
  if (const auto *Method = dyn_cast<CXXMethodDecl>(Function);
      Method && Method->isVirtual())
    for (const CXXMethodDecl *Overridden : Method->overridden_methods())
      Out.append(lockMarksOf(Overridden));
  return Out;
}

const ValueDecl *fearless::lockNamedBy(const Mark &M, const ValueDecl *On) {
  auto Paths = lockPathsOf(M, On);
  return Paths.size() == 1 && Paths[0] ? Paths[0]->last() : nullptr;
}
