// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The models of Qt 6 against its own headers.
//
// REQUIRES: qt6
// RUN: %fearless_check %s -- -std=c++20 %qt6

#include <fearless/annotations.h>

#include <QtConcurrent/QtConcurrent>
#include <QtCore/QtCore>

struct FEARLESS_NOT_SEND("it belongs to its window") handle {
// expected-note@-1 5 {{'handle' is marked FEARLESS_NOT_SEND: it belongs to its window}}
  int id;
};
struct FEARLESS_UNSAFE_SYNC("has a lock inside") shared {
  int v;
};

// --- Objects ---------------------------------------------------------------------
struct object : QObject {
  int n;
};
FEARLESS_ASSERT_NOT_SEND(QObject);
FEARLESS_ASSERT_NOT_SYNC(QObject);
FEARLESS_ASSERT_NOT_SYNC(object);
FEARLESS_ASSERT_NOT_SEND(object *);
FEARLESS_ASSERT_NOT_SEND(QTimer *);
FEARLESS_ASSERT_SEND(QThread *);
FEARLESS_ASSERT_SEND(QThreadPool *);
FEARLESS_ASSERT_SYNC(QSemaphore);
FEARLESS_ASSERT_SYNC(QWaitCondition);
FEARLESS_ASSERT_SYNC(QThreadStorage<int>);
FEARLESS_ASSERT_SYNC(QMutex);
FEARLESS_ASSERT_SYNC(QBasicMutex);
FEARLESS_ASSERT_SYNC(QReadWriteLock);
FEARLESS_ASSERT_NOT_SEND(QMutexLocker<QMutex>);
FEARLESS_ASSERT_SYNC(QAtomicInt);
FEARLESS_ASSERT_SYNC(QAtomicInteger<quint64>);
FEARLESS_ASSERT_SYNC(QAtomicPointer<shared>);
FEARLESS_ASSERT_NOT_SYNC(QAtomicPointer<int>);

// The reason is the model's.
FEARLESS_ASSERT_SYNC(QObject);
// expected-error@-1 {{assertion failed: 'QObject' is not Sync [fearless-annotation]}}
// expected-note@-2 {{'QObject': its events and slots belong to the thread it lives in}}
// expected-note@-3 {{help: use a queued connection or QMetaObject::invokeMethod}}
FEARLESS_ASSERT_SEND(QMutexLocker<QMutex>);
// expected-error@-1 {{assertion failed: 'QMutexLocker<QMutex>' is not Send [fearless-annotation]}}
// expected-note@-2 {{'QMutexLocker<QMutex>': unlocking must happen on the thread that locked it}}
// expected-note@-3 {{help: pass the lock or the data, and lock on the other thread}}

