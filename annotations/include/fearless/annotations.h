// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The marks: macros that say which types may go to another thread, which lock guards which data, and which parameter is
// run on another thread. The Fearless plugin reads and verifies them; without the plugin they have no effect at all: no
// layout, name mangling or generated code depends on them.
//
// Serves C++11 to C++23 and C11, and includes nothing. Under Clang 16 or later each mark is an annotate attribute; for
// every other compiler the marks are empty, and so they are when FEARLESS_NO_ANNOTATIONS is defined.

#ifndef FEARLESS_ANNOTATIONS_H
#define FEARLESS_ANNOTATIONS_H

// =====================================================================================================================
// Where a mark is written
// =====================================================================================================================
//
//   class head    between the keyword and the name, before `final` and the bases; also struct, union, enum (class),
//                 partial and explicit specialisations, and C structs:
//
//                     class FEARLESS_SEND job final : public task { ... };
//                     template <class T> class FEARLESS_SEND_IF(fearless::send<T>) box { ... };
//
//   parameter     before the type. In a template or a lambda too; on a parameter pack the mark holds for every element:
//
//                     template <class F> void submit(FEARLESS_SPAWNS F&& task);
//                     template <class... A> void call(FEARLESS_SENDING A&&... args);
//                     auto post = [](FEARLESS_SENDING message m) { ... };
//
//   field and     after the name (and array bounds or bit-field width), before the initialiser:
//   variable
//                     int hits FEARLESS_GUARDED_BY(mutex_) = 0;
//                     static std::vector<int> table FEARLESS_OWNED_BY(ui);
//
//   function      after the parameter list and everything that may follow it (const, noexcept, override), before the
//                 body, `= 0` or `= default`. Where a trailing return type or a requires-clause is used, before the
//                 declaration. Marks on a declaration hold for the definition that follows it:
//
//                     void flush() const noexcept FEARLESS_REQUIRES(mutex_);
//                     void redraw() override FEARLESS_RUNS_ON(ui) { ... }
//                     FEARLESS_RUNS_ON(ui) auto width() const -> int;
//
//   lambda        directly after the parameter list, which is then obligatory:
//
//                     auto step = [this]() FEARLESS_REQUIRES(mutex_) { ... };
//
//   statement     FEARLESS_ALLOW only, before the statement or declaration:
//
//                     FEARLESS_ALLOW("fearless-borrow", "the pool is drained before buffer dies") pool.post(&buffer);
//
// A mark on a type alias says nothing about the type behind it: mark the class.
// "why" is a string literal and is read by people: in diagnostics, and in reviews of the marks that are believed.

#if defined(__clang__) && !defined(FEARLESS_NO_ANNOTATIONS)
// Apple numbers its own releases: Apple Clang 15 is built from LLVM 16.
#  if __clang_major__ >= 16 || (defined(__apple_build_version__) && __clang_major__ >= 15)
#    define FEARLESS_DETAIL_MARKS 1
#  endif
#endif
#ifndef FEARLESS_DETAIL_MARKS
#  define FEARLESS_DETAIL_MARKS 0
#endif

// The GNU spelling is the only one that is accepted, without a warning, at all places above and in C and C++ of any age.
#if FEARLESS_DETAIL_MARKS
#  define FEARLESS_DETAIL_ANNOTATE(...) __attribute__((annotate(__VA_ARGS__)))
#else
#  define FEARLESS_DETAIL_ANNOTATE(...)
#endif

// Clang's own thread safety attributes are added to the marks on locks when FEARLESS_CLANG_THREAD_SAFETY is defined.
// That is a choice because they refuse locks that are not declared as capabilities, std::mutex of libstdc++ among them.
#if FEARLESS_DETAIL_MARKS && defined(FEARLESS_CLANG_THREAD_SAFETY)
#  define FEARLESS_DETAIL_CLANG(...) __attribute__((__VA_ARGS__))
#else
#  define FEARLESS_DETAIL_CLANG(...)
#endif

// =====================================================================================================================
// Types: Send and Sync
// =====================================================================================================================
//
// Send: a value of the type may be given to another thread, and used and destroyed there.
// Sync: one object may be used by several threads at the same time.
// Most types need no mark, because both properties follow from the fields.

#define FEARLESS_SEND FEARLESS_DETAIL_ANNOTATE("fearless::send")
#define FEARLESS_SYNC FEARLESS_DETAIL_ANNOTATE("fearless::sync")
#define FEARLESS_SYNC_CONST FEARLESS_DETAIL_ANNOTATE("fearless::sync_const")

#define FEARLESS_NOT_SEND(why) FEARLESS_DETAIL_ANNOTATE("fearless::not_send", "" why)
#define FEARLESS_NOT_SYNC(why) FEARLESS_DETAIL_ANNOTATE("fearless::not_sync", "" why)

