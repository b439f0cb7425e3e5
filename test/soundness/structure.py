# Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What can be taken out of a C++ program, found without a parser.

Brackets, comments, literals and the places where a statement or declaration
ends are enough: a wrong guess only makes a candidate that does not compile.
"""

import re

TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?\*/)
      |(?P<literal>R"(?P<tag>[^()\\ ]*)\(.*?\)(?P=tag)"|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])+')
      |(?P<directive>^[ \t]*\#(?:\\\n|[^\n])*)
      |(?P<word>[A-Za-z_]\w*|\d(?:'\w|[\w.])*)
      |(?P<space>\s+)
      |(?P<sign>.)""",
    re.X | re.S | re.M,
)
CLOSING = {"(": ")", "[": "]", "{": "}"}
# After a closing brace these go on with what it belongs to.
GOES_ON = set(";,)(.-&|+=:?[") | {"else", "catch"}
DECLARES = {"struct", "class", "union", "enum", "typedef"}
LABELS = {"public", "private", "protected", "case", "default"}


class Token:
    __slots__ = ("kind", "text", "start", "end", "match")

    def __init__(self, kind, text, start, end):
        self.kind, self.text, self.start, self.end = kind, text, start, end
        self.match = None  # index of the closing bracket


class Group:
    """Siblings: parts of the text that can be deleted one by one."""

    def __init__(self, spans, commas=False):
        self.spans = spans
        self.commas = commas

    def __len__(self):
        return len(self.spans)

    def without(self, text, first, last):
        last = min(last, len(self.spans))
        start, end = self.spans[first][0], self.spans[last - 1][1]
        if self.commas and last < len(self.spans):
            end = self.spans[last][0]
        elif self.commas and first > 0:
            start = self.spans[first - 1][1]
        return text[:start] + text[end:]


def tokens(text):
    """The tokens that count, with the brackets matched."""
    out = []
    for found in TOKEN.finditer(text):
        if found.lastgroup not in ("space", "comment"):
            kind = "literal" if found.group("literal") else found.lastgroup
            out.append(Token(kind, found.group(), found.start(), found.end()))
    stack = []
    for i, token in enumerate(out):
        if token.kind != "sign":
            continue
        if token.text in CLOSING:
            stack.append(i)
        elif token.text in CLOSING.values():
            if stack and CLOSING[out[stack[-1]].text] == token.text:
                out[stack.pop()].match = i
    return out


def items(toks, first, last):
    """Spans of the statements and declarations of toks[first:last]."""
    spans = []
    begin = first
    i = first
    while i < last:
        token = toks[i]
        if token.kind == "directive":
            if i > begin:
                spans.append((toks[begin].start, toks[i - 1].end))
            spans.append((token.start, token.end))
            begin = i + 1
        elif token.match is not None:
            i = token.match
            following = toks[i + 1].text if i + 1 < last else "}"
            head = toks[begin].text
            if (token.text == "{" and following not in GOES_ON and head not in DECLARES
                    and not (head == "do" and following == "while")):
                spans.append((toks[begin].start, toks[i].end))
                begin = i + 1
        elif token.text == ";" or (token.text == ":" and toks[begin].text in LABELS):
            spans.append((toks[begin].start, token.end))
            begin = i + 1
        i += 1
    if begin < last:
        spans.append((toks[begin].start, toks[last - 1].end))
    return spans


def statements(text):
    toks = tokens(text)
    out = [Group(items(toks, 0, len(toks)))]
    for i, token in enumerate(toks):
        if token.text == "{" and token.match is not None and token.match > i + 1:
            out.append(Group(items(toks, i + 1, token.match)))
    return [group for group in out if len(group)]


def lists(text):
    """Elements between commas: arguments, captures, initialisers."""
    toks = tokens(text)
    out = []
    for i, token in enumerate(toks):
        if token.match is None or token.match == i + 1:
            continue
        spans = []
        begin = k = i + 1
        while k <= token.match:
            if k == token.match or toks[k].text == ",":
                if k > begin:
                    spans.append((toks[begin].start, toks[k - 1].end))
                begin = k + 1
            elif toks[k].match is not None:
                k = toks[k].match
            k += 1
        if spans:
            out.append(Group(spans, commas=True))
    return out


def lines(text):
    spans = [(m.start(), m.end()) for m in re.finditer(r"[^\n]*\n|[^\n]+", text)]
    return [Group(spans)] if spans else []


def unwrapped(text):
    """The text with one block replaced by its contents: the statement that it
    is the body of goes, "if (x) { f(); }" becomes "f();"."""
    toks = tokens(text)
    whole = [(0, len(toks))] + [(i + 1, t.match) for i, t in enumerate(toks)
                                if t.text == "{" and t.match is not None]
    for first, last in whole:
        for start, end in items(toks, first, last):
            for i in range(first, last):
                token = toks[i]
                if token.text == "{" and token.match is not None and start <= token.start < end:
                    inner = text[token.end:toks[token.match].start]
                    yield text[:start] + inner.strip() + text[end:]
                    break


def tidied(text):
    """Without comments, empty lines and blanks at the ends of lines."""
    bare = TOKEN.sub(lambda m: "" if m.group("comment") else m.group(), text)
    yield bare
    flat = "\n".join(line.rstrip() for line in bare.split("\n"))
    yield re.sub(r"\n{2,}", "\n", flat).lstrip("\n")
