# find_package(cxscribe-plugin): the target cxscribe::plugin and the function cxscribe_add_plugin.
include(${CMAKE_CURRENT_LIST_DIR}/cxscribe-plugin-targets.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/CxscribePlugin.cmake)
