// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The models of Boost against its own headers: what each row says of a type, and
// what is given to threads and executors.
//
// REQUIRES: boost
// RUN: %fearless_check %s -- -std=c++20

#include <fearless/annotations.h>

#define BOOST_THREAD_VERSION 4
#define BOOST_BIND_NO_PLACEHOLDERS
#include <boost/any.hpp>
#include <boost/asio.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/atomic.hpp>
#include <boost/bind/bind.hpp>
#include <boost/circular_buffer.hpp>
#include <boost/container/deque.hpp>
#include <boost/container/flat_map.hpp>
#include <boost/container/flat_set.hpp>
#include <boost/container/list.hpp>
#include <boost/container/map.hpp>
#include <boost/container/set.hpp>
#include <boost/container/small_vector.hpp>
#include <boost/container/static_vector.hpp>
#include <boost/container/string.hpp>
#include <boost/container/vector.hpp>
#include <boost/function.hpp>
#include <boost/lockfree/queue.hpp>
#include <boost/lockfree/spsc_queue.hpp>
#include <boost/lockfree/stack.hpp>
#include <boost/move/unique_ptr.hpp>
#include <boost/optional.hpp>
#include <boost/range/iterator_range.hpp>
#include <boost/smart_ptr.hpp>
#include <boost/smart_ptr/atomic_shared_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>
#include <boost/smart_ptr/local_shared_ptr.hpp>
#include <boost/thread.hpp>
#include <boost/thread/barrier.hpp>
#include <boost/thread/future.hpp>
#include <boost/thread/latch.hpp>
#include <boost/thread/scoped_thread.hpp>
#include <boost/thread/synchronized_value.hpp>
#include <boost/thread/tss.hpp>
#include <boost/unordered_map.hpp>
#include <boost/unordered_set.hpp>
#include <boost/utility/string_view.hpp>
#include <boost/variant.hpp>

struct FEARLESS_NOT_SEND("it belongs to its window") handle {
// expected-note@-1 15 {{'handle' is marked FEARLESS_NOT_SEND: it belongs to its window}}
  int id;
};
struct FEARLESS_UNSAFE_SYNC("has a lock inside") shared {
  int v;
};

// --- Threads and futures -----------------------------------------------------------
FEARLESS_ASSERT_SEND(boost::thread);
FEARLESS_ASSERT_SYNC(const boost::thread);
FEARLESS_ASSERT_NOT_SYNC(boost::thread);
FEARLESS_ASSERT_SEND(boost::scoped_thread<>);
FEARLESS_ASSERT_NOT_SYNC(boost::scoped_thread<>);
FEARLESS_ASSERT_SYNC(boost::thread_group);
FEARLESS_ASSERT_NOT_SEND(boost::thread_group);
FEARLESS_ASSERT_SEND(boost::thread::id);
FEARLESS_ASSERT_NOT_SYNC(boost::thread::id);
FEARLESS_ASSERT_SYNC(boost::condition_variable);
FEARLESS_ASSERT_SYNC(boost::condition_variable_any);
FEARLESS_ASSERT_SYNC(boost::barrier);
FEARLESS_ASSERT_SYNC(boost::latch);
FEARLESS_ASSERT_SYNC(boost::once_flag);
FEARLESS_ASSERT_NOT_SEND(boost::barrier);
FEARLESS_ASSERT_SYNC(boost::thread_specific_ptr<handle>);
FEARLESS_ASSERT_NOT_SEND(boost::thread_specific_ptr<int>);
FEARLESS_ASSERT_SEND(boost::future<int>);
FEARLESS_ASSERT_SEND(boost::future<void>);
FEARLESS_ASSERT_NOT_SEND(boost::future<handle>);
FEARLESS_ASSERT_NOT_SYNC(const boost::future<int>);
FEARLESS_ASSERT_SEND(boost::promise<int>);
FEARLESS_ASSERT_SEND(boost::promise<void>);
FEARLESS_ASSERT_NOT_SEND(boost::promise<handle>);
FEARLESS_ASSERT_SEND(boost::shared_future<int>);
FEARLESS_ASSERT_SEND(boost::shared_future<void>);
FEARLESS_ASSERT_NOT_SEND(boost::shared_future<handle>);
FEARLESS_ASSERT_NOT_SYNC(boost::shared_future<int>);
FEARLESS_ASSERT_NOT_SEND(boost::packaged_task<int()>);
FEARLESS_ASSERT_SYNC(boost::atomic<int>);
FEARLESS_ASSERT_SYNC(boost::mutex);
FEARLESS_ASSERT_NOT_SEND(boost::unique_lock<boost::mutex>);
FEARLESS_ASSERT_SYNC(boost::synchronized_value<int>);
FEARLESS_ASSERT_NOT_SYNC(boost::synchronized_value<handle>);

