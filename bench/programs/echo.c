/* SPDX-License-Identifier: MIT */
/* echo: sends each frame back. The cost of a native host that does nothing. */
#include "frames.h"

#include <unistd.h>

int main(void)
{
    struct frame frame = {0};

    while (frame_read(STDIN_FILENO, &frame)) {
        frame_write(STDOUT_FILENO, frame.bytes, frame.size);
    }
    return 0;
}
