/* SPDX-License-Identifier: MIT */
#include "browsers/doctor.h"
#include "cli/command_context.h"
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

enum status command_doctor(struct command_context *context, struct failure *failure)
{
    const char *const *values = (const char *const *)context->arguments->values;
    FINDINGS_AUTO findings = findings_init();
    TEMPORARY_FOLDER_AUTO temporary = {0};

    /* What ended must be waited for, even where this program was started by one that does not. */
    (void)signal(SIGCHLD, SIG_DFL);
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
        context->result = findings.list;
        findings.list = NULL;
    } else {
        findings_print(&findings, &context->output);
    }
    return STATUS_OK;
}
