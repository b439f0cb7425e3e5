// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Behind a pointer or reference an object may be of any derived class, and only
// a mark on the base binds those. What holds the base itself holds exactly it.
//
// RUN: %fearless_check %s -- -std=c++20

#include <fearless/annotations.h>

#include <functional>
#include <memory>
#include <vector>

struct shape { virtual ~shape(); };
FEARLESS_ASSERT_SEND(shape);          // this very class
FEARLESS_ASSERT_SYNC(shape);
FEARLESS_ASSERT_SEND(shape[2]);
FEARLESS_ASSERT_SEND(std::vector<shape>);
FEARLESS_ASSERT_NOT_SEND(shape *);
FEARLESS_ASSERT_NOT_SEND(const shape &);
FEARLESS_ASSERT_NOT_SEND(std::unique_ptr<shape>);
FEARLESS_ASSERT_NOT_SEND(std::shared_ptr<const shape>);
FEARLESS_ASSERT_NOT_SEND(std::reference_wrapper<shape>);
struct holds { shape s; };
FEARLESS_ASSERT_SEND(holds);
FEARLESS_ASSERT_SEND(holds *);        // not polymorphic itself
struct keeps { shape *s; };
FEARLESS_ASSERT_NOT_SEND(keeps);

// Nothing can be derived from a final class, nor from one whose destructor is.
struct circle final : shape { const int radius = 1; };
FEARLESS_ASSERT_SEND(circle *);
FEARLESS_ASSERT_SEND(std::unique_ptr<circle>);
struct square : shape { ~square() final; };
FEARLESS_ASSERT_SEND(square *);

// Not polymorphic: nobody calls or destroys more than the base through it.
struct plain_base { const int i; };
struct plain_derived : plain_base { int *p; };
FEARLESS_ASSERT_SEND(plain_base *);
FEARLESS_ASSERT_NOT_SEND(plain_derived *);

// --- Marked bases ---------------------------------------------------------------------
struct FEARLESS_SEND job { virtual ~job(); };
FEARLESS_ASSERT_SEND(std::unique_ptr<job>);
FEARLESS_ASSERT_NOT_SEND(job *);      // that asks Sync
FEARLESS_ASSERT_NOT_SEND(std::shared_ptr<job>); // that asks both
struct FEARLESS_SYNC service { virtual ~service(); };
FEARLESS_ASSERT_SEND(service *);
FEARLESS_ASSERT_SEND(const service &);
FEARLESS_ASSERT_NOT_SEND(std::unique_ptr<service>);
FEARLESS_ASSERT_NOT_SEND(std::shared_ptr<service>);
struct FEARLESS_SEND FEARLESS_SYNC both { virtual ~both(); };
FEARLESS_ASSERT_SEND(std::shared_ptr<both>);
struct FEARLESS_SYNC_CONST table { virtual ~table(); };
FEARLESS_ASSERT_SEND(const table *);
FEARLESS_ASSERT_NOT_SEND(table *);    // derived classes need not keep that
struct FEARLESS_SEND FEARLESS_SYNC_CONST const_both { virtual ~const_both(); };
FEARLESS_ASSERT_SEND(std::shared_ptr<const const_both>);
FEARLESS_ASSERT_NOT_SEND(std::shared_ptr<const_both>);

// The promise of a base binds what is derived from its derived classes, too.
struct middle : service { virtual void run(); };
FEARLESS_ASSERT_SEND(middle *);
struct lower : middle { const int i = 0; };
FEARLESS_ASSERT_SEND(lower *);
struct unbound : shape, service { int i; }; // expected-error {{'unbound' must be Sync, because its base class 'service' is marked FEARLESS_SYNC: 'int' is not Sync [fearless-annotation]}} expected-note {{because field 'unbound::i' has type 'int'}} expected-note {{nothing synchronizes 'int'}} expected-note {{help: change the member}}
// expected-note@-20 {{a pointer to 'service' may point to this class}}

struct FEARLESS_UNSAFE_SYNC("derived classes are reviewed") reviewed { virtual ~reviewed(); int *p; };
FEARLESS_ASSERT_SEND(reviewed *);

// A denial says No, not Unknown, and binds all the same.
struct FEARLESS_NOT_SYNC("not thread-safe") window { virtual ~window(); };
struct child_window : window {};
FEARLESS_ASSERT_NOT_SEND(child_window *);

// --- Templates ------------------------------------------------------------------------
template <class T> class FEARLESS_SYNC_IF(fearless::sync<T>) source {
public:
  virtual ~source();

private:
  T *const p = nullptr;
};
FEARLESS_ASSERT_NOT_SEND(source<int> *);
FEARLESS_ASSERT_SEND(source<_Atomic(int)> *);
struct no_promise : source<int> { int i; }; // the base makes none
struct keeps_promise : source<_Atomic(int)> { const int i = 0; };
struct breaks_promise : source<_Atomic(int)> { int i; }; // expected-error {{'breaks_promise' must be Sync, because its base class 'source' is marked FEARLESS_SYNC_IF: 'int' is not Sync [fearless-annotation]}} expected-note {{because field 'breaks_promise::i' has type 'int'}} expected-note {{nothing synchronizes 'int'}} expected-note {{help: change the member}}
// expected-note@-12 {{a pointer to 'source' may point to this class}}

// A hand-written owner of a base: its mark speaks of T, not of what is derived.
template <class T> struct FEARLESS_UNSAFE_SEND_IF("owns the T alone", fearless::send<T>) owner {
  ~owner();
  owner(owner &&);
  T *object;
};
FEARLESS_ASSERT_SEND(owner<int>);
FEARLESS_ASSERT_SEND(owner<circle>);
FEARLESS_ASSERT_SEND(owner<job>);
FEARLESS_ASSERT_NOT_SEND(owner<shape>);
template <class T> struct FEARLESS_SEND_IF(fearless::send<T>) exact { T object; };
FEARLESS_ASSERT_SEND(exact<shape>);
