# SPDX-License-Identifier: MIT
# Writes the output of COMMAND to OUTPUT; with a TEMPLATE, replaces @COMMANDS@ in it by that output.
execute_process(COMMAND ${COMMAND} OUTPUT_VARIABLE COMMANDS COMMAND_ERROR_IS_FATAL ANY)
if(TEMPLATE)
  configure_file("${TEMPLATE}" "${OUTPUT}" @ONLY)
else()
  get_filename_component(folder "${OUTPUT}" DIRECTORY)
  file(MAKE_DIRECTORY "${folder}")
  file(WRITE "${OUTPUT}" "${COMMANDS}")
endif()
file(TOUCH "${OUTPUT}")
