/* SPDX-License-Identifier: MIT */
/* powerup-secrets-host: the native messaging host. A browser starts it and speaks to it on stdin
 * and stdout. */
#include "base/identity.h"
#include "native/caller.h"
#include "native/log.h"
#include "native/sandbox.h"
#include "native/serve.h"
#include "system/process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { EXIT_OK = 0, EXIT_BROKEN = 1, EXIT_USAGE = 2 };

/* Keeps the real stdout for frames alone: whatever a library prints goes to stderr instead. The
 * descriptor for the frames, or -1 with errno set. */
static int take_stdout(void)
{
    int frames = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);

    return frames >= 0 && dup2(STDERR_FILENO, STDOUT_FILENO) >= 0 ? frames : -1;
}

static void print_usage(const struct failure *failure)
{
    fprintf(stderr,
            "powerup-secrets-host: %s\n"
            "\n"
            "powerup-secrets-host %s is the native messaging host of powerup-secrets. Browsers\n"
            "start it themselves, through the manifest %s.json:\n"
            "  Chromium:  powerup-secrets-host chrome-extension://%s/\n"
            "  Firefox:   powerup-secrets-host /path/of/the/manifest.json %s\n"
            "There is nothing to run by hand. A last argument --verbose, which a script between\n"
            "browser and host may add, has it say on standard error what it does; the environment\n"
            "variable POWERUP_SECRETS_LOG names a file for the same.\n",
            failure->message, POWERUP_SECRETS_VERSION, POWERUP_SECRETS_NATIVE_NAME,
            POWERUP_SECRETS_CHROMIUM_ID, POWERUP_SECRETS_FIREFOX_ID);
}

int main(int argument_count, char **arguments)
{
    process_protect();
    process_close_inherited();
    int frames = take_stdout();
    struct failure failure = {0};

    if (frames < 0) {
        fprintf(stderr, "powerup-secrets-host: stdout cannot be used: %s\n", strerror(errno));
        return EXIT_BROKEN;
    }
    bool verbose = argument_count > 1 && strcmp(arguments[argument_count - 1], "--verbose") == 0;
    argument_count -= verbose;
    log_open(verbose);
    if (caller_check(argument_count, arguments, &failure) != STATUS_OK) {
        log_write("refused: not started by our extension");
        print_usage(&failure);
        return EXIT_USAGE;
    }
    log_write("start %s for %s", POWERUP_SECRETS_VERSION,
              argument_count > 2 && arguments[1][0] == '/' ? "Firefox" : "Chromium");
    /* A browser that is gone shows as a failed write, not as a signal. */
    (void)signal(SIGPIPE, SIG_IGN);
    if (serve(STDIN_FILENO, frames, sandbox_enter, &failure) != STATUS_OK) {
        fprintf(stderr, "powerup-secrets-host: %s: %s\n", status_name(failure.status),
                failure.message);
        log_write("end %s", status_name(failure.status));
        return EXIT_BROKEN;
    }
    log_write("end ok");
    return EXIT_OK;
}
