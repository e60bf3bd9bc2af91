/* SPDX-License-Identifier: MIT */
#include "browsers/doctor.h"
#include "cli/command_context.h"
#include "cli/command_table.h"
#include "system/temporary_folder.h"

#include <signal.h>

enum { TIMEOUT_DEFAULT_MS = 60 * 1000 };

static enum status examine(const struct doctor *doctor, struct failure *failure)
{
    enum status (*const parts[])(const struct doctor *, struct failure *) = {
        doctor_installation,
        doctor_state,
        doctor_browsers,
        doctor_round_trips,
    };

    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        TRY(parts[i](doctor, failure));
    }
    return findings_status(doctor->findings);
}

static enum status run_doctor(struct command_context *context, struct failure *failure)
{
    const char *const *values = (const char *const *)context->arguments->values;
    FINDINGS_AUTO findings = findings_init();
    TEMPORARY_FOLDER_AUTO temporary = {0};

    /* Children must be waited for, even where the parent ignored SIGCHLD. */
    (void)signal(SIGCHLD, SIG_DFL);
    TRY(command_find_state(context, failure));
    TRY(findings_status(&findings));
    TRY(temporary_folder_make(&temporary, failure));
    TRY(examine(
        &(struct doctor){
            .names = values[OPTION_BROWSER],
            .user_data_dir = values[OPTION_USER_DATA_DIR],
            .state = (const char *)context->state.data,
            .temporary = (const char *)temporary.data,
            .timeout_ms = values[OPTION_TIMEOUT] != NULL
                              ? option_milliseconds(values[OPTION_TIMEOUT])
                              : TIMEOUT_DEFAULT_MS,
            .findings = &findings,
        },
        failure));
    context->failed = findings.problems > 0;
    if (command_wants_json(context)) {
        MOVE(context->result, findings.list);
    } else {
        findings_print(&findings, &context->output);
    }
    return STATUS_OK;
}

const struct command command_doctor = {
    .name = "doctor",
    .help = "find out why a browser does not find the host",
    .more =
        "Looks at the browsers, at their native manifests by the rules of each browser, at the "
        "host, which it starts as browsers do and says hello to, and at the state folder and its "
        "database. Each finding is a line: ok, warning or problem, what it is about, and the "
        "command that fixes it. The exit status is 1 when there is a problem. With --json it "
        "prints an array of objects with level, subject, text and fix. A browser named with "
        "--browser is also started, headless, with a temporary profile and the extension, and "
        "must reach its host within --timeout. --user-data-dir looks at a test profile only, as "
        "for install.",
    .options = OPTIONS(
        {OPTION_BROWSER, false,
         "only this browser, which is also started; may be given several times"},
        OPTIONAL(USER_DATA_DIR),
        {OPTION_TIMEOUT, false, "how long a browser may take to reach its host (default: 60)"}),
    .kind = COMMAND_PLAIN,
    .run = run_doctor,
};
