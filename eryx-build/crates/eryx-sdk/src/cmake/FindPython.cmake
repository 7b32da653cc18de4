# Finds two Pythons in one: the interpreter is that of the machine, which runs the build; version, headers and names of
# modules are those of the sandbox's Python, for which modules are built. CMake's own search would ask the former for
# the latter.
#
# Components: Interpreter, Development, Development.Module, Development.SABIModule, NumPy. There is nothing to embed.

set(_python ${CMAKE_FIND_PACKAGE_NAME})
get_filename_component(_eryx_sdk "${CMAKE_CURRENT_LIST_DIR}/../.." ABSOLUTE)
file(READ "${_eryx_sdk}/build-details.json" _eryx_details)
foreach(_eryx_part major minor micro)
  string(JSON _eryx_${_eryx_part} GET "${_eryx_details}" implementation version ${_eryx_part})
endforeach()
string(JSON _eryx_headers GET "${_eryx_details}" c_api headers)
string(JSON _eryx_suffix GET "${_eryx_details}" abi extension_suffix)
string(JSON _eryx_stable_suffix GET "${_eryx_details}" abi stable_abi_suffix)

set(${_python}_VERSION_MAJOR ${_eryx_major})
set(${_python}_VERSION_MINOR ${_eryx_minor})
set(${_python}_VERSION_PATCH ${_eryx_micro})
set(${_python}_VERSION ${_eryx_major}.${_eryx_minor}.${_eryx_micro})

# The interpreter that runs the build, which scikit-build-core names.
if(NOT ${_python}_EXECUTABLE AND PYTHON_EXECUTABLE)
  set(${_python}_EXECUTABLE "${PYTHON_EXECUTABLE}" CACHE FILEPATH "")
endif()
find_program(${_python}_EXECUTABLE NAMES python3 python)
set(${_python}_INTERPRETER_ID Python)
if(${_python}_EXECUTABLE)
  set(${_python}_Interpreter_FOUND TRUE)
  execute_process(
    COMMAND "${${_python}_EXECUTABLE}" -c
            "import sysconfig; print(';'.join(sysconfig.get_path(name) for name in ('stdlib', 'platstdlib', 'purelib', 'platlib')))"
    OUTPUT_VARIABLE _eryx_paths OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  foreach(_eryx_name STDLIB STDARCH SITELIB SITEARCH)
    list(POP_FRONT _eryx_paths ${_python}_${_eryx_name})
  endforeach()
  if(NOT TARGET ${_python}::Interpreter)
    add_executable(${_python}::Interpreter IMPORTED)
    set_property(TARGET ${_python}::Interpreter PROPERTY IMPORTED_LOCATION "${${_python}_EXECUTABLE}")
  endif()
endif()

# What modules are compiled with. A cache entry may name the headers of the machine's Python.
set(${_python}_INCLUDE_DIR "${_eryx_headers}" CACHE PATH "" FORCE)
set(${_python}_INCLUDE_DIRS "${_eryx_headers}")
set(${_python}_LIBRARIES "")
string(REGEX REPLACE "^\\.(.*)\\.so$" "\\1" ${_python}_SOABI "${_eryx_suffix}")
string(REGEX REPLACE "^\\.(.*)\\.so$" "\\1" ${_python}_SOSABI "${_eryx_stable_suffix}")
set(${_python}_FREE_THREADED FALSE)
set(${_python}_Development.Module_FOUND TRUE)
set(${_python}_Development.SABIModule_FOUND TRUE)
set(${_python}_Development_FOUND TRUE)
foreach(_eryx_name Module SABIModule)
  if(NOT TARGET ${_python}::${_eryx_name})
    add_library(${_python}::${_eryx_name} INTERFACE IMPORTED)
    target_include_directories(${_python}::${_eryx_name} SYSTEM INTERFACE "${_eryx_headers}")
  endif()
endforeach()

if("NumPy" IN_LIST ${_python}_FIND_COMPONENTS AND ${_python}_EXECUTABLE)
  # Headers and version come from the NumPy of the build, since that of the sandbox is not on this machine.
  if(NOT ${_python}_NumPy_INCLUDE_DIR)
    execute_process(
      COMMAND "${${_python}_EXECUTABLE}" -c "import numpy; print(numpy.get_include())"
      OUTPUT_VARIABLE _eryx_numpy OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    set(${_python}_NumPy_INCLUDE_DIR "${_eryx_numpy}" CACHE PATH "" FORCE)
  endif()
  if(${_python}_NumPy_INCLUDE_DIR)
    execute_process(
      COMMAND "${${_python}_EXECUTABLE}" -c "import numpy; print(numpy.__version__)"
      OUTPUT_VARIABLE ${_python}_NumPy_VERSION OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    set(${_python}_NumPy_INCLUDE_DIRS "${${_python}_NumPy_INCLUDE_DIR}")
    set(${_python}_NumPy_FOUND TRUE)
    if(NOT TARGET ${_python}::NumPy)
      add_library(${_python}::NumPy INTERFACE IMPORTED)
      target_include_directories(${_python}::NumPy SYSTEM INTERFACE "${${_python}_NumPy_INCLUDE_DIRS}")
      target_link_libraries(${_python}::NumPy INTERFACE ${_python}::Module)
    endif()
  endif()
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(
  ${_python}
  REQUIRED_VARS ${_python}_INCLUDE_DIR
  VERSION_VAR ${_python}_VERSION
  HANDLE_COMPONENTS HANDLE_VERSION_RANGE)

# Both packages have one such function, in names of their own.
function(eryx_add_python_library python name)
  cmake_parse_arguments(PARSE_ARGV 2 add "STATIC;SHARED;MODULE;WITH_SOABI" "USE_SABI" "")
  set(type MODULE)
  if(add_STATIC)
    set(type STATIC)
  elseif(add_SHARED)
    set(type SHARED)
  endif()
  add_library(${name} ${type} ${add_UNPARSED_ARGUMENTS})
  if(add_USE_SABI)
    string(REGEX MATCH "^([0-9]+)\\.([0-9]+)" version "${add_USE_SABI}")
    math(EXPR version "(${CMAKE_MATCH_1} << 24) | (${CMAKE_MATCH_2} << 16)" OUTPUT_FORMAT HEXADECIMAL)
    target_compile_definitions(${name} PRIVATE Py_LIMITED_API=${version})
    target_link_libraries(${name} PRIVATE ${python}::SABIModule)
    set(abi "${${python}_SOSABI}")
  else()
    target_link_libraries(${name} PRIVATE ${python}::Module)
    set(abi "${${python}_SOABI}")
  endif()
  if(type STREQUAL "MODULE")
    set_property(TARGET ${name} PROPERTY PREFIX "")
    set_property(TARGET ${name} PROPERTY SUFFIX ".so")
    if(add_WITH_SOABI)
      set_property(TARGET ${name} PROPERTY SUFFIX ".${abi}.so")
    endif()
  endif()
endfunction()

if(_python STREQUAL "Python3")
  function(Python3_add_library name)
    eryx_add_python_library(Python3 ${name} ${ARGN})
  endfunction()
else()
  function(Python_add_library name)
    eryx_add_python_library(Python ${name} ${ARGN})
  endfunction()
endif()
