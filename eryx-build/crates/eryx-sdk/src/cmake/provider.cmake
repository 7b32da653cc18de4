# Lets `find_package(Python)` find the sandbox's Python, also in projects that set CMAKE_MODULE_PATH anew.

set(ERYX_MODULES "${CMAKE_CURRENT_LIST_DIR}/modules" CACHE INTERNAL "")

macro(eryx_provide method name)
  if("${name}" MATCHES "^Python3?$")
    set(eryx_module_path "${CMAKE_MODULE_PATH}")
    set(CMAKE_MODULE_PATH "${ERYX_MODULES}")
    find_package(${name} ${ARGN} BYPASS_PROVIDER)
    set(CMAKE_MODULE_PATH "${eryx_module_path}")
  endif()
endmacro()

cmake_language(SET_DEPENDENCY_PROVIDER eryx_provide SUPPORTED_METHODS FIND_PACKAGE)
