# embed_runtimes(NAME)
#
# The runtimes of python and node jobs travel inside the program: each file of script/runtime/
# becomes a raw string of runtimes.cc, which is compiled into the module.
set(runtimes_template ${CMAKE_CURRENT_LIST_DIR}/runtimes.cc.in)

function(embed_runtimes NAME)
  set(python ${CMAKE_CURRENT_SOURCE_DIR}/script/runtime/mainspring_runtime.py)
  set(node ${CMAKE_CURRENT_SOURCE_DIR}/script/runtime/runtime.mjs)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${python} ${node})
  file(READ ${python} PYTHON_RUNTIME)
  file(READ ${node} NODE_RUNTIME)
  configure_file(${runtimes_template} ${CMAKE_CURRENT_BINARY_DIR}/runtimes.cc @ONLY)
  target_sources(${NAME} PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/runtimes.cc)
endfunction()
