# Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Finds the LLVM and Clang this build directory is for. A plugin fits exactly
# one version of its host, so the version is asked for by number and checked.

set(FEARLESS_LLVM_VERSION "22" CACHE STRING "Major version of LLVM to build for")
set(FEARLESS_LLVM_SUPPORTED 16 19 22)
if(NOT FEARLESS_LLVM_VERSION IN_LIST FEARLESS_LLVM_SUPPORTED)
  message(FATAL_ERROR "LLVM ${FEARLESS_LLVM_VERSION} is not supported; "
                      "supported are ${FEARLESS_LLVM_SUPPORTED}.")
endif()

# LLVM's version file accepts only "22.1", so the major is checked below.
find_package(LLVM REQUIRED CONFIG
  PATHS ${LLVM_DIR} /usr/lib/llvm-${FEARLESS_LLVM_VERSION}/lib/cmake/llvm NO_DEFAULT_PATH)
find_package(Clang REQUIRED CONFIG
  PATHS ${Clang_DIR} ${LLVM_INSTALL_PREFIX}/lib/cmake/clang NO_DEFAULT_PATH)
if(NOT LLVM_VERSION_MAJOR EQUAL FEARLESS_LLVM_VERSION)
  message(FATAL_ERROR "Asked for LLVM ${FEARLESS_LLVM_VERSION}, found ${LLVM_PACKAGE_VERSION}.")
endif()
message(STATUS "Building for LLVM ${LLVM_PACKAGE_VERSION} in ${LLVM_INSTALL_PREFIX}")

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # A precompiled header and ccache agree only with these two settings.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
      CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE_PROGRAM})
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()