// --- Lock-free containers -------------------------------------------------------------
FEARLESS_ASSERT_SYNC(boost::lockfree::queue<int>);
FEARLESS_ASSERT_SYNC(boost::lockfree::stack<int>);
FEARLESS_ASSERT_SYNC(boost::lockfree::spsc_queue<int>);
FEARLESS_ASSERT_NOT_SYNC(boost::lockfree::queue<handle>);
FEARLESS_ASSERT_NOT_SYNC(boost::lockfree::stack<handle>);
FEARLESS_ASSERT_NOT_SYNC(boost::lockfree::spsc_queue<handle>);
FEARLESS_ASSERT_NOT_SYNC(boost::lockfree::queue<int *>);

// --- Smart pointers ----------------------------------------------------------------
struct counted : boost::intrusive_ref_counter<counted> {
  int v;
};
struct counted_here : boost::intrusive_ref_counter<counted_here, boost::thread_unsafe_counter> {
  int v;
};
FEARLESS_ASSERT_SEND(boost::intrusive_ptr<const counted>);
FEARLESS_ASSERT_NOT_SEND(boost::intrusive_ptr<counted>);
FEARLESS_ASSERT_NOT_SEND(boost::intrusive_ptr<const counted_here>);
FEARLESS_ASSERT_SEND(boost::shared_ptr<const int>);
FEARLESS_ASSERT_SEND(boost::shared_ptr<shared>);
FEARLESS_ASSERT_NOT_SEND(boost::shared_ptr<int>);
FEARLESS_ASSERT_NOT_SYNC(boost::shared_ptr<const int>);
FEARLESS_ASSERT_SYNC(const boost::shared_ptr<const int>);
FEARLESS_ASSERT_SEND(boost::weak_ptr<const int>);
FEARLESS_ASSERT_NOT_SEND(boost::weak_ptr<int>);
FEARLESS_ASSERT_SEND(boost::shared_array<const int>);
FEARLESS_ASSERT_NOT_SEND(boost::shared_array<int>);
FEARLESS_ASSERT_SEND(boost::intrusive_ptr<shared>);
FEARLESS_ASSERT_NOT_SEND(boost::intrusive_ptr<int>);
FEARLESS_ASSERT_NOT_SEND(boost::local_shared_ptr<const int>);
FEARLESS_ASSERT_SYNC(boost::atomic_shared_ptr<const int>);
FEARLESS_ASSERT_NOT_SYNC(boost::atomic_shared_ptr<int>);
FEARLESS_ASSERT_SEND(boost::scoped_ptr<int>);
FEARLESS_ASSERT_NOT_SEND(boost::scoped_ptr<handle>);
FEARLESS_ASSERT_NOT_SYNC(const boost::scoped_ptr<int>);
FEARLESS_ASSERT_SEND(boost::scoped_array<int>);
FEARLESS_ASSERT_SEND(boost::movelib::unique_ptr<int>);
FEARLESS_ASSERT_NOT_SEND(boost::movelib::unique_ptr<handle>);
struct self : boost::enable_shared_from_this<self> {
  int v;
};
FEARLESS_ASSERT_SEND(self);

