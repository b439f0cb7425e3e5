// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// fearless-unsafe: what a believed mark on a class template must ask of the
// template's parameters, judged by fields and interface.
//
// RUN: %fearless_check %s -checks=fearless-unsafe -- -std=c++20

#include <fearless/annotations.h>

#include <functional>
#include <iosfwd>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <span>
#include <vector>

// --- Send: every parameter that is held ----------------------------------------------------
template <class T> class FEARLESS_UNSAFE_SEND("owns it") pointer_bad { // expected-error {{FEARLESS_UNSAFE_SEND on 'pointer_bad' is false for some 'T': it must ask fearless::send<T> [fearless-unsafe]}} expected-note {{help: write FEARLESS_UNSAFE_SEND_IF("owns it", fearless::send<T>)}}
  T *p; // expected-note {{'p' takes its 'T' along to the other thread}}
};
template <class T> class FEARLESS_UNSAFE_SEND_IF("owns it", fearless::send<T>) pointer_ok { T *p; };
template <class T> class FEARLESS_UNSAFE_SEND_IF("refers to it", fearless::sync<T>) view_ok { T *p; };
template <class T> class FEARLESS_UNSAFE_SEND_IF("refers to it", fearless::sync<const T>) const_view_ok { const T *p; };
template <class T> class FEARLESS_UNSAFE_SEND("value") value_bad { // expected-error {{must ask fearless::send<T> [fearless-unsafe]}} expected-note {{help: write}}
  T value; // expected-note {{'value' takes its 'T' along}}
  void *p;
};
template <class K, class V> class FEARLESS_UNSAFE_SEND_IF("map", fearless::send<K>) two_bad { // expected-error {{FEARLESS_UNSAFE_SEND_IF on 'two_bad' is false for some 'V': it must ask fearless::send<V> [fearless-unsafe]}} expected-note {{help: write FEARLESS_UNSAFE_SEND_IF("map", fearless::send<K>, fearless::send<V>)}}
  K *keys;
  V *values; // expected-note {{'values' takes its 'V' along}}
};
template <class K, class V> class FEARLESS_UNSAFE_SEND("map") both_bad { // expected-error {{is false for some 'K' and 'V': it must ask fearless::send<K>, fearless::send<V>}} expected-note {{help: write FEARLESS_UNSAFE_SEND_IF("map", fearless::send<K>, fearless::send<V>)}}
  K *keys;   // expected-note {{'keys' takes its 'K' along}}
  V *values; // expected-note {{'values' takes its 'V' along}}
};
template <class... T> class FEARLESS_UNSAFE_SEND("row") pack_bad { // expected-error {{must ask fearless::send<T>...}} expected-note {{help: write FEARLESS_UNSAFE_SEND_IF("row", fearless::send<T>...)}}
  std::tuple<T...> *cells; // expected-note {{'cells' takes its 'T' along}}
};
template <class... T> class FEARLESS_UNSAFE_SEND_IF("row", fearless::send<T>...) pack_ok { std::tuple<T...> *cells; };
template <class T> struct node { T value; node *next; };
template <class T> class FEARLESS_UNSAFE_SEND("list") list_bad { // expected-error {{must ask fearless::send<T>}} expected-note {{help}}
  node<T> *head; // expected-note {{'head' takes its 'T' along}}
};
template <class T> class FEARLESS_UNSAFE_SEND("derived") derived_bad // expected-error {{must ask fearless::send<T>}} expected-note {{help}}
    : std::vector<T> { // expected-note {{a base class takes its 'T' along}}
  void *p;
};
template <class T> class FEARLESS_UNSAFE_SEND_IF("shared", fearless::send<T>) shared_bad { // expected-error {{must ask fearless::sync<T>}} expected-note {{help: write FEARLESS_UNSAFE_SEND_IF("shared", fearless::send<T>, fearless::sync<T>)}}
  std::shared_ptr<T> p; // expected-note {{'p' shares its 'T' with whoever has a copy}}
};

