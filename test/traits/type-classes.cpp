// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Send and Sync of every class of types that is no class: scalars, pointers,
// references, arrays, vectors, functions. The table of docs/rules.md.
//
// RUN: %fearless_check %s -- -std=c++20 -fenable-matrix

#include <fearless/annotations.h>

// expected-no-diagnostics

#define VALUE(...)                                                             \
  FEARLESS_ASSERT_SEND(__VA_ARGS__);                                           \
  FEARLESS_ASSERT_SEND(const volatile __VA_ARGS__);                            \
  FEARLESS_ASSERT_SYNC(const __VA_ARGS__);                                     \
  FEARLESS_ASSERT_SYNC(const volatile __VA_ARGS__);                            \
  FEARLESS_ASSERT_NOT_SYNC(volatile __VA_ARGS__);                              \
  FEARLESS_ASSERT_NOT_SYNC(__VA_ARGS__)

// --- Scalars -------------------------------------------------------------------
VALUE(bool);
VALUE(char);
VALUE(signed char);
VALUE(unsigned char);
VALUE(wchar_t);
VALUE(char8_t);
VALUE(char16_t);
VALUE(char32_t);
VALUE(short);
VALUE(int);
VALUE(unsigned);
VALUE(long);
VALUE(long long);
VALUE(__int128);
VALUE(_Float16);
VALUE(float);
VALUE(double);
VALUE(long double);
VALUE(__float128);
VALUE(decltype(nullptr));
VALUE(_BitInt(17));
VALUE(unsigned _BitInt(65));

enum plain_enum { one };
enum class scoped_enum : char { two };
enum opaque_enum : int;
VALUE(plain_enum);
VALUE(scoped_enum);
VALUE(opaque_enum);

// --- Elements ------------------------------------------------------------------
VALUE(_Complex double);
typedef int vector4 __attribute__((vector_size(16)));
typedef float ext_vector4 __attribute__((ext_vector_type(4)));
typedef float matrix __attribute__((matrix_type(2, 2)));
VALUE(vector4);
VALUE(ext_vector4);
VALUE(matrix);

struct FEARLESS_NOT_SEND("it belongs to its window") handle {};
using ints = int[3];
using table = int[3][4];
using unbounded = int[];
VALUE(ints);
VALUE(table);
VALUE(unbounded);
using handles = handle[2];
FEARLESS_ASSERT_NOT_SEND(handles);
FEARLESS_ASSERT_NOT_SEND(handle[2][2]);
FEARLESS_ASSERT_SYNC(const handles);

// --- _Atomic: its values are copied between threads -------------------------------
FEARLESS_ASSERT_SEND(_Atomic(int));
FEARLESS_ASSERT_SYNC(_Atomic(int));
FEARLESS_ASSERT_SYNC(const _Atomic(int));
FEARLESS_ASSERT_NOT_SEND(_Atomic(int *));
FEARLESS_ASSERT_NOT_SYNC(_Atomic(int *));
FEARLESS_ASSERT_SYNC(_Atomic(const int *));
FEARLESS_ASSERT_SEND(_Atomic(int) *);
FEARLESS_ASSERT_SYNC(_Atomic(_Atomic(int) *));

// --- Pointers and references: Send(T*) <=> Send(T&) <=> Sync(T) --------------------
FEARLESS_ASSERT_NOT_SEND(int *);
FEARLESS_ASSERT_NOT_SEND(int &);
FEARLESS_ASSERT_NOT_SEND(int &&);
FEARLESS_ASSERT_NOT_SEND(volatile int *);
FEARLESS_ASSERT_SEND(const int *);
FEARLESS_ASSERT_SEND(const int &);
FEARLESS_ASSERT_SEND(const int &&);
FEARLESS_ASSERT_NOT_SYNC(int *);
FEARLESS_ASSERT_NOT_SYNC(const int *);         // the pointer can be changed
FEARLESS_ASSERT_NOT_SYNC(int *const);          // what it points to can be
FEARLESS_ASSERT_SYNC(const int *const);
FEARLESS_ASSERT_NOT_SYNC(int &);
FEARLESS_ASSERT_SYNC(const int &);
FEARLESS_ASSERT_NOT_SEND(int **);
FEARLESS_ASSERT_NOT_SEND(const int **);
FEARLESS_ASSERT_NOT_SEND(int *const *);
FEARLESS_ASSERT_SEND(const int *const *);
FEARLESS_ASSERT_NOT_SEND(int *const &);
FEARLESS_ASSERT_SEND(const ints *);
FEARLESS_ASSERT_SEND(const ints &);
FEARLESS_ASSERT_NOT_SEND(ints &);
FEARLESS_ASSERT_NOT_SEND(ints *);
FEARLESS_ASSERT_NOT_SEND(const char **);
FEARLESS_ASSERT_SEND(const char *);

// A pointer to what may not be sent: a reference to it is a matter of Sync.
FEARLESS_ASSERT_NOT_SEND(handle);
FEARLESS_ASSERT_SEND(const handle *);

// --- void hides what it points to: Unknown, so neither yes nor no ------------------
FEARLESS_ASSERT_NOT_SEND(void *);
FEARLESS_ASSERT_NOT_SEND(const void *);
FEARLESS_ASSERT_NOT_SEND(void);

// --- Functions and pointers to members: nothing in them can be written -------------
FEARLESS_ASSERT_SEND(void(int));
FEARLESS_ASSERT_SYNC(void(int));
FEARLESS_ASSERT_SEND(void() const &noexcept);
FEARLESS_ASSERT_SEND(void (*)(handle));
FEARLESS_ASSERT_SEND(void (&)(int *));
FEARLESS_ASSERT_SYNC(void (*const)());
FEARLESS_ASSERT_NOT_SYNC(void (*)());
FEARLESS_ASSERT_SEND(int handle::*);
FEARLESS_ASSERT_SEND(void (handle::*)(int *) const);
FEARLESS_ASSERT_SYNC(int handle::*const);
FEARLESS_ASSERT_NOT_SYNC(int handle::*);
FEARLESS_ASSERT_NOT_SEND(void (**)());

// --- Incomplete types ---------------------------------------------------------------
struct incomplete;
FEARLESS_ASSERT_NOT_SEND(incomplete &);
FEARLESS_ASSERT_NOT_SEND(const incomplete *);
struct FEARLESS_SYNC incomplete_and_marked;
FEARLESS_ASSERT_SEND(incomplete_and_marked *);
struct later;
struct FEARLESS_SYNC_CONST later;
FEARLESS_ASSERT_SEND(const later *);
FEARLESS_ASSERT_NOT_SEND(later *);
struct defined_later;
FEARLESS_ASSERT_SEND(const defined_later *); // judged at the end of the unit
struct defined_later {
  int value;
};
