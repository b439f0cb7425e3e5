// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A driver for builds without libFuzzer: the files of a folder, and -runs=
// mutations of them from -seed=, blind to what they reach. An input that crashes,
// or takes longer than ten seconds, is left in the file crash-input; as the
// argument it shows the same again.

#include "Target.h"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <vector>

using Input = std::vector<uint8_t>;

static Input contents(const std::filesystem::path &Path) {
  std::ifstream In(Path, std::ios::binary);
  return {std::istreambuf_iterator<char>(In), {}};
}

/// One change: a byte, a piece left out, doubled, or taken from another input.
static void mutate(Input &Out, const std::vector<Input> &All,
                   std::mt19937 &Random) {
  auto Below = [&](size_t Limit) { return Limit ? Random() % Limit : 0; };
  const size_t At = Below(Out.size() + 1);
  const size_t Length = Below(std::min<size_t>(Out.size() - At, 32) + 1);
  switch (Below(4)) {
  case 0:
    if (At != Out.size())
      Out[At] = static_cast<uint8_t>(Random());
    break;
  case 1:
    Out.erase(Out.begin() + At, Out.begin() + At + Length);
    break;
  case 2: {
    const Input Piece(Out.begin() + At, Out.begin() + At + Length);
    Out.insert(Out.begin() + At, Piece.begin(), Piece.end());
    break;
  }
  case 3: {
    const Input &Other = All[Below(All.size())];
    const size_t From = Below(Other.size() + 1);
    const size_t To = From + Below(std::min<size_t>(Other.size() - From, 64) + 1);
    Out.insert(Out.begin() + At, Other.begin() + From, Other.begin() + To);
    break;
  }
  }
}

static const Input *Current = nullptr;

static void keepInput(int Signal) {
  const int Number = open("crash-input", O_CREAT | O_TRUNC | O_WRONLY, 0666);
  if (Number >= 0 && write(Number, Current->data(), Current->size()) >= 0)
    close(Number);
  signal(Signal, SIG_DFL);
  raise(Signal);
}

static void run(const Input &In) {
  Current = &In;
  alarm(10);
  LLVMFuzzerTestOneInput(In.data(), In.size());
}

int main(int Count, char **Arguments) {
  for (int Signal : {SIGALRM, SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL})
    signal(Signal, keepInput);
  unsigned long Runs = 0, Seed = 1;
  std::vector<std::filesystem::path> Paths;
  const std::vector<std::string> Given(Arguments + 1, Arguments + Count);
  for (const std::string &Argument : Given) {
    if (Argument.rfind("-runs=", 0) == 0)
      Runs = std::stoul(Argument.substr(6));
    else if (Argument.rfind("-seed=", 0) == 0)
      Seed = std::stoul(Argument.substr(6));
    else if (std::filesystem::is_directory(Argument))
      for (const auto &Entry : std::filesystem::directory_iterator(Argument))
        Paths.push_back(Entry.path());
    else if (Argument[0] != '-')
      Paths.push_back(Argument);
  }
  std::sort(Paths.begin(), Paths.end());
  std::vector<Input> All;
  for (const auto &Path : Paths)
    All.push_back(contents(Path));
  for (const Input &Each : All)
    run(Each);
  std::mt19937 Random(Seed);
  for (unsigned long Run = 0; Run < Runs && !All.empty(); ++Run) {
    Input Each = All[Random() % All.size()];
    for (unsigned long Changes = 1 + Random() % 6; Changes; --Changes)
      mutate(Each, All, Random);
    run(Each);
  }
  std::printf("Done %lu runs\n", Runs);
}
