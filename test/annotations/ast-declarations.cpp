// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The marks on fields, variables, functions and parameters arrive in the AST with their encodings: in instantiations of
// templates, for every element of a parameter pack, on lambdas, and on later declarations.

// RUN: %clangxx -std=c++14 -fsyntax-only -Xclang -ast-dump -fno-color-diagnostics -I%annotations %s | FileCheck %s
// RUN: %clangxx -std=c++20 -fsyntax-only -Xclang -ast-dump -fno-color-diagnostics -I%annotations %s | FileCheck %s
// RUN: %clangxx -std=c++20 -DFEARLESS_NO_ANNOTATIONS -fsyntax-only -Xclang -ast-dump -fno-color-diagnostics -I%annotations %s | FileCheck %s --check-prefix=OFF --implicit-check-not=AnnotateAttr
// OFF: FunctionDecl {{.*}} last

#include <fearless/annotations.h>

#define lock_macro expanded

template <int N, int M>
struct table {
  static int lock;
};

template <class T>
struct fields {
  T a FEARLESS_GUARDED_BY(this->m[0]);
  T b FEARLESS_GUARDED_BY(m) = T();
  T c FEARLESS_GUARDED_BY(m){};
  T d[2] FEARLESS_GUARDED_BY(m);
  T e : 3 FEARLESS_GUARDED_BY(m);
  T *f FEARLESS_PT_GUARDED_BY(table<1, 2>::lock);
  T g FEARLESS_OWNED_BY(ui);
  static T h FEARLESS_OWNED_BY(event_loop);
  int m[1];
};
template struct fields<short>;
// CHECK: ClassTemplateSpecializationDecl {{.*}} struct fields definition
// CHECK: FieldDecl {{.*}} a 'short'
// CHECK-NEXT: AnnotateAttr {{.*}} "fearless::guarded_by"{{$}}
// CHECK: StringLiteral {{.*}} "this->m[0]"
// CHECK: FieldDecl {{.*}} b 'short'
// CHECK: AnnotateAttr {{.*}} "fearless::guarded_by"{{$}}
// CHECK: FieldDecl {{.*}} c 'short'
// CHECK: AnnotateAttr {{.*}} "fearless::guarded_by"{{$}}
// CHECK: FieldDecl {{.*}} d 'short[2]'
// CHECK-NEXT: AnnotateAttr {{.*}} "fearless::guarded_by"{{$}}
// CHECK: FieldDecl {{.*}} e 'short'
// CHECK: AnnotateAttr {{.*}} "fearless::guarded_by"{{$}}
// CHECK: FieldDecl {{.*}} f 'short *'
// CHECK-NEXT: AnnotateAttr {{.*}} "fearless::pt_guarded_by"{{$}}
// CHECK: StringLiteral {{.*}} "table<1, 2>::lock"
// CHECK: FieldDecl {{.*}} g 'short'
// CHECK-NEXT: AnnotateAttr {{.*}} "fearless::owned_by"{{$}}
// CHECK: StringLiteral {{.*}} "ui"
// CHECK: VarDecl {{.*}} h 'short'
// CHECK-NEXT: AnnotateAttr {{.*}} "fearless::owned_by"{{$}}
// CHECK: StringLiteral {{.*}} "event_loop"

// The text is the one that was written, even if it is a macro elsewhere; blanks are tidied.
// CHECK: VarDecl {{.*}} global 'int'
// CHECK: AnnotateAttr {{.*}} "fearless::guarded_by"{{$}}
// CHECK: StringLiteral {{.*}} "lock_macro . part"
extern int global FEARLESS_GUARDED_BY(lock_macro   .   part);
// CHECK: VarDecl {{.*}} prev {{.*}} global 'int'
// CHECK: AnnotateAttr {{.*}} Inherited "fearless::guarded_by"{{$}}
int global = 1;

struct functions {
  int m, n;
  functions() FEARLESS_EXCLUDES(m, n);
  void a() const noexcept FEARLESS_REQUIRES(m, n);
  virtual int b() FEARLESS_REQUIRES_SHARED(m) { return m; }
  virtual int c() FEARLESS_RUNS_ON(ui) = 0;
  FEARLESS_RUNS_ON(ui) auto d() const -> int;
};
// CHECK: CXXRecordDecl {{.*}} struct functions definition
// CHECK: CXXConstructorDecl {{.*}} functions 'void ()'
// CHECK-NEXT: AnnotateAttr {{.*}} "fearless::excludes"{{$}}
// CHECK: StringLiteral {{.*}} "m, n"
// CHECK: CXXMethodDecl {{.*}} a 'void () const noexcept'
// CHECK-NEXT: AnnotateAttr {{.*}} "fearless::requires"{{$}}
// CHECK: StringLiteral {{.*}} "m, n"
// CHECK: CXXMethodDecl {{.*}} b 'int ()'
// CHECK: AnnotateAttr {{.*}} "fearless::requires_shared"{{$}}
// CHECK: StringLiteral {{.*}} "m"
// CHECK: CXXMethodDecl {{.*}} c 'int ()'
// CHECK-NEXT: AnnotateAttr {{.*}} "fearless::runs_on"{{$}}
// CHECK: StringLiteral {{.*}} "ui"
// CHECK: CXXMethodDecl {{.*}} d 'auto () const -> int'
// CHECK-NEXT: AnnotateAttr {{.*}} "fearless::runs_on"{{$}}

