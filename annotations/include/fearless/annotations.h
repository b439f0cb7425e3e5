// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The marks: macros that say which types may go to another thread, which lock guards which data, and which parameter is
// run on another thread. The Fearless plugin reads and verifies them. Without it they check nothing, and with it or
// without it they change no type, no layout and no symbol name.
//
// Serves C++11 to C++23 and C11, and includes nothing. Under Clang 16 or later a mark is an attribute; for every other
// compiler it is empty.

#ifndef FEARLESS_ANNOTATIONS_H
#define FEARLESS_ANNOTATIONS_H

// =====================================================================================================================
// Where a mark is written
// =====================================================================================================================
//
//   class head    between the keyword and the name, so before `final` and the bases. Also struct, union, enum, enum
//                 class, templates and their specialisations, and structs in C. Not before the keyword.
//
//                     class FEARLESS_SEND job final : public task { ... };
//                     template <class T> class FEARLESS_SEND_IF(fearless::send<T>) box { ... };
//
//   parameter     before the type. In templates and lambdas too; on a parameter pack the mark holds for each element.
//
//                     template <class F> void submit(FEARLESS_SPAWNS F&& task);
//                     template <class... A> void call(FEARLESS_SENDING A&&... args);
//                     auto post = [](FEARLESS_SENDING message m) { ... };
//
//   field and     after the name (and its array bounds or bit-field width), before the initialiser.
//   variable
//                     int hits FEARLESS_GUARDED_BY(mutex_) = 0;
//                     static std::vector<widget> widgets FEARLESS_OWNED_BY(ui);
//
//   function      before the whole declaration (after `template <...>`), or after the parameter list and all that may
//                 follow it (const, noexcept, override), before the body, `= 0` or `= default`. The second place is
//                 wrong behind a trailing return type (Clang warns and drops the mark) and before a requires-clause.
//                 A mark on a declaration holds for the later ones, so the definition need not repeat it.
//
//                     void flush() const noexcept FEARLESS_REQUIRES(mutex_);
//                     void redraw() override FEARLESS_RUNS_ON(ui) { ... }
//                     FEARLESS_RUNS_ON(ui) auto width() const -> int;
//
//   lambda        directly after the parameter list, before mutable, noexcept and the return type.
//
//                     auto step = [this]() FEARLESS_REQUIRES(mutex_) { ... };
//
//   statement     FEARLESS_ALLOW only, before the statement.
//
//                     FEARLESS_ALLOW("fearless-borrow", "the pool is drained before the buffer dies")
//                     pool.post(&buffer);
//
// A mark in a place where it means nothing (SPAWNS on a local variable, SEND on a type alias) is reported by
// fearless-annotation. Marks on the parameters of a function type, as in `void (*)(FEARLESS_SENDING int)`, are lost: a
// call through a pointer does not show the compiler which function it reaches.
//
// `why` is always a string literal. It is read by people, in diagnostics and in reviews of what is believed unproven.

// =====================================================================================================================
// Switches
// =====================================================================================================================
//
//   FEARLESS_NO_ANNOTATIONS          makes all marks empty under Clang too. Clang carries the marks of fields,
//                                    parameters, functions and static variables into its intermediate code, where they
//                                    can keep the optimiser from vectorising a loop over a guarded field, or from
//                                    dropping a function whose calls were all inlined. So define it for optimised
//                                    builds that the plugin takes no part in. Marks on class heads, FEARLESS_ALLOW and
//                                    the assertions cost nothing.
//   FEARLESS_CLANG_THREAD_SAFETY     adds Clang's own thread safety attributes (guarded_by, requires_capability, ...)
//                                    to the marks on locks, for -Wthread-safety. Not the default, because Clang warns
//                                    where the lock's type is not declared a capability, as std::mutex of libstdc++ is
//                                    not. In C the lock must then be declared before the field that names it.

#if defined(__clang__) && !defined(FEARLESS_NO_ANNOTATIONS)
// Before LLVM 16 the arguments of annotate are not instantiated with a template. Apple counts its own releases: Apple
// Clang 15 is built from LLVM 16.
#  if __clang_major__ >= 16 || (defined(__apple_build_version__) && __clang_major__ >= 15)
#    define FEARLESS_DETAIL_MARKS 1
#  endif
#endif
#ifndef FEARLESS_DETAIL_MARKS
#  define FEARLESS_DETAIL_MARKS 0
#endif