// A reference to the wrapper itself shows no more than its methods do.
template <class T> class FEARLESS_UNSAFE_SEND_IF("shared, const", fearless::send<T>, fearless::sync<const T>) handle_ok {
public:
  handle_ok(const handle_ok &other) : p(other.p) {}
  handle_ok &operator=(const handle_ok &other);
  handle_ok &self();
  void swap(handle_ok &other);
  const T &operator*() const;
private:
  T *p;
};
template <class T> class FEARLESS_UNSAFE_SEND_IF("shared", fearless::send<T>, fearless::sync<const T>) handle_bad { // expected-error {{must ask fearless::sync<T>}} expected-note {{help}}
public:
  handle_bad(const handle_bad &other) : p(other.p) {}
  handle_bad &operator=(const handle_bad &other);
  T &operator*() const; // expected-note {{'operator*' gives every caller access to the same 'T'}}
private:
  T *p;
};

// Parameters that are only tags, or are only mentioned.
template <class Tag> class FEARLESS_UNSAFE_SEND("an index") tag_ok { void *p; };
template <class T> struct phantom {};
template <class T> class FEARLESS_UNSAFE_SEND("a tag") phantom_ok { phantom<T> tag; void *p; };
template <class T> class FEARLESS_UNSAFE_SEND("bytes") unevaluated_ok {
  static constexpr unsigned size = sizeof(T);
  decltype(sizeof(T)) n;
  void *p;
  static T *global;
};
template <class T> class FEARLESS_UNSAFE_SEND("an allocator") allocator_ok { std::allocator<T> a; std::hash<T> h; void *p; };
template <int N> class FEARLESS_UNSAFE_SEND("a number") number_ok { void *p; };
template <class T> class FEARLESS_UNSAFE_SEND("a function") function_ok { int (*hash)(const void *); T (*make)(); };

// --- Sync: what the interface lets through --------------------------------------------------
template <class T> class FEARLESS_UNSAFE_SYNC("locks") moves_in_bad { // expected-error {{must ask fearless::send<T>}} expected-note {{help: write FEARLESS_UNSAFE_SYNC_IF("locks", fearless::send<T>)}}
public:
  void push(T value); // expected-note {{'push' moves a 'T' in or out, from whichever thread calls}}
  bool empty() const;

private:
  void *p;
};
template <class T> class FEARLESS_UNSAFE_SYNC("locks") moves_out_bad { // expected-error {{must ask fearless::send<T>}} expected-note {{help}}
public:
  std::optional<T> pop(); // expected-note {{'pop' moves a 'T' in or out}}

private:
  void *p;
};
template <class T> class FEARLESS_UNSAFE_SYNC("locks") out_parameter_bad { // expected-error {{must ask fearless::send<T>}} expected-note {{help}}
public:
  bool pop(T &into); // expected-note {{'pop' moves a 'T' in or out}}

private:
  void *p;
};
template <class T> class FEARLESS_UNSAFE_SYNC("locks") rvalue_bad { // expected-error {{must ask fearless::send<T>}} expected-note {{help}}
public:
  void push(T &&value); // expected-note {{'push' moves}}

private:
  void *p;
};
template <class T> class FEARLESS_UNSAFE_SYNC("locks") unique_bad { // expected-error {{must ask fearless::send<T>}} expected-note {{help}}
public:
  std::unique_ptr<T> take(); // expected-note {{'take' moves}}

private:
  void *p;
};
template <class T> class FEARLESS_UNSAFE_SYNC_IF("locks", fearless::send<T>) shows_bad { // expected-error {{must ask fearless::sync<const T>}} expected-note {{help: write FEARLESS_UNSAFE_SYNC_IF("locks", fearless::send<T>, fearless::sync<const T>)}}
public:
  void push(T value);
  const T &front() const; // expected-note {{'front' shows every caller the same 'const T'}}

private:
  void *p;
};
template <class T> class FEARLESS_UNSAFE_SYNC_IF("locks", fearless::send<T>, fearless::sync<const T>) gives_access_bad { // expected-error {{must ask fearless::sync<T>}} expected-note {{help}}
public:
  const T &front() const;
  T *operator->() const; // expected-note {{'operator->' gives every caller access to the same 'T'}}

private:
  void *p;
};
template <class T> class FEARLESS_UNSAFE_SYNC_IF("locks", fearless::sync<T>) all_asked_ok {
public:
  T &get() const;
  const T &front() const;

private:
  void *p;
};
template <class T> class FEARLESS_UNSAFE_SYNC("views") views_bad { // expected-error {{must ask fearless::sync<T>}} expected-note {{help}}
public:
  std::span<T> all(); // expected-note {{'all' gives every caller access}}

private:
  void *p;
};
template <class T> class FEARLESS_UNSAFE_SYNC("views") const_views_bad { // expected-error {{must ask fearless::sync<const T>}} expected-note {{help}}
public:
  std::span<const T> all() const; // expected-note {{'all' shows every caller}}

private:
  void *p;
};
template <class T> class FEARLESS_UNSAFE_SYNC("iterates") iterators_bad { // expected-error {{must ask fearless::sync<const T>}} expected-note {{help}}
public:
  typename std::vector<T>::const_iterator begin() const; // expected-note {{'begin' shows every caller}}

private:
  void *p;
};
template <class T> class FEARLESS_UNSAFE_SYNC("a container") container_bad { // expected-error {{must ask fearless::sync<T>}} expected-note {{help}}
public:
  std::vector<T> &items(); // expected-note {{'items' gives every caller access}}

private:
  void *p;
};
template <class T> class FEARLESS_UNSAFE_SYNC("converts") conversion_bad { // expected-error {{must ask fearless::sync<T>}} expected-note {{help}}
public:
  operator T &() const; // expected-note {{gives every caller access}}

private:
  void *p;
};
template <class T> class FEARLESS_UNSAFE_SYNC("deduced") deduced_bad { // expected-error {{must ask fearless::sync<T>}} expected-note {{help}}
public:
  auto &get() { return value; } // expected-note {{'get' gives every caller access}}

private:
  T value;
  void *p;
};
template <class T> struct FEARLESS_UNSAFE_SYNC("public") public_field_bad { // expected-error {{must ask fearless::sync<T>}} expected-note {{help}}
  T value; // expected-note {{'value' gives every caller access}}
  void *p;
};

