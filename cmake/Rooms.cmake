# SPDX-License-Identifier: MIT
# Rooms: each folder of host/ is a static library that declares which others it may use. Headers are
# included as "room/header.h". Each build checks that no file includes a header of an undeclared room, and
# that there are no circular includes.

# add_room(NAME [USES ROOM...] [LINKS LIBRARY...] SOURCES FILE...)
function(add_room name)
  cmake_parse_arguments(ROOM "" "" "USES;LINKS;SOURCES" ${ARGN})
  list(TRANSFORM ROOM_SOURCES PREPEND "${name}/")
  add_library(room_${name} STATIC ${ROOM_SOURCES})
  target_include_directories(room_${name} PUBLIC
    "${CMAKE_CURRENT_SOURCE_DIR}" "${CMAKE_CURRENT_BINARY_DIR}/generated")
  list(TRANSFORM ROOM_USES PREPEND "room_" OUTPUT_VARIABLE used)
  target_link_libraries(room_${name} PUBLIC ${used} ${ROOM_LINKS} PRIVATE hardening)
  set_property(DIRECTORY APPEND PROPERTY ROOMS ${name})
  list(JOIN ROOM_USES " " uses)
  set_property(DIRECTORY APPEND PROPERTY ROOM_USES "${name}: ${uses}")
endfunction()

# Makes every build check the includes of all rooms of this folder before it compiles them.
function(check_rooms)
  get_property(rooms DIRECTORY PROPERTY ROOMS)
  get_property(uses DIRECTORY PROPERTY ROOM_USES)
  list(JOIN uses "\n" table)
  file(CONFIGURE OUTPUT "${CMAKE_CURRENT_BINARY_DIR}/rooms.txt" CONTENT "${table}\n" @ONLY)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS
    "${CMAKE_CURRENT_SOURCE_DIR}/*.c" "${CMAKE_CURRENT_SOURCE_DIR}/*.h")
  add_custom_command(OUTPUT rooms.checked
    COMMAND "${CMAKE_COMMAND}" -D "FOLDER=${CMAKE_CURRENT_SOURCE_DIR}"
      -D "TABLE=${CMAKE_CURRENT_BINARY_DIR}/rooms.txt" -P "${CMAKE_SOURCE_DIR}/cmake/CheckRooms.cmake"
    COMMAND "${CMAKE_COMMAND}" -E touch rooms.checked
    DEPENDS ${files} "${CMAKE_CURRENT_BINARY_DIR}/rooms.txt" "${CMAKE_SOURCE_DIR}/cmake/CheckRooms.cmake"
    VERBATIM)
  add_custom_target(check_rooms DEPENDS rooms.checked)
  foreach(room ${rooms})
    add_dependencies(room_${room} check_rooms)
  endforeach()
endfunction()
