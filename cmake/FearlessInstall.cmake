# Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# What `cmake --install` puts into a prefix: headers, modules, and a package
# that finds both relative to itself, so the prefix can be moved.

include(CMakePackageConfigHelpers)

configure_package_config_file(
  ${CMAKE_CURRENT_SOURCE_DIR}/cmake/fearlessConfig.cmake.in
  ${CMAKE_CURRENT_BINARY_DIR}/fearlessConfig.cmake
  INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/fearless)
write_basic_package_version_file(
  ${CMAKE_CURRENT_BINARY_DIR}/fearlessConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES
  ${CMAKE_CURRENT_BINARY_DIR}/fearlessConfig.cmake
  ${CMAKE_CURRENT_BINARY_DIR}/fearlessConfigVersion.cmake
  ${CMAKE_CURRENT_SOURCE_DIR}/cmake/FearlessCheck.cmake
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/fearless)
install(EXPORT fearlessTargets NAMESPACE fearless::
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/fearless)
