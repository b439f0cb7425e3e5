// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Input of plugin_cost.py: a unit that uses Fearless' own threads, channels and
// locked data, where every boundary demands proof.

#include <fearless/fearless.h>

#include <string>
#include <vector>

namespace {

struct FEARLESS_SEND order {
  int id;
  std::string text;
};

int produce_and_consume() {
  auto [tx, rx] = fearless::bounded_channel<order>(4);
  auto producer = fearless::spawn([tx = std::move(tx)] {
    for (int i = 0; i != 100; ++i)
      if (!tx.send(order{i, "order"}))
        break;
  });
  int total = 0;
  for (order o : rx)
    total += o.id;
  producer.join();
  return total;
}

int count_together() {
  auto total = fearless::make_arc<fearless::mutex<std::vector<int>>>();
  std::vector<fearless::join_handle<void>> handles;
  for (int i = 0; i != 4; ++i)
    handles.push_back(fearless::spawn([total, i] { total->lock()->push_back(i); }));
  for (auto &h : handles)
    h.join();
  return static_cast<int>(total->lock()->size());
}

} // namespace

int main() { return produce_and_consume() == 4950 && count_together() == 4 ? 0 : 1; }
