// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Facts about the types of channels and select that hold at compile time: what is Send
// and Sync for each kind of message (checked by the plugin where it is loaded, and by
// no other compiler), what can be copied and moved, what throws, what is nodiscard.

#include "channel_test_support.h"

#include <array>
#include <concepts>
#include <iterator>
#include <memory>
#include <type_traits>

namespace {

using fearless::receiver;
using fearless::send_result;
using fearless::sender;

// --- The four corners ------------------------------------------------------------------------------

/// Send and Sync.
using both = std::atomic<int>;
/// Send, not Sync.
using send_only = std::unique_ptr<int>;
/// Sync, not Send.
struct FEARLESS_NOT_SEND("for the test") FEARLESS_UNSAFE_SYNC("for the test") sync_only {
  int value = 0;
};
/// Neither.
struct neither {
  int* shared = nullptr;
};

// A handle gives messages from thread to thread, so it asks Send(T) and nothing else.
FEARLESS_ASSERT_SEND(sender<int>);
FEARLESS_ASSERT_SYNC(sender<int>);
FEARLESS_ASSERT_SYNC(const sender<int>);
FEARLESS_ASSERT_SEND(receiver<int>);
FEARLESS_ASSERT_SYNC(receiver<int>);
FEARLESS_ASSERT_SYNC(const receiver<int>);

FEARLESS_ASSERT_SEND(sender<send_only>);
FEARLESS_ASSERT_SYNC(sender<send_only>);
FEARLESS_ASSERT_SYNC(const sender<send_only>);
FEARLESS_ASSERT_SEND(receiver<send_only>);
FEARLESS_ASSERT_SYNC(receiver<send_only>);
FEARLESS_ASSERT_SYNC(const receiver<send_only>);

FEARLESS_ASSERT_NOT_SEND(sender<sync_only>);
FEARLESS_ASSERT_NOT_SYNC(sender<sync_only>);
FEARLESS_ASSERT_NOT_SYNC(const sender<sync_only>);
FEARLESS_ASSERT_NOT_SEND(receiver<sync_only>);
FEARLESS_ASSERT_NOT_SYNC(receiver<sync_only>);
FEARLESS_ASSERT_NOT_SYNC(const receiver<sync_only>);

FEARLESS_ASSERT_NOT_SEND(sender<neither>);
FEARLESS_ASSERT_NOT_SYNC(sender<neither>);
FEARLESS_ASSERT_NOT_SYNC(const sender<neither>);
FEARLESS_ASSERT_NOT_SEND(receiver<neither>);
FEARLESS_ASSERT_NOT_SYNC(receiver<neither>);
FEARLESS_ASSERT_NOT_SYNC(const receiver<neither>);

// Handles of handles.
FEARLESS_ASSERT_SEND(sender<sender<int>>);
FEARLESS_ASSERT_SYNC(sender<receiver<send_only>>);
FEARLESS_ASSERT_NOT_SEND(sender<sender<neither>>);
FEARLESS_ASSERT_NOT_SYNC(receiver<sender<sync_only>>);

// References and pointers to handles follow from Sync.
FEARLESS_ASSERT_SEND(const sender<int>&);
FEARLESS_ASSERT_SEND(const receiver<int>*);
FEARLESS_ASSERT_SEND(sender<int>&);
FEARLESS_ASSERT_NOT_SEND(const sender<neither>&);

// The pair is a plain struct of both.
FEARLESS_ASSERT_SEND(fearless::channel_ends<int>);
FEARLESS_ASSERT_SYNC(fearless::channel_ends<int>);
FEARLESS_ASSERT_SEND(fearless::channel_ends<send_only>);
FEARLESS_ASSERT_NOT_SEND(fearless::channel_ends<neither>);
FEARLESS_ASSERT_NOT_SYNC(fearless::channel_ends<sync_only>);

// A result is a plain value that may own the message.
FEARLESS_ASSERT_SEND(send_result<int>);
FEARLESS_ASSERT_SEND(send_result<send_only>);
FEARLESS_ASSERT_SYNC(const send_result<int>);
FEARLESS_ASSERT_NOT_SYNC(send_result<int>);
FEARLESS_ASSERT_NOT_SEND(send_result<sync_only>);
FEARLESS_ASSERT_NOT_SEND(send_result<neither>);

// What points into its owner's frame stays there.
FEARLESS_ASSERT_NOT_SEND(receiver<int>::iterator);
FEARLESS_ASSERT_NOT_SEND(receiver<int>::try_range);
FEARLESS_ASSERT_NOT_SEND(fearless::selector);
FEARLESS_ASSERT_NOT_SYNC(fearless::selector);

FEARLESS_ASSERT_SEND(receiver<fearless::time_message>);
FEARLESS_ASSERT_SEND(fearless::send_error);

// --- Copying, moving, throwing ------------------------------------------------------------------------

template <class Handle>
constexpr bool is_handle =
    std::is_nothrow_copy_constructible_v<Handle> && std::is_nothrow_move_constructible_v<Handle> &&
    std::is_nothrow_copy_assignable_v<Handle> && std::is_nothrow_move_assignable_v<Handle> &&
    std::is_nothrow_swappable_v<Handle> && std::is_nothrow_destructible_v<Handle> &&
    !std::is_default_constructible_v<Handle> && sizeof(Handle) == sizeof(void*);

static_assert(is_handle<sender<int>>);
static_assert(is_handle<receiver<int>>);
static_assert(is_handle<sender<std::unique_ptr<int>>>, "copyable although the message is not");
static_assert(is_handle<receiver<std::unique_ptr<int>>>);

static_assert(std::is_nothrow_move_constructible_v<send_result<std::string>>);
static_assert(!std::is_copy_constructible_v<send_result<std::unique_ptr<int>>>);
static_assert(!std::is_convertible_v<send_result<int>, bool>, "explicit");
static_assert(std::is_constructible_v<bool, send_result<int>>);

static_assert(std::input_iterator<receiver<int>::iterator>);
static_assert(!std::copyable<receiver<int>::iterator>);
static_assert(std::movable<receiver<std::unique_ptr<int>>::iterator>);

static_assert(!std::is_copy_constructible_v<fearless::selector>);
static_assert(!std::is_move_constructible_v<fearless::selector>, "operations have addresses");

// All operations are const: a handle in a const object, or shared by threads, is usable.
template <class H>
concept const_sender = requires(const H h, int i) {
  h.send(i);
  h.try_send(i);
  h.send_for(i, std::chrono::seconds(1));
  h.send_until(i, std::chrono::system_clock::now());
  { h.size() } noexcept -> std::same_as<std::size_t>;
  { h.empty() } noexcept -> std::same_as<bool>;
  { h.full() } noexcept -> std::same_as<bool>;
  { h.is_closed() } noexcept -> std::same_as<bool>;
  { h.capacity() } noexcept -> std::same_as<std::optional<std::size_t>>;
  { h.same_channel(h) } noexcept -> std::same_as<bool>;
};
static_assert(const_sender<sender<int>>);

template <class H>
concept const_receiver = requires(const H h) {
  { h.recv() } -> std::same_as<std::optional<int>>;
  { h.try_recv() } -> std::same_as<std::optional<int>>;
  { h.recv_for(std::chrono::seconds(1)) } -> std::same_as<std::optional<int>>;
  { h.recv_until(std::chrono::steady_clock::now()) } -> std::same_as<std::optional<int>>;
  h.begin();
  h.end();
  h.try_iter();
  { h.size() } noexcept -> std::same_as<std::size_t>;
  { h.is_closed() } noexcept -> std::same_as<bool>;
  { h.same_channel(h) } noexcept -> std::same_as<bool>;
};
static_assert(const_receiver<receiver<int>>);

// Move-only messages have to be moved in.
template <class H, class M>
concept takes = requires(const H h, M m) { h.send(static_cast<M>(m)); };
static_assert(takes<sender<std::unique_ptr<int>>, std::unique_ptr<int>&&>);
static_assert(!takes<sender<std::unique_ptr<int>>, std::unique_ptr<int>&>);
static_assert(takes<sender<std::string>, const char*>, "converted at the call");

// How a message is stored.
namespace chan = fearless::detail::chan;
struct throws_when_moved {
  throws_when_moved(throws_when_moved&&) noexcept(false) {}
};
static_assert(chan::is_stored_inline<int>);
static_assert(chan::is_stored_inline<std::string>);
static_assert(!chan::is_stored_inline<throws_when_moved>);
static_assert(!chan::is_stored_inline<std::array<char, 1025>>);

// Everything a thread touches for one message is in one line, or in two neighbours.
static_assert(alignof(chan::array_channel<int>) == fearless::detail::cache_line);
static_assert(sizeof(chan::array_channel<int>) <= 2 * fearless::detail::cache_line);

TEST(channel_traits, hold_at_compile_time) { SUCCEED(); }

} // namespace
