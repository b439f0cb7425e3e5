# Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# fearless_check(<target> [STRICT] [LINK]): compiles the C and C++ sources of
# <target> with the plugin, so that a data race or an unguarded sharing stops the
# build. With LINK each unit also writes its summary, and the target
# fearless_link reports what only several units together show.
# Needs Clang of the version that the plugin was built for; says so and stops
# otherwise. Headers that the target includes with SYSTEM are not reported.

function(fearless_check target)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "STRICT;LINK" "" "")
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "fearless_check(${target}): unknown argument ${ARG_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT TARGET ${target})
    message(FATAL_ERROR "fearless_check(${target}): there is no such target")
  endif()

  set(checked FALSE)
  foreach(language CXX C)
    if(NOT CMAKE_${language}_COMPILER_LOADED)
      continue()
    endif()
    if(NOT CMAKE_${language}_COMPILER_ID STREQUAL "Clang")
      message(FATAL_ERROR "fearless_check(${target}) needs Clang; the compiler for ${language} is "
                          "${CMAKE_${language}_COMPILER_ID}")
    endif()
    string(REGEX MATCH "^[0-9]+" major "${CMAKE_${language}_COMPILER_VERSION}")
    set(plugin "${FEARLESS_PLUGIN_DIR}/llvm-${major}/fearless-plugin.so")
    if(NOT EXISTS "${plugin}")
      message(FATAL_ERROR "fearless_check(${target}): there is no plugin for Clang ${major}: "
                          "${plugin} is missing")
    endif()
    target_compile_options(${target} PRIVATE
      $<$<COMPILE_LANGUAGE:${language}>:-fplugin=${plugin}>
      $<$<AND:$<COMPILE_LANGUAGE:${language}>,$<BOOL:${ARG_STRICT}>>:-fplugin-arg-fearless-mode=strict>)
    if(ARG_LINK)
      # A file for each object in a folder that exists; see docs/cli.md.
      set(summaries "${CMAKE_BINARY_DIR}/fearless/${target}")
      file(MAKE_DIRECTORY "${summaries}")
      target_compile_options(${target} PRIVATE
        $<$<COMPILE_LANGUAGE:${language}>:-fplugin-arg-fearless-summary=${summaries}>)
    endif()
    set(checked TRUE)
  endforeach()
  if(NOT checked)
    message(FATAL_ERROR "fearless_check(${target}): the project has neither C nor C++")
  endif()
  if(ARG_LINK)
    if(NOT TARGET fearless_link)
      add_custom_target(fearless_link
        COMMAND "${FEARLESS_PLUGIN_DIR}/llvm-${major}/fearless" link
                "$<TARGET_PROPERTY:fearless_link,FEARLESS_SUMMARIES>"
        COMMAND_EXPAND_LISTS VERBATIM USES_TERMINAL)
    endif()
    set_property(TARGET fearless_link APPEND PROPERTY FEARLESS_SUMMARIES "${summaries}")
    add_dependencies(fearless_link ${target})
  endif()
endfunction()
