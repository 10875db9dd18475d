# cxscribe_add_plugin(NAME SRCS a.cc b.cc [LIBS dep...]): the plugin NAME.so, which exports only cx_plugin_entry.
#
# It is written to CXSCRIBE_PLUGIN_OUTPUT_DIRECTORY where that is set, otherwise to the current binary folder. The
# host loads a private copy of the file, so link what is not part of the system statically: $ORIGIN has no meaning.
function(cxscribe_add_plugin name)
  cmake_parse_arguments(ARG "" "" "SRCS;LIBS" ${ARGN})
  if(NOT ARG_SRCS)
    message(FATAL_ERROR "cxscribe_add_plugin(${name}): SRCS is empty")
  endif()
  set(exports ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/cx_plugin.map)
  add_library(${name} MODULE ${ARG_SRCS})
  target_link_libraries(${name} PRIVATE cxscribe::plugin ${ARG_LIBS})
  if(TARGET cxscribe_flags)  # the warnings of cxscribe's own tree
    target_link_libraries(${name} PRIVATE cxscribe_flags)
  endif()
  set_target_properties(${name} PROPERTIES
    PREFIX "" SUFFIX ".so" POSITION_INDEPENDENT_CODE ON
    C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    LINK_DEPENDS ${exports})
  if(CXSCRIBE_PLUGIN_OUTPUT_DIRECTORY)
    set_target_properties(${name} PROPERTIES
      LIBRARY_OUTPUT_DIRECTORY ${CXSCRIBE_PLUGIN_OUTPUT_DIRECTORY})
  endif()
  target_link_options(${name} PRIVATE LINKER:--version-script=${exports})
  # A missing symbol is a link error, not a refusal at load. Clang's sanitizers leave symbols to the program.
  get_directory_property(link_options LINK_OPTIONS)
  if(NOT "${link_options};${CMAKE_SHARED_LINKER_FLAGS};${CMAKE_MODULE_LINKER_FLAGS}" MATCHES "-fsanitize=")
    target_link_options(${name} PRIVATE LINKER:-z,defs)
  endif()
endfunction()