// The GNU spelling is the one that Clang accepts at all places above, in C and C++ of every age, without a warning.
#if FEARLESS_DETAIL_MARKS
#  define FEARLESS_DETAIL_MARK(...) __attribute__((annotate(__VA_ARGS__)))
#else
#  define FEARLESS_DETAIL_MARK(...)
#endif

#if FEARLESS_DETAIL_MARKS && defined(FEARLESS_CLANG_THREAD_SAFETY)
#  define FEARLESS_DETAIL_CLANG(...) __attribute__((__VA_ARGS__))
#else
#  define FEARLESS_DETAIL_CLANG(...)
#endif

// =====================================================================================================================
// Types: what may be given to another thread, and what may be shared
// =====================================================================================================================
//
// Send(T): a T may be given to another thread, and used and destroyed there.
// Sync(T): one object may be used through an lvalue of type T by several threads at the same time. So Sync(const T)
//          asks that concurrent reading is harmless, and Sync(T) that everything is. Sync(T) implies Sync(const T).
//
// Both are derived from bases and fields, so most types need no mark. Mark a type when it is a promise to others, when
// the derivation cannot see the reason, or when it would be wrong.

// Applies to class heads. Makes it an error to define the class so that it is not Send: the mark is a contract that is
// checked where the class is defined, field by field, and a class derived from it must keep it too.
//
//     struct FEARLESS_SEND request { std::string url; int retries; };
#define FEARLESS_SEND FEARLESS_DETAIL_MARK("fearless::send")

// Applies to class heads. Makes it an error to define the class so that several threads may not use one object freely,
// non-const operations included: every field must be atomic, guarded, a lock, constant or Sync itself.
//
//     class FEARLESS_SYNC counter { std::atomic<long> hits_; };
#define FEARLESS_SYNC FEARLESS_DETAIL_MARK("fearless::sync")

// Applies to class heads. Makes it an error to define the class so that several threads may not use one const object:
// a `mutable` field without a lock, or a pointer to data that others may write. This is what most value types offer.
//
//     class FEARLESS_SYNC_CONST price_table { std::map<std::string, int> prices_; };
#define FEARLESS_SYNC_CONST FEARLESS_DETAIL_MARK("fearless::sync_const")

// Applies to class heads. Makes it an error to give an object of the class to another thread, whatever its fields say.
// For what the structure does not show: a handle to thread-local state, an index into a per-thread table.
//
//     class FEARLESS_NOT_SEND("the handle names a slot of its own thread") slot { int index_; };
#define FEARLESS_NOT_SEND(why) FEARLESS_DETAIL_MARK("fearless::not_send", "" why)

// Applies to class heads. Makes it an error to share an object of the class between threads, whatever its fields say.
//
//     class FEARLESS_NOT_SYNC("reads move the cursor of the file") log_reader { int file_; };
#define FEARLESS_NOT_SYNC(why) FEARLESS_DETAIL_MARK("fearless::not_sync", "" why)

// Conditional forms, for class heads of templates. The class keeps the contract for those arguments that satisfy all
// conditions. A condition is `fearless::send<X>` or `fearless::sync<X>`; it may be put in parentheses, joined with &&,
// and expanded over a pack; several conditions are joined by commas. Qualifiers count: `fearless::sync<const T>` asks
// less than `fearless::sync<T>`. They make it an error to define the template so that it breaks the contract in an
// instantiation that satisfies the conditions, and where the conditions fail the type does not have the property.
//
//     template <class T> class FEARLESS_SEND_IF(fearless::send<T>) box { T value_; };
//     template <class... T> class FEARLESS_SEND_IF(fearless::send<T>...) row { std::tuple<T...> cells_; };
#define FEARLESS_SEND_IF(...) FEARLESS_DETAIL_MARK("fearless::send_if", __VA_ARGS__)
#define FEARLESS_SYNC_IF(...) FEARLESS_DETAIL_MARK("fearless::sync_if", __VA_ARGS__)
#define FEARLESS_SYNC_CONST_IF(...) FEARLESS_DETAIL_MARK("fearless::sync_const_if", __VA_ARGS__)

