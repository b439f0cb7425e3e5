// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// FEARLESS_ALLOW on declarations and statements, and the assertions at namespace, class and block scope and in templates.

// RUN: %clangxx -std=c++17 -fsyntax-only -Xclang -ast-dump -fno-color-diagnostics -I%annotations %s | FileCheck %s
// RUN: %clangxx -std=c++2b -fsyntax-only -Xclang -ast-dump -fno-color-diagnostics -I%annotations %s | FileCheck %s
// RUN: %clangxx -std=c++17 -fsyntax-only -Xclang -ast-dump -fno-color-diagnostics -I%annotations %s | FileCheck %s --check-prefix=HEADER
// RUN: %clangxx -std=c++17 -DFEARLESS_NO_ANNOTATIONS -fsyntax-only -Xclang -ast-dump -fno-color-diagnostics -I%annotations %s | FileCheck %s --check-prefix=OFF --implicit-check-not=SuppressAttr
// OFF: FunctionDecl {{.*}} last

#include <fearless/annotations.h>

// CHECK: VarDecl {{.*}} variable 'int'
// CHECK: SuppressAttr {{.*}} fearless-global set once{{$}}
FEARLESS_ALLOW("fearless-global", "set once") int variable = 1;

// CHECK: CXXRecordDecl {{.*}} struct type definition
// CHECK: SuppressAttr {{.*}} fearless-send an old class{{$}}
// CHECK: FieldDecl {{.*}} field 'int'
// CHECK-NEXT: SuppressAttr {{.*}} fearless-unguarded a field{{$}}
// CHECK: CXXMethodDecl {{.*}} method 'void ()'
// CHECK: SuppressAttr {{.*}} fearless-* a method{{$}}
struct FEARLESS_ALLOW("fearless-send", "an old class") type {
  FEARLESS_ALLOW("fearless-unguarded", "a field") int field;
  FEARLESS_ALLOW("fearless-*", "a method") void method() {}
};

// CHECK: NamespaceDecl {{.*}} old
// CHECK: SuppressAttr {{.*}} fearless-* a namespace{{$}}
namespace FEARLESS_ALLOW("fearless-*", "a namespace") old {
int inside = 0;
}

// CHECK: FunctionDecl {{.*}} statements 'int (int *)'
// CHECK-NEXT: ParmVarDecl {{.*}} parameter
// CHECK-NEXT: SuppressAttr {{.*}} fearless-borrow a parameter{{$}}
// CHECK: VarDecl {{.*}} local
// CHECK: SuppressAttr {{.*}} fearless-borrow a local variable{{$}}
// CHECK: AttributedStmt
// CHECK-NEXT: SuppressAttr {{.*}} fearless-data-race an expression{{$}}
// CHECK-NEXT: UnaryOperator
// CHECK: AttributedStmt
// CHECK-NEXT: SuppressAttr {{.*}} fearless-data-race a block{{$}}
// CHECK-NEXT: CompoundStmt
// CHECK: AttributedStmt
// CHECK-NEXT: SuppressAttr {{.*}} fearless-data-race a loop{{$}}
// CHECK-NEXT: ForStmt
// CHECK: AttributedStmt
// CHECK-NEXT: SuppressAttr {{.*}} fearless-borrow one of two{{$}}
// CHECK-NEXT: SuppressAttr {{.*}} fearless-send two of two{{$}}
// CHECK: AttributedStmt
// CHECK-NEXT: SuppressAttr {{.*}} fearless-data-race a return{{$}}
// CHECK-NEXT: ReturnStmt
int statements(FEARLESS_ALLOW("fearless-borrow", "a parameter") int *parameter) {
  FEARLESS_ALLOW("fearless-borrow", "a local variable") int local = *parameter;
  FEARLESS_ALLOW("fearless-data-race", "an expression") ++local;
  FEARLESS_ALLOW("fearless-data-race", "a block") { ++local; }
  FEARLESS_ALLOW("fearless-data-race", "a loop") for (;;) { break; }
  FEARLESS_ALLOW("fearless-borrow", "one of two") FEARLESS_ALLOW("fearless-send", "two of two") ++local;
  FEARLESS_ALLOW("fearless-data-race", "a return") return local;
}

// FEARLESS_ASSERT_... name a member of a class template whose argument is the type; the addresses tie the assertion to
// the specialisation in the header.
template <class T, class U>
struct pair;
FEARLESS_ASSERT_SEND(pair<int, long>);
struct wrapper {
  FEARLESS_ASSERT_NOT_SEND(short *);
};
template <class T>
struct asserts {
  FEARLESS_ASSERT_SYNC(const T);
};
template struct asserts<char>;
template <class T>
void asserting() {
  FEARLESS_ASSERT_NOT_SYNC(T);
}
template void asserting<float>();

// CHECK: FunctionDecl {{.*}} last
void last();

// HEADER: ClassTemplateSpecializationDecl {{.*}} struct assert_send definition
// HEADER: TemplateArgument type 'pair<int, long>'
// HEADER: VarDecl [[SEND:0x[0-9a-f]+]] {{.*}} value 'const bool'
// HEADER: ClassTemplateSpecializationDecl {{.*}} struct assert_not_send definition
// HEADER: TemplateArgument type 'short *'
// HEADER: VarDecl [[NOT_SEND:0x[0-9a-f]+]] {{.*}} value 'const bool'
// HEADER: ClassTemplateSpecializationDecl {{.*}} struct assert_sync definition
// HEADER: TemplateArgument type 'const char'
// HEADER: VarDecl [[SYNC:0x[0-9a-f]+]] {{.*}} value 'const bool'
// HEADER: ClassTemplateSpecializationDecl {{.*}} struct assert_not_sync definition
// HEADER: TemplateArgument type 'float'
// HEADER: VarDecl [[NOT_SYNC:0x[0-9a-f]+]] {{.*}} value 'const bool'

// HEADER: StaticAssertDecl
// HEADER: DeclRefExpr {{.*}} Var [[SEND]] 'value'
// HEADER: StringLiteral {{.*}} "Send(pair<int, long>)"
// HEADER: CXXRecordDecl {{.*}} struct wrapper definition
// HEADER: StaticAssertDecl
// HEADER: DeclRefExpr {{.*}} Var [[NOT_SEND]] 'value'
// HEADER: StringLiteral {{.*}} "not Send(short *)"
// HEADER: ClassTemplateSpecializationDecl {{.*}} struct asserts definition
// HEADER: StaticAssertDecl
// HEADER: DeclRefExpr {{.*}} Var [[SYNC]] 'value'
// HEADER: FunctionDecl {{.*}} asserting 'void ()'
// HEADER: FunctionDecl {{.*}} asserting 'void ()'
// HEADER: StaticAssertDecl
// HEADER: DeclRefExpr {{.*}} Var [[NOT_SYNC]] 'value'
