# For CMake: builds for the sandbox, with the programs of this SDK. CMake 3.24 or newer.
#
# `eryx sdk env` names this file in CMAKE_TOOLCHAIN_FILE.

if(CMAKE_VERSION VERSION_LESS 3.24)
  message(FATAL_ERROR "CMake ${CMAKE_VERSION} is too old for this toolchain file: use 3.24 or newer")
endif()

get_filename_component(ERYX_SDK "${CMAKE_CURRENT_LIST_DIR}/.." ABSOLUTE)

set(CMAKE_SYSTEM_NAME WASI)
set(CMAKE_SYSTEM_VERSION 1)
set(CMAKE_SYSTEM_PROCESSOR wasm32)

set(CMAKE_C_COMPILER "${ERYX_SDK}/bin/wasm32-wasi-cc")
set(CMAKE_CXX_COMPILER "${ERYX_SDK}/bin/wasm32-wasi-c++")
set(CMAKE_ASM_COMPILER "${ERYX_SDK}/bin/wasm32-wasi-cc")
set(CMAKE_AR "${ERYX_SDK}/bin/wasm32-wasi-ar" CACHE FILEPATH "")
set(CMAKE_RANLIB "${ERYX_SDK}/bin/wasm32-wasi-ranlib" CACHE FILEPATH "")
set(CMAKE_LINKER "${ERYX_SDK}/bin/wasm32-wasi-ld" CACHE FILEPATH "")
# Libraries are linked without what could be stripped.
set(CMAKE_STRIP "${ERYX_SDK}/bin/wasm32-wasi-strip" CACHE FILEPATH "")
# A check that runs a program finds that it does not run.
set(CMAKE_CROSSCOMPILING_EMULATOR "${ERYX_SDK}/bin/wasm32-wasi-run")

# Libraries and headers of the machine are not for the sandbox. Folders that a build names are looked into, and so
# are those of Python packages that bring a configuration for CMake.
set(CMAKE_FIND_ROOT_PATH "${ERYX_SDK}" ${CMAKE_PREFIX_PATH})
if(DEFINED ENV{CMAKE_PREFIX_PATH})
  file(TO_CMAKE_PATH "$ENV{CMAKE_PREFIX_PATH}" eryx_prefixes)
  list(APPEND CMAKE_FIND_ROOT_PATH ${eryx_prefixes})
endif()
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE BOTH)
set(CMAKE_FIND_USE_CMAKE_SYSTEM_PATH FALSE)
set(CMAKE_FIND_USE_PACKAGE_REGISTRY FALSE)

# pybind11 asks for modules in the way of old by itself, and that asks about the machine's Python.
if(NOT DEFINED PYBIND11_FINDPYTHON)
  set(PYBIND11_FINDPYTHON ON)
endif()

list(PREPEND CMAKE_MODULE_PATH "${CMAKE_CURRENT_LIST_DIR}/modules")
get_property(eryx_is_trying GLOBAL PROPERTY IN_TRY_COMPILE)
if(NOT eryx_is_trying)
  list(APPEND CMAKE_PROJECT_TOP_LEVEL_INCLUDES "${CMAKE_CURRENT_LIST_DIR}/provider.cmake")
  list(REMOVE_DUPLICATES CMAKE_PROJECT_TOP_LEVEL_INCLUDES)
endif()
