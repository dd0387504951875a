# Every third-party package, found once. Which folder may use which: ARCHITECTURE.md.
find_package(Boost 1.81 CONFIG REQUIRED)
find_package(fmt 9 REQUIRED)
find_package(EXPAT REQUIRED)
find_package(Threads REQUIRED)
find_package(CLI11 REQUIRED)
find_package(PkgConfig REQUIRED)
find_path(TOMLPLUSPLUS_INCLUDE toml++/toml.h REQUIRED)

# A static archive where Debian ships one and the binaries are static, else the shared library.
function(find_third_party target header library archive)
  find_path(${target}_INCLUDE ${header} REQUIRED)
  if(RELEASE_GATE_STATIC)
    find_library(${target}_LIBRARY NAMES ${archive} ${library} REQUIRED)
  else()
    find_library(${target}_LIBRARY NAMES ${library} REQUIRED)
  endif()
  add_library(${target} INTERFACE)
  target_include_directories(${target} SYSTEM INTERFACE $<BUILD_INTERFACE:${${target}_INCLUDE}>)
  target_link_libraries(${target} INTERFACE $<BUILD_INTERFACE:${${target}_LIBRARY}>
                        $<INSTALL_INTERFACE:${library}>)
  install(TARGETS ${target} EXPORT release_gate_targets)
endfunction()
find_third_party(third_party_expat expat.h expat libexpat.a)
find_third_party(third_party_pcre2 pcre2.h pcre2-8 libpcre2-8.a)
find_third_party(third_party_crypto openssl/sha.h crypto libcrypto.a)
find_third_party(third_party_yaml yaml.h yaml libyaml.a)
find_third_party(third_party_zlib zlib.h z libz.a)
# Its archive cannot be linked: what it needs has none.
find_third_party(third_party_curl curl/curl.h curl libcurl.so)

# What only the server has. SOCI ships no CMake package; its archives carry no code of engines that are not named.
set(OPENSSL_USE_STATIC_LIBS ${RELEASE_GATE_STATIC})  # one copy in a program: that of third_party_crypto
find_package(OpenSSL 3 REQUIRED)
find_package(prometheus-cpp CONFIG REQUIRED)
find_path(SPDLOG_INCLUDE spdlog/spdlog.h REQUIRED)
find_path(SOCI_INCLUDE soci/soci.h REQUIRED)
find_library(SOCI_CORE NAMES libsoci_core.a soci_core REQUIRED)
find_library(SOCI_SQLITE NAMES libsoci_sqlite3.a soci_sqlite3 REQUIRED)
find_library(SQLITE NAMES sqlite3 REQUIRED)
add_library(third_party_soci INTERFACE)
target_include_directories(third_party_soci SYSTEM INTERFACE ${SOCI_INCLUDE} ${SOCI_INCLUDE}/soci)
target_link_libraries(third_party_soci INTERFACE ${SOCI_SQLITE} ${SOCI_CORE} ${SQLITE} ${CMAKE_DL_LIBS})