// --- Callables, values, containers ------------------------------------------------------
FEARLESS_ASSERT_NOT_SEND(boost::function<void()>);
FEARLESS_ASSERT_NOT_SEND(boost::any);
FEARLESS_ASSERT_NOT_SEND(boost::reference_wrapper<int>);
FEARLESS_ASSERT_SEND(boost::reference_wrapper<const int>);
FEARLESS_ASSERT_SEND(boost::container::vector<int>);
FEARLESS_ASSERT_NOT_SEND(boost::container::vector<handle>);
FEARLESS_ASSERT_NOT_SYNC(boost::container::vector<int>);
FEARLESS_ASSERT_SYNC(const boost::container::vector<int>);
FEARLESS_ASSERT_SEND(boost::container::small_vector<int, 4>);
FEARLESS_ASSERT_SEND(boost::container::static_vector<int, 4>);
FEARLESS_ASSERT_SEND(boost::container::deque<int>);
FEARLESS_ASSERT_SEND(boost::container::list<int>);
FEARLESS_ASSERT_SEND(boost::container::set<int>);
FEARLESS_ASSERT_SEND(boost::container::flat_set<int>);
FEARLESS_ASSERT_SEND(boost::container::string);
FEARLESS_ASSERT_SEND(boost::container::map<int, int>);
FEARLESS_ASSERT_SEND(boost::container::flat_map<int, int>);
FEARLESS_ASSERT_NOT_SEND(boost::container::flat_map<int, handle>);
FEARLESS_ASSERT_SEND(boost::unordered_map<int, int>);
FEARLESS_ASSERT_NOT_SEND(boost::unordered_map<int, handle>);
FEARLESS_ASSERT_SEND(boost::unordered_set<int>);
FEARLESS_ASSERT_SEND(boost::circular_buffer<int>);
FEARLESS_ASSERT_NOT_SEND(boost::circular_buffer<handle>);
FEARLESS_ASSERT_SEND(boost::optional<int>);
FEARLESS_ASSERT_NOT_SEND(boost::optional<handle>);
FEARLESS_ASSERT_NOT_SYNC(boost::optional<int>);
FEARLESS_ASSERT_SEND(boost::variant<int, long>);
FEARLESS_ASSERT_NOT_SEND(boost::variant<int, handle>);
FEARLESS_ASSERT_SEND(boost::string_view);
FEARLESS_ASSERT_NOT_SYNC(boost::string_view);
FEARLESS_ASSERT_NOT_SEND(boost::iterator_range<int *>);

// The reasons are the models'.
FEARLESS_ASSERT_SEND(boost::local_shared_ptr<const int>);
// expected-error@-1 {{assertion failed: 'boost::local_shared_ptr<const int>' is not Send [fearless-annotation]}}
// expected-note@-2 {{'boost::local_shared_ptr<const int>': its count is not atomic}}
// expected-note@-3 {{help: use boost::shared_ptr}}
FEARLESS_ASSERT_SEND(boost::shared_ptr<int>);
// expected-error@-1 {{assertion failed: 'boost::shared_ptr<int>' is not Send [fearless-annotation]}}
// expected-note@-2 {{'boost::shared_ptr<int>' is Send only if 'int' is Sync}}
// expected-note@-3 {{nothing synchronizes 'int': one thread may write it while another uses it}}

// --- Asio ----------------------------------------------------------------------------
namespace asio = boost::asio;
FEARLESS_ASSERT_SYNC(asio::io_context);
FEARLESS_ASSERT_SYNC(asio::thread_pool);
FEARLESS_ASSERT_SYNC(asio::io_context::strand);
FEARLESS_ASSERT_SYNC(asio::strand<asio::io_context::executor_type>);
FEARLESS_ASSERT_SEND(asio::io_context::executor_type);
FEARLESS_ASSERT_NOT_SYNC(asio::io_context::executor_type);
FEARLESS_ASSERT_SEND(asio::executor);
FEARLESS_ASSERT_SEND(asio::any_io_executor);
FEARLESS_ASSERT_SEND(asio::system_executor);
FEARLESS_ASSERT_SYNC(asio::system_context);
FEARLESS_ASSERT_SEND(asio::thread_pool::executor_type);
FEARLESS_ASSERT_SEND(asio::executor_work_guard<asio::io_context::executor_type>);
FEARLESS_ASSERT_SEND(asio::ip::tcp::socket);
FEARLESS_ASSERT_NOT_SYNC(const asio::ip::tcp::socket);
FEARLESS_ASSERT_SEND(asio::ip::tcp::acceptor);
FEARLESS_ASSERT_SEND(asio::ip::udp::socket);
FEARLESS_ASSERT_SEND(asio::ip::tcp::resolver);
FEARLESS_ASSERT_SEND(asio::steady_timer);
FEARLESS_ASSERT_NOT_SYNC(asio::steady_timer);
FEARLESS_ASSERT_NOT_SEND(asio::mutable_buffer);
FEARLESS_ASSERT_SEND(asio::const_buffer);
FEARLESS_ASSERT_NOT_SEND(asio::mutable_buffers_1);
FEARLESS_ASSERT_SEND(asio::const_buffers_1);

// --- What is given to threads ---------------------------------------------------------
void use(int);

