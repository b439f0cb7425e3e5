// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Each mark on a class head arrives in the AST with its encoding, and so it does in specialisations and declarations
// that come before the definition.

// RUN: %clangxx -std=c++11 -fsyntax-only -Xclang -ast-dump -fno-color-diagnostics -I%annotations %s | FileCheck %s
// RUN: %clangxx -std=c++20 -fsyntax-only -Xclang -ast-dump -fno-color-diagnostics -I%annotations %s | FileCheck %s
// RUN: %clangxx -std=c++20 -DFEARLESS_NO_ANNOTATIONS -fsyntax-only -Xclang -ast-dump -fno-color-diagnostics -I%annotations %s | FileCheck %s --check-prefix=OFF --implicit-check-not=AnnotateAttr
// OFF: CXXRecordDecl {{.*}} struct last definition

#include <fearless/annotations.h>

// CHECK: CXXRecordDecl {{.*}} class a_send definition
// CHECK: AnnotateAttr {{.*}} "fearless::send"{{$}}
class FEARLESS_SEND a_send {};

// CHECK: CXXRecordDecl {{.*}} struct a_sync definition
// CHECK: AnnotateAttr {{.*}} "fearless::sync"{{$}}
// CHECK-NEXT: FinalAttr
struct FEARLESS_SYNC a_sync final {};

// CHECK: CXXRecordDecl {{.*}} union a_sync_const definition
// CHECK: AnnotateAttr {{.*}} "fearless::sync_const"{{$}}
union FEARLESS_SYNC_CONST a_sync_const {
  int number;
};

// CHECK: CXXRecordDecl {{.*}} struct a_not_send definition
// CHECK: AnnotateAttr {{.*}} "fearless::not_send"{{$}}
// CHECK: StringLiteral {{.*}} "it names a slot"
struct FEARLESS_NOT_SEND("it names a slot") a_not_send {};

// CHECK: CXXRecordDecl {{.*}} struct a_not_sync definition
// CHECK: AnnotateAttr {{.*}} "fearless::not_sync"{{$}}
// CHECK: StringLiteral {{.*}} "in two, pieces"
struct FEARLESS_NOT_SYNC("in two," " pieces") a_not_sync {};

// CHECK: CXXRecordDecl {{.*}} struct a_unsafe_send definition
// CHECK: AnnotateAttr {{.*}} "fearless::unsafe_send"{{$}}
// CHECK: StringLiteral {{.*}} "sole owner"
struct FEARLESS_UNSAFE_SEND("sole owner") a_unsafe_send {};

// CHECK: CXXRecordDecl {{.*}} struct a_unsafe_sync definition
// CHECK: AnnotateAttr {{.*}} "fearless::unsafe_sync"{{$}}
// CHECK: StringLiteral {{.*}} "the kernel orders"
struct FEARLESS_UNSAFE_SYNC("the kernel orders") a_unsafe_sync {};

// CHECK: CXXRecordDecl {{.*}} struct a_unsafe_sync_const definition
// CHECK: AnnotateAttr {{.*}} "fearless::unsafe_sync_const"{{$}}
// CHECK: StringLiteral {{.*}} "reads only"
struct FEARLESS_UNSAFE_SYNC_CONST("reads only") a_unsafe_sync_const {};

// A forgotten reason is an empty one, for the plugin to report.
// CHECK: CXXRecordDecl {{.*}} struct no_reason definition
// CHECK: AnnotateAttr {{.*}} "fearless::unsafe_send"{{$}}
// CHECK: StringLiteral {{.*}} ""{{$}}
struct FEARLESS_UNSAFE_SEND() no_reason {};

// CHECK: CXXRecordDecl {{.*}} struct owned definition
// CHECK: AnnotateAttr {{.*}} "fearless::owned_by"{{$}}
// CHECK: StringLiteral {{.*}} "ui"
struct FEARLESS_OWNED_BY(ui) owned {};

// CHECK: CXXRecordDecl {{.*}} struct both definition
// CHECK: AnnotateAttr {{.*}} "fearless::send"{{$}}
// CHECK-NEXT: AnnotateAttr {{.*}} "fearless::not_sync"{{$}}
struct FEARLESS_SEND FEARLESS_NOT_SYNC("two marks") both : a_send {};

// CHECK: EnumDecl {{.*}} an_enum
// CHECK-NEXT: AnnotateAttr {{.*}} "fearless::send"{{$}}
enum FEARLESS_SEND an_enum { one };

// CHECK: EnumDecl {{.*}} class an_enum_class
// CHECK-NEXT: AnnotateAttr {{.*}} "fearless::sync"{{$}}
enum class FEARLESS_SYNC an_enum_class : long { two };

// CHECK: CXXRecordDecl {{.*}} struct early{{$}}
// CHECK-NEXT: AnnotateAttr {{.*}}> "fearless::send"{{$}}
// CHECK: CXXRecordDecl {{.*}} struct early definition
// CHECK: AnnotateAttr {{.*}} Inherited "fearless::send"{{$}}
struct FEARLESS_SEND early;
struct early {};

// A specialisation has its own marks, not those of the primary template.
// CHECK: ClassTemplateDecl {{.*}} special
// CHECK: AnnotateAttr {{.*}} "fearless::send"{{$}}
template <class T>
struct FEARLESS_SEND special {};
// CHECK: ClassTemplatePartialSpecializationDecl {{.*}} struct special definition
// CHECK-NOT: "fearless::send"
// CHECK: AnnotateAttr {{.*}} "fearless::not_send"{{$}}
template <class T>
struct FEARLESS_NOT_SEND("pointers stay") special<T *> {};
// CHECK: ClassTemplateSpecializationDecl {{.*}} struct special definition
// CHECK-NOT: "fearless::send"
// CHECK: AnnotateAttr {{.*}} "fearless::sync"{{$}}
template <>
struct FEARLESS_SYNC special<char> {};

// CHECK: CXXRecordDecl {{.*}} struct last definition
struct last {};
