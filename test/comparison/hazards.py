# Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Sharing bugs of textbooks, each beside its correction.

(name, what comes before, the wrong body, the right body). The first eleven are
the hazards of the README; then others that reviews meet. More come from
test/soundness/idioms.py and docs/examples.
"""

HAZARDS = [
    ("reference captured, parent writes", "",
     "int x = 0; std::thread t([&x] { x = 1; }); x = 2; t.join();",
     "int x = 0; std::thread t([&x] { x = 1; }); t.join(); x = 2;"),
    ("reference captured, detached", "",
     "int x = 0; std::thread([&x] { std::this_thread::sleep_for(std::chrono::milliseconds(5)); x = 1; }).detach();",
     "int x = 0; std::thread([x]() mutable { x = 1; }).detach();"),
    ("pointer by value", "",
     "int x = 0; std::thread t([](int *p) { *p = 1; }, &x); x = 2; t.join();",
     "int x = 0; std::thread t([](int *p) { *p = 1; }, &x); t.join(); x = 2;"),
    ("shared_ptr<int> by copy", "",
     "auto p = std::make_shared<int>(0); std::thread t([p] { ++*p; }); ++*p; t.join();",
     "auto p = std::make_shared<std::atomic<int>>(0); std::thread t([p] { ++*p; }); ++*p; t.join();"),
    ("[this] with plain members",
     "",
     "struct service { int served = 0; std::thread worker; void start() { worker = std::thread([this] { ++served; }); } "
     "void stop() { ++served; worker.join(); } }; service s; s.start(); s.stop();",
     "struct service { int served = 0; std::thread worker; void start() { worker = std::thread([this] { ++served; }); } "
     "void stop() { worker.join(); ++served; } }; service s; s.start(); s.stop();"),
    ("plain function and global",
     "static int global_count = 0; static std::atomic<int> fixed_count{0};"
     "static void count() { ++global_count; } static void count_fixed() { ++fixed_count; }",
     "std::thread t(count); count(); t.join();",
     "std::thread t(count_fixed); count_fixed(); t.join();"),
    ("local static",
     "static int next_id() { static int id = 0; return ++id; }"
     "static int next_id_fixed() { static std::atomic<int> id{0}; return ++id; }",
     "std::thread t([] { use(next_id()); }); use(next_id()); t.join();",
     "std::thread t([] { use(next_id_fixed()); }); use(next_id_fixed()); t.join();"),
    ("std::ref", "static void increment(int &n) { ++n; }",
     "int x = 0; std::thread t(increment, std::ref(x)); increment(x); t.join();",
     "int x = 0; std::thread t(increment, std::ref(x)); t.join(); increment(x);"),
    ("std::async([&])", "",
     "int x = 0; auto f = std::async(std::launch::async, [&] { x = 1; }); x = 2; f.get();",
     "int x = 0; auto f = std::async(std::launch::async, [&] { x = 1; }); f.get(); x = 2;"),
    ("loop of emplace_back([&])", "",
     "int sum = 0; std::vector<std::thread> ts; for (int i = 0; i < 4; ++i) ts.emplace_back([&, i] { sum += i; }); for (auto &t : ts) t.join();",
     "std::atomic<int> sum{0}; std::vector<std::thread> ts; for (int i = 0; i < 4; ++i) ts.emplace_back([&, i] { sum += i; }); for (auto &t : ts) t.join();"),
    ("string_view into a changing string", "",
     "std::string s = \"a long enough string for the heap\"; std::string_view v = s; std::thread t([v] { use(v[0]); }); s[0] = 'b'; t.join();",
     "std::string s = \"a long enough string for the heap\"; std::thread t([v = s] { use(v[0]); }); s[0] = 'b'; t.join();"),
    # --- Others ----------------------------------------------------------------------
    ("map read and filled", "",
     "std::map<int, int> m; m[1] = 1; std::thread t([&m] { use(m.at(1)); }); m[2] = 2; t.join();",
     "std::map<int, int> m; m[1] = 1; std::mutex x; std::thread t([&] { std::lock_guard g(x); use(m.at(1)); }); { std::lock_guard g(x); m[2] = 2; } t.join();"),
    ("vector grows under a reader", "",
     "std::vector<int> v(1); std::thread t([&v] { use(v[0]); }); v.push_back(2); t.join();",
     "std::vector<int> v(1); std::thread t([v] { use(v[0]); }); v.push_back(2); t.join();"),
    ("vector<bool> elements", "",
     "std::vector<bool> v(8); std::thread t([&v] { v[0] = true; }); v[1] = true; t.join();",
     "std::vector<char> v(8); std::thread t([&v] { v[0] = 1; }); v[1] = 1; t.join();"),
    ("lock of the other object",
     "struct account { std::mutex m; int balance = 0; };",
     "account a, b; std::thread t([&] { std::lock_guard g(a.m); ++b.balance; }); { std::lock_guard g(b.m); ++b.balance; } t.join();",
     "account a, b; std::thread t([&] { std::lock_guard g(b.m); ++b.balance; }); { std::lock_guard g(b.m); ++b.balance; } t.join();"),
    ("guard without a name", "",
     "int x = 0; std::mutex m; std::thread t([&] { std::lock_guard<std::mutex>{m}; ++x; }); { std::lock_guard g(m); ++x; } t.join();",
     "int x = 0; std::mutex m; std::thread t([&] { std::lock_guard<std::mutex> g{m}; ++x; }); { std::lock_guard g(m); ++x; } t.join();"),
    ("reference out of a lock",
     "",
     "struct names { std::mutex m; std::string n FEARLESS_GUARDED_BY(m); std::string &get() { std::lock_guard g(m); return n; } }; "
     "names n; std::thread t([&] { n.get() = \"a\"; }); n.get() = \"b\"; t.join();",
     "struct names { std::mutex m; std::string n FEARLESS_GUARDED_BY(m); void set(std::string s) { std::lock_guard g(m); n = s; } }; "
     "names n; std::thread t([&] { n.set(\"a\"); }); n.set(\"b\"); t.join();"),
]