#define FEARLESS_SEND_IF(...) FEARLESS_DETAIL_ANNOTATE("fearless::send_if", __VA_ARGS__)
#define FEARLESS_SYNC_IF(...) FEARLESS_DETAIL_ANNOTATE("fearless::sync_if", __VA_ARGS__)
#define FEARLESS_SYNC_CONST_IF(...) FEARLESS_DETAIL_ANNOTATE("fearless::sync_const_if", __VA_ARGS__)

#define FEARLESS_UNSAFE_SEND(why) FEARLESS_DETAIL_ANNOTATE("fearless::unsafe_send", "" why)
#define FEARLESS_UNSAFE_SYNC(why) FEARLESS_DETAIL_ANNOTATE("fearless::unsafe_sync", "" why)
#define FEARLESS_UNSAFE_SYNC_CONST(why) FEARLESS_DETAIL_ANNOTATE("fearless::unsafe_sync_const", "" why)

#define FEARLESS_UNSAFE_SEND_IF(why, ...) FEARLESS_DETAIL_ANNOTATE("fearless::unsafe_send_if", "" why, __VA_ARGS__)
#define FEARLESS_UNSAFE_SYNC_IF(why, ...) FEARLESS_DETAIL_ANNOTATE("fearless::unsafe_sync_if", "" why, __VA_ARGS__)
#define FEARLESS_UNSAFE_SYNC_CONST_IF(why, ...) \
  FEARLESS_DETAIL_ANNOTATE("fearless::unsafe_sync_const_if", "" why, __VA_ARGS__)

// =====================================================================================================================
// Data: locks and roles
// =====================================================================================================================

#define FEARLESS_GUARDED_BY(...) \
  FEARLESS_DETAIL_ANNOTATE("fearless::guarded_by", #__VA_ARGS__) FEARLESS_DETAIL_CLANG(guarded_by(__VA_ARGS__))
#define FEARLESS_PT_GUARDED_BY(...) \
  FEARLESS_DETAIL_ANNOTATE("fearless::pt_guarded_by", #__VA_ARGS__) FEARLESS_DETAIL_CLANG(pt_guarded_by(__VA_ARGS__))

#define FEARLESS_REQUIRES(...)                            \
  FEARLESS_DETAIL_ANNOTATE("fearless::requires", #__VA_ARGS__) \
  FEARLESS_DETAIL_CLANG(requires_capability(__VA_ARGS__))
#define FEARLESS_REQUIRES_SHARED(...)                            \
  FEARLESS_DETAIL_ANNOTATE("fearless::requires_shared", #__VA_ARGS__) \
  FEARLESS_DETAIL_CLANG(requires_shared_capability(__VA_ARGS__))
#define FEARLESS_EXCLUDES(...) \
  FEARLESS_DETAIL_ANNOTATE("fearless::excludes", #__VA_ARGS__) FEARLESS_DETAIL_CLANG(locks_excluded(__VA_ARGS__))

#define FEARLESS_OWNED_BY(role) FEARLESS_DETAIL_ANNOTATE("fearless::owned_by", #role)
#define FEARLESS_RUNS_ON(role) FEARLESS_DETAIL_ANNOTATE("fearless::runs_on", #role)

// =====================================================================================================================
// Boundaries: where values go to another thread
// =====================================================================================================================

#define FEARLESS_SENDING FEARLESS_DETAIL_ANNOTATE("fearless::sending")
#define FEARLESS_SPAWNS FEARLESS_DETAIL_ANNOTATE("fearless::spawns")
#define FEARLESS_SPAWNS_SCOPED FEARLESS_DETAIL_ANNOTATE("fearless::spawns_scoped")
#define FEARLESS_SPAWNS_MANY FEARLESS_DETAIL_ANNOTATE("fearless::spawns_many")

// =====================================================================================================================
// Exits and proofs
// =====================================================================================================================

#if !FEARLESS_DETAIL_MARKS
#  define FEARLESS_ALLOW(check, why)
#elif defined(__cplusplus)
#  define FEARLESS_ALLOW(check, why) [[gsl::suppress(check, why)]]
#else
#  define FEARLESS_ALLOW(check, why) FEARLESS_DETAIL_ANNOTATE("fearless::allow", check, "" why)
#endif

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
#  pragma clang diagnostic push
#  pragma clang diagnostic ignored "-Wunknown-warning-option"
#  pragma clang diagnostic ignored "-Wc++14-extensions"
template <class T>
constexpr bool send = true;
template <class T>
constexpr bool sync = true;
#  pragma clang diagnostic pop
#endif

namespace detail {

template <class T>
struct assert_send {
  static constexpr bool value = true;
};
template <class T>
struct assert_not_send {
  static constexpr bool value = true;
};
template <class T>
struct assert_sync {
  static constexpr bool value = true;
};
template <class T>
struct assert_not_sync {
  static constexpr bool value = true;
};

} // namespace detail
} // namespace fearless
} // extern "C++"
#endif // __cplusplus

#endif // FEARLESS_ANNOTATIONS_H
