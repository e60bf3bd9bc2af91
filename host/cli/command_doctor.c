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
    enum status status = STATUS_OK;

    for (size_t i = 0; status == STATUS_OK && i < sizeof parts / sizeof parts[0]; i++) {
        status = parts[i](doctor, failure);
    }
    return status == STATUS_OK ? findings_status(doctor->findings) : status;
}

enum status command_doctor(struct command_context *context, struct failure *failure)
{
    const char *const *values = (const char *const *)context->arguments->values;
    FINDINGS_AUTO findings = findings_init();
    TEMPORARY_FOLDER_AUTO temporary = {0};

    /* What ended must be waited for, even where this program was started by one that does not. */
    (void)signal(SIGCHLD, SIG_DFL);
    enum status status = findings_status(&findings);
    if (status == STATUS_OK) {
        status = temporary_folder_make(&temporary, failure);
    }
    if (status == STATUS_OK) {
        status = examine(
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
            failure);
    }
    if (status != STATUS_OK) {
        return status;
    }
    context->failed = findings.problems > 0;
    if (command_wants_json(context)) {
        context->result = findings.list;
        findings.list = NULL;
    } else {
        findings_print(&findings, &context->output);
    }
    return STATUS_OK;
}