void threads_bad(handle h) {
  boost::thread t([h] { use(h.id); });
// expected-error@-1 {{'h' of type 'handle', captured by the lambda, cannot be sent to another thread through 'boost::thread': 'handle' is not Send [fearless-send]}}
// expected-note@-2 {{'boost::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-3 {{help: create the 'handle' on the thread that uses it}}
  t.join();
  boost::thread u(boost::bind(&use, 1));
  u.join();
  boost::thread_group group;
  group.create_thread([h] { use(h.id); });
// expected-error@-1 {{'h' of type 'handle', captured by the lambda, cannot be sent to another thread through 'boost::thread_group::create_thread': 'handle' is not Send [fearless-send]}}
// expected-note@-2 {{'boost::thread_group::create_thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-3 {{help: create the 'handle' on the thread that uses it}}
  group.join_all();
  auto f = boost::async(boost::launch::async, [h] { return h.id; });
// expected-error@-1 {{'h' of type 'handle', captured by the lambda, cannot be sent to another thread through 'boost::async': 'handle' is not Send [fearless-send]}}
// expected-note@-2 {{'boost::async' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-3 {{help: create the 'handle' on the thread that uses it}}
  auto g = boost::async([h] { return h.id; });
// expected-error@-1 {{'h' of type 'handle', captured by the lambda, cannot be sent to another thread through 'boost::async': 'handle' is not Send [fearless-send]}}
// expected-note@-2 {{'boost::async' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-3 {{help: create the 'handle' on the thread that uses it}}
  boost::promise<handle> p;
  p.set_value(h);
// expected-error@-1 {{the argument 'h' of type 'handle' cannot be sent to another thread through 'boost::promise::set_value': 'handle' is not Send [fearless-send]}}
// expected-note@-2 {{'boost::promise::set_value' gives the value to another thread: it must be Send}}
// expected-note@-3 {{help: create the 'handle' on the thread that uses it}}
}

