# What all our own targets compile with. Third-party code is not held to it.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()

add_library(release_gate_settings INTERFACE)
add_library(release_gate::settings ALIAS release_gate_settings)
target_include_directories(release_gate_settings INTERFACE
  $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/release_gate>)
target_compile_features(release_gate_settings INTERFACE cxx_std_20)

add_library(release_gate_warnings INTERFACE)
target_compile_options(release_gate_warnings INTERFACE
  -Wall -Wextra -Wshadow -Wconversion -Wsign-conversion -Wpedantic
  $<$<BOOL:${RELEASE_GATE_WERROR}>:-Werror>)
# GCC 12 warns wrongly of `"text" + string` once it is inlined (its bug 105651).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(release_gate_warnings INTERFACE $<$<CONFIG:Release>:-Wno-restrict>)
endif()

# Hardening: the tools read hostile files in other people's pipelines.
add_library(release_gate_hardening INTERFACE)
target_compile_options(release_gate_hardening INTERFACE -fstack-protector-strong)
# The linker drops what a binary does not call: --gc-sections in layers.cmake.
target_compile_options(release_gate_hardening INTERFACE $<$<CONFIG:Release>:-ffunction-sections;-fdata-sections>)
if(RELEASE_GATE_SANITIZE)
  target_compile_options(release_gate_hardening INTERFACE
    -fsanitize=${RELEASE_GATE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(release_gate_hardening INTERFACE -fsanitize=${RELEASE_GATE_SANITIZE})
  # Asio's fences are unknown to GCC's ThreadSanitizer.
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND RELEASE_GATE_SANITIZE MATCHES "thread")
    target_compile_options(release_gate_hardening INTERFACE -Wno-tsan)
  endif()
else()
  target_compile_definitions(release_gate_hardening INTERFACE $<$<CONFIG:Release,RelWithDebInfo>:_FORTIFY_SOURCE=3>)
  target_link_options(release_gate_hardening INTERFACE -Wl,-z,relro,-z,now)
  # So that the linker can leave out what a binary does not call.
  target_compile_options(release_gate_hardening INTERFACE $<$<CONFIG:Release>:-ffunction-sections;-fdata-sections>)
endif()
if(RELEASE_GATE_SANITIZE OR RELEASE_GATE_COVERAGE)
  set(RELEASE_GATE_STATIC OFF)
endif()
if(RELEASE_GATE_COVERAGE)
  target_compile_options(release_gate_hardening INTERFACE --coverage)
  target_link_options(release_gate_hardening INTERFACE --coverage)
endif()
# libFuzzer is led by the branches that the product takes.
if(RELEASE_GATE_FUZZ)
  target_compile_options(release_gate_hardening INTERFACE -fsanitize=fuzzer-no-link)
endif()
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
