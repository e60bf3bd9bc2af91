# SPDX-License-Identifier: MIT
# Finds an implementation of the PSA Crypto API: TF-PSA-Crypto, Mbed TLS with its CMake package, or
# (Debian's libmbedtls-dev has neither CMake package nor .pc file) header and library by hand.
# Gives the target PSACrypto::PSACrypto.
include(FindPackageHandleStandardArgs)

add_library(PSACrypto::PSACrypto INTERFACE IMPORTED)
find_package(TF-PSA-Crypto CONFIG QUIET)
find_package(MbedTLS CONFIG QUIET)
if(TARGET TF-PSA-Crypto::tfpsacrypto)
  set(PSACrypto_LIBRARY TF-PSA-Crypto::tfpsacrypto)
elseif(TARGET MbedTLS::mbedcrypto)
  set(PSACrypto_LIBRARY MbedTLS::mbedcrypto)
else()
  find_path(PSACrypto_INCLUDE_DIR psa/crypto.h)
  find_library(PSACrypto_LIBRARY NAMES tfpsacrypto mbedcrypto)
  if(PSACrypto_INCLUDE_DIR)
    target_include_directories(PSACrypto::PSACrypto INTERFACE "${PSACrypto_INCLUDE_DIR}")
  endif()
endif()
find_package_handle_standard_args(PSACrypto REQUIRED_VARS PSACrypto_LIBRARY)
if(PSACrypto_FOUND)
  target_link_libraries(PSACrypto::PSACrypto INTERFACE "${PSACrypto_LIBRARY}")
endif()
