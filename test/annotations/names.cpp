// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The header goes together with what others call send and sync: the functions of POSIX, members, the runtime's classes
// in namespace fearless; and it can be included inside extern "C", twice, and in several units of a program.

// RUN: %clangxx -std=c++11 -Wall -Wextra -Wpedantic -Werror -c -I%annotations %s -o %t.1.o
// RUN: %clangxx -std=c++20 -DUNIT=2 -Wall -Wextra -Wpedantic -Werror -c -I%annotations %s -o %t.2.o
// RUN: %clangxx %t.1.o %t.2.o -o %t
// RUN: %t
// RUN: g++ -std=c++11 -Wall -Wextra -Wpedantic -Werror -c -I%annotations %s -o %t.3.o
// RUN: %clangxx %t.3.o %t.2.o -o %t.mixed
// RUN: %t.mixed

#define send(handle, data) send_macro
extern "C" {
#include <fearless/annotations.h>
#include <fearless/annotations.h>
}
#undef send

extern "C" int send(int handle, const void *data, unsigned long size, int flags);
extern "C" void sync(void);

namespace fearless {
template <class T>
class FEARLESS_SEND_IF(fearless::send<T>) sender {
public:
  bool send(FEARLESS_SENDING T value) const { return value == kept; }
  T kept;
};
namespace detail {
struct sync {
  int send;
};
} // namespace detail
} // namespace fearless

namespace user {
struct fearless_free {
  int send, sync;
};
// A user's own namespace fearless does not shadow ours in an assertion.
namespace fearless {
struct inner {};
FEARLESS_ASSERT_SEND(inner);
} // namespace fearless
} // namespace user

int other_unit(const fearless::sender<int> &);

#if UNIT == 2
int other_unit(const fearless::sender<int> &s) { return s.send(1) ? 0 : 1; }
#else
int main() {
  fearless::sender<int> s = {1};
  user::fearless_free f = {0, 0};
  fearless::detail::sync d = {0};
  return other_unit(s) + f.send + f.sync + d.send;
}
#endif