// Applies to class heads. Says that the class has the property although its structure does not show it: the mark is
// believed, not verified, and every one is counted. The author vouches for it; `why` is the argument. Makes it an error
// (fearless-unsafe) to leave out the reason, to vouch for what the structure proves anyway, and to mark a template
// regardless of its parameters when it holds or hands out objects of them: that is what the conditional forms are for.
//
//     class FEARLESS_UNSAFE_SEND("sole owner of the buffer, which no other thread has seen") buffer { char* data_; };
#define FEARLESS_UNSAFE_SEND(why) FEARLESS_DETAIL_MARK("fearless::unsafe_send", "" why)
#define FEARLESS_UNSAFE_SYNC(why) FEARLESS_DETAIL_MARK("fearless::unsafe_sync", "" why)
#define FEARLESS_UNSAFE_SYNC_CONST(why) FEARLESS_DETAIL_MARK("fearless::unsafe_sync_const", "" why)

// The same under conditions, which are verified for every instantiation. Right for hand-written owners and locks.
//
//     template <class T>
//     class FEARLESS_UNSAFE_SEND_IF("owns the T alone, as unique_ptr does", fearless::send<T>) own { T* object_; };
#define FEARLESS_UNSAFE_SEND_IF(why, ...) FEARLESS_DETAIL_MARK("fearless::unsafe_send_if", "" why, __VA_ARGS__)
#define FEARLESS_UNSAFE_SYNC_IF(why, ...) FEARLESS_DETAIL_MARK("fearless::unsafe_sync_if", "" why, __VA_ARGS__)
#define FEARLESS_UNSAFE_SYNC_CONST_IF(why, ...) \
  FEARLESS_DETAIL_MARK("fearless::unsafe_sync_const_if", "" why, __VA_ARGS__)

// =====================================================================================================================
// Data: which lock guards it, which thread owns it
// =====================================================================================================================

