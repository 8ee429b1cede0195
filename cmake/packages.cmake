# Debian packages only; `./dev deps` installs them. Why each one: docs/decisions/0003-libraries.md.
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json)
find_package(fmt REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(SQLite3 REQUIRED)
pkg_check_modules(libpq REQUIRED IMPORTED_TARGET GLOBAL libpq)
pkg_check_modules(libmariadb REQUIRED IMPORTED_TARGET GLOBAL libmariadb)
pkg_check_modules(libseccomp REQUIRED IMPORTED_TARGET GLOBAL libseccomp)
# `allocator`: for programs that run for long; docs/decisions/0014-allocator.md.
add_library(allocator INTERFACE)
if(MAINSPRING_JEMALLOC)
  pkg_check_modules(jemalloc REQUIRED IMPORTED_TARGET GLOBAL jemalloc)
  target_link_libraries(allocator INTERFACE PkgConfig::jemalloc)
endif()
find_package(CURL REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(CLI11 REQUIRED)
find_package(ZLIB REQUIRED)
find_library(CCTZ_LIBRARY cctz REQUIRED)
add_library(cctz INTERFACE)
target_link_libraries(cctz INTERFACE ${CCTZ_LIBRARY})
# Not by pkg-config: its flags hold -pthread, which the precompiled header was made without.
find_library(RE2_LIBRARY re2 REQUIRED)
add_library(re2 INTERFACE)
target_link_libraries(re2 INTERFACE ${RE2_LIBRARY} Threads::Threads)
find_path(DOCTEST_INCLUDE doctest/doctest.h REQUIRED)

# Asio and Beast: their bodies are compiled once, in src/net, not in every file that includes them.
add_library(asio INTERFACE)
target_compile_definitions(asio INTERFACE BOOST_ASIO_SEPARATE_COMPILATION
                           BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_DISABLE_BOOST_COROUTINE)
target_link_libraries(asio INTERFACE Boost::headers Threads::Threads)
