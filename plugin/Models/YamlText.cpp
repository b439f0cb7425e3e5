// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Models/YamlText.h"

#include <algorithm>

using namespace fearless;
using llvm::StringRef;

static constexpr char Blanks[] = " \t";

void YamlText::copy(StringRef &Rest, size_t N) {
  Text += Rest.take_front(N);
  Rest = Rest.drop_front(std::min(N, Rest.size()));
}

void YamlText::insert(char C) {
  Inserted.push_back(Text.size());
  Text += C;
}

YamlText::YamlText(StringRef Written) {
  Text.reserve(Written.size() + Written.size() / 16);
  StringRef Rest = Written;
  while (!Rest.empty()) {
    // A value begins after "key: " or "- "; a bracket inside it is text.
    bool AtValue = true;
    while (!Rest.empty() && Rest.front() != '\n') {
      const char C = Rest.front();
      if (C == ' ' || C == '\t') {
        copy(Rest, 1);
      } else if (C == '#' && (Text.empty() || StringRef(" \t\n").contains(Text.back()))) {
        copy(Rest, std::min(Rest.find('\n'), Rest.size()));
      } else if (AtValue && (C == '[' || C == '{')) {
        copyFlow(Rest);
      } else if (AtValue && (C == '"' || C == '\'')) {
        copyQuoted(Rest);
      } else {
        const char Next = Rest.size() > 1 ? Rest[1] : '\n';
        AtValue = (C == ':' || (C == '-' && AtValue)) &&
                  StringRef(" \t\n").contains(Next);
        copy(Rest, 1);
      }
    }
    copy(Rest, 1);
  }
}

void YamlText::copyFlow(StringRef &Rest) {
  unsigned Depth = 0;
  do {
    const char C = Rest.front();
    if (C == '"' || C == '\'') {
      copyQuoted(Rest);
    } else if (C == '#' && StringRef(" \t\n").contains(Text.back())) {
      copy(Rest, std::min(Rest.find('\n'), Rest.size()));
    } else if (StringRef("[]{}, \t\n").contains(C) ||
               (C == ':' && Rest.take_front(2) != "::")) {
      if (C == '[' || C == '{')
        ++Depth;
      else if (C == ']' || C == '}')
        --Depth;
      copy(Rest, 1);
    } else {
      copyPlain(Rest);
    }
  } while (Depth != 0 && !Rest.empty());
}

void YamlText::copyQuoted(StringRef &Rest) {
  const char Quote = Rest.front();
  size_t End = 1;
  while (End < Rest.size() && Rest[End] != Quote)
    End += Quote == '"' && Rest[End] == '\\' ? 2 : 1;
  copy(Rest, std::min(End + 1, Rest.size()));
}

/// A plain scalar in a flow collection.
void YamlText::copyPlain(StringRef &Rest) {
  size_t End = 0;
  for (; End != Rest.size() && !StringRef("[]{},\n").contains(Rest[End]); ++End) {
    const bool BeforeBlank =
        End + 1 == Rest.size() || StringRef(" \t\n").contains(Rest[End + 1]);
    if ((Rest[End] == ':' && BeforeBlank) ||
        (Rest[End] == '#' && End != 0 && StringRef(Blanks).contains(Rest[End - 1])))
      break;
  }
  StringRef Scalar = Rest.take_front(End).rtrim(Blanks);
  const bool Quote = Scalar.contains("::") && !Scalar.contains('\'');
  if (Quote)
    insert('\'');
  copy(Rest, Scalar.size());
  if (Quote)
    insert('\'');
}

unsigned YamlText::writtenColumn(unsigned Line, unsigned Column) const {
  size_t Start = 0;
  for (; Line > 1; --Line) {
    const size_t End = Text.find('\n', Start);
    if (End == std::string::npos)
      return Column;
    Start = End + 1;
  }
  auto First = std::lower_bound(Inserted.begin(), Inserted.end(), Start);
  auto Last = std::lower_bound(First, Inserted.end(), Start + Column);
  return Column - static_cast<unsigned>(Last - First);
}
