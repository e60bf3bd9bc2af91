# SPDX-License-Identifier: MIT
# One target with the warning and hardening options; all our targets link it.
include(CheckCCompilerFlag)
include(CheckPIESupported)

check_pie_supported(LANGUAGES C)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

add_library(hardening INTERFACE)
target_compile_definitions(hardening INTERFACE _GNU_SOURCE)
target_compile_options(hardening INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes
  -Wpointer-arith -Wcast-qual -Wwrite-strings -Wformat=2 -Wvla -Wundef)
if(POWERUP_SECRETS_WERROR)
  target_compile_options(hardening INTERFACE -Werror)
endif()

function(harden flag)
  string(MAKE_C_IDENTIFIER "HAS${flag}" name)
  check_c_compiler_flag(${flag} ${name})
  if(${name})
    target_compile_options(hardening INTERFACE ${flag})
  endif()
endfunction()

if(POWERUP_SECRETS_FUZZ)
  target_compile_options(hardening INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(POWERUP_SECRETS_COVERAGE)
  target_compile_definitions(hardening INTERFACE POWERUP_SECRETS_COVERAGE)
  target_compile_options(hardening INTERFACE --coverage -O0 -fprofile-update=atomic)
  target_link_options(hardening INTERFACE --coverage)
elseif(POWERUP_SECRETS_SANITIZE OR POWERUP_SECRETS_FUZZ)
  target_compile_options(hardening INTERFACE
    -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(hardening INTERFACE -fsanitize=address,undefined)
else()
  harden(-fstack-protector-strong)
  harden(-fstack-clash-protection)
  harden(-fcf-protection=full)
  harden(-ftrivial-auto-var-init=zero)
  target_compile_options(hardening INTERFACE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3)
  target_link_options(hardening INTERFACE
    -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack -Wl,--as-needed)
endif()
