// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The models of gRPC against its own headers.
//
// REQUIRES: grpc
// RUN: %fearless_check %s -- -std=c++20

#include <fearless/annotations.h>

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/support/async_stream.h>
#include <grpcpp/support/sync_stream.h>

#include <memory>
#include <thread>

// --- Types -----------------------------------------------------------------------
FEARLESS_ASSERT_SYNC(grpc::Channel);
FEARLESS_ASSERT_SYNC(grpc::ChannelInterface);
FEARLESS_ASSERT_SEND(std::shared_ptr<grpc::Channel>);
FEARLESS_ASSERT_SEND(std::shared_ptr<grpc::ChannelInterface>);
FEARLESS_ASSERT_SYNC(grpc::CompletionQueue);
FEARLESS_ASSERT_SEND(std::unique_ptr<grpc::ServerCompletionQueue>);
FEARLESS_ASSERT_SEND(grpc::CompletionQueue *);
FEARLESS_ASSERT_SYNC(grpc::Server);
FEARLESS_ASSERT_SEND(std::unique_ptr<grpc::Server>);
FEARLESS_ASSERT_SEND(std::shared_ptr<grpc::ChannelCredentials>);
FEARLESS_ASSERT_SEND(std::shared_ptr<grpc::CallCredentials>);
FEARLESS_ASSERT_SEND(std::shared_ptr<grpc::ServerCredentials>);
FEARLESS_ASSERT_SYNC(grpc::GenericStub);
FEARLESS_ASSERT_NOT_SEND(grpc::ClientContext);
FEARLESS_ASSERT_NOT_SYNC(grpc::ClientContext);
FEARLESS_ASSERT_NOT_SEND(grpc::ServerContext *);
FEARLESS_ASSERT_NOT_SEND(grpc::CallbackServerContext *);
FEARLESS_ASSERT_NOT_SYNC(grpc::ClientReader<int>);
FEARLESS_ASSERT_NOT_SYNC(grpc::ClientWriter<int>);
FEARLESS_ASSERT_NOT_SYNC(grpc::ServerWriter<int>);
FEARLESS_ASSERT_NOT_SYNC(grpc::ClientReaderWriter<int, int>);
FEARLESS_ASSERT_NOT_SYNC(grpc::ServerReader<int>);
using both = grpc::ServerReaderWriter<int, int>;
FEARLESS_ASSERT_NOT_SYNC(both);
FEARLESS_ASSERT_NOT_SYNC(grpc::ClientAsyncReader<int>);
FEARLESS_ASSERT_NOT_SYNC(grpc::ClientAsyncWriter<int>);
FEARLESS_ASSERT_NOT_SYNC(grpc::ClientAsyncReaderWriter<int, int>);
FEARLESS_ASSERT_NOT_SYNC(grpc::ClientAsyncResponseReader<int>);
// The reasons are the models'.
FEARLESS_ASSERT_SYNC(grpc::ClientContext);
// expected-error@-1 {{assertion failed: 'grpc::ClientContext' is not Sync [fearless-annotation]}}
// expected-note@-2 {{'grpc::ClientContext': it belongs to one call, and only TryCancel may be called by another thread}}
// expected-note@-3 {{help: make a context for each call}}
FEARLESS_ASSERT_SYNC(grpc::ServerContext);
// expected-error@-1 {{assertion failed: 'grpc::ServerContext' is not Sync [fearless-annotation]}}
// expected-note@-2 {{'grpc::ServerContext': it belongs to one call, and only TryCancel may be called by another thread}}
// expected-note@-3 {{help: make a context for each call}}
FEARLESS_ASSERT_SYNC(grpc::ClientWriter<int>);
// expected-error@-1 {{assertion failed: 'grpc::ClientWriter<int>' is not Sync [fearless-annotation]}}
// expected-note@-2 {{'grpc::ClientWriter<int>': one thread may read and one may write, no more}}
// expected-note@-3 {{help: guard it with a mutex, or let one thread write}}
FEARLESS_ASSERT_SEND(grpc::Status);
FEARLESS_ASSERT_NOT_SYNC(grpc::Status);
FEARLESS_ASSERT_SEND(grpc::ByteBuffer);
FEARLESS_ASSERT_SYNC(const grpc::ByteBuffer);
FEARLESS_ASSERT_SEND(grpc::Slice);

// --- Threads ---------------------------------------------------------------------
void queue_ok() {
  grpc::CompletionQueue queue;
  std::thread t([&queue] {
    void *tag;
    bool ok;
    while (queue.Next(&tag, &ok))
      ;
  });
  queue.Shutdown();
  t.join();
}

void context_bad() {
  grpc::ClientContext context;
  std::thread t([&context] { context.AddMetadata("a", "b"); });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  context.AddMetadata("c", "d");
// expected-error@-1 {{'context' is written here while the thread started by 'std::thread' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t.join();
}
