// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The marks in C, at every place: Clang and GCC, C11 and later, no word. -Weverything is cut by the group that objects
// to C11 itself.

// RUN: %clang -std=c11 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I%annotations %s
// RUN: %clang -std=gnu11 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I%annotations %s
// RUN: %clang -std=c17 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I%annotations %s
// RUN: %clang -std=c2x -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I%annotations %s
// RUN: %clang -std=c11 -Weverything -Wno-unknown-warning-option -Wno-pre-c11-compat -Werror -fsyntax-only -I%annotations %s
// RUN: %clang -std=c11 -DFEARLESS_NO_ANNOTATIONS -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I%annotations %s
// RUN: gcc -std=c11 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I%annotations %s
// RUN: gcc -std=gnu11 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I%annotations %s
// RUN: gcc -std=c17 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I%annotations %s
// RUN: gcc -std=c2x -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I%annotations %s

// RUN: %clang -std=c11 -fsyntax-only -Xclang -ast-dump -fno-color-diagnostics -I%annotations %s | FileCheck %s
// RUN: %clang -std=c11 -DFEARLESS_NO_ANNOTATIONS -fsyntax-only -Xclang -ast-dump -fno-color-diagnostics -I%annotations %s | FileCheck %s --check-prefix=OFF --implicit-check-not=AnnotateAttr
// OFF: FunctionDecl {{.*}} main

#include <fearless/annotations.h>

// CHECK: RecordDecl {{.*}} struct message definition
struct FEARLESS_SEND message {
  // CHECK: FieldDecl {{.*}} lock 'int'
  int lock;
  // CHECK: FieldDecl {{.*}} length 'int'
  // CHECK-NEXT: AnnotateAttr {{.*}} "fearless::guarded_by"
  // CHECK: StringLiteral {{.*}} "lock"
  int length FEARLESS_GUARDED_BY(lock);
  // CHECK: FieldDecl {{.*}} text 'char *'
  // CHECK-NEXT: AnnotateAttr {{.*}} "fearless::pt_guarded_by"
  char *text FEARLESS_PT_GUARDED_BY(lock);
  // CHECK: FieldDecl {{.*}} drawn 'int'
  // CHECK-NEXT: AnnotateAttr {{.*}} "fearless::owned_by"
  // CHECK: StringLiteral {{.*}} "ui"
  int drawn FEARLESS_OWNED_BY(ui);
  FEARLESS_ASSERT_SEND(int);
};
// CHECK: RecordDecl {{.*}} struct definition
// CHECK-NEXT: AnnotateAttr {{.*}} "fearless::not_send"
// CHECK: StringLiteral {{.*}} "it names a slot of its thread"
typedef struct FEARLESS_NOT_SEND("it names a slot of its thread") {
  int index;
} slot;
// CHECK: RecordDecl {{.*}} union number definition
// CHECK-NEXT: AnnotateAttr {{.*}} "fearless::unsafe_sync"
union FEARLESS_UNSAFE_SYNC("set once, before main") number {
  int i;
  float f;
};
// CHECK: EnumDecl {{.*}} colour
// CHECK-NEXT: AnnotateAttr {{.*}} "fearless::send"
enum FEARLESS_SEND colour { red, green };

// CHECK: VarDecl {{.*}} depth 'int'
// CHECK: AnnotateAttr {{.*}} "fearless::owned_by"
static int depth FEARLESS_OWNED_BY(event_loop) = 1;
// CHECK: VarDecl {{.*}} verbose 'int'
// CHECK: AnnotateAttr {{.*}} "fearless::allow"
// CHECK: StringLiteral {{.*}} "fearless-global"
// CHECK: StringLiteral {{.*}} "set once, before main"
FEARLESS_ALLOW("fearless-global", "set once, before main") static int verbose = 1;

// CHECK: FunctionDecl {{.*}} start 'int (void *(*)(void *), void *)'
// CHECK-NEXT: ParmVarDecl {{.*}} run
// CHECK-NEXT: AnnotateAttr {{.*}} "fearless::spawns"
// CHECK-NEXT: ParmVarDecl {{.*}} argument
// CHECK-NEXT: AnnotateAttr {{.*}} "fearless::sending"
// CHECK-NEXT: AnnotateAttr {{.*}} "fearless::excludes"
// CHECK: StringLiteral {{.*}} "first, second"
int start(FEARLESS_SPAWNS void *(*run)(void *), FEARLESS_SENDING void *argument) FEARLESS_EXCLUDES(first, second);
// CHECK: FunctionDecl {{.*}} prev {{.*}} start
// CHECK-NEXT: ParmVarDecl {{.*}} run
// CHECK-NEXT: AnnotateAttr {{.*}} Inherited "fearless::spawns"
// CHECK: AnnotateAttr {{.*}} Inherited "fearless::sending"
int start(void *(*run)(void *), void *argument) {
  (void)run;
  (void)argument;
  return depth + verbose;
}

// CHECK: FunctionDecl {{.*}} draw
// CHECK-NEXT: AnnotateAttr {{.*}} "fearless::requires"
// CHECK: AnnotateAttr {{.*}} "fearless::requires_shared"
// CHECK: AnnotateAttr {{.*}} "fearless::runs_on"
int draw(void) FEARLESS_REQUIRES(lock) FEARLESS_REQUIRES_SHARED(table) FEARLESS_RUNS_ON(ui);

FEARLESS_ASSERT_SEND(struct message);
FEARLESS_ASSERT_NOT_SEND(slot);
FEARLESS_ASSERT_SYNC(union number);

// CHECK: FunctionDecl {{.*}} main
int main(void) {
  FEARLESS_ASSERT_NOT_SYNC(int);
  // CHECK: VarDecl {{.*}} status 'int'
  // CHECK: AnnotateAttr {{.*}} "fearless::allow"
  FEARLESS_ALLOW("fearless-*", "a local variable") int status = 0;
  return status;
}