// Constructors, destructor, private and static functions, and what only an
// rvalue can do are no part of what threads share.
template <class T> class FEARLESS_UNSAFE_SYNC("locks") not_the_interface_ok {
public:
  explicit not_the_interface_ok(T value);
  ~not_the_interface_ok();
  not_the_interface_ok(const not_the_interface_ok &) = delete;
  T into_inner() &&;
  static T make();
  bool empty() const;

private:
  T &secret();
  T value;
};

// Of const objects only, the const functions count.
template <class T> class FEARLESS_UNSAFE_SYNC_CONST("readers") const_only_ok {
public:
  void push(T value);
  unsigned size() const;

private:
  void *p;
};
template <class T> class FEARLESS_UNSAFE_SYNC_CONST("readers") const_only_bad { // expected-error {{must ask fearless::sync<const T>}} expected-note {{help: write FEARLESS_UNSAFE_SYNC_CONST_IF("readers", fearless::sync<const T>)}}
public:
  void push(T value);
  const T &operator[](unsigned) const; // expected-note {{shows every caller}}

private:
  void *p;
};

// --- Copies, comparisons, output ---------------------------------------------------------------
template <class T> class FEARLESS_UNSAFE_SYNC("copied") copied_bad { // expected-error {{must ask fearless::sync<const T>}} expected-note {{help}}
public:
  copied_bad(const copied_bad &); // expected-note {{copying a shared object reads its 'T'}}

private:
  T value;
  void *p;
};
template <class T> class FEARLESS_UNSAFE_SYNC_CONST("compared") compared_bad { // expected-error {{must ask fearless::sync<const T>}} expected-note {{help}}
public:
  bool operator==(const compared_bad &) const; // expected-note {{'operator==' reads the 'T' of an object that other threads use}}

private:
  T value;
  void *p;
};
template <class T> class FEARLESS_UNSAFE_SYNC_CONST("printed") printed_bad { // expected-error {{must ask fearless::sync<const T>}} expected-note {{help}}
  friend std::ostream &operator<<(std::ostream &, const printed_bad &); // expected-note {{'operator<<' reads the 'T'}}
  T value;
  void *p;
};

