// RUN: %fearless_check %s --
// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// fearless-annotation: marks that are not true, contradict each other, or stand
// where they mean nothing; assertions.

#include <fearless/annotations.h>

#include <memory>
#include <mutex>
#include <vector>

class FEARLESS_SEND Node_bad {
// expected-error@-1 {{FEARLESS_SEND on 'Node_bad' is not true: 'int' is not Sync [fearless-annotation]}}
// expected-note@-2 {{help: change the member so that the mark holds, or remove the mark}}
  int *value = nullptr;
// expected-note@-1 2 {{because field 'Node_bad::value' has type 'int *'}}
// expected-note@-2 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-3 {{nothing synchronizes 'int *': one thread may write it while another uses it}}
};
class FEARLESS_SYNC Counter_bad {
// expected-error@-1 {{FEARLESS_SYNC on 'Counter_bad' is not true: 'int' is not Sync [fearless-annotation]}}
// expected-note@-2 {{help: write FEARLESS_SYNC_CONST, which is true: several threads may read one object}}
  int value = 0;
// expected-note@-1 {{because field 'Counter_bad::value' has type 'int'}}
// expected-note@-2 {{nothing synchronizes 'int': one thread may write it while another uses it}}
};
class FEARLESS_SYNC_CONST Lazy_bad {
// expected-error@-1 {{FEARLESS_SYNC_CONST on 'const Lazy_bad' is not true: 'int' is not Sync [fearless-annotation]}}
// expected-note@-2 {{help: change the member so that the mark holds, or remove the mark}}
  mutable int value = 0;
// expected-note@-1 {{because field 'Lazy_bad::value' has type 'int' and is mutable, so that const does not protect it}}
// expected-note@-2 {{nothing synchronizes 'int': one thread may write it while another uses it}}
};
class FEARLESS_SEND Holder_bad {
// expected-error@-1 {{FEARLESS_SEND on 'Holder_bad' is not true: 'int *' is not Sync [fearless-annotation]}}
// expected-note@-2 {{help: change the member so that the mark holds, or remove the mark}}
  Node_bad *node = nullptr;
// expected-note@-1 {{because field 'Holder_bad::node' has type 'Node_bad *'}}
};

class FEARLESS_SEND Value_ok {
  std::unique_ptr<int> value;
};
class FEARLESS_SYNC Monitor_ok {
  std::mutex mutex;
  std::vector<int> values FEARLESS_GUARDED_BY(mutex);
};
class FEARLESS_SYNC_CONST Frozen_ok {
  int value = 0;
};

template <class T> class FEARLESS_SEND Always_bad {
// expected-error@-1 {{FEARLESS_SEND on 'Always_bad<Stuck>' is not true: 'Stuck' is not Send [fearless-annotation]}}
// expected-note@-2 {{in the instantiation 'Always_bad<Stuck>'}}
// expected-note@-3 {{help: write FEARLESS_SEND_IF(fearless::send<T>)}}
  T value;
// expected-note@-1 {{because field 'Always_bad::value' has type 'Stuck'}}
};
template <class T> class FEARLESS_SEND_IF(fearless::send<T>) Sometimes_ok {
  T value;
};
struct FEARLESS_NOT_SEND("for the test") Stuck {};
// expected-note@-1 {{'Stuck' is marked FEARLESS_NOT_SEND: for the test}}
Always_bad<int> fine;
Always_bad<Stuck> wrong;
Sometimes_ok<Stuck> not_claimed;
FEARLESS_ASSERT_SEND(Sometimes_ok<int>);
FEARLESS_ASSERT_NOT_SEND(Sometimes_ok<Stuck>);

