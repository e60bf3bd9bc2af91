# SPDX-License-Identifier: MIT
# The Debian package, made by `cpack` in the build folder (see scripts/package).

# Each browser reads native manifests from its own folder. The programs that were just installed write them,
# as they have the table of browsers and folders.
if(POWERUP_SECRETS_SYSTEM_MANIFESTS)
  set(browsers chrome chrome-for-testing chromium edge brave vivaldi firefox)
  list(TRANSFORM browsers PREPEND "--browser;" OUTPUT_VARIABLE named)
  install(CODE "
    execute_process(
      COMMAND \"\$ENV{DESTDIR}${CMAKE_INSTALL_FULL_BINDIR}/powerup-secrets\" install --system ${named}
      COMMAND_ERROR_IS_FATAL ANY)")
endif()

set(CPACK_GENERATOR DEB)
set(CPACK_SET_DESTDIR ON) # not everything is below the prefix
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGE_CONTACT "The developers of powerup-secrets")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "tests how a Trello Power-Up handles secrets, without Trello")
set(CPACK_PACKAGE_DESCRIPTION
"A native-messaging host that keeps what a Power-Up stores with t.storeSecret, in
the format of Trello's library; a command line that lets storage, personal settings
and the sign-in fail on demand; and the browser extension that brings pages to it.
For automated tests in Chromium and Firefox.")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION web)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# That asks for the versions in which functions appeared, and those may be older than what is tested.
string(JOIN ", " CPACK_DEBIAN_PACKAGE_BREAKS
  "libjson-c5 (<< ${MINIMUM_json-c})"
  "libmbedcrypto7 (<< ${MINIMUM_mbedtls})"
  "libpopt0 (<< ${MINIMUM_popt})"
  "libsqlite3-0 (<< ${MINIMUM_sqlite3})")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "chromium | firefox-esr")
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
include(CPack)
