/* SPDX-License-Identifier: MIT */
#include "cli/command_run.h"

#include "base/file.h"
#include "cli/command_ask.h"
#include "cli/command_context.h"
#include "cli/print.h"
#include "store/revisions.h"
#include "store/store_open.h"
#include "store/transaction.h"
#include "wire/change_signal.h"
#include "wire/control_socket.h"

static bool has_step(const struct command_context *context, unsigned step)
{
    return ((unsigned)context->kind & step) != 0;
}

static enum status run_in_transaction(struct command_context *context, struct failure *failure)
{
    TRANSACTION_AUTO transaction = {0};
    bool writes = has_step(context, STEP_WRITE);

    if (!writes && !has_step(context, STEP_READ)) {
        return context->command->run(context, failure);
    }
    TRY(transaction_begin(context->store, writes ? TRANSACTION_WRITE : TRANSACTION_READ,
                          &transaction, failure));
    context->in_transaction = true;
    TRY(context->command->run(context, failure));
    context->in_transaction = false;
    return writes ? transaction_commit(&transaction, failure) : STATUS_OK;
}

/* Has the hosts tell what has changed, in case that this command ends before it has asked them. */
static enum status signal_hosts(const struct command_context *context, struct failure *failure)
{
    FD_AUTO folder = -1;

    enum status status = control_folder_open((const char *)context->state.data, &folder, failure);
    return status == STATUS_OK ? change_signal_send(folder, failure) : status_allow_absent(status);
}

struct changes {
    struct command_context *context;
    int64_t since; /* the last revision before the command */
};

static enum status concern_if_changed(void *data, struct view origin, int64_t number,
                                      struct failure *failure)
{
    const struct changes *changes = data;

    return number > changes->since
               ? failure_explain(failure, command_concern(changes->context, origin))
               : STATUS_OK;
}

/* Runs it; a change of plugin data concerns every origin of its Power-Up. */
static enum status run_and_note_changes(struct command_context *context, struct failure *failure)
{
    struct changes changes = {.context = context};

    if (!has_step(context, STEP_APPLY)) {
        return run_in_transaction(context, failure);
    }
    TRY(revisions_latest(context->store, &changes.since, failure));
    TRY(run_in_transaction(context, failure));
    if (!revisions_take_growth(context->store)) {
        return STATUS_OK;
    }
    TRY(signal_hosts(context, failure));
    return context->origins != NULL ? revisions_visit(context->store, (struct view){NULL, 0},
                                                      concern_if_changed, &changes, failure)
                                    : STATUS_OK;
}

/* Says what became of a change. */
static const char *rest_of_change(const struct command_context *context)
{
    bool changes = has_step(context, STEP_APPLY);

    return changes && context->not_confirmed
               ? "; the change is stored, and in force where it was confirmed"
               : "";
}

enum status command_report_confirmed(struct command_context *context, const char *else_what)
{
    if (context->confirmed == 0 && context->expected.count == 0 && !context->not_confirmed) {
        print_note(&context->notes, "no browser is running on this state folder; %s", else_what);
    } else {
        print_note(&context->notes, "%zu browser%s confirmed%s", context->confirmed,
                   context->confirmed == 1 ? "" : "s", rest_of_change(context));
    }
    if (!command_wants_json(context)) {
        return STATUS_OK;
    }
    if (context->result == NULL) {
        context->result = json_object_new_object();
    }
    json_set_number(context->result, "confirmed", (int64_t)context->confirmed);
    return json_status(context->result);
}

/* Reading makes no state folder. */
static enum status open_store(struct command_context *context, struct failure *failure)
{
    const char *folder = (const char *)context->state.data;

    if (has_step(context, STEP_WRITE) || has_step(context, STEP_APPLY) || store_exists(folder)) {
        return kept_store_take(context->kept, folder, &context->store, failure);
    }
    print_note(&context->notes, "the state folder %s has no store yet", folder);
    context->kept = NULL; /* it is nobody else's */
    return store_open_empty(&context->store, failure);
}

enum status command_run(struct command_context *context, struct failure *failure)
{
    context->kind = context->command->kind;
    if (context->kind != COMMAND_PLAIN) {
        TRY(command_find_state(context, failure));
    }
    if (context->command->prepare != NULL) {
        TRY(context->command->prepare(context, failure));
    }
    if (has_step(context, STEP_OPEN)) {
        TRY(open_store(context, failure));
    }
    if (command_origin(context).size > 0) {
        TRY(failure_explain(failure, command_concern(context, command_origin(context))));
    }
    if (has_step(context, STEP_REPORT)) {
        TRY(command_ask_pages(context, "report", failure));
    }
    TRY(run_and_note_changes(context, failure));
    if (has_step(context, STEP_APPLY)) {
        TRY(command_ask_pages(context, "apply", failure));
        TRY(command_report_confirmed(
            context, "the change is in force for every page that is opened from now on"));
    }
    return STATUS_OK;
}
