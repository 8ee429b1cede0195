# module(NAME FLOOR [DEPENDS module...] [PACKAGES library...] [TEST_UNDER word...])
#
# One directory, one namespace, one static library. A module may include only the lower floors it
# declares: an upward or sideways DEPENDS is refused here, an undeclared include by tools/tidy.py,
# and an undeclared symbol by linktest_NAME, which links the whole archive against nothing but what
# the module declared. Each header must compile alone: its own .cc includes it first, which
# tools/tidy.py sees to, and where there is no such file the target headers compiles it. Files named
# *_test.cc become the test program test_NAME; TEST_UNDER is a command that runs it, such as one
# that starts a server for it.
add_custom_target(headers)

function(module NAME FLOOR)
  cmake_parse_arguments(ARG "" "" "DEPENDS;PACKAGES;TEST_UNDER" ${ARGN})
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "module ${NAME}: unknown words '${ARG_UNPARSED_ARGUMENTS}'")
  endif()
  foreach(dep IN LISTS ARG_DEPENDS)
    if(NOT TARGET ${dep})
      message(FATAL_ERROR "module ${NAME} (floor ${FLOOR}) depends on '${dep}', which is no module "
                          "on a lower floor; see docs/architecture.md")
    endif()
    get_target_property(dep_floor ${dep} FLOOR)
    if(NOT dep_floor LESS FLOOR)
      message(FATAL_ERROR "module ${NAME} (floor ${FLOOR}) may not depend on ${dep} (floor "
                          "${dep_floor}): includes point down; see docs/architecture.md")
    endif()
  endforeach()
  if(NOT EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/README.md)
    message(FATAL_ERROR "module ${NAME} has no README.md; see CONTRIBUTING.md")
  endif()

  file(GLOB_RECURSE sources CONFIGURE_DEPENDS *.cc)
  file(GLOB_RECURSE headers CONFIGURE_DEPENDS *.h)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cc$")
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")

  add_library(${NAME} STATIC ${sources})
  set_target_properties(${NAME} PROPERTIES FLOOR ${FLOOR} ARCHIVE_OUTPUT_NAME mainspring_${NAME})
  target_sources(${NAME} PUBLIC FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR}/src
                 FILES ${headers})
  target_link_libraries(${NAME} PUBLIC ${ARG_DEPENDS} ${ARG_PACKAGES} fmt::fmt)
  set(pch pch)
  if(store IN_LIST ARG_DEPENDS)
    set(pch pch_store)
  endif()

  # On top of the precompiled one, as every source.
  set(alone "")
  foreach(header IN LISTS headers)
    string(REGEX REPLACE "h$" "cc" own ${header})
    if(own IN_LIST sources)
      continue()
    endif()
    file(RELATIVE_PATH path ${PROJECT_SOURCE_DIR}/src ${header})
    set(source ${CMAKE_CURRENT_BINARY_DIR}/headers/${path}.cc)
    file(CONFIGURE OUTPUT ${source} CONTENT "#include \"${path}\"\n")
    list(APPEND alone ${source})
  endforeach()
  if(alone)
    add_library(headers_${NAME} OBJECT EXCLUDE_FROM_ALL ${alone})
    target_link_libraries(headers_${NAME} PRIVATE ${NAME})
    target_precompile_headers(headers_${NAME} REUSE_FROM ${pch})
    add_dependencies(headers headers_${NAME})
  endif()
  if(NAME STREQUAL store)
    set(pch pch_store)
  endif()
  target_precompile_headers(${NAME} REUSE_FROM ${pch})

  file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/linktest.cc "int main() {}\n")
  add_executable(linktest_${NAME} ${CMAKE_CURRENT_BINARY_DIR}/linktest.cc)
  target_link_libraries(linktest_${NAME} PRIVATE "$<LINK_LIBRARY:WHOLE_ARCHIVE,${NAME}>")

  if(tests)
    add_executable(test_${NAME} ${tests})
    target_link_libraries(test_${NAME} PRIVATE ${NAME} doctest_main)
    target_precompile_headers(test_${NAME} REUSE_FROM ${pch})
    add_test(NAME unit.${NAME} COMMAND ${ARG_TEST_UNDER} $<TARGET_FILE:test_${NAME}>
             WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  endif()
endfunction()

# program(NAME SOURCE LIBRARY...): one source file with main(), linked from modules into bin/NAME.
function(program NAME SOURCE)
  add_executable(${NAME} ${SOURCE})
  target_link_libraries(${NAME} PRIVATE ${ARGN})
  target_precompile_headers(${NAME} REUSE_FROM pch)
  set_target_properties(${NAME} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
endfunction()
