# SPDX-License-Identifier: MIT
# Finds the PSA Crypto API of Mbed TLS: by its CMake package, or (Debian 12's libmbedtls-dev has neither CMake
# package nor .pc file) header and library by hand. Gives the target PSACrypto::PSACrypto.
include(FindPackageHandleStandardArgs)

find_package(MbedTLS CONFIG QUIET)
if(TARGET MbedTLS::mbedcrypto)
  set(PSACrypto_LIBRARY MbedTLS::mbedcrypto)
  set(PSACrypto_VERSION "${MbedTLS_VERSION}")
  find_package_handle_standard_args(PSACrypto REQUIRED_VARS PSACrypto_LIBRARY)
else()
  find_path(PSACrypto_INCLUDE_DIR psa/crypto.h)
  find_library(PSACrypto_LIBRARY mbedcrypto)
  find_package_handle_standard_args(PSACrypto REQUIRED_VARS PSACrypto_LIBRARY PSACrypto_INCLUDE_DIR
    REASON_FAILURE_MESSAGE "install Mbed TLS with its headers (Debian: libmbedtls-dev)")
  # Version 3 has another header for its version than version 2.
  foreach(header build_info version)
    set(header "${PSACrypto_INCLUDE_DIR}/mbedtls/${header}.h")
    if(NOT PSACrypto_VERSION AND EXISTS "${header}")
      file(STRINGS "${header}" line REGEX "^#define MBEDTLS_VERSION_STRING ")
      string(REGEX MATCH "[0-9.]+" PSACrypto_VERSION "${line}")
    endif()
  endforeach()
endif()
if(PSACrypto_FOUND AND NOT TARGET PSACrypto::PSACrypto)
  add_library(PSACrypto::PSACrypto INTERFACE IMPORTED)
  target_link_libraries(PSACrypto::PSACrypto INTERFACE "${PSACrypto_LIBRARY}")
  if(PSACrypto_INCLUDE_DIR)
    target_include_directories(PSACrypto::PSACrypto INTERFACE "${PSACrypto_INCLUDE_DIR}")
  endif()
endif()
