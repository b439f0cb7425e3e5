// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One YAML for all versions: LLVM 16's parser refuses the `::` of a C++ name
// in [a::b] unless the name is quoted. This quotes it, and knows where the
// text came from, so that errors keep their columns.

#ifndef FEARLESS_MODELS_YAMLTEXT_H
#define FEARLESS_MODELS_YAMLTEXT_H

#include "llvm/ADT/StringRef.h"

#include <string>
#include <vector>

namespace fearless {

class YamlText {
public:
  /// Text that every version's parser reads as the newest reads \p Written.
  /// Copies; linear.
  explicit YamlText(llvm::StringRef Written);

  llvm::StringRef text() const { return Text; }

  /// The column (from 0) in the text as written of \p Column in line \p Line
  /// (from 1) of text().
  unsigned writtenColumn(unsigned Line, unsigned Column) const;

private:
  void copyFlow(llvm::StringRef &Rest);
  void copyQuoted(llvm::StringRef &Rest);
  void copyPlain(llvm::StringRef &Rest);
  void copy(llvm::StringRef &Rest, size_t N);
  void insert(char C);

  std::string Text;
  /// Offsets in Text of the characters that were not written, ascending.
  std::vector<size_t> Inserted;
};

} // namespace fearless

#endif // FEARLESS_MODELS_YAMLTEXT_H