// CHECK: CXXMethodDecl {{.*}} prev {{.*}} a 'void () const noexcept'
// CHECK: AnnotateAttr {{.*}} Inherited "fearless::requires"{{$}}
void functions::a() const noexcept {}

// CHECK: FunctionDecl {{.*}} disconnected 'int *()'
// CHECK-NEXT: AnnotateAttr {{.*}} "fearless::sending"{{$}}
FEARLESS_SENDING int *disconnected();

// CHECK: FunctionDecl {{.*}} pointers 'void (void (*)(), int *, void (*)())'
// CHECK-NEXT: ParmVarDecl {{.*}} a 'void (*)()'
// CHECK-NEXT: AnnotateAttr {{.*}} "fearless::spawns"{{$}}
// CHECK-NEXT: ParmVarDecl {{.*}} b 'int *'
// CHECK-NEXT: AnnotateAttr {{.*}} "fearless::sending"{{$}}
// CHECK-NEXT: ParmVarDecl {{.*}} c 'void (*)()'
// CHECK-NEXT: AnnotateAttr {{.*}} "fearless::spawns_many"{{$}}
void pointers(FEARLESS_SPAWNS void (*a)(), int *b FEARLESS_SENDING, FEARLESS_SPAWNS_MANY void (*c)());
// CHECK: FunctionDecl {{.*}} prev {{.*}} pointers
// CHECK-NEXT: ParmVarDecl
// CHECK-NEXT: AnnotateAttr {{.*}} Inherited "fearless::spawns"{{$}}
// CHECK-NEXT: ParmVarDecl
// CHECK-NEXT: AnnotateAttr {{.*}} Inherited "fearless::sending"{{$}}
void pointers(void (*)(), int *, void (*)()) {}

template <class F, class... A>
void spawn(FEARLESS_SPAWNS_SCOPED F &&f, FEARLESS_SENDING A &&...a) {
  f(a...);
}
template <class T>
struct queue {
  explicit queue(FEARLESS_SENDING T) {}
  void push(FEARLESS_SENDING T value);
  template <class F>
  void run(FEARLESS_SPAWNS_MANY F f) FEARLESS_RUNS_ON(ui) {
    f();
  }
};
template <class T>
void queue<T>::push(T) {}

// CHECK: FunctionDecl {{.*}} used spawn 'void (void (&)(short, long), short &&, long &&)'
// CHECK: ParmVarDecl {{.*}} f 'void (&)(short, long)'
// CHECK-NEXT: AnnotateAttr {{.*}} "fearless::spawns_scoped"{{$}}
// CHECK-NEXT: ParmVarDecl {{.*}} a 'short &&'
// CHECK-NEXT: AnnotateAttr {{.*}} "fearless::sending"{{$}}
// CHECK-NEXT: ParmVarDecl {{.*}} a 'long &&'
// CHECK-NEXT: AnnotateAttr {{.*}} "fearless::sending"{{$}}

// CHECK: ClassTemplateSpecializationDecl {{.*}} struct queue definition
// CHECK: CXXConstructorDecl {{.*}} used queue 'void (short)'
// CHECK-NEXT: ParmVarDecl {{.*}} 'short'
// CHECK-NEXT: AnnotateAttr {{.*}} "fearless::sending"{{$}}
// CHECK: CXXMethodDecl {{.*}} used push 'void (short)'
// CHECK-NEXT: ParmVarDecl {{.*}} 'short'
// CHECK-NEXT: AnnotateAttr {{.*}} "fearless::sending"{{$}}
// CHECK: CXXMethodDecl {{.*}} used run 'void (void (*)())'
// CHECK: ParmVarDecl {{.*}} f 'void (*)()'
// CHECK-NEXT: AnnotateAttr {{.*}} "fearless::spawns_many"{{$}}
// CHECK: AnnotateAttr {{.*}} "fearless::runs_on"{{$}}
void two(short, long);
void none();
void instantiate() {
  spawn(two, short(1), 2L);
  queue<short> q(short(1));
  q.push(short(2));
  q.run(&none);
}

// CHECK: FunctionDecl {{.*}} lambdas
// CHECK: CXXMethodDecl {{.*}} operator() 'void (int) const'
// CHECK-NEXT: ParmVarDecl {{.*}} value 'int'
// CHECK-NEXT: AnnotateAttr {{.*}} "fearless::sending"{{$}}
// CHECK: AnnotateAttr {{.*}} "fearless::requires"{{$}}
// CHECK: CXXMethodDecl {{.*}} operator() 'auto (auto &&...){{.*}} const'
// CHECK: CXXMethodDecl {{.*}} operator() 'void (short &&, long &&) const'
// CHECK: ParmVarDecl {{.*}} all 'short &&'
// CHECK-NEXT: AnnotateAttr {{.*}} "fearless::sending"{{$}}
// CHECK-NEXT: ParmVarDecl {{.*}} all 'long &&'
// CHECK-NEXT: AnnotateAttr {{.*}} "fearless::sending"{{$}}
// CHECK: AnnotateAttr {{.*}} "fearless::runs_on"{{$}}
void lambdas() {
  auto plain = [](FEARLESS_SENDING int value) FEARLESS_REQUIRES(m) { (void)value; };
  plain(1);
  auto generic = [](FEARLESS_SENDING auto &&...all) FEARLESS_RUNS_ON(ui) { (void)sizeof...(all); };
  generic(short(1), 2L);
}

// CHECK: FunctionDecl {{.*}} last
void last();
