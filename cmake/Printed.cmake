# SPDX-License-Identifier: MIT
# Files that the command line prints from its table of commands: completion scripts, and the section on
# commands of the manual page. They have the same places below share/ of the build folder as installed.

# print_to(FILE DESTINATION folder ARGUMENTS... [TEMPLATE file]): writes the output of powerup-secrets with
# these arguments to a file below share/, or replaces @COMMANDS@ in the template by it. Installs the file.
function(print_to file)
  cmake_parse_arguments(PRINT "" "TEMPLATE;DESTINATION" "" ${ARGN})
  set(output "${CMAKE_BINARY_DIR}/share/${file}")
  add_custom_command(OUTPUT "${output}"
    COMMAND "${CMAKE_COMMAND}"
      "-DCOMMAND=${CMAKE_CROSSCOMPILING_EMULATOR};$<TARGET_FILE:powerup-secrets>;${PRINT_UNPARSED_ARGUMENTS}"
      "-DOUTPUT=${output}" "-DTEMPLATE=${PRINT_TEMPLATE}" -P "${CMAKE_SOURCE_DIR}/cmake/PrintToFile.cmake"
    DEPENDS powerup-secrets "${CMAKE_SOURCE_DIR}/cmake/PrintToFile.cmake" ${PRINT_TEMPLATE}
    VERBATIM)
  install(FILES "${output}" DESTINATION "${PRINT_DESTINATION}")
  set_property(DIRECTORY APPEND PROPERTY PRINTED "${output}")
endfunction()

if(CMAKE_CROSSCOMPILING AND NOT CMAKE_CROSSCOMPILING_EMULATOR)
  message(WARNING "No manual page and completion are made: this machine cannot run powerup-secrets. "
    "Set CMAKE_CROSSCOMPILING_EMULATOR, such as qemu-aarch64.")
  return()
endif()

print_to(man/man1/powerup-secrets.1 help --man
  TEMPLATE "${CMAKE_SOURCE_DIR}/docs/powerup-secrets.1.in"
  DESTINATION "${CMAKE_INSTALL_MANDIR}/man1")
print_to(bash-completion/completions/powerup-secrets completion bash
  DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions")
print_to(zsh/site-functions/_powerup-secrets completion zsh
  DESTINATION "${CMAKE_INSTALL_DATADIR}/zsh/site-functions")
print_to(fish/vendor_completions.d/powerup-secrets.fish completion fish
  DESTINATION "${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d")
get_property(printed DIRECTORY PROPERTY PRINTED)
add_custom_target(printed ALL DEPENDS ${printed})
