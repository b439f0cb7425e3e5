# Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# What `cmake --install` puts into a prefix: headers, modules, pages, and a
# package that finds all of them relative to itself, so the prefix can be moved
# and serve several versions of LLVM at once. `cpack -G DEB` makes a Debian
# package of the same.

include(CMakePackageConfigHelpers)

set(FEARLESS_MODULE_DIR ${CMAKE_INSTALL_LIBDIR}/fearless)
configure_package_config_file(
  ${CMAKE_CURRENT_SOURCE_DIR}/cmake/fearlessConfig.cmake.in
  ${CMAKE_CURRENT_BINARY_DIR}/fearlessConfig.cmake
  INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/fearless
  PATH_VARS FEARLESS_MODULE_DIR)
# The headers and the plugin serve a compiler for 32 bits too.
write_basic_package_version_file(
  ${CMAKE_CURRENT_BINARY_DIR}/fearlessConfigVersion.cmake
  COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(FILES
  ${CMAKE_CURRENT_BINARY_DIR}/fearlessConfig.cmake
  ${CMAKE_CURRENT_BINARY_DIR}/fearlessConfigVersion.cmake
  ${CMAKE_CURRENT_SOURCE_DIR}/cmake/FearlessCheck.cmake
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/fearless)
install(EXPORT fearlessTargets NAMESPACE fearless::
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/fearless)
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR} PATTERN man EXCLUDE)
if(FEARLESS_BUILD_PLUGIN)
  install(FILES docs/man/fearless.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
  install(FILES cmake/completion/fearless
    DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
endif()
install(FILES README.md CHANGELOG.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} OPTIONAL)

if(PROJECT_IS_TOP_LEVEL AND FEARLESS_BUILD_PLUGIN)
  set(CPACK_GENERATOR DEB)
  set(CPACK_PACKAGE_NAME fearless-llvm-${FEARLESS_LLVM_VERSION})
  set(CPACK_PACKAGE_CONTACT "The Fearless maintainers <maintainers@fearless.invalid>")
  set(CPACK_PACKAGE_DESCRIPTION_SUMMARY
    "Rejects data races and unguarded sharing of C++ threads while the code compiles")
  set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
  set(CPACK_STRIP_FILES ON)
  set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
  set(CPACK_DEBIAN_PACKAGE_SECTION devel)
  # The modules take LLVM from their host, and the tool from that host's
  # libraries, so there is nothing to derive.
  set(CPACK_DEBIAN_PACKAGE_DEPENDS
    "clang-${FEARLESS_LLVM_VERSION} (>= 1:${LLVM_PACKAGE_VERSION}), libc6, libstdc++6")
  set(CPACK_DEBIAN_PACKAGE_SUGGESTS clang-tidy-${FEARLESS_LLVM_VERSION})
  # The headers are the same files in each.
  set(CPACK_DEBIAN_PACKAGE_PROVIDES fearless)
  set(CPACK_DEBIAN_PACKAGE_CONFLICTS fearless)
  include(CPack)
endif()
