# Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# fearless_check(<target> [STRICT]): compiles <target> with the plugin, so that
# a data race or an unguarded sharing stops the build. Needs Clang of the
# version that the plugin was built for; says so and stops otherwise.

function(fearless_check target)
  cmake_parse_arguments(ARG "STRICT" "" "" ${ARGN})
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "fearless_check: unknown argument ${ARG_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "fearless_check(${target}) needs Clang, the compiler is ${CMAKE_CXX_COMPILER_ID}.")
  endif()
  string(REGEX MATCH "^[0-9]+" major "${CMAKE_CXX_COMPILER_VERSION}")
  set(plugin "${FEARLESS_PLUGIN_DIR}/llvm-${major}/fearless-plugin.so")
  if(NOT EXISTS "${plugin}")
    message(FATAL_ERROR "fearless_check(${target}): no plugin for Clang ${major} (${plugin} is missing).")
  endif()
  target_compile_options(${target} PRIVATE
    $<$<COMPILE_LANGUAGE:CXX>:-fplugin=${plugin}>
    $<$<AND:$<COMPILE_LANGUAGE:CXX>,$<BOOL:${ARG_STRICT}>>:-fplugin-arg-fearless-mode=strict>)
endfunction()
