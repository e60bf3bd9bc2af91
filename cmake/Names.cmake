# SPDX-License-Identifier: MIT
# The lists of names that C takes from the extension's tables, written as initializers for
# host/cli/names.h.in.
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
  "${CMAKE_SOURCE_DIR}/extension/methods.json" "${CMAKE_SOURCE_DIR}/extension/capabilities.json")

# Sets `variable` to what a row has under a name, as C writes it: a string, or NULL where it has nothing.
function(read_text variable rows index name)
  string(JSON value ERROR_VARIABLE missing GET "${rows}" ${index} ${name})
  if(missing)
    set(${variable} NULL PARENT_SCOPE)
  else()
    set(${variable} "\"${value}\"" PARENT_SCOPE)
  endif()
endfunction()

file(READ "${CMAKE_SOURCE_DIR}/extension/methods.json" rows)
string(JSON count LENGTH "${rows}")
math(EXPR last "${count} - 1")
foreach(index RANGE ${last})
  read_text(name "${rows}" ${index} name)
  read_text(command "${rows}" ${index} command)
  read_text(fault "${rows}" ${index} fault)
  string(JSON kind GET "${rows}" ${index} kind)
  string(TOUPPER ${kind} kind)
  list(APPEND METHOD_ROWS "{${name}, METHOD_${kind}, ${command}, ${fault}}")
  list(APPEND ${kind}_METHODS ${name})
  if(kind STREQUAL "DATA")
    list(APPEND DATA_FAULTS ${fault})
  endif()
endforeach()
list(REMOVE_DUPLICATES DATA_FAULTS)

file(READ "${CMAKE_SOURCE_DIR}/extension/capabilities.json" rows)
string(JSON count LENGTH "${rows}")
math(EXPR last "${count} - 1")
foreach(index RANGE ${last})
  string(JSON name GET "${rows}" ${index})
  list(APPEND CAPABILITIES "\"${name}\"")
endforeach()

foreach(names METHOD_ROWS SECRET_METHODS DATA_FAULTS SHOWN_METHODS READ_METHODS ANSWERED_METHODS CAPABILITIES)
  list(JOIN ${names} ", " ${names})
endforeach()
