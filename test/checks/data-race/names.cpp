// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Strict mode: a pointer, reference, view or owner that crosses is
// traced to the object, and the proof is of that object.
// RUN: %fearless_check %s -mode=strict

#include <algorithm>
#include <functional>
#include <future>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

static void use(long) {}
static void grow(std::vector<int> &it) { it.push_back(1); }
static std::shared_ptr<int> same(std::shared_ptr<int> p) { return p; }
static void other(std::shared_ptr<int> p) { *p = 2; }
// expected-error@-1 {{'*p' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
// expected-note@-3 {{the thread writes it here}}
struct box {
  std::unique_ptr<int> p;
  std::shared_ptr<int> s;
};
static void sink(box &b, std::unique_ptr<int> &p) { b.p = std::move(p); }
struct itself : std::enable_shared_from_this<itself> {
  int n = 0;
// expected-note@-1 {{because field 'itself::n' has type 'int'}}
// expected-note@-2 {{nothing synchronizes 'int': one thread may write it while another uses it}}
  std::shared_ptr<itself> me() { return shared_from_this(); }
};
struct holder {
  int other = 0;
  std::vector<int> data;
};
struct pointing {
  pointing *self = this;
// expected-note@-1 {{because field 'pointing::self' has type 'pointing *'}}
// expected-note@-2 {{nothing synchronizes 'pointing *': one thread may write it while another uses it}}
  int n = 0;
};

void pointer_ok() {
  int data = 0;
  int *p = &data;
  std::thread t([p] { *p = 1; });
  t.join();
  use(data);
}
void reference_ok() {
  int data = 0;
  int &r = data;
  std::thread t([&r] { r = 1; });
  t.join();
  use(data);
}
void init_capture_ok() {
  int data = 0;
  std::thread t([&mine = data] { mine = 1; });
  t.join();
  use(data);
}
void unique_ptr_ok() {
  auto owner = std::make_unique<int>(0);
  *owner = 3;
  std::thread t([&owner] { *owner = 1; });
  t.join();
  use(*owner);
}
void read_through_unique_ptr_ok() {
  auto owner = std::make_unique<std::string>("a");
  std::thread t([&owner] { use(owner->size()); });
  use(owner->size());
  t.join();
  *owner += "b";
}
struct counting {
  mutable int n = 0;
  int get() const { return ++n; }
// expected-error@-1 {{'owner->n' is read here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{the thread writes it here}}
// expected-note@-3 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
};
void reading_writes_bad() {
  auto owner = std::make_unique<counting>();
  std::thread t([&owner] { use(owner->get()); });
// expected-note@-1 {{the thread starts here and is not joined before the access}}
// expected-note@-2 {{reached through this call}}
// expected-error@-3 {{'owner' of type 'std::unique_ptr<counting>', captured by reference, cannot be shared with another thread through 'std::thread': 'std::unique_ptr<counting>' is not Sync [fearless-sync]}}
// expected-note@-4 {{'std::unique_ptr<counting>': it owns the object it points to, and const does not protect that object}}
// expected-note@-5 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-6 {{help: move it to the other thread, or share a fearless::arc}}
  use(owner->get());
// expected-note@-1 {{reached through this call}}
  t.join();
}

