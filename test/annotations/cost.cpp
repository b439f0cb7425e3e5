// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What annotations.h says of the cost of the marks. On class heads and statements and in assertions they are free: the
// machine code is the same, optimised or not. On fields, parameters and functions they are not: Clang hands the
// annotation to the optimiser, which is why FEARLESS_NO_ANNOTATIONS exists. Should a later Clang stop doing that, the
// GUARDED lines fail and the advice can go.

// RUN: %clangxx -std=c++17 -O0 -S -DFREE -I%annotations %s -o %t.with.s
// RUN: %clangxx -std=c++17 -O0 -S -DFREE -DFEARLESS_NO_ANNOTATIONS -I%annotations %s -o %t.without.s
// RUN: diff %t.with.s %t.without.s
// RUN: %clangxx -std=c++17 -O2 -S -DFREE -I%annotations %s -o %t.with.s
// RUN: %clangxx -std=c++17 -O2 -S -DFREE -DFEARLESS_NO_ANNOTATIONS -I%annotations %s -o %t.without.s
// RUN: diff %t.with.s %t.without.s
// RUN: grep -q caller %t.with.s
// RUN: %clangxx -std=c++17 -O2 -S -emit-llvm -I%annotations %s -o - | FileCheck %s --check-prefix=GUARDED
// RUN: %clangxx -std=c++17 -O2 -S -emit-llvm -DFEARLESS_NO_ANNOTATIONS -I%annotations %s -o - | FileCheck %s --check-prefix=OFF --implicit-check-not=.annotation
// GUARDED-DAG: @llvm.global.annotations = {{.*}}add
// GUARDED-DAG: call {{.*}} @llvm.ptr.annotation
// GUARDED-DAG: call {{.*}} @llvm.var.annotation
// OFF: define {{.*}}add

#include <fearless/annotations.h>

#ifdef FREE
struct FEARLESS_SEND FEARLESS_SYNC_CONST job {
  long value;
  long twice() const { return 2 * value; }
};
template <class T>
struct FEARLESS_UNSAFE_SEND_IF("it owns the object", fearless::send<T>) own {
  T object;
};
template <class F, class... A>
long run(F &&f, A... a) {
  FEARLESS_ALLOW("fearless-borrow", "it ends here") long sum = 0;
  FEARLESS_ALLOW("fearless-data-race", "one thread only") for (long i = 0; i < 100; ++i) sum += f(a...);
  return sum;
}
FEARLESS_ALLOW("fearless-global", "set once") long total = 0;
long caller(own<job> one, long *p) {
  FEARLESS_ASSERT_SEND(own<job>);
  return run([=](long by) { return one.object.twice() + by + *p + total; }, 3L);
}
#else
struct counter {
  int lock;
  long hits FEARLESS_GUARDED_BY(lock);
  void add(FEARLESS_SENDING const long *p, int count) FEARLESS_REQUIRES(lock);
};
void counter::add(const long *p, int count) {
  for (int i = 0; i < count; ++i)
    hits += p[i];
}
#endif
