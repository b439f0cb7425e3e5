// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The runtime without exceptions and RTTI, and so without gtest: the operations
// whose errors come back as values, and, in a forked child, that the others end
// the program with a message instead of throwing.

#include "fearless/fearless.h"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#if defined(__cpp_exceptions) || defined(__cpp_rtti)
#error "this test is compiled with -fno-exceptions -fno-rtti"
#endif

namespace {

int failures = 0;

void expect(bool fact, const char* what) {
  if (!fact) {
    std::fprintf(stderr, "failed: %s\n", what);
    ++failures;
  }
}

/// Whether `f` ends the process by abort().
template <class F>
bool aborts(F f) {
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    static_cast<void>(std::freopen("/dev/null", "w", stderr));
    f();
    _exit(0);
  }
  int status = 0;
  return waitpid(child, &status, 0) == child && WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

void threads() {
  expect(fearless::spawn([](int a) { return a + 1; }, 1).join() == 2, "spawn and join");
  auto tried = fearless::try_spawn([] { return std::make_unique<int>(3); });
  expect(tried && *tried.take().join() == 3, "try_spawn");
  const auto impossible =
      fearless::thread_builder().stack_size(static_cast<std::size_t>(1) << 60).try_spawn([] {});
  expect(!impossible && impossible.error(), "try_spawn reports that there can be no thread");

  std::vector<int> data(100, 1);
  const int result = fearless::scope([&](fearless::scope_handle& s) {
    for (auto part : fearless::chunks_of(data, 30))
      s.spawn([part = std::move(part)] {
        for (int& i : part)
          ++i;
      });
    return 7;
  });
  expect(result == 7, "scope returns what its closure returns");
  for (const int i : data)
    expect(i == 2, "the scoped threads have written");

  expect(aborts([] {
           auto handle = fearless::spawn([] {});
           handle.join();
           handle.join();
         }),
         "join of an empty handle aborts");
  expect(aborts([] {
           auto none =
               fearless::thread_builder().stack_size(static_cast<std::size_t>(1) << 60).spawn([] {});
         }),
         "spawn aborts when there can be no thread");
  expect(aborts([&data] { static_cast<void>(fearless::chunks_of(data, 0)); }), "chunks of 0 abort");
  expect(aborts([&data] { static_cast<void>(fearless::split_at(data, 101)); }),
         "split_at behind the end aborts");
}

void data() {
  const auto shared = fearless::make_arc<fearless::mutex<std::string>>("a");
  fearless::spawn([shared] { *shared->lock() += "b"; }).join();
  expect(*shared->lock() == "ab", "arc and mutex");
  fearless::rw_lock<int> number{1};
  *number.write() = 2;
  expect(*number.read() == 2, "rw_lock");
  const fearless::lazy<std::string> made{[] { return std::string("x"); }};
  expect(*made == "x", "lazy");
  const fearless::atomic<int> counter{0};
  ++counter;
  expect(counter == 1, "atomic");

  fearless::thread_bound<int> bound(5);
  expect(bound.get() == 5, "thread_bound on its thread");
  expect(aborts([&bound] {
           fearless::scope([&](fearless::scope_handle& s) {
             s.spawn([&bound] { static_cast<void>(bound.get()); });
           });
         }),
         "thread_bound aborts on another thread");
}

void channels() {
  auto [tx, rx] = fearless::unbounded_channel<int>();
  expect(static_cast<bool>(tx.send(1)), "send");
  expect(rx.recv() == 1, "recv");
}

} // namespace

int main() {
  threads();
  data();
  channels();
  return failures != 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