// Applies to fields and variables. Makes it an error to access the data without holding `lock`: shared is enough to
// read, exclusive is needed to write. `lock` is an expression in the scope of the declaration, as a rule another field
// of the class; it is recorded as text, so it may be declared later. A guarded field whose type is Send counts as Sync.
//
//     std::mutex mutex_;
//     std::vector<job> jobs_ FEARLESS_GUARDED_BY(mutex_);
#define FEARLESS_GUARDED_BY(...) \
  FEARLESS_DETAIL_MARK("fearless::guarded_by", #__VA_ARGS__) FEARLESS_DETAIL_CLANG(guarded_by(__VA_ARGS__))

// Applies to fields and variables that are pointers, also smart ones. Makes it an error to access what the pointer
// points to without holding `lock`. The pointer itself is free: add FEARLESS_GUARDED_BY to guard both.
//
//     std::unique_ptr<state> state_ FEARLESS_PT_GUARDED_BY(mutex_);
#define FEARLESS_PT_GUARDED_BY(...) \
  FEARLESS_DETAIL_MARK("fearless::pt_guarded_by", #__VA_ARGS__) FEARLESS_DETAIL_CLANG(pt_guarded_by(__VA_ARGS__))

// Applies to functions and lambdas. Makes it an error to call the function without holding all the locks named, and
// in turn lets its body access what they guard. It neither locks nor unlocks them.
//
//     void push_locked(job j) FEARLESS_REQUIRES(mutex_) { jobs_.push_back(std::move(j)); }
#define FEARLESS_REQUIRES(...) \
  FEARLESS_DETAIL_MARK("fearless::requires", #__VA_ARGS__) FEARLESS_DETAIL_CLANG(requires_capability(__VA_ARGS__))

// Applies to functions and lambdas. As FEARLESS_REQUIRES, but to hold the locks shared is enough, and the body may only
// read what they guard.
//
//     bool empty_locked() const FEARLESS_REQUIRES_SHARED(mutex_) { return jobs_.empty(); }
#define FEARLESS_REQUIRES_SHARED(...) \
  FEARLESS_DETAIL_MARK("fearless::requires_shared", #__VA_ARGS__) \
  FEARLESS_DETAIL_CLANG(requires_shared_capability(__VA_ARGS__))

// Applies to functions and lambdas. Makes it an error to call the function while holding one of the locks named: it
// takes them itself, and a lock that is not recursive would never be granted.
//
//     void push(job j) FEARLESS_EXCLUDES(mutex_);
#define FEARLESS_EXCLUDES(...) \
  FEARLESS_DETAIL_MARK("fearless::excludes", #__VA_ARGS__) FEARLESS_DETAIL_CLANG(locks_excluded(__VA_ARGS__))

// Applies to fields, variables and class heads. Makes it an error to access the data (of a class: its objects) from
// another thread than the one of the role. A role is a name of your choice, a word without quotes: ui, event_loop.
//
//     widget* focus_ FEARLESS_OWNED_BY(ui);
#define FEARLESS_OWNED_BY(role) FEARLESS_DETAIL_MARK("fearless::owned_by", #role)

// Applies to functions and lambdas. Makes it an error to call the function from code that runs on another thread than
// the one of the role, or to run it on one; its body may access what the role owns.
//
//     void redraw() FEARLESS_RUNS_ON(ui);
#define FEARLESS_RUNS_ON(role) FEARLESS_DETAIL_MARK("fearless::runs_on", #role)

// =====================================================================================================================
// Boundaries: where values go to another thread
// =====================================================================================================================
//
// A parameter marked here is judged strictly in both modes: what cannot be proven is rejected. Within the function the
// parameter then counts as checked, because every call was.

// Applies to parameters that are called: function pointers, function objects, tasks. Says that the argument is run on
// another thread, perhaps after the call has returned. Makes it an error to pass a callable that is not Send, that
// borrows what may end before it has run, or that shares unsynchronised data with the caller.
//
//     template <class F> void post(FEARLESS_SPAWNS F&& task);
#define FEARLESS_SPAWNS FEARLESS_DETAIL_MARK("fearless::spawns")

// Applies to the same parameters. The argument is run on another thread and has ended before the call returns, so it
// may borrow the caller's locals. The checks for Send and for races stay.
//
//     template <class F> void run_and_wait(FEARLESS_SPAWNS_SCOPED F&& task);
#define FEARLESS_SPAWNS_SCOPED FEARLESS_DETAIL_MARK("fearless::spawns_scoped")

// Applies to the same parameters. The argument is run by several threads at once, all of which have ended before the
// call returns. Makes it an error, in addition, if the callable cannot run beside itself: if it writes what it captures
// by reference, or changes its own state.
//
//     template <class F> void parallel_for(int first, int last, FEARLESS_SPAWNS_MANY F const& body);
#define FEARLESS_SPAWNS_MANY FEARLESS_DETAIL_MARK("fearless::spawns_many")

// Applies to parameters. The value goes to another thread, through a queue for instance. Makes it an error to pass a
// value that is not Send, or to use anything reachable from it after the call. Applies to functions as well: the result
// is connected to nothing that the function keeps, so that the caller may send it on; the body must keep that promise.
//
//     void push(FEARLESS_SENDING message m);
//     FEARLESS_SENDING std::unique_ptr<image> decode(bytes input);
#define FEARLESS_SENDING FEARLESS_DETAIL_MARK("fearless::sending")

// =====================================================================================================================
// Exits and proofs
// =====================================================================================================================

// Applies to functions (their body), classes, fields, variables and parameters (the declaration, and the findings whose
// culprit it is), namespaces, and statements. Silences one check there and nowhere else; `check` is a check's name or a
// glob, "fearless-*". It changes no verdict: the type stays as it is, and the next use of it is reported again.
// Write it first, before other marks. It is not inherited by later declarations, so put it on the definition of a
// function. It cannot stand on an enum, an alias or an assertion; in C it stands on declarations only.
//
//     FEARLESS_ALLOW("fearless-data-race", "the reader tolerates a stale value") progress = done;
#if !FEARLESS_DETAIL_MARKS
#  define FEARLESS_ALLOW(check, why)
#elif defined(__cplusplus)
// Of the attributes with a text this is the only one that Clang 16 to 22 accept on statements.
#  define FEARLESS_ALLOW(check, why) [[gsl::suppress(check, why)]]
#else
#  define FEARLESS_ALLOW(check, why) FEARLESS_DETAIL_MARK("fearless::allow", check, "" why)
#endif

// Stand where a static_assert may: in a namespace, class or function, with a semicolon. The argument is one type, which
// may contain commas and depend on template parameters. ASSERT_SEND and ASSERT_SYNC make it an error if the property
// cannot be proven; the NOT forms make it an error if it holds, and accept what is unknown. Only the plugin decides:
// for a compiler without it the assertion always holds.
//
//     FEARLESS_ASSERT_SEND(std::map<int, std::string>);
//     FEARLESS_ASSERT_NOT_SYNC(std::vector<int>);
//     FEARLESS_ASSERT_SYNC(std::vector<int> const);
#ifdef __cplusplus
#  define FEARLESS_ASSERT_SEND(...) \
    static_assert(::fearless::detail::assert_send<__VA_ARGS__>::value, "Send(" #__VA_ARGS__ ")")
#  define FEARLESS_ASSERT_NOT_SEND(...) \
    static_assert(::fearless::detail::assert_not_send<__VA_ARGS__>::value, "not Send(" #__VA_ARGS__ ")")
#  define FEARLESS_ASSERT_SYNC(...) \
    static_assert(::fearless::detail::assert_sync<__VA_ARGS__>::value, "Sync(" #__VA_ARGS__ ")")
#  define FEARLESS_ASSERT_NOT_SYNC(...) \
    static_assert(::fearless::detail::assert_not_sync<__VA_ARGS__>::value, "not Sync(" #__VA_ARGS__ ")")
#else
// Not empty, because the user's semicolon alone is not a declaration in C.
#  define FEARLESS_ASSERT_SEND(...) _Static_assert(1, "")
#  define FEARLESS_ASSERT_NOT_SEND(...) _Static_assert(1, "")
#  define FEARLESS_ASSERT_SYNC(...) _Static_assert(1, "")
#  define FEARLESS_ASSERT_NOT_SYNC(...) _Static_assert(1, "")
#endif

#ifdef __cplusplus
// A C header may include this one inside its extern "C" block, where templates are not allowed.
extern "C++" {
namespace fearless {

#if FEARLESS_DETAIL_MARKS
// The conditions of the _IF marks. Their value means nothing; the plugin reads the argument. C++11 has no variable
// templates, but Clang offers them there with a warning, which is switched off for these two only.
#  if __cplusplus >= 201703L
#    define FEARLESS_DETAIL_INLINE inline
#  else
#    define FEARLESS_DETAIL_INLINE
#  endif
#  pragma clang diagnostic push
#  pragma clang diagnostic ignored "-Wc++14-extensions"
template <class T>
FEARLESS_DETAIL_INLINE constexpr bool send = true;
template <class T>
FEARLESS_DETAIL_INLINE constexpr bool sync = true;
#  pragma clang diagnostic pop
#  undef FEARLESS_DETAIL_INLINE
#endif

namespace detail {

// Makes a class template specialisation known in full: its members decide the property, and naming it alone does not
// instantiate them. Looks through pointers, references and the type arguments of templates.
template <class T>
constexpr bool complete(...) {
  return true;
}
template <class T>
constexpr bool complete(decltype(sizeof(T))) {
  return true;
}

template <class T>
struct completed {
  static constexpr bool value = complete<T>(0);
};
template <class T>
struct completed<T*> : completed<T> {};
template <class T>
struct completed<T&> : completed<T> {};
template <class T>
struct completed<T const> : completed<T> {};

template <class...>
struct all_completed {
  static constexpr bool value = true;
};
template <class T, class... More>
struct all_completed<T, More...> {
  static constexpr bool value = completed<T>::value && all_completed<More...>::value;
};
template <template <class...> class C, class... T>
struct completed<C<T...>> {
  static constexpr bool value = all_completed<T...>::value && complete<C<T...>>(0);
};

// Carriers of the type in an assertion, found by the plugin in the static_assert. They exist for every compiler, so
// that an alias declared for the sake of an assertion is not reported as unused.
template <class T>
struct assert_send {
  static constexpr bool value = completed<T>::value;
};
template <class T>
struct assert_not_send {
  static constexpr bool value = completed<T>::value;
};
template <class T>
struct assert_sync {
  static constexpr bool value = completed<T>::value;
};
template <class T>
struct assert_not_sync {
  static constexpr bool value = completed<T>::value;
};

} // namespace detail
} // namespace fearless
} // extern "C++"
#endif // __cplusplus

#endif // FEARLESS_ANNOTATIONS_H
