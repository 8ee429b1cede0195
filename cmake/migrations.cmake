# embed_migrations(NAME)
#
# The numbered migrations of a store travel inside the program: each file of migrations/ becomes a
# raw string of migration_texts.cc, which is compiled into the module.
set(migration_texts_template ${CMAKE_CURRENT_LIST_DIR}/migration_texts.cc.in)

function(embed_migrations NAME)
  file(GLOB files CONFIGURE_DEPENDS migrations/*.sql)
  list(SORT files)
  set(MIGRATION_ROWS "")
  set(count 0)
  foreach(file IN LISTS files)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    get_filename_component(name ${file} NAME_WE)
    math(EXPR count "${count} + 1")
    if(NOT name MATCHES "^0*${count}_")
      message(FATAL_ERROR "${file}: it is migration ${count} by its place; "
        "give each a number of its own, without gaps")
    endif()
    file(READ ${file} text)
    string(APPEND MIGRATION_ROWS "    {\"${name}\", R\"sql(${text})sql\"},\n")
  endforeach()
  configure_file(${migration_texts_template} ${CMAKE_CURRENT_BINARY_DIR}/migration_texts.cc @ONLY)
  target_sources(${NAME} PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/migration_texts.cc)
endfunction()
