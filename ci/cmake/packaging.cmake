# What `cmake --install` and the .deb hold: the binaries with their schemas and pages for a user, the
# layers with their headers and a find_package() config for a program that judges in process.
get_property(BINARIES GLOBAL PROPERTY RELEASE_GATE_BINARIES)
get_property(LAYERS GLOBAL PROPERTY RELEASE_GATE_LAYERS)

# Everything a user runs, without the tests.
add_custom_target(product DEPENDS ${BINARIES})

install(TARGETS ${BINARIES} RUNTIME COMPONENT runtime)
install(DIRECTORY schemas/ DESTINATION ${CMAKE_INSTALL_DATADIR}/release-gate/schemas COMPONENT runtime
        FILES_MATCHING PATTERN *.json)
install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/release-gate COMPONENT runtime FILES_MATCHING PATTERN *.md)
install(FILES server/gate-server.service DESTINATION lib/systemd/system COMPONENT runtime)
install(FILES server/alerts.yaml DESTINATION ${CMAKE_INSTALL_DATADIR}/release-gate/alerts COMPONENT runtime
        RENAME gate-server.yaml)
install(FILES README.md CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/release-gate COMPONENT runtime OPTIONAL)
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/release-gate COMPONENT runtime RENAME copyright)

set(PACKAGE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/release_gate)
install(TARGETS release_gate_settings ${LAYERS} EXPORT release_gate_targets ARCHIVE COMPONENT development)
install(DIRECTORY gate DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/release_gate COMPONENT development
        FILES_MATCHING PATTERN *.h)
install(EXPORT release_gate_targets NAMESPACE release_gate:: DESTINATION ${PACKAGE_DIR} COMPONENT development)

include(CMakePackageConfigHelpers)
list(TRANSFORM LAYERS PREPEND release_gate:: OUTPUT_VARIABLE EXPORTED_LAYERS)
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/release_gate-config.cmake.in release_gate-config.cmake
                              INSTALL_DESTINATION ${PACKAGE_DIR})
write_basic_package_version_file(release_gate-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/release_gate-config.cmake ${PROJECT_BINARY_DIR}/release_gate-config-version.cmake
        DESTINATION ${PACKAGE_DIR} COMPONENT development)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME release-gate)
set(CPACK_PACKAGE_VENDOR "Release Gate")
set(CPACK_PACKAGE_CONTACT "Release Gate maintainers")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_COMPONENTS_ALL runtime)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_NAME release-gate)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
find_program(DPKG_SHLIBDEPS dpkg-shlibdeps)
if(DPKG_SHLIBDEPS)
  set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
else()
  set(CPACK_DEBIAN_RUNTIME_PACKAGE_DEPENDS "libc6, libcurl4 | libcurl4t64")
endif()
include(CPack)
