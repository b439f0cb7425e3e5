// Functions that each start a thread and call the next: of the threads that do
// the same, a caller sees two, which show every race that more would.
//
// RUN: %fearless_check %s

#include <fearless/annotations.h>

template <class F>
void start(FEARLESS_SPAWNS F) {} // expected-note 0+{{}}

template <int N> void step(int &n) {
  start([&n] { // expected-error {{cannot be shared with another thread}} expected-error {{which may outlive it}} expected-note 0+{{}}
    ++n;       // expected-error {{'n' is written by the thread started by 'start' and written by another thread at the same time}} expected-note 0+{{}}
  });
  step<N - 1>(n);
}
template <> void step<0>(int &) {}

void run() {
  int n = 0;
  step<300>(n);
} // expected-note 0+{{}}
