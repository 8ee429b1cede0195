# ccache is used where it is present and never relied on. Precompiled headers need clang to leave
# time stamps out of the .pch, and ccache to be told that macros in it are not a reason to miss.
find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      CCACHE_NOHASHDIR=1 CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} ${CCACHE})
endif()
add_compile_options("$<$<COMPILE_LANGUAGE:CXX>:SHELL:-Xclang -fno-pch-timestamp>")

option(MAINSPRING_UI "Build the web UI into the node (needs Node.js; ./dev deps installs it)" ON)

# Off in the debug preset, whose tests set clocks with libfaketime: it asks for memory while
# jemalloc, as it begins, asks it for the time.
option(MAINSPRING_JEMALLOC "The node's memory from jemalloc; sanitizers bring their own" ON)

option(FUZZ "Let libFuzzer drive the fuzz targets (the preset `fuzz`)" OFF)