void raw_of_unique_ptr_ok() {
  auto owner = std::make_unique<int>(0);
  auto *raw = owner.get();
  *owner = 3;
  std::thread t([raw] { *raw = 1; });
  t.join();
  use(*owner);
}
void shared_ptr_ok() {
  auto owner = std::make_shared<int>(0);
  *owner = 3;
  std::thread t([owner] { *owner = 1; });
  t.join();
  use(*owner);
}
void shared_for_reading_ok() {
  auto owner = std::make_shared<std::vector<int>>(4);
  std::thread t([owner] { use(owner->size()); });
  use(owner->size());
  t.join();
}
void reference_wrapper_ok() {
  std::vector<int> data;
  std::thread t([](std::vector<int> &given) { given.push_back(1); }, std::ref(data));
  t.join();
  use(data.size());
}
void address_ok() {
  std::vector<int> data;
  std::thread t([](std::vector<int> *given) { grow(*given); }, &data);
  t.join();
  use(data.size());
}
void packaged_task_ok() {
  int data = 0;
  std::packaged_task<void()> task([&data] { data = 1; });
  auto done = task.get_future();
  std::thread t(std::move(task));
  t.join();
  use(data);
}
void part_ok() {
  holder box;
  std::thread t([&box] { box.data.push_back(1); });
  t.join();
  use(box.data.size());
}
void moved_into_another_bad() {
  box b;
  auto owner = std::make_unique<int>(0);
  int *raw = owner.get();
  std::thread t([raw] { *raw = 1; });
// expected-error@-1 {{'raw' of type 'int *', captured by the lambda, cannot be shared with another thread through 'std::thread': 'int' is not Sync [fearless-sync]}}
// expected-note@-2 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: give the thread its own copy of what 'raw' points to}}
  b.p = std::move(owner);
  *b.p = 2;
  t.join();
}
void moved_by_callee_bad() {
  box b;
  auto owner = std::make_unique<int>(0);
  int *raw = owner.get();
  std::thread t([raw] { *raw = 1; });
// expected-error@-1 {{'raw' of type 'int *', captured by the lambda, cannot be shared with another thread through 'std::thread': 'int' is not Sync [fearless-sync]}}
// expected-note@-2 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: give the thread its own copy of what 'raw' points to}}
  sink(b, owner);
  *b.p = 2;
  t.join();
}
void owner_stored_bad() {
  box b;
  auto owner = std::make_shared<int>(0);
  b.s = owner;
  std::thread t([owner] { *owner = 1; });
// expected-error@-1 {{'owner' of type 'std::shared_ptr<int>', captured by the lambda, cannot be shared with another thread through 'std::thread': 'int' is not Sync [fearless-sync]}}
// expected-note@-2 {{'std::shared_ptr<int>' is Send only if 'int' is Sync}}
// expected-note@-3 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-4 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
  *b.s = 2;
  t.join();
}
void owner_copied_bad() {
  auto owner = std::make_shared<int>(0);
  auto other = owner;
  std::thread t([owner] { *owner = 1; });
// expected-error@-1 {{'owner' of type 'std::shared_ptr<int>', captured by the lambda, cannot be shared with another thread through 'std::thread': 'int' is not Sync [fearless-sync]}}
// expected-note@-2 {{'std::shared_ptr<int>' is Send only if 'int' is Sync}}
// expected-note@-3 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-4 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-5 {{the thread writes it here}}
// expected-note@-6 {{the thread starts here and is not joined before the access}}
  *other = 2;
// expected-error@-1 {{'*owner' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void owner_swapped_bad() {
  auto owner = std::make_shared<int>(0);
  std::shared_ptr<int> other;
  other.swap(owner);
  owner = other;
  std::thread t([owner] { *owner = 1; });
// expected-error@-1 {{'owner' of type 'std::shared_ptr<int>', captured by the lambda, cannot be shared with another thread through 'std::thread': 'int' is not Sync [fearless-sync]}}
// expected-note@-2 {{'std::shared_ptr<int>' is Send only if 'int' is Sync}}
// expected-note@-3 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-4 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
  *other = 2;
  t.join();
}
void owner_in_container_bad() {
  std::vector<std::shared_ptr<int>> v;
  auto owner = std::make_shared<int>(0);
  v.push_back(owner);
  std::thread t([owner] { *owner = 1; });
// expected-error@-1 {{'owner' of type 'std::shared_ptr<int>', captured by the lambda, cannot be shared with another thread through 'std::thread': 'int' is not Sync [fearless-sync]}}
// expected-note@-2 {{'std::shared_ptr<int>' is Send only if 'int' is Sync}}
// expected-note@-3 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-4 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
  *v[0] = 2;
  t.join();
}
void closure_run_here_too_bad() {
  auto owner = std::make_shared<int>(0);
  auto f = [owner] { *owner = 1; };
// expected-error@-1 {{'*owner' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{the thread writes it here}}
// expected-note@-3 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
// expected-note@-4 {{'owner' is captured here}}
  std::thread t(f);
// expected-note@-1 {{the thread starts here and is not joined before the access}}
// expected-error@-2 {{'owner' of type 'std::shared_ptr<int>', captured by the lambda, cannot be shared with another thread through 'std::thread': 'int' is not Sync [fearless-sync]}}
// expected-note@-3 {{'std::shared_ptr<int>' is Send only if 'int' is Sync}}
// expected-note@-4 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-5 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
  f();
// expected-note@-1 {{reached through this call}}
  t.join();
}
void weak_owner_bad() {
  auto owner = std::make_shared<int>(0);
  std::weak_ptr<int> w = owner;
  std::thread t([owner] { *owner = 1; });
// expected-error@-1 {{'owner' of type 'std::shared_ptr<int>', captured by the lambda, cannot be shared with another thread through 'std::thread': 'int' is not Sync [fearless-sync]}}
// expected-note@-2 {{'std::shared_ptr<int>' is Send only if 'int' is Sync}}
// expected-note@-3 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-4 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-5 {{the thread writes it here}}
// expected-note@-6 {{the thread starts here and is not joined before the access}}
  if (auto l = w.lock()) *l = 2;
// expected-error@-1 {{'*owner' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void thread_of_thread_bad() {
  auto owner = std::make_shared<int>(0);
  std::thread t([owner] { std::thread([owner] { *owner = 1; }).detach(); });
// expected-error@-1 {{'owner' of type 'std::shared_ptr<int>', captured by the lambda, cannot be shared with another thread through 'std::thread': 'int' is not Sync [fearless-sync]}}
// expected-note@-2 {{'std::shared_ptr<int>' is Send only if 'int' is Sync}}
// expected-note@-3 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-4 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
  t.join();
  *owner = 2;
}
void shared_from_this_bad() {
  auto owner = std::make_shared<itself>();
  auto o2 = owner->me();
  std::thread t([owner] { owner->n = 1; });
// expected-error@-1 {{'owner' of type 'std::shared_ptr<itself>', captured by the lambda, cannot be shared with another thread through 'std::thread': 'int' is not Sync [fearless-sync]}}
// expected-note@-2 {{'std::shared_ptr<itself>' is Send only if 'itself' is Sync}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
  o2->n = 2;
  t.join();
}
void owner_passed_through_bad() {
  auto owner = std::make_shared<int>(0);
  auto o2 = same(owner);
  std::thread t([owner] { *owner = 1; });
// expected-error@-1 {{'owner' of type 'std::shared_ptr<int>', captured by the lambda, cannot be shared with another thread through 'std::thread': 'int' is not Sync [fearless-sync]}}
// expected-note@-2 {{'std::shared_ptr<int>' is Send only if 'int' is Sync}}
// expected-note@-3 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-4 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-5 {{the thread writes it here}}
// expected-note@-6 {{the thread starts here and is not joined before the access}}
  *o2 = 2;
// expected-error@-1 {{'*owner' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void owner_given_to_callee_bad() {
  auto p = std::make_shared<int>(1);
  std::thread t([p] { *p = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
// expected-error@-3 {{'p' of type 'std::shared_ptr<int>', captured by the lambda, cannot be shared with another thread through 'std::thread': 'int' is not Sync [fearless-sync]}}
// expected-note@-4 {{'std::shared_ptr<int>' is Send only if 'int' is Sync}}
// expected-note@-5 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-6 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
  other(p);
// expected-note@-1 {{reached through this call}}
  t.join();
}
void owner_given_to_thread_bad() {
  auto p = std::make_shared<int>(1);
  std::thread t(other, p);
// expected-error@-1 {{the argument 'p' of type 'std::shared_ptr<int>' cannot be shared with another thread through 'std::thread': 'int' is not Sync [fearless-sync]}}
// expected-note@-2 {{'std::shared_ptr<int>' is Send only if 'int' is Sync}}
// expected-note@-3 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-4 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-5 {{the thread starts here and is not joined before the access}}
  *p = 1;
// expected-error@-1 {{'*p' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void pointer_to_pointer_bad() {
  int data = 0;
  int *p = &data;
  int **pp = &p;
  std::thread t([p] { *p = 1; });
// expected-error@-1 {{'p' of type 'int *', captured by the lambda, cannot be shared with another thread through 'std::thread': 'int' is not Sync [fearless-sync]}}
// expected-note@-2 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: give the thread its own copy of what 'p' points to}}
  **pp = 2;
  t.join();
}
void pointer_into_array_bad() {
  int data[4] = {};
  int *p = data;
  std::thread t([p] { p[1] = 1; });
// expected-error@-1 {{'p' of type 'int *', captured by the lambda, cannot be shared with another thread through 'std::thread': 'int' is not Sync [fearless-sync]}}
// expected-note@-2 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: give the thread its own copy of what 'p' points to}}
// expected-note@-5 {{the thread writes it here}}
// expected-note@-6 {{the thread starts here and is not joined before the access}}
  data[1] = 2;
// expected-error@-1 {{'data[1]' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void pointer_reset_bad() {
  int x = 0, y = 0;
  int *p = &x;
  p = &y;
  std::thread t([p] { *p = 1; });
// expected-error@-1 {{'p' of type 'int *', captured by the lambda, cannot be shared with another thread through 'std::thread': 'int' is not Sync [fearless-sync]}}
// expected-note@-2 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: give the thread its own copy of what 'p' points to}}
  y = 2;
  t.join();
}
void pointer_chosen_bad(bool c) {
  int x = 0, y = 0;
  int *p = c ? &x : &y;
  std::thread t([p] { *p = 1; });
// expected-error@-1 {{'p' of type 'int *', captured by the lambda, cannot be shared with another thread through 'std::thread': 'int' is not Sync [fearless-sync]}}
// expected-note@-2 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: give the thread its own copy of what 'p' points to}}
  y = 2;
  t.join();
}
void owner_reset_bad() {
  auto owner = std::make_unique<int>(0);
  int *raw = owner.get();
  std::thread t([raw] { *raw = 1; });
// expected-error@-1 {{'raw' of type 'int *', captured by the lambda, cannot be shared with another thread through 'std::thread': 'int' is not Sync [fearless-sync]}}
// expected-note@-2 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: give the thread its own copy of what 'raw' points to}}
  owner.reset();
  t.join();
}
void owner_ends_bad() {
  int *raw;
  std::thread t;
  { auto owner = std::make_unique<int>(0); raw = owner.get(); t = std::thread([raw] { *raw = 1; }); } t.join();
// expected-error@-1 {{'*owner' is given by reference to the thread started by 'std::thread', which may outlive it [fearless-borrow]}}
// expected-note@-2 {{the thread uses it here}}
// expected-note@-3 {{'*owner' ends here, before the thread is joined}}
// expected-note@-4 {{help: join the thread before '*owner' ends, or give it a copy, or share ownership}}
// expected-error@-5 {{'raw' of type 'int *', captured by the lambda, cannot be shared with another thread through 'std::thread': 'int' is not Sync [fearless-sync]}}
// expected-note@-6 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-7 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-8 {{help: give the thread its own copy of what 'raw' points to}}
}
void packaged_task_bad() {
  int data = 0;
  std::packaged_task<void()> task([&data] { data = 1; });
// expected-note@-1 {{'data' is captured here}}
// expected-note@-2 {{the thread writes it here}}
  auto f = task.get_future();
  std::thread t(std::move(task));
// expected-error@-1 {{'data' of type 'int', captured by reference, cannot be shared with another thread through 'std::thread': 'int' is not Sync [fearless-sync]}}
// expected-note@-2 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: make 'data' a 'std::atomic<int>', or capture 'data' by copy or move if the thread needs only its own}}
// expected-note@-5 {{the thread starts here and is not joined before the access}}
  data = 2;
// expected-error@-1 {{'data' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  f.get();
  t.join();
}
void reference_to_shared_bad() {
  auto a = std::make_shared<int>(0);
  int &r = *a;
  std::thread t([a] { *a = 1; });
// expected-error@-1 {{'a' of type 'std::shared_ptr<int>', captured by the lambda, cannot be shared with another thread through 'std::thread': 'int' is not Sync [fearless-sync]}}
// expected-note@-2 {{'std::shared_ptr<int>' is Send only if 'int' is Sync}}
// expected-note@-3 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-4 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-5 {{the thread writes it here}}
// expected-note@-6 {{the thread starts here and is not joined before the access}}
  r = 2;
// expected-error@-1 {{'*a' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void iterator_into_shared_bad() {
  auto a = std::make_shared<std::vector<int>>(4);
  auto it = a->begin();
  std::thread t([a] { (*a)[0] = 1; });
// expected-error@-1 {{'a' of type 'std::shared_ptr<std::vector<int>>', captured by the lambda, cannot be shared with another thread through 'std::thread': 'std::vector<int>' is not Sync [fearless-sync]}}
// expected-note@-2 {{'std::shared_ptr<std::vector<int>>' is Send only if 'std::vector<int>' is Sync}}
// expected-note@-3 {{'std::vector<int>': it holds its elements, and nothing synchronizes their use}}
// expected-note@-4 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-5 {{help: keep it in a fearless::mutex, or give each thread its own}}
// expected-note@-6 {{the thread writes it here}}
// expected-note@-7 {{the thread starts here and is not joined before the access}}
  *it = 2;
// expected-error@-1 {{'*a[0]' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void object_points_to_itself_bad() {
  auto a = std::make_shared<pointing>();
  auto s = a->self;
  std::thread t([a] { a->n = 1; });
// expected-error@-1 {{'a' of type 'std::shared_ptr<pointing>', captured by the lambda, cannot be shared with another thread through 'std::thread': 'pointing *' is not Sync [fearless-sync]}}
// expected-note@-2 {{'std::shared_ptr<pointing>' is Send only if 'pointing' is Sync}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
  s->n = 2;
  t.join();
}
void detached_twice_bad() {
  auto a = std::make_shared<int>(0);
  for (int i = 0; i < 2; ++i) { std::thread t([a] { *a = 1; }); t.detach(); }
// expected-error@-1 {{'a' of type 'std::shared_ptr<int>', captured by the lambda, cannot be shared with another thread through 'std::thread': 'int' is not Sync [fearless-sync]}}
// expected-note@-2 {{'std::shared_ptr<int>' is Send only if 'int' is Sync}}
// expected-note@-3 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-4 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-error@-5 {{'*a' is written by several threads of 'std::thread' at the same time, and nothing orders them [fearless-data-race]}}
// expected-note@-6 {{this runs again while earlier threads may still run}}
// expected-note@-7 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
}
void shared_by_loop_bad() {
  std::vector<std::thread> ts;
  auto a = std::make_shared<int>(0);
  for (int i = 0; i < 2; ++i) ts.emplace_back([a] { ++*a; });
// expected-error@-1 {{'a' of type 'std::shared_ptr<int>', captured by the lambda, cannot be shared with another thread through 'std::thread': 'int' is not Sync [fearless-sync]}}
// expected-note@-2 {{'std::shared_ptr<int>' is Send only if 'int' is Sync}}
// expected-note@-3 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-4 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-error@-5 {{'*a' is written by several threads of 'std::thread' at the same time, and nothing orders them [fearless-data-race]}}
// expected-note@-6 {{this runs again while earlier threads may still run}}
// expected-note@-7 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  for (auto &t : ts) t.join();
}
void owner_in_map_bad() {
  auto p = std::make_shared<int>(1);
  std::map<int, std::shared_ptr<int>> m;
  m.emplace(1, p);
  std::thread t([p] { *p = 1; });
// expected-error@-1 {{'p' of type 'std::shared_ptr<int>', captured by the lambda, cannot be shared with another thread through 'std::thread': 'int' is not Sync [fearless-sync]}}
// expected-note@-2 {{'std::shared_ptr<int>' is Send only if 'int' is Sync}}
// expected-note@-3 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-4 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
  *m[1] = 2;
  t.join();
}
void second_pointer_bad() {
  int x = 0;
  std::thread t(other, std::make_shared<int>(1));
// expected-error@-1 {{the argument 'std::make_shared<int>(1)' of type 'std::shared_ptr<int>' cannot be shared with another thread through 'std::thread': 'int' is not Sync [fearless-sync]}}
// expected-note@-2 {{'std::shared_ptr<int>' is Send only if 'int' is Sync}}
// expected-note@-3 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-4 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
  int *p = &x;
  std::thread u([p] { ++*p; });
// expected-error@-1 {{'p' of type 'int *', captured by the lambda, cannot be shared with another thread through 'std::thread': 'int' is not Sync [fearless-sync]}}
// expected-note@-2 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: give the thread its own copy of what 'p' points to}}
// expected-note@-5 {{the thread writes it here}}
// expected-note@-6 {{the thread starts here and is not joined before the access}}
  ++x;
// expected-error@-1 {{'x' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
  u.join();
}
void pointer_walks_bad() {
  int x[2] = {};
  int *p = x;
  for (int i = 0; i < 2; ++i, ++p) { std::thread t([p] { *p = 1; }); x[0] = 3; t.join(); }
// expected-error@-1 {{'p' of type 'int *', captured by the lambda, cannot be shared with another thread through 'std::thread': 'int' is not Sync [fearless-sync]}}
// expected-note@-2 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: give the thread its own copy of what 'p' points to}}
}
void span_copied_bad() {
  std::vector<int> v(4);
  std::span<int> s = v;
  std::thread t([s] { s[0] = 1; });
// expected-error@-1 {{'s' of type 'std::span<int>', captured by the lambda, cannot be shared with another thread through 'std::thread': 'int' is not Sync [fearless-sync]}}
// expected-note@-2 {{'std::span<int>' is Send only if 'int' is Sync}}
// expected-note@-3 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-4 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-5 {{the thread writes it here}}
// expected-note@-6 {{the thread starts here and is not joined before the access}}
  v[0] = 2;
// expected-error@-1 {{'v[0]' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void iterator_copied_bad() {
  std::vector<int> v(4);
  auto it = v.begin();
  std::thread t([it] { *it = 1; });
// expected-error@-1 {{'it' of type '__gnu_cxx::__normal_iterator<int *, std::vector<int>>', captured by the lambda, cannot be shared with another thread through 'std::thread': 'int' is not Sync [fearless-sync]}}
// expected-note@-2 {{'__gnu_cxx::__normal_iterator<int *, std::vector<int>>' is Send only if 'int *' is Send}}
// expected-note@-3 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-4 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-5 {{the thread writes it here}}
// expected-note@-6 {{the thread starts here and is not joined before the access}}
  v[0] = 2;
// expected-error@-1 {{'v[0]' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void pointer_to_elements_bad() {
  std::vector<int> v(4);
  std::thread t([p = v.data()] { p[3] = 1; });
// expected-error@-1 {{'p' of type 'int *', captured by the lambda, cannot be shared with another thread through 'std::thread': 'int' is not Sync [fearless-sync]}}
// expected-note@-2 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: give the thread its own copy of what 'p' points to}}
// expected-note@-5 {{the thread writes it here}}
// expected-note@-6 {{the thread starts here and is not joined before the access}}
  v[3] = 2;
// expected-error@-1 {{'v[3]' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void elements_move_bad() {
  std::vector<int> v(4);
  int *p = v.data();
  std::thread t([p] { p[0] = 1; });
// expected-error@-1 {{'p' of type 'int *', captured by the lambda, cannot be shared with another thread through 'std::thread': 'int' is not Sync [fearless-sync]}}
// expected-note@-2 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-3 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: give the thread its own copy of what 'p' points to}}
// expected-note@-5 {{the thread writes it here}}
// expected-note@-6 {{the thread starts here and is not joined before the access}}
  v.push_back(2);
// expected-error@-1 {{'v[0]' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
void vector_ends_bad() {
  std::thread t;
  { std::vector<int> x(4); int *p = x.data(); t = std::thread([p] { *p = 1; }); } t.join();
// expected-error@-1 {{'x[0]' is given by reference to the thread started by 'std::thread', which may outlive it [fearless-borrow]}}
// expected-note@-2 {{the thread uses it here}}
// expected-note@-3 {{'x[0]' ends here, before the thread is joined}}
// expected-note@-4 {{help: join the thread before 'x[0]' ends, or give it a copy, or share ownership}}
// expected-error@-5 {{'p' of type 'int *', captured by the lambda, cannot be shared with another thread through 'std::thread': 'int' is not Sync [fearless-sync]}}
// expected-note@-6 {{nothing synchronizes 'int': one thread may write it while another uses it}}
// expected-note@-7 {{'std::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-8 {{help: give the thread its own copy of what 'p' points to}}
}
