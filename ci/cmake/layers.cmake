# gate_layer(NAME [INTERNAL] SOURCES ... LINK ...): one folder, one static library `gate_NAME`, one layer. What is
# INTERNAL is not installed for other programs. The arrows between layers are held by tests/unit/architecture_test.cc.
function(gate_layer name)
  cmake_parse_arguments(LAYER "INTERNAL" "" "SOURCES;LINK;PRIVATE" ${ARGN})
  add_library(${name} STATIC ${LAYER_SOURCES})
  add_library(release_gate::${name} ALIAS ${name})
  target_link_libraries(${name} PUBLIC release_gate_settings ${LAYER_LINK}
                        PRIVATE $<BUILD_INTERFACE:release_gate_warnings> $<BUILD_INTERFACE:release_gate_hardening>
                        ${LAYER_PRIVATE})
  precompile(${name} gate_precompiled)
  if(NOT LAYER_INTERNAL)
    set_property(GLOBAL APPEND PROPERTY RELEASE_GATE_LAYERS ${name})
  endif()
endfunction()

# gate_binary(NAME MAIN [HTTP] [SHARED] LINK ...): one tool, from its main.cc and the library that holds the rest. One
# that talks HTTP has libcurl and the C library as shared ones, and everything else inside; its own copies of
# zlib and libcrypto stay hidden from libcurl. One that is SHARED has libstdc++ as a shared one too: it hands C++
# objects to libraries that have no archive.
function(gate_binary name main)
  cmake_parse_arguments(BINARY "HTTP;SHARED" "" "LINK" ${ARGN})
  add_executable(${name} ${main})
  target_link_libraries(${name} PRIVATE ${BINARY_LINK} release_gate_warnings release_gate_hardening)
  if(BINARY_HTTP)
    target_link_libraries(${name} PRIVATE gate_platform_http)
  endif()
  if(RELEASE_GATE_STATIC AND BINARY_SHARED)
    target_link_options(${name} PRIVATE -pie -Wl,--exclude-libs,ALL -Wl,--as-needed)
  elseif(RELEASE_GATE_STATIC AND BINARY_HTTP)
    target_link_options(${name} PRIVATE -pie -static-libstdc++ -static-libgcc -Wl,--exclude-libs,ALL -Wl,--as-needed)
  elseif(RELEASE_GATE_STATIC)
    target_link_options(${name} PRIVATE -static-pie)
  endif()
  if(CMAKE_BUILD_TYPE STREQUAL "Release")
    target_link_options(${name} PRIVATE -s -Wl,--gc-sections)
  endif()
  set_property(GLOBAL APPEND PROPERTY RELEASE_GATE_BINARIES ${name})
endfunction()