// --- Callbacks --------------------------------------------------------------------------------
template <class T> class FEARLESS_UNSAFE_SYNC("calls back") callback_bad { // expected-error {{must ask fearless::sync<T>}} expected-note {{help}}
public:
  void with(std::function<void(T &)> f); // expected-note {{'with' calls back on every thread with the same 'T'}}

private:
  void *p;
};
template <class T> class FEARLESS_UNSAFE_SYNC("calls back") const_callback_bad { // expected-error {{must ask fearless::sync<const T>}} expected-note {{help}}
public:
  void with(const std::function<void(const T &)> &f) const; // expected-note {{'with' calls back on every thread}}

private:
  void *p;
};
template <class T> class FEARLESS_UNSAFE_SYNC("calls back") pointer_callback_bad { // expected-error {{must ask fearless::sync<T>}} expected-note {{help}}
public:
  void each(void (*f)(T *)); // expected-note {{'each' calls back}}

private:
  void *p;
};
template <class T> class FEARLESS_UNSAFE_SYNC("calls back") template_callback_bad { // expected-error {{must ask fearless::sync<T>}} expected-note {{help}}
public:
  template <class F> auto with(F &&f) { return std::forward<F>(f)(value); } // expected-note {{'with' calls back}}

private:
  T value;
  void *p;
};

// Under a lock only one thread at a time has the T.
template <class T> class FEARLESS_UNSAFE_SYNC_IF("one at a time", fearless::send<T>) mutex_ok {
public:
  template <class F> auto with(F &&f) const {
    std::lock_guard<std::mutex> lock(mutex);
    return f(value);
  }
  void apply(std::function<void(T &)> f) {
    std::scoped_lock lock(mutex);
    f(value);
  }
  T &unlocked() FEARLESS_REQUIRES(mutex) { return value; }

private:
  mutable std::mutex mutex;
  mutable T value;
  void *p;
};
template <class T> class FEARLESS_UNSAFE_SYNC("one at a time") mutex_bad { // expected-error {{must ask fearless::send<T>}} expected-note {{help}}
public:
  template <class F> void with(F f) { // expected-note {{'with' gives the 'T' to whichever thread has the lock}}
    std::lock_guard<std::mutex> lock(mutex);
    f(value);
  }

private:
  std::mutex mutex;
  T value;
  void *p;
};
template <class T> class FEARLESS_UNSAFE_SYNC_IF("readers together", fearless::send<T>) shared_mutex_bad { // expected-error {{must ask fearless::sync<const T>}} expected-note {{help}}
public:
  template <class F> void read(F f) const { // expected-note {{'read' calls back on every thread with the same 'const T'}}
    std::shared_lock<std::shared_mutex> lock(mutex);
    f(value);
  }

private:
  mutable std::shared_mutex mutex;
  T value;
  void *p;
};
template <class T> class FEARLESS_UNSAFE_SYNC_IF("leaks", fearless::send<T>) leaks_bad { // expected-error {{must ask fearless::sync<T>}} expected-note {{help}}
public:
  T &get() { // expected-note {{'get' gives every caller access}}
    std::lock_guard<std::mutex> lock(mutex);
    return value;
  }

private:
  std::mutex mutex;
  T value;
  void *p;
};

// --- Which template -----------------------------------------------------------------------------
template <class T> class partial;
template <class T> class FEARLESS_UNSAFE_SEND("owns it") partial<T *> { // expected-error {{must ask fearless::send<T>}} expected-note {{help}}
  T *p; // expected-note {{takes its 'T' along}}
};
template <class T> struct outer {
  class FEARLESS_UNSAFE_SEND("owns it") inner { // expected-error {{must ask fearless::send<T>}} expected-note {{help}}
    T *p; // expected-note {{takes its 'T' along}}
  };
};
outer<int>::inner one;
outer<char>::inner two;
partial<long *> three;
pointer_bad<int> four;
