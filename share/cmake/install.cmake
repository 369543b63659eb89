# What others build against: a CMake package and a pkg-config file. Both find the rest by where
# they lie themselves, so that the installed tree may be moved, and `--prefix` chosen late.
include(CMakePackageConfigHelpers)

set(SMD_PARTS_INSTALL ${CMAKE_INSTALL_LIBDIR}/smartdeploy)
set(SMD_SHARE_INSTALL ${CMAKE_INSTALL_DATADIR}/smartdeploy)
set(package ${CMAKE_INSTALL_LIBDIR}/cmake/smartdeploy)
file(RELATIVE_PATH SMD_PC_TO_PREFIX ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
string(REGEX REPLACE "/$" "" SMD_PC_TO_PREFIX "${SMD_PC_TO_PREFIX}")

configure_package_config_file(share/cmake/smartdeploy-config.cmake.in
  ${CMAKE_BINARY_DIR}/package/smartdeploy-config.cmake INSTALL_DESTINATION ${package}
  PATH_VARS SMD_PARTS_INSTALL SMD_SHARE_INSTALL)
# A driver is bound to the ABI, not to a release; the loader looks at that.
write_basic_package_version_file(${CMAKE_BINARY_DIR}/package/smartdeploy-config-version.cmake
  COMPATIBILITY SameMajorVersion)
configure_file(share/cmake/smartdeploy.pc.in ${CMAKE_BINARY_DIR}/package/smartdeploy.pc @ONLY)

install(EXPORT smartdeploy-targets NAMESPACE smartdeploy:: DESTINATION ${package})
install(FILES ${CMAKE_BINARY_DIR}/package/smartdeploy-config.cmake
              ${CMAKE_BINARY_DIR}/package/smartdeploy-config-version.cmake
        DESTINATION ${package})
install(FILES ${CMAKE_BINARY_DIR}/package/smartdeploy.pc
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
install(FILES share/cmake/smartdeploy.cmake DESTINATION ${SMD_SHARE_INSTALL}/cmake)
install(DIRECTORY share/doc share/driver-template share/examples share/lab share/schema share/yang
        DESTINATION ${SMD_SHARE_INSTALL} USE_SOURCE_PERMISSIONS
        PATTERN probe EXCLUDE)

# Manual pages, and completion where the shells look for it.
install(DIRECTORY ${CMAKE_BINARY_DIR}/man/man1 DESTINATION ${CMAKE_INSTALL_MANDIR} FILES_MATCHING PATTERN *.1)
install(FILES ${CMAKE_BINARY_DIR}/completions/bash/sdctl
        DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${CMAKE_BINARY_DIR}/completions/zsh/_sdctl
        DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
install(FILES ${CMAKE_BINARY_DIR}/completions/fish/sdctl.fish
        DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
