// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// fearless-annotation: fix-its, which leave nothing to find.
//
// RUN: %fearless_check %s -- -std=c++20
// RUN: %python %S/../Inputs/apply_fixits.py %s %t.cpp %clangxx -std=c++20 -w -fsyntax-only -I%annotations -fplugin=%plugin

#include <fearless/annotations.h>

#include <mutex>
#include <vector>

struct FEARLESS_NOT_SEND("it belongs to its window") handle {}; // expected-note 2 {{'handle' is marked FEARLESS_NOT_SEND}}

// The mark is true of const objects only.
class FEARLESS_SYNC table { // expected-error {{FEARLESS_SYNC on 'table' is not true: 'std::vector<int>' is not Sync}} expected-note {{help: write FEARLESS_SYNC_CONST, which is true: several threads may read one object}}
  std::vector<int> rows; // expected-note {{because field 'table::rows' has type 'std::vector<int>'}} expected-note {{it holds its elements}}
};

// The mark is true of some arguments only.
template <class T> class FEARLESS_SEND box { // expected-error {{FEARLESS_SEND on 'box<handle>' is not true: 'handle' is not Send}} expected-note {{in the instantiation 'box<handle>'}} expected-note {{help: write FEARLESS_SEND_IF(fearless::send<T>)}}
  T value; // expected-note {{because field 'box::value' has type 'handle'}}
};
template class box<int>;
template class box<handle>;
template <class K, class V> class FEARLESS_SEND_IF(fearless::send<K>) pair { // expected-error {{FEARLESS_SEND_IF on 'pair<int, handle>' is not true: 'handle' is not Send}} expected-note {{in the instantiation}} expected-note {{help: write FEARLESS_SEND_IF(fearless::send<K>, fearless::send<V>)}}
  K key;
  V value; // expected-note {{because field 'pair::value' has type 'handle'}}
};
template class pair<int, handle>;

// Said twice.
struct FEARLESS_SEND FEARLESS_SEND twice { int i; }; // expected-error {{FEARLESS_SEND and FEARLESS_SEND say the same twice}} expected-note {{FEARLESS_SEND is here}} expected-note {{help: remove one of them}}

// Nothing behind it.
class guards {
  std::mutex mutex;
  int value FEARLESS_PT_GUARDED_BY(mutex); // expected-error {{FEARLESS_PT_GUARDED_BY on 'value' of type 'int', which points to nothing}} expected-note {{help: write FEARLESS_GUARDED_BY(mutex)}}
};