// --- Values ------------------------------------------------------------------------
FEARLESS_ASSERT_SEND(QString);
FEARLESS_ASSERT_SYNC(const QString);
FEARLESS_ASSERT_NOT_SYNC(QString);
FEARLESS_ASSERT_SEND(QByteArray);
FEARLESS_ASSERT_NOT_SYNC(QByteArray);
FEARLESS_ASSERT_SEND(QVariant);
FEARLESS_ASSERT_SEND(QUrl);
FEARLESS_ASSERT_SEND(QDateTime);
FEARLESS_ASSERT_SEND(QJsonObject);
FEARLESS_ASSERT_SEND(QStringView);
FEARLESS_ASSERT_SEND(QDate);
FEARLESS_ASSERT_SEND(QTime);
FEARLESS_ASSERT_SEND(QTimeZone);
FEARLESS_ASSERT_SEND(QLocale);
FEARLESS_ASSERT_SEND(QRegularExpression);
FEARLESS_ASSERT_SEND(QBitArray);
FEARLESS_ASSERT_SEND(QJsonDocument);
FEARLESS_ASSERT_SEND(QJsonArray);
FEARLESS_ASSERT_SEND(QJsonValue);
FEARLESS_ASSERT_SEND(QCborValue);
FEARLESS_ASSERT_SEND(QFileInfo);
FEARLESS_ASSERT_SEND(QDir);
FEARLESS_ASSERT_SEND(QUuid);
FEARLESS_ASSERT_SEND(QChar);
FEARLESS_ASSERT_SEND(QLatin1String);
FEARLESS_ASSERT_SEND(QByteArrayView);
FEARLESS_ASSERT_SEND(QUrlQuery);
FEARLESS_ASSERT_SEND(QVarLengthArray<int>);
FEARLESS_ASSERT_SEND(QMultiMap<int, int>);
FEARLESS_ASSERT_SEND(QMultiHash<int, int>);
FEARLESS_ASSERT_SEND(QStringList);
FEARLESS_ASSERT_SEND(QList<int>);
FEARLESS_ASSERT_NOT_SEND(QList<handle>);
FEARLESS_ASSERT_SYNC(const QList<int>);
FEARLESS_ASSERT_NOT_SYNC(QList<int>);
FEARLESS_ASSERT_NOT_SEND(QList<QObject *>);
FEARLESS_ASSERT_SEND(QSet<int>);
FEARLESS_ASSERT_SEND(QMap<int, QString>);
FEARLESS_ASSERT_NOT_SEND(QMap<int, handle>);
FEARLESS_ASSERT_SEND(QHash<QString, int>);
FEARLESS_ASSERT_NOT_SEND(QHash<QString, handle>);
FEARLESS_ASSERT_SYNC(const QHash<QString, int>);

// --- Pointers and results ---------------------------------------------------------------
struct data : QSharedData {
  int v;
};
FEARLESS_ASSERT_SEND(QSharedPointer<const int>);
FEARLESS_ASSERT_SEND(QSharedPointer<shared>);
FEARLESS_ASSERT_NOT_SEND(QSharedPointer<int>);
FEARLESS_ASSERT_NOT_SEND(QWeakPointer<int>);
FEARLESS_ASSERT_SEND(QSharedDataPointer<data>);
FEARLESS_ASSERT_NOT_SEND(QExplicitlySharedDataPointer<data>);
FEARLESS_ASSERT_SEND(QScopedPointer<int>);
FEARLESS_ASSERT_NOT_SEND(QScopedPointer<handle>);
FEARLESS_ASSERT_NOT_SEND(QPointer<object>);
FEARLESS_ASSERT_SEND(QFuture<int>);
FEARLESS_ASSERT_NOT_SEND(QFuture<handle>);
FEARLESS_ASSERT_NOT_SYNC(QFuture<int>);
FEARLESS_ASSERT_SEND(QFuture<void>);
FEARLESS_ASSERT_SYNC(QPromise<int>);
FEARLESS_ASSERT_SEND(QPromise<void>);
FEARLESS_ASSERT_NOT_SEND(QPromise<handle>);

// --- Threads ---------------------------------------------------------------------
void use(int);

void threads_bad(QThreadPool &pool, handle h) {
  QThread *t = QThread::create([h] { use(h.id); });
// expected-error@-1 {{'h' of type 'handle', captured by the lambda, cannot be sent to another thread through 'QThread::create': 'handle' is not Send [fearless-send]}}
// expected-note@-2 {{'QThread::create' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-3 {{help: create the 'handle' on the thread that uses it}}
  t->start();
  t->wait();
  pool.start([h] { use(h.id); });
// expected-error@-1 {{'h' of type 'handle', captured by the lambda, cannot be sent to another thread through 'QThreadPool::start': 'handle' is not Send [fearless-send]}}
// expected-note@-2 {{'QThreadPool::start' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-3 {{help: create the 'handle' on the thread that uses it}}
  pool.waitForDone();
  auto a = QtConcurrent::run([h] { use(h.id); });
// expected-error@-1 {{'h' of type 'handle', captured by the lambda, cannot be sent to another thread through 'QtConcurrent::run': 'handle' is not Send [fearless-send]}}
// expected-note@-2 {{'QtConcurrent::run' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-3 {{help: create the 'handle' on the thread that uses it}}
  auto b = QtConcurrent::run(&pool, [h] { use(h.id); });
// expected-error@-1 {{'h' of type 'handle', captured by the lambda, cannot be sent to another thread through 'QtConcurrent::run': 'handle' is not Send [fearless-send]}}
// expected-note@-2 {{'QtConcurrent::run' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-3 {{help: create the 'handle' on the thread that uses it}}
}

