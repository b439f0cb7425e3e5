// Each stage of the plugin is in what -ftime-trace writes, inside the whole.  Clang
// writes it for units without errors only.
//
// RUN: rm -rf %t && mkdir -p %t
// RUN: %clangxx -std=c++20 -c %s -o %t/unit.o -I%annotations -ftime-trace -ftime-trace-granularity=0 \
// RUN:   -fplugin=%plugin -fplugin-arg-fearless-severity=warning -fplugin-arg-fearless-summary=%t/unit.fearless 2>&1 \
// RUN:   | FileCheck %s --check-prefix=FOUND
// RUN: %python %S/Inputs/stages.py %t/unit.json | FileCheck %s --match-full-lines
//
// FOUND: [fearless-sync]

#include <fearless/annotations.h>

template <class F> void run(FEARLESS_SPAWNS F) {}

struct data {
  int value;
};

void share(data &d) {
  run([&d] { ++d.value; });
}

// CHECK-DAG: Fearless: 1
// CHECK-DAG: Fearless > FearlessBoundaries: 1
// CHECK-DAG: Fearless > FearlessCaptures: 1
// CHECK-DAG: Fearless > FearlessCaptures > FearlessTraits data &: 1
// CHECK-DAG: Fearless > FearlessFlow: 1
// CHECK-DAG: Fearless > FearlessFlow > FearlessFacts share: 1
// CHECK-DAG: Fearless > FearlessFlow > FearlessRegions share: 1
// CHECK-DAG: Fearless > FearlessCheck fearless-send: 1
// CHECK-DAG: Fearless > FearlessCheck fearless-deadlock: 1
// CHECK-DAG: Fearless > FearlessSummary: 1
// CHECK-DAG: Fearless > FearlessFindings: 1
