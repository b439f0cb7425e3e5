// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The conditions of the _IF marks are instantiated with the template: in the class that an instantiation makes they name
// the specialisations fearless::send<int> and fearless::sync<const int>, which is where the plugin reads the types.

// RUN: %clangxx -std=c++11 -fsyntax-only -Xclang -ast-dump -fno-color-diagnostics -I%annotations %s | FileCheck %s
// RUN: %clangxx -std=c++20 -fsyntax-only -Xclang -ast-dump -fno-color-diagnostics -I%annotations %s | FileCheck %s

#include <fearless/annotations.h>

// The specialisations themselves: their arguments are the types asked for, const included.
// CHECK: VarTemplateDecl {{.*}} send
// CHECK-DAG: BuiltinType {{.*}} 'short'
// CHECK: VarTemplateDecl {{.*}} sync
// CHECK: TemplateArgument type 'const short'

// CHECK: ClassTemplateDecl {{.*}} one
// CHECK: CXXRecordDecl {{.*}} struct one definition
// CHECK: AnnotateAttr {{.*}} "fearless::send_if"{{$}}
// CHECK-NEXT: UnresolvedLookupExpr {{.*}} 'send'
// CHECK: ClassTemplateSpecializationDecl {{.*}} struct one definition
// CHECK: TemplateArgument type 'short'
// CHECK: AnnotateAttr {{.*}} "fearless::send_if"{{$}}
// CHECK-NEXT: ConstantExpr
// CHECK-NEXT: value: Int 1
// CHECK: DeclRefExpr {{.*}} VarTemplateSpecialization {{.*}} 'send' 'const bool'
// CHECK: AnnotateAttr {{.*}} "fearless::sync_if"{{$}}
// CHECK: DeclRefExpr {{.*}} VarTemplateSpecialization {{.*}} 'sync' 'const bool'
// CHECK: AnnotateAttr {{.*}} "fearless::sync_const_if"{{$}}
// CHECK: DeclRefExpr {{.*}} VarTemplateSpecialization {{.*}} 'sync' 'const bool'
template <class T>
struct FEARLESS_SEND_IF(fearless::send<T>) FEARLESS_SYNC_IF(fearless::sync<T>)
    FEARLESS_SYNC_CONST_IF(fearless::sync<const T>) one {
  T value;
};
one<short> use_one;

// CHECK: ClassTemplateDecl {{.*}} reasons
// CHECK: ClassTemplateSpecializationDecl {{.*}} struct reasons definition
// CHECK: AnnotateAttr {{.*}} "fearless::unsafe_send_if"{{$}}
// CHECK: StringLiteral {{.*}} "first"
// CHECK: DeclRefExpr {{.*}} 'send' 'const bool'
// CHECK: DeclRefExpr {{.*}} 'sync' 'const bool'
// CHECK: AnnotateAttr {{.*}} "fearless::unsafe_sync_if"{{$}}
// CHECK: StringLiteral {{.*}} "second"
// CHECK: DeclRefExpr {{.*}} 'send' 'const bool'
// CHECK: AnnotateAttr {{.*}} "fearless::unsafe_sync_const_if"{{$}}
// CHECK: StringLiteral {{.*}} "third"
// CHECK: DeclRefExpr {{.*}} 'sync' 'const bool'
template <class T>
struct FEARLESS_UNSAFE_SEND_IF("first", fearless::send<T>, fearless::sync<T>)
    FEARLESS_UNSAFE_SYNC_IF("second", fearless::send<T>)
        FEARLESS_UNSAFE_SYNC_CONST_IF("third", fearless::sync<const T>) reasons {
  T *value;
};
reasons<short> use_reasons;

// Joined by commas, by && and in parentheses.
// CHECK: ClassTemplateDecl {{.*}} joined
// CHECK: ClassTemplateSpecializationDecl {{.*}} struct joined definition
// CHECK: AnnotateAttr {{.*}} "fearless::send_if"{{$}}
// CHECK: BinaryOperator {{.*}} 'bool' '&&'
// CHECK: DeclRefExpr {{.*}} 'send' 'const bool'
// CHECK: DeclRefExpr {{.*}} 'sync' 'const bool'
// CHECK: ConstantExpr
// CHECK: ParenExpr
// CHECK: DeclRefExpr {{.*}} 'send' 'const bool'
template <class T, class U>
struct FEARLESS_SEND_IF(fearless::send<T> && (fearless::sync<const U>), (fearless::send<U>)) joined {
  T first;
  U second;
};
joined<short, long> use_joined;

// One condition for each element of a pack, and none for an empty one.
// CHECK: ClassTemplateDecl {{.*}} row
// CHECK: ClassTemplateSpecializationDecl {{.*}} struct row definition
// CHECK: AnnotateAttr {{.*}} "fearless::send_if"{{$}}
// CHECK-COUNT-3: DeclRefExpr {{.*}} 'send' 'const bool'
// CHECK: ClassTemplateSpecializationDecl {{.*}} struct row definition
// CHECK: AnnotateAttr {{.*}} "fearless::send_if"{{$}}
// CHECK-NEXT: CXXRecordDecl {{.*}} implicit struct row
template <class... T>
struct FEARLESS_SEND_IF(fearless::send<T>...) row {
  int cells;
};
row<char, short, long> use_row;
row<> use_empty_row;

// A class nested in a template, and a template nested in a template.
// CHECK: ClassTemplateDecl {{.*}} outside
// CHECK: ClassTemplateSpecializationDecl {{.*}} struct outside definition
// CHECK: CXXRecordDecl {{.*}} struct inside definition
// CHECK: AnnotateAttr {{.*}} "fearless::send_if"{{$}}
// CHECK: DeclRefExpr {{.*}} 'send' 'const bool'
// CHECK: ClassTemplateSpecializationDecl {{.*}} struct pair definition
// CHECK: AnnotateAttr {{.*}} "fearless::send_if"{{$}}
// CHECK-COUNT-2: DeclRefExpr {{.*}} 'send' 'const bool'
template <class T>
struct outside {
  struct FEARLESS_SEND_IF(fearless::send<T>) inside {
    T value;
  };
  template <class U>
  struct FEARLESS_SEND_IF(fearless::send<T>, fearless::send<U>) pair {
    T first;
    U second;
  };
};
outside<short>::inside use_inside;
outside<short>::pair<long> use_pair;

// A local class of a function template.
// CHECK: FunctionTemplateDecl {{.*}} local
// CHECK: FunctionDecl {{.*}} local 'void (short)'
// CHECK: CXXRecordDecl {{.*}} struct frame definition
// CHECK: AnnotateAttr {{.*}} "fearless::send_if"{{$}}
// CHECK: DeclRefExpr {{.*}} 'send' 'const bool'
template <class T>
void local(T value) {
  struct FEARLESS_SEND_IF(fearless::send<T>) frame {
    T value;
  };
  frame f = {value};
  (void)f;
}
template void local<short>(short);