int threads_race_bad() {
  int n = 0;
  boost::thread t([&n] { n = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  n = 2;
// expected-error@-1 {{'n' is written here while the thread started by 'boost::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
  return n;
}

int threads_ok() {
  int n = 0, m = 0;
  boost::thread t([&n] { n = 1; });
  t.join();
  n = 2;
  boost::thread_group group;
  group.create_thread([&n] { n = 3; });
  group.create_thread([&m] { m = 3; });
  group.join_all();
  return n + m;
}

int thread_group_bad() {
  int n = 0;
  boost::thread_group group;
  group.create_thread([&n] { n = 3; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  n = 4;
// expected-error@-1 {{'n' is written here while the thread started by 'boost::thread_group::create_thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  group.join_all();
  return n;
}

boost::mutex m;
int guarded_ok() {
  int n = 0;
  boost::thread t([&n] {
    boost::lock_guard<boost::mutex> lock(m);
    ++n;
  });
  {
    boost::lock_guard<boost::mutex> lock(m);
    ++n;
  }
  t.join();
  return n;
}

void guard_bad() {
  boost::unique_lock<boost::mutex> lock(m);
  boost::thread t([l = boost::move(lock)]() mutable { l.unlock(); });
// expected-error@-1 {{'l' of type 'boost::unique_lock<boost::mutex>', captured by the lambda, cannot be sent to another thread through 'boost::thread': 'boost::unique_lock<boost::mutex>' is not Send [fearless-send]}}
// expected-note@-2 {{'boost::unique_lock<boost::mutex>': unlocking must happen on the thread that locked it}}
// expected-note@-3 {{'boost::thread' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-4 {{help: pass the lock or the data, and lock on the other thread}}
  t.join();
}

// --- Asio ----------------------------------------------------------------------------
void asio_bad(asio::io_context &io, asio::thread_pool &pool, asio::io_context::strand &old,
              asio::strand<asio::io_context::executor_type> &strand, handle h) {
  asio::post(io, [h] { use(h.id); });
// expected-error@-1 {{'h' of type 'handle', captured by the lambda, cannot be sent to another thread through 'boost::asio::post': 'handle' is not Send [fearless-send]}}
// expected-note@-2 {{'boost::asio::post' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-3 {{help: create the 'handle' on the thread that uses it}}
  asio::dispatch(pool, [h] { use(h.id); });
// expected-error@-1 {{'h' of type 'handle', captured by the lambda, cannot be sent to another thread through 'boost::asio::dispatch': 'handle' is not Send [fearless-send]}}
// expected-note@-2 {{'boost::asio::dispatch' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-3 {{help: create the 'handle' on the thread that uses it}}
  asio::defer(strand, [h] { use(h.id); });
// expected-error@-1 {{'h' of type 'handle', captured by the lambda, cannot be sent to another thread through 'boost::asio::defer': 'handle' is not Send [fearless-send]}}
// expected-note@-2 {{'boost::asio::defer' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-3 {{help: create the 'handle' on the thread that uses it}}
  asio::post(io.get_executor(), [h] { use(h.id); });
// expected-error@-1 {{'h' of type 'handle', captured by the lambda, cannot be sent to another thread through 'boost::asio::post': 'handle' is not Send [fearless-send]}}
// expected-note@-2 {{'boost::asio::post' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-3 {{help: create the 'handle' on the thread that uses it}}
  asio::post([h] { use(h.id); });
// expected-error@-1 {{'h' of type 'handle', captured by the lambda, cannot be sent to another thread through 'boost::asio::post': 'handle' is not Send [fearless-send]}}
// expected-note@-2 {{'boost::asio::post' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-3 {{help: create the 'handle' on the thread that uses it}}
  io.post([h] { use(h.id); });
// expected-error@-1 {{'h' of type 'handle', captured by the lambda, cannot be sent to another thread through 'boost::asio::io_context::post': 'handle' is not Send [fearless-send]}}
// expected-note@-2 {{'boost::asio::io_context::post' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-3 {{help: create the 'handle' on the thread that uses it}}
  io.dispatch([h] { use(h.id); });
// expected-error@-1 {{'h' of type 'handle', captured by the lambda, cannot be sent to another thread through 'boost::asio::io_context::dispatch': 'handle' is not Send [fearless-send]}}
// expected-note@-2 {{'boost::asio::io_context::dispatch' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-3 {{help: create the 'handle' on the thread that uses it}}
  old.post([h] { use(h.id); });
// expected-error@-1 {{'h' of type 'handle', captured by the lambda, cannot be sent to another thread through 'boost::asio::io_context::strand::post': 'handle' is not Send [fearless-send]}}
// expected-note@-2 {{'boost::asio::io_context::strand::post' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-3 {{help: create the 'handle' on the thread that uses it}}
  old.dispatch([h] { use(h.id); });
// expected-error@-1 {{'h' of type 'handle', captured by the lambda, cannot be sent to another thread through 'boost::asio::io_context::strand::dispatch': 'handle' is not Send [fearless-send]}}
// expected-note@-2 {{'boost::asio::io_context::strand::dispatch' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-3 {{help: create the 'handle' on the thread that uses it}}
  strand.post([h] { use(h.id); }, std::allocator<void>());
// expected-error@-1 {{'h' of type 'handle', captured by the lambda, cannot be sent to another thread through 'boost::asio::strand::post': 'handle' is not Send [fearless-send]}}
// expected-note@-2 {{'boost::asio::strand::post' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-3 {{help: create the 'handle' on the thread that uses it}}
}

int pool_bad() {
  asio::thread_pool pool(2);
  int n = 0;
  asio::post(pool, [&n] { n = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  n = 2;
// expected-error@-1 {{'n' is written here while the thread started by 'boost::asio::post' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  pool.join();
  return n;
}

void pool_lifetime_bad(asio::thread_pool &pool) {
  int n = 0;
  asio::post(pool, [&n] { n = 1; });
// expected-error@-1 {{'n' is given by reference to the thread started by 'boost::asio::post', which may outlive it [fearless-borrow]}}
// expected-note@-2 {{the thread uses it here}}
// expected-note@-3 {{help: join the thread before 'n' ends, or give it a copy, or share ownership}}
}
// expected-note@-1 {{'n' ends here, before the thread is joined}}

void pool_scope_ok() {
  int n = 0;
  asio::thread_pool pool(2);
  asio::post(pool, [&n] { n = 1; });
}

// One thread may post and run.
struct server {
  asio::io_context io;
  int count = 0;
  void start() {
    asio::post(io, [this] { ++count; });
    io.post([this] { ++count; });
    ++count;
    io.run();
  }
};

int pool_ok() {
  asio::thread_pool pool(2);
  int n = 0;
  asio::post(pool, [&n] { n = 1; });
  pool.join();
  n = 2;
  asio::io_context io;
  asio::post(io, [&n] { n = 3; });
  io.run();
  return n;
}
