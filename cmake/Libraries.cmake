# SPDX-License-Identifier: MIT
# Libraries with the oldest version that is accepted: the one that scripts/builds tests, that of the oldest
# Debian release in its table.

# Fails unless a version of a library is at least the oldest that is tested, which is MINIMUM_name from then
# on. Prints both, for scripts/builds.
function(require_version name version minimum)
  if(version VERSION_LESS minimum)
    message(FATAL_ERROR "${name} ${version} is too old: powerup-secrets needs ${minimum} or later, the oldest "
      "version that it is tested with (Debian 12). Install a newer one.")
  endif()
  set(MINIMUM_${name} ${minimum} CACHE INTERNAL "")
  message(STATUS "Library ${name}: ${version} (at least ${minimum})")
endfunction()

# need_library(VARIABLE name minimum package): finds a library by pkg-config, as the target
# PkgConfig::VARIABLE; `package` is Debian's.
function(need_library variable name minimum package)
  pkg_check_modules(${variable} QUIET IMPORTED_TARGET ${name})
  if(NOT ${variable}_FOUND)
    message(FATAL_ERROR "pkg-config does not find ${name}: install it with its headers (Debian: ${package}).")
  endif()
  require_version(${name} "${${variable}_VERSION}" ${minimum})
endfunction()
