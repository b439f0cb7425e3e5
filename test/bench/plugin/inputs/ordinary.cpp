// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Input of plugin_cost.py: a unit without threads, as most units are.

#include <algorithm>
#include <iostream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

namespace {

struct token {
  enum kind { number, word, sign } is;
  std::string text;
};

std::vector<token> split(const std::string &line) {
  std::vector<token> out;
  std::istringstream in(line);
  for (std::string text; in >> text;) {
    token::kind is = token::sign;
    if (std::all_of(text.begin(), text.end(), [](unsigned char c) { return c >= '0' && c <= '9'; }))
      is = token::number;
    else if ((text[0] | 32) >= 'a' && (text[0] | 32) <= 'z')
      is = token::word;
    out.push_back({is, text});
  }
  return out;
}

struct node {
  virtual ~node() = default;
  virtual double value(const std::map<std::string, double> &names) const = 0;
};
struct constant : node {
  explicit constant(double d) : number(d) {}
  double value(const std::map<std::string, double> &) const override { return number; }
  double number;
};
struct variable : node {
  explicit variable(std::string n) : name(std::move(n)) {}
  double value(const std::map<std::string, double> &names) const override {
    auto found = names.find(name);
    return found == names.end() ? 0 : found->second;
  }
  std::string name;
};
struct sum : node {
  double value(const std::map<std::string, double> &names) const override {
    double total = 0;
    for (const auto &part : parts)
      total += part->value(names);
    return total;
  }
  std::vector<std::unique_ptr<node>> parts;
};

std::unique_ptr<node> parse(const std::vector<token> &tokens) {
  auto out = std::make_unique<sum>();
  for (const token &t : tokens) {
    if (t.is == token::number)
      out->parts.push_back(std::make_unique<constant>(std::stod(t.text)));
    else if (t.is == token::word)
      out->parts.push_back(std::make_unique<variable>(t.text));
  }
  return out;
}

} // namespace

int main() {
  std::map<std::string, double> names{{"x", 1}, {"y", 2}};
  for (std::string line; std::getline(std::cin, line);) {
    auto tokens = split(line);
    std::sort(tokens.begin(), tokens.end(), [](const token &a, const token &b) { return a.text < b.text; });
    std::cout << parse(tokens)->value(names) << '\n';
  }
}
