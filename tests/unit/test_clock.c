/* SPDX-License-Identifier: MIT */
#include "base/clock.h"
#include "support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void time_never_decreases(void **state)
{
    (void)state;
    int64_t last = clock_now_ms();

    assert_true(last > 0);
    for (int i = 0; i < 1000; i++) {
        int64_t now = clock_now_ms();
        assert_true(now >= last);
        last = now;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(time_never_decreases)};

    return cmocka_run_group_tests_name("clock", tests, NULL, NULL);
}
