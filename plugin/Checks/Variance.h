// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The variance rule of Rudra (Bae et al., SOSP 2021, section 4.3), carried to
// C++: what a Send or Sync that is claimed for a class template must ask of the
// template's parameters, judged by the types of its fields and the
// declarations of its public interface. Where Rust itself fails most.
//
// Beyond Rudra: T& from a shared object asks Sync(T), a case Rust has not;
// copies, comparisons, stream output and callbacks are part of the interface;
// a callback that runs under a lock has the T to itself.

#ifndef FEARLESS_CHECKS_VARIANCE_H
#define FEARLESS_CHECKS_VARIANCE_H

#include "Annotations/Marks.h"
#include "Models/ModelTable.h"

#include "clang/AST/DeclTemplate.h"

#include <string>
#include <vector>

namespace fearless {

struct MissingDemand {
  const clang::TemplateTypeParmDecl *Parameter;
  Trait Asks;
  bool Const;
  /// The member that lets the parameter through.
  clang::SourceLocation Because;
  std::string Why;

  /// "fearless::sync<const T>"
  std::string wanted() const;
};

/// What the mark \p M on the template \p Class (a primary template, a partial
/// specialisation, or a class inside a template) should ask and does not.
/// Parameters that only select a tag demand nothing. Linear in the number of
/// members and in the bodies of those that take a callback.
std::vector<MissingDemand> missingDemands(const clang::CXXRecordDecl &Class,
                                          const Mark &M,
                                          const ModelTable &Models);

} // namespace fearless

#endif // FEARLESS_CHECKS_VARIANCE_H