class FEARLESS_SEND FEARLESS_NOT_SEND("no") Both_bad {};
// expected-error@-1 {{FEARLESS_NOT_SEND contradicts FEARLESS_SEND on the same type [fearless-annotation]}}
// expected-note@-2 {{FEARLESS_SEND is here}}
// expected-note@-3 {{help: keep the one that is true}}
class FEARLESS_SEND FEARLESS_UNSAFE_SEND("twice") Twice_bad {};
// expected-error@-1 {{FEARLESS_UNSAFE_SEND and FEARLESS_SEND say the same twice [fearless-annotation]}}
// expected-note@-2 {{FEARLESS_SEND is here}}
// expected-note@-3 {{help: remove one of them}}
// expected-error@-4 {{FEARLESS_UNSAFE_SEND on 'Twice_bad' is not needed: its members prove it [fearless-unsafe]}}
// expected-note@-5 {{help: write FEARLESS_SEND, which the compiler keeps true}}
class FEARLESS_NOT_SYNC("") Reasonless_bad {};
// expected-error@-1 {{FEARLESS_NOT_SYNC needs a reason [fearless-annotation]}}
// expected-note@-2 {{help: say what ties it to one thread}}

using Alias_bad FEARLESS_SEND = int;
// expected-error@-1 {{FEARLESS_SEND on the alias 'Alias_bad' says nothing: an alias is no type of its own [fearless-annotation]}}
// expected-note@-2 {{help: mark the class itself, or an own class that holds it}}
int variable_bad FEARLESS_SYNC;
// expected-error@-1 {{FEARLESS_SYNC stands where it means nothing: it belongs on a class, union or enumeration [fearless-annotation]}}
// expected-note@-2 {{help: move it there, or remove it}}

class Guards {
  std::mutex mutex;
  int number;
// expected-note@-1 {{'number' is declared here}}
  int a_ok FEARLESS_GUARDED_BY(mutex);
  int b_bad FEARLESS_GUARDED_BY(nothing);
// expected-error@-1 {{FEARLESS_GUARDED_BY(nothing) names no member or variable that is in scope [fearless-annotation]}}
// expected-note@-2 {{help: name a mutex of the same object, or a variable}}
  int c_bad FEARLESS_GUARDED_BY(number);
// expected-error@-1 {{FEARLESS_GUARDED_BY names 'number' of type 'int', which is no lock [fearless-annotation]}}
// expected-note@-2 {{help: name a mutex, or a class with lock() and unlock()}}
};

struct FEARLESS_SYNC Base {
// expected-note@-1 {{a pointer to 'Base' may point to this class}}
  virtual ~Base() = default;
};
struct Derived_ok : Base {
  const int limit = 1;
};
struct Derived_bad : Base {
// expected-error@-1 {{'Derived_bad' must be Sync, because its base class 'Base' is marked FEARLESS_SYNC: 'int' is not Sync [fearless-annotation]}}
// expected-note@-2 {{help: change the member so that the promise holds}}
  int count = 0;
// expected-note@-1 {{because field 'Derived_bad::count' has type 'int'}}
// expected-note@-2 {{nothing synchronizes 'int': one thread may write it while another uses it}}
};

FEARLESS_ASSERT_SEND(std::vector<int>);
FEARLESS_ASSERT_SEND(std::unique_lock<std::mutex>);
// expected-error@-1 {{assertion failed: 'std::unique_lock<std::mutex>' is not Send [fearless-annotation]}}
// expected-note@-2 {{'std::unique_lock<std::mutex>': unlocking must happen on the thread that locked it}}
// expected-note@-3 {{help: pass the mutex or the data, and lock on the other thread}}
FEARLESS_ASSERT_SYNC(const std::vector<int>);
FEARLESS_ASSERT_SYNC(std::vector<int>);
// expected-error@-1 {{assertion failed: 'std::vector<int>' is not Sync [fearless-annotation]}}
// expected-note@-2 {{'std::vector<int>': it holds its elements, and nothing synchronizes their use}}
// expected-note@-3 {{help: keep it in a fearless::mutex, or give each thread its own}}
FEARLESS_ASSERT_NOT_SYNC(std::mutex);
// expected-error@-1 {{assertion failed: 'std::mutex' is Sync [fearless-annotation]}}

FEARLESS_ALLOW("fearless-everything", "no such check")
// expected-error@-1 {{FEARLESS_ALLOW names no check: "fearless-everything" [fearless-annotation]}}
void allow_unknown_bad();
FEARLESS_ALLOW("fearless-send", "")
// expected-error@-1 {{FEARLESS_ALLOW needs a reason [fearless-annotation]}}
void allow_reasonless_bad();
