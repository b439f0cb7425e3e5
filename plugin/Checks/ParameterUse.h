// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How a type mentions a template parameter: as a value that moves through, or
// as an object that is shown. Read from the pattern of a template, so the types
// are dependent and nothing is instantiated.

#ifndef FEARLESS_CHECKS_PARAMETERUSE_H
#define FEARLESS_CHECKS_PARAMETERUSE_H

#include "Models/ModelTable.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclTemplate.h"
#include "llvm/ADT/SmallPtrSet.h"

#include <optional>

namespace fearless {

struct ParameterUse {
  /// T, T&&, unique_ptr<T>, vector<T>: a T moves through.
  bool ByValue = false;
  /// T&, T*, span<T>: the same T is seen from several places.
  bool Reference = false;
  /// const T&, const T*
  bool ConstReference = false;
  /// A reference that is handed to a function for the time of a call:
  /// std::function<void(T &)>.
  bool Callback = false;
  bool ConstCallback = false;

  bool any() const {
    return ByValue || Reference || ConstReference || Callback || ConstCallback;
  }
  ParameterUse &operator|=(const ParameterUse &O);
};

/// Finds the uses of one parameter. What is only a tag (an empty class
/// template) and what is not evaluated (decltype, sizeof) is no use.
class ParameterUses {
public:
  ParameterUses(const clang::TemplateTypeParmDecl *Parameter,
                const clang::ASTContext &Ctx, const ModelTable &Models)
      : Parameter(Parameter), Ctx(Ctx), Models(Models) {}

  /// The uses in the type of a result or parameter.
  ParameterUse of(clang::QualType Type);
  /// The uses in the type of a field or base: a pointer to a function holds
  /// nothing of what the function takes and gives.
  ParameterUse heldBy(clang::QualType Type);

  /// Whether \p Type mentions the parameter at all.
  bool mentions(clang::QualType Type) const;

private:
  bool isParameter(clang::QualType Type) const;
  ParameterUse behind(clang::QualType Pointee);
  /// The parameter's index when \p Class is the template it belongs to.
  std::optional<unsigned> ownIndex(const clang::CXXRecordDecl *Class) const;
  ParameterUse function(const clang::FunctionProtoType *Type);
  ParameterUse named(clang::QualType Type);
  ParameterUse specialisation(const clang::TemplateDecl *Template,
                              llvm::ArrayRef<clang::TemplateArgument> Arguments);
  bool holds(const clang::ClassTemplateDecl *Template, unsigned Index);

  const clang::TemplateTypeParmDecl *Parameter;
  const clang::ASTContext &Ctx;
  const ModelTable &Models;
  bool Held = false;
  /// Templates being looked into, so that recursive ones end.
  llvm::SmallPtrSet<const clang::ClassTemplateDecl *, 4> Open;
};

} // namespace fearless

#endif // FEARLESS_CHECKS_PARAMETERUSE_H
