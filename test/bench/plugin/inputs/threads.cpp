// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Input of plugin_cost.py: a unit that uses the standard library's threads.

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <numeric>
#include <string>
#include <thread>
#include <vector>

namespace {

class pool {
public:
  explicit pool(unsigned n) {
    for (unsigned i = 0; i != n; ++i)
      workers_.emplace_back([this] { work(); });
  }
  ~pool() {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      stop_ = true;
    }
    ready_.notify_all();
    for (std::thread &t : workers_)
      t.join();
  }
  void submit(std::function<void()> job) {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      jobs_.push_back(std::move(job));
    }
    ready_.notify_one();
  }

private:
  void work() {
    for (;;) {
      std::function<void()> job;
      {
        std::unique_lock<std::mutex> lock(mutex_);
        ready_.wait(lock, [this] { return stop_ || !jobs_.empty(); });
        if (jobs_.empty())
          return;
        job = std::move(jobs_.front());
        jobs_.pop_front();
      }
      job();
    }
  }

  std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<std::function<void()>> jobs_;
  bool stop_ = false;
  std::vector<std::thread> workers_;
};

long parallel_sum(const std::vector<int> &numbers, unsigned parts) {
  std::vector<std::future<long>> results;
  const std::size_t size = numbers.size() / parts;
  for (unsigned i = 0; i != parts; ++i) {
    std::vector<int> part(numbers.begin() + i * size, numbers.begin() + (i + 1) * size);
    results.push_back(std::async(std::launch::async, [part = std::move(part)] {
      return std::accumulate(part.begin(), part.end(), 0L);
    }));
  }
  long total = 0;
  for (auto &result : results)
    total += result.get();
  return total;
}

} // namespace

int main() {
  std::atomic<int> done{0};
  {
    pool workers(2);
    for (int i = 0; i != 10; ++i)
      workers.submit([&done] { ++done; });
  }
  std::string name = "worker";
  std::thread named([](std::string) {}, name);
  named.join();
  return parallel_sum(std::vector<int>(1000, 1), 4) == 1000 && done == 10 ? 0 : 1;
}
