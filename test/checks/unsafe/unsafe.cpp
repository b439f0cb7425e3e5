// RUN: %fearless_check %s --
// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// fearless-unsafe: reasons, needless marks, and the variance rule.

#include <fearless/annotations.h>

#include <functional>
#include <memory>

class FEARLESS_UNSAFE_SEND("") Reasonless_bad {
// expected-error@-1 {{FEARLESS_UNSAFE_SEND needs a reason: nothing but its text can be reviewed [fearless-unsafe]}}
// expected-note@-2 {{help: say why no race is possible}}
  int *p;
};
class FEARLESS_UNSAFE_SEND("not needed") Plain_bad {
// expected-error@-1 {{FEARLESS_UNSAFE_SEND on 'Plain_bad' is not needed: its members prove it [fearless-unsafe]}}
// expected-note@-2 {{help: write FEARLESS_SEND, which the compiler keeps true}}
  int value;
};
class FEARLESS_UNSAFE_SEND("it owns what it points to") Owner_ok {
  int *p;
};

template <class T> class FEARLESS_UNSAFE_SEND("always") Box_bad {
// expected-error@-1 {{FEARLESS_UNSAFE_SEND on 'Box_bad' is false for some 'T': it must ask fearless::send<T> [fearless-unsafe]}}
// expected-note@-2 {{help: write FEARLESS_UNSAFE_SEND_IF("always", fearless::send<T>)}}
  T *p;
// expected-note@-1 {{'p' takes its 'T' along to the other thread}}
};
template <class T> class FEARLESS_UNSAFE_SEND_IF("it owns its T", fearless::send<T>) Box_ok {
  T *p;
};

template <class T> class FEARLESS_UNSAFE_SYNC("it locks") Cell_bad {
// expected-error@-1 {{FEARLESS_UNSAFE_SYNC on 'Cell_bad' is false for some 'T': it must ask fearless::send<T>, fearless::sync<const T> [fearless-unsafe]}}
// expected-note@-2 {{help: write FEARLESS_UNSAFE_SYNC_IF("it locks", fearless::send<T>, fearless::sync<const T>)}}
public:
  void put(T value);
// expected-note@-1 {{'put' moves a 'T' in or out, from whichever thread calls}}
  T take();
  const T &peek() const;
// expected-note@-1 {{'peek' shows every caller the same 'const T'}}

private:
  T *p;
};
template <class T> class FEARLESS_UNSAFE_SYNC_IF("it locks", fearless::send<T>, fearless::sync<const T>) Cell_ok {
public:
  void put(T value);
  T take();
  const T &peek() const;

private:
  T *p;
};
template <class T> class FEARLESS_UNSAFE_SYNC_IF("it locks", fearless::send<T>) Exposed_bad {
// expected-error@-1 {{FEARLESS_UNSAFE_SYNC_IF on 'Exposed_bad' is false for some 'T': it must ask fearless::sync<T> [fearless-unsafe]}}
// expected-note@-2 {{help: write FEARLESS_UNSAFE_SYNC_IF("it locks", fearless::send<T>, fearless::sync<T>)}}
public:
  T &get() const;
// expected-note@-1 {{'get' gives every caller access to the same 'T'}}

private:
  T *p;
};

template <class Tag> class FEARLESS_UNSAFE_SEND("the tag selects only") Tagged_ok {
  static constexpr std::size_t size = sizeof(Tag *);
  int *p;
};
