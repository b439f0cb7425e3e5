// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The variance rule of Rudra (Bae et al., SOSP 2021, section 4.3), carried to
// C++: what an unchecked Send or Sync of a class template must ask of the
// template's parameters, judged by the types of its fields and the
// declarations of its public interface. Where Rust itself fails most.

#ifndef FEARLESS_CHECKS_VARIANCE_H
#define FEARLESS_CHECKS_VARIANCE_H

#include "Annotations/Marks.h"

#include "clang/AST/DeclTemplate.h"

#include <string>
#include <vector>

namespace fearless {

struct MissingDemand {
  const clang::TemplateTypeParmDecl *Parameter;
  Trait Asks;
  bool Const;
  /// The member that lets the parameter through.
  const clang::NamedDecl *Because;
  std::string Why;

  /// "fearless::sync<const T>"
  std::string wanted() const;
};

/// What the unsafe mark \p M on the pattern of \p Template should ask and does
/// not. Parameters that only select a tag demand nothing. Linear in the
/// number of members.
std::vector<MissingDemand> missingDemands(const clang::ClassTemplateDecl &Template,
                                          const Mark &M);

} // namespace fearless

#endif // FEARLESS_CHECKS_VARIANCE_H