int thread_race_bad() {
  int n = 0;
  QThread *t = QThread::create([&n] { n = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  t->start();
  n = 2;
// expected-error@-1 {{'n' is written here while the thread started by 'QThread::create' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  t->wait();
  return n;
}
int thread_ok() {
  int n = 0;
  QThread *t = QThread::create([&n] { n = 1; });
  t->start();
  t->wait();
  n = 2;
  delete t;
  return n;
}

int pool_race_bad() {
  int n = 0;
  QThreadPool pool;
  pool.start([&n] { n = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  n = 2;
// expected-error@-1 {{'n' is written here while the thread started by 'QThreadPool::start' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  pool.waitForDone();
  return n;
}
int pool_ok() {
  int n = 0, m = 0;
  QThreadPool pool;
  pool.start([&n] { n = 1; });
  pool.start([&m] { m = 1; });
  pool.waitForDone();
  return n + m;
}

int pool_scope_ok() {
  int n = 0;
  {
    QThreadPool pool;
    pool.start([&n] { n = 1; });
  }
  return n;
}
void pool_lifetime_bad(QThreadPool &pool) {
  int n = 0;
  pool.start([&n] { n = 1; });
// expected-error@-1 {{'n' is given by reference to the thread started by 'QThreadPool::start', which may outlive it [fearless-borrow]}}
// expected-note@-2 {{the thread uses it here}}
// expected-note@-3 {{help: join the thread before 'n' ends, or give it a copy, or share ownership}}
}
// expected-note@-1 {{'n' ends here, before the thread is joined}}

int future_race_bad() {
  int n = 0;
  QFuture<void> f = QtConcurrent::run([&n] { n = 1; });
// expected-note@-1 {{the thread writes it here}}
// expected-note@-2 {{the thread starts here and is not joined before the access}}
  n = 2;
// expected-error@-1 {{'n' is written here while the thread started by 'QtConcurrent::run' may still run and write it, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  f.waitForFinished();
  return n;
}
int future_ok() {
  int n = 0;
  QFuture<void> f = QtConcurrent::run([&n] { n = 1; });
  f.waitForFinished();
  n = 2;
  return n;
}

// --- Several threads at once ------------------------------------------------------------
int map_bad(QList<int> &list) {
  int sum = 0;
  QtConcurrent::blockingMap(list, [&sum](int &v) { sum += v; });
// expected-error@-1 {{'sum' is written by several threads of 'QtConcurrent::blockingMap' at the same time, and nothing orders them [fearless-data-race]}}
// expected-note@-2 {{the callable runs on several threads at once}}
// expected-note@-3 {{help: order them: guard both with one mutex, make the object atomic, or join the thread first}}
  return sum;
}
int map_ok(QList<int> &list) {
  QAtomicInt sum;
  QMutex m;
  int guarded = 0;
  QtConcurrent::blockingMap(list, [&](int &v) {
    sum += v;
    QMutexLocker<QMutex> lock(&m);
    guarded += v;
  });
  return sum + guarded;
}
void filter_bad(QList<int> &list, handle h) {
  auto f = QtConcurrent::filter(list, [h](int v) { return v == h.id; });
// expected-error@-1 {{'h' of type 'handle', captured by the lambda, cannot be sent to another thread through 'QtConcurrent::filter': 'handle' is not Send [fearless-send]}}
// expected-note@-2 {{'QtConcurrent::filter' runs its callable on another thread, which may outlive this call: everything it is given must be Send}}
// expected-note@-3 {{help: create the 'handle' on the thread that uses it}}
  f.waitForFinished();
}

// --- The thread of the receiver -----------------------------------------------------------
void posted_ok(object &o) {
  QMetaObject::invokeMethod(&o, [&o] { ++o.n; });
  QTimer::singleShot(10, &o, [&o] { ++o.n; });
}
