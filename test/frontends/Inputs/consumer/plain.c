/* Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Nothing to find.
 */

#include <fearless/annotations.h>

int answer(void) { return 42; }
