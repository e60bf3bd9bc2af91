/* SPDX-License-Identifier: MIT */
/* powerup-secrets: the command line. It changes what pages see, through the store that it shares
 * with the hosts, and has every running browser confirm. */
#include "base/file.h"
#include "cli/command.h"
#include "system/process.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(int argument_count, char **arguments)
{
    BUFFER_AUTO output = {0};
    BUFFER_AUTO notes = {0};

    process_protect();
    enum command_exit status = command_line_run(argument_count, arguments, NULL, &output, &notes);
    if (!write_full(STDOUT_FILENO, view_of_buffer(&output))) {
        fprintf(stderr, "powerup-secrets: stdout cannot be written: %s\n", strerror(errno));
        return COMMAND_FAILED;
    }
    if (buffer_status(&output) != STATUS_OK || buffer_status(&notes) != STATUS_OK) {
        fprintf(stderr, "powerup-secrets: out of memory\n");
        return COMMAND_FAILED;
    }
    /* When this fails, there is no way left to report it. */
    (void)write_full(STDERR_FILENO, view_of_buffer(&notes));
    return (int)status;
}
