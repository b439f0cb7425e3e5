# Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Idioms of threaded code, each with the ways to get it wrong.

An idiom is code with slots in @{...}@: the first alternative of each slot is
the right one; every other is one mutation, with what it does to the program:

    @{right||wrong=races||other=safe}@

All slots but at most one take their first alternative, so that the label of a
mutant is that of its alternative.
"""

import random
import re

SLOT = re.compile(r"@\{(.*?)\}@", re.S)

IDIOMS = {
    # --- Order without locks ----------------------------------------------------
    "flag": """
        int data = 0;
        std::atomic<bool> ready{false};
        std::thread t([&] { @{data = 1; ready.store(true);||ready.store(true); data = 1;=races||data = 1; ready.store(true, std::memory_order_release);=safe||data = 1; ready.store(true, std::memory_order_relaxed);=races}@ });
        @{while (!ready.load()) std::this_thread::yield();||=races||while (!ready.load(std::memory_order_acquire)) std::this_thread::yield();=safe}@
        use(data);
        t.join();
    """,
    "promise": """
        int data = 0;
        std::promise<void> done;
        auto finished = done.get_future();
        std::thread t([&] { @{data = 1; done.set_value();||done.set_value(); data = 1;=races}@ });
        @{finished.get(); data += 1;||data += 1; finished.get();=races||finished.wait(); data += 1;=safe}@
        t.join();
    """,
    "latch": """
        int data = 0;
        std::latch done(1);
        std::thread t([&] { @{data = 1; done.count_down();||done.count_down(); data = 1;=races}@ });
        @{done.wait(); data += 1;||data += 1; done.wait();=races}@
        t.join();
    """,
    "condition": """
        std::mutex m;
        std::condition_variable changed;
        bool ready = false;
        std::string data;
        std::thread t([&] {
          { std::lock_guard lock(m); @{data = "x"; ready = true;||ready = true; }{ data = "x";=races}@ }
          changed.notify_one();
        });
        { std::unique_lock lock(m); changed.wait(lock, [&] { return ready; }); }
        use(static_cast<int>(data.size()));
        t.join();
    """,
    "once": """
        static std::once_flag once;
        static int data = 0;
        auto init = [] { std::call_once(once, [] { data = 1; }); @{use(data);||++data;=races}@ };
        std::thread a(init), b(init);
        a.join();
        b.join();
    """,
    "barrier": """
        std::barrier<> sync(2);
        int left = 0, right = 0;
        std::thread t([&] { left = 1; @{sync.arrive_and_wait();||=hangs}@ use(right); });
        @{right = 1; sync.arrive_and_wait();||sync.arrive_and_wait(); right = 1;=races}@
        use(left);
        t.join();
    """,
    # --- Classes --------------------------------------------------------------------
    "monitor": """
        class counter {
        public:
          void add(int n) { @{std::lock_guard lock(m_); value_ += n;||value_ += n;=races||std::scoped_lock lock(m_); value_ += n;=safe}@ }
          int get() const { @{std::lock_guard lock(m_); return value_;||return value_;=races}@ }
        private:
          mutable std::mutex m_;
          int value_ = 0;
        };
        counter c;
        std::thread t([&c] { c.add(1); });
        c.add(2);
        use(c.get());
        t.join();
    """,
    "guarded": """
        class table {
        public:
          void put(int k) { @{std::lock_guard lock(m_); entries_[k] = 1;||entries_[k] = 1;=races||std::lock_guard lock(other_); entries_[k] = 1;=races}@ }
          int size() const { std::lock_guard lock(m_); return static_cast<int>(entries_.size()); }
        private:
          mutable std::mutex m_, other_;
          std::map<int, int> entries_ FEARLESS_GUARDED_BY(m_);
        };
        table shared;
        std::thread t([&shared] { shared.put(1); });
        shared.put(2);
        use(shared.size());
        t.join();
    """,
    "member thread": """
        class worker {
        public:
          worker() : t_([this] { @{std::lock_guard lock(m_); ++count_;||++count_;=races}@ }) {}
          ~worker() { t_.join(); }
          int count() { std::lock_guard lock(m_); return count_; }
        private:
          std::mutex m_;
          int count_ = 0;
          std::thread t_;
        };
        worker w;
        use(w.count());
    """,
    "stop flag": """
        class loop {
        public:
          void start() { t_ = std::thread([this] { while (!stop_) { @{++rounds_||++rounds_; ++total_=races}@; std::this_thread::yield(); } }); }
          void stop() { stop_ = true; @{t_.join(); use(rounds_);||use(rounds_); t_.join();=races}@ }
          void note() { total_ += 1; }
        private:
          std::atomic<bool> stop_{false};
          int rounds_ = 0;
          int total_ = 0;
          std::thread t_;
        };
        loop l;
        l.start();
        l.note();
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
        l.stop();
    """,
    "immutable": """
        struct settings { std::string name = "a"; std::vector<int> values{1, 2}; };
        auto config = std::make_shared< @{const settings||settings=safe}@ >();
        std::thread t([config] { use(static_cast<int>(config->values.size())); });
        use(static_cast<int>(config->name.size()));
        t.join();
    """,
    "immutable written": """
        struct settings { std::string name = "a"; };
        auto made = std::make_shared<settings>();
        std::shared_ptr<const settings> config = made;
        std::thread t([config] { use(static_cast<int>(config->name.size())); });
        @{use(static_cast<int>(made->name.size()));||made->name += "b";=races}@
        t.join();
    """,
    "virtual": """
        struct shape { virtual ~shape() = default; virtual void grow() = 0; };
        struct square : shape { int side = 0; void grow() override { ++side; } };
        square s;
        shape &base = s;
        std::thread t([&base] { base.grow(); });
        @{t.join(); base.grow();||base.grow(); t.join();=races||++s.side; t.join();=races}@
    """,
    # --- Ownership -----------------------------------------------------------------------
    "moved": """
        auto data = std::make_unique<pair_of_ints>();
        pair_of_ints *raw = data.get();
        @{raw->a = 1;||=safe}@
        std::thread t([data = std::move(data)] { data->a = 2; });
        @{raw = nullptr;||raw->a = 3;=races}@
        t.join();
    """,
    "channel": """
        auto [tx, rx] = fearless::unbounded_channel<std::unique_ptr<int>>();
        auto t = fearless::spawn([rx = std::move(rx)] { for (auto &&each : rx) *each += 1; });
        for (int i = 0; i < 3; ++i) {
          auto box = std::make_unique<int>(i);
          @{(void)tx.send(std::move(box));||int *raw = box.get(); (void)tx.send(std::move(box)); *raw = 7;=races||int &r = *box; (void)tx.send(std::move(box)); r = 7;=races}@
        }
        { auto gone = std::move(tx); }
        t.join();
    """,
    "channel of vectors": """
        auto [tx, rx] = fearless::bounded_channel<std::vector<int>>(1);
        auto t = fearless::spawn([rx = std::move(rx)] { for (auto &&each : rx) each.push_back(1); });
        std::vector<int> batch(2);
        @{batch[0] = 1; (void)tx.send(std::move(batch));||int &first = batch[0]; (void)tx.send(std::move(batch)); first = 1;=races||auto it = batch.begin(); (void)tx.send(std::move(batch)); *it = 1;=races}@
        { auto gone = std::move(tx); }
        t.join();
    """,
    "shared mutex": """
        auto shared = fearless::make_arc<fearless::mutex<std::vector<int>>>();
        auto t = fearless::spawn([shared] { shared->lock()->push_back(1); });
        @{shared->lock()->push_back(2);||auto &inside = *shared->lock(); inside.push_back(2);=races}@
        t.join();
    """,
    "shared_ptr itself": """
        auto p = std::make_shared<std::atomic<int>>(0);
        std::thread t(@{[p] { p->fetch_add(1); }||[&p] { p->fetch_add(1); }=safe||[&p] { p.reset(new std::atomic<int>(1)); }=races}@);
        p->fetch_add(1);
        t.join();
    """,
    "names": """
        std::vector<int> data(4);
        std::vector<int> &name = data;
        std::thread t([&data] { data[0] = 1; });
        @{t.join(); data[0] = 2;||data[0] = 2; t.join();=races||name[0] = 2; t.join();=races||name.begin()[0] = 2; t.join();=races}@
        (void)name;
    """,
    "found": """
        std::vector<int> data(4);
        auto name = @{data.begin()||std::find(data.begin(), data.end(), 0)=safe}@;
        std::thread t([&data] { data[0] = 1; });
        @{t.join(); *name = 2;||*name = 2; t.join();=races}@
    """,
    "found by the library": """
        std::map<int, int> data;
        auto name = data.emplace(1, 2).first;
        std::thread t([&data] { data[1] = 1; });
        @{t.join(); name->second = 2;||name->second = 2; t.join();=races}@
    """,
    "moved content": """
        std::vector<int> first(4);
        auto name = first.begin();
        std::vector<int> data;
        data = std::move(first);
        std::thread t([&data] { data[0] = 1; });
        @{t.join(); *name = 2;||*name = 2; t.join();=races}@
    """,
    "moved into a container": """
        std::string text(100, 'a');
        char *inside = &text[0];
        std::vector<std::string> data;
        data.push_back(std::move(text));
        std::thread t([&data] { data[0][0] = 'b'; });
        @{t.join(); *inside = 'c';||*inside = 'c'; t.join();=races}@
    """,
    "kept by a factory": """
        struct maker {
          int *kept = nullptr;
          std::unique_ptr<int> make() { auto made = std::make_unique<int>(1); @{||kept = made.get();=safe}@ return made; }
        };
        maker m;
        auto data = m.make();
        std::thread t([&data] { *data = 2; });
        use(m.kept ? 1 : 0);
        t.join();
    """,
    "kept pointer": """
        struct maker {
          int *kept = nullptr;
          std::unique_ptr<int> make() { auto made = std::make_unique<int>(1); kept = made.get(); return made; }
        };
        maker m;
        auto data = m.make();
        std::thread t([&data] { *data = 2; });
        @{t.join(); *m.kept = 3;||*m.kept = 3; t.join();=races}@
    """,
    "shared owner": """
        auto data = std::make_shared<pair_of_ints>();
        @{auto &name = data;||auto name = data;=safe||std::weak_ptr<pair_of_ints> name = data;=safe}@
        std::thread t([data] { data->a = 1; });
        @{t.join(); data->a = 2;||data->a = 2; t.join();=races||data->b = 2; t.join();=safe}@
        (void)name;
    """,
    "shared owner by another name": """
        auto data = std::make_shared<pair_of_ints>();
        @{auto name = data;||std::vector<std::shared_ptr<pair_of_ints>> names{data}; auto &name = names[0];=safe}@
        std::thread t([data] { data->a = 1; });
        @{t.join(); name->a = 2;||name->a = 2; t.join();=races||data.reset(); name->a = 2; t.join();=races}@
    """,
    "detached owner": """
        auto data = std::make_shared<pair_of_ints>();
        data->a = 1;
        std::promise<void> ended;
        auto end = ended.get_future();
        std::thread t([data, &ended] { data->a = 2; ended.set_value(); });
        @{data.reset();||data->a = 3;=races}@
        end.wait();
        t.join();
    """,
    # --- Waiting -------------------------------------------------------------------------
    "early return": """
        int data = 0;
        auto work = [&](bool early) {
          @{std::jthread||auto keep = std::async(std::launch::async, [] {}); std::jthread=safe}@ t([&data] { ++data; });
          if (early) return;
          t.join();
          ++data;
        };
        work(true);
        work(false);
        use(data);
    """,
    "exception": """
        int data = 0;
        try {
          std::jthread t([&data] { ++data; });
          @{if (data_free()) throw 1;||++data; if (data_free()) throw 1;=races}@
        } catch (int) {
          ++data;
        }
    """,
    "handler": """
        int data = 0;
        std::jthread t([&data] { ++data; });
        try {
          @{use(0)||use(std::stoi("none"))=safe}@;
          t.join();
          use(std::stoi("none"));
        } catch (const std::exception &) {
          if (t.joinable()) t.join();
          ++data;
        }
    """,
    "handler without a join": """
        int data = 0;
        std::jthread t([&data] { ++data; });
        try {
          @{t.join(); use(std::stoi("none"));||use(std::stoi("none")); t.join();=races}@
        } catch (const std::exception &) {
        }
        ++data;
    """,
    "started in a try": """
        int data = 0;
        std::jthread outside;
        try {
          std::jthread inside;
          @{inside||outside=races}@ = std::jthread([&data] { ++data; });
          use(std::stoi("none"));
        } catch (const std::exception &) {
        }
        ++data;
    """,
    "container": """
        std::vector<int> slots(4);
        std::vector<std::thread> threads;
        for (int i = 0; i < 4; ++i)
          threads.emplace_back([&slots, i] { slots[static_cast<size_t>(i)] @{= i;||= slots[0] + 1;=races}@ });
        @{||use(slots[1]);=races}@
        for (auto &t : threads) t.join();
        use(slots[1]);
    """,
    "joined by a helper": """
        int data = 0;
        auto wait = [](std::thread &t) { @{t.join();||if (t.joinable()) t.join();=safe}@ };
        std::thread t([&data] { ++data; });
        @{wait(t); ++data;||++data; wait(t);=races}@
    """,
    "reduce": """
        std::vector<int> input(8, 1);
        int left = 0, right = 0;
        std::thread t([&] { for (size_t i = 0; i < 4; ++i) left += input[i]; });
        for (size_t i = 4; i < 8; ++i) @{right||left=races}@ += input[i];
        t.join();
        use(left + right);
    """,
    "thread_local": """
        @{thread_local||static=races}@ int scratch = 0;
        auto work = [] { scratch += 1; use(scratch); };
        std::thread t(work);
        work();
        t.join();
    """,
    "static local": """
        struct cache { std::mutex m; int hits = 0; };
        auto instance = []() -> cache & { static cache it; return it; };
        auto hit = [&] { @{std::lock_guard lock(instance().m); ++instance().hits;||++instance().hits;=races}@ };
        std::thread t(hit);
        hit();
        t.join();
    """,
    "rw_lock": """
        fearless::rw_lock<std::map<int, int>> table;
        fearless::scope([&](fearless::scope_handle &s) {
          s.spawn([&] { use(static_cast<int>(table.read()->size())); });
          s.spawn([&] { (*table.write())[1] = 2; });
        });
    """,
    "chunks": """
        std::vector<int> values(6);
        fearless::scope([&](fearless::scope_handle &s) {
          auto [low, high] = fearless::split_at(std::span(values), 3);
          s.spawn([low = std::move(low)] { low[0] = 1; });
          s.spawn([high = std::move(high)] { high[0] = 2; });
        });
        use(values[0]);
    """,
}


class Idiom:
    """One idiom with at most one slot changed; looks like a Scenario."""

    def __init__(self, rng, number):
        self.number = number
        self.name = rng.choice(sorted(IDIOMS))
        text = IDIOMS[self.name]
        slots = [m.group(1).split("||") for m in SLOT.finditer(text)]
        changes = [
            (i, j)
            for i, slot in enumerate(slots)
            for j in range(1, len(slot))
            if not slot[j].endswith("=hangs")
        ]
        change = rng.choice(changes + [None] * 2) if changes else None
        self.label = ""
        filled = [slot[0] for slot in slots]
        if change:
            code, _, effect = slots[change[0]][change[1]].rpartition("=")
            filled[change[0]] = code
            self.label = "" if effect == "safe" else self.name
        self.change = change
        parts = iter(filled)
        self.text = SLOT.sub(lambda _: next(parts), text)
        # The runtime's parameters are marked.
        self.is_marked = "fearless::" in self.text

    def kinds(self):
        """What it is counted under in the tables."""
        return ["idiom: " + self.name]

    def code(self):
        lines = [line[8:] if line.startswith(" " * 8) else line
                 for line in self.text.strip("\n").split("\n")]
        mutant = ", mutant %d.%d" % self.change if self.change else ""
        return "\n".join(
            ["// scenario %d: %s%s: %s" % (
                self.number, self.name, mutant, "races" if self.label else "safe"),
             "namespace s%d {" % self.number, "void run() {"]
            + ["  " + line.rstrip() for line in lines if line.strip()]
            + ["}", "}"])
