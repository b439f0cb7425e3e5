// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Everything: the marks and the whole runtime. Each header can be included alone
// as well; annotations.h is all that code needs which only marks its types.

#ifndef FEARLESS_FEARLESS_H
#define FEARLESS_FEARLESS_H

#include "fearless/annotations.h"
#include "fearless/arc.h"
#include "fearless/atomic.h"
#include "fearless/channel.h"
#include "fearless/lazy.h"
#include "fearless/mutex.h"
#include "fearless/select.h"
#include "fearless/span.h"
#include "fearless/thread.h"
#include "fearless/thread_bound.h"

#endif // FEARLESS_FEARLESS_H
