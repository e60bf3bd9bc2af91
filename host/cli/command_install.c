/* SPDX-License-Identifier: MIT */
#include "cli/command_install.h"

#include "browsers/browser_choice.h"
#include "browsers/manifest_file.h"
#include "cli/command_context.h"
#include "system/installation.h"

#include <stdlib.h>
#include <string.h>

static const char *const outcome_names[] = {
    [MANIFEST_WRITTEN] = "written",
    [MANIFEST_UNCHANGED] = "unchanged",
    [MANIFEST_REMOVED] = "removed",
    [MANIFEST_ABSENT] = "absent",
};

/* One run. */
struct run {
    struct command_context *context;
    struct manifest_job job;
    const char *names; /* NULL: all */
    bool in_table;     /* not one folder that was given */
    struct json_object *list;
    struct buffer skipped; /* names without a profile or program */
    size_t done;           /* browsers that have the manifest now, or have it no more */
    bool failed;
    bool family_done[FAMILY_FIREFOX + 1];
};

static enum status tell_json(struct run *run, const char *browser, const char *file,
                             const char *outcome, const char *reason)
{
    JSON_AUTO(row) = json_object_new_object();
    const struct {
        const char *name;
        const char *value;
    } members[] = {{"browser", browser}, {"file", file}, {"outcome", outcome}, {"reason", reason}};
    TRY(row != NULL ? STATUS_OK : STATUS_NO_MEMORY);

    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        struct view value =
            members[i].value != NULL ? view_of_text(members[i].value) : (struct view){NULL, 0};
        TRY(json_add_string(row, members[i].name, value));
    }
    return json_append(run->list, &row);
}

/* One line; `file` and `reason` may be NULL. */
static enum status tell(struct run *run, const char *browser, const char *file, const char *outcome,
                        const char *reason)
{
    struct buffer *output = &run->context->output;

    buffer_print(output, "%s: %s", browser, outcome);
    if (file != NULL) {
        buffer_add_text(output, " ");
        buffer_add_plain(output, view_of_text(file));
    }
    if (reason != NULL) {
        buffer_add_text(output, ": ");
        buffer_add_plain(output, view_of_text(reason));
    }
    buffer_add_text(output, "\n");
    return tell_json(run, browser, file, outcome, reason);
}

/* Whether a browser that is in use, and not named, reads the same file. */
static enum status find_other_reader(const struct run *run, const char *file,
                                     const char **ret_other, struct failure *failure)
{
    enum status status = STATUS_OK;

    *ret_other = NULL;
    for (size_t i = 0; status == STATUS_OK && i < browser_table_size; i++) {
        const struct browser_row *row = &browser_table[i];
        enum browser_choice choice = CHOICE_OTHER;
        BYTES_AUTO its = {0};
        if (browser_list_has(run->names, row->name)) {
            continue;
        }
        status = browser_choose(i, NULL, run->job.scope, &choice, failure);
        if (status == STATUS_OK && choice == CHOICE_CHOSEN) {
            status = browser_manifest_path(row, run->job.scope, &its, failure);
            if (status == STATUS_OK && strcmp((char *)its.data, file) == 0) {
                *ret_other = row->name;
            }
        }
    }
    return status;
}

/* One browser. What fails here fails the command in the end, and keeps none of the others. */
static enum status do_one(struct run *run, const char *browser, enum browser_family family,
                          const char *file, struct failure *failure)
{
    struct failure why = {0};
    enum manifest_outcome outcome = MANIFEST_ABSENT;
    const char *other = NULL;

    if (run->job.remove && run->in_table && run->names != NULL) {
        enum status found = find_other_reader(run, file, &other, failure);
        if (found != STATUS_OK) {
            return found;
        }
    }
    if (other != NULL) {
        BUFFER_AUTO reason = {0};
        buffer_print(&reason, "%s reads it too", other);
        buffer_add(&reason, (struct view){(const uint8_t *)"", 1});
        return buffer_status(&reason) == STATUS_OK
                   ? tell(run, browser, file, "kept", (char *)reason.data)
                   : STATUS_NO_MEMORY;
    }
    enum status status = manifest_file_do(&run->job, file, family, &outcome, &why);
    if (status == STATUS_NO_MEMORY) {
        return status;
    }
    if (status != STATUS_OK) {
        run->failed = true;
        return tell(run, browser, file, "failed", why.message);
    }
    /* Without names uninstall looks everywhere. */
    if (outcome == MANIFEST_ABSENT && run->in_table && run->names == NULL) {
        return STATUS_OK;
    }
    run->done++;
    run->family_done[family] = true;
    return tell(run, browser, file, outcome_names[outcome], NULL);
}

static enum status skip(struct run *run, size_t index, enum browser_choice choice,
                        struct failure *failure)
{
    const char *name = browser_table[index].name;
    bool chosen = false;

    if (choice == CHOICE_SANDBOXED) {
        return tell(run, name, NULL, "skipped",
                    "its Snap or Flatpak lets it start no program of the system; install the "
                    "browser as an ordinary package");
    }
    enum status status =
        browser_name_is_chosen(index, run->names, run->job.scope, &chosen, failure);
    if (status != STATUS_OK || chosen || !browser_is_first_of_name(index)) {
        return status;
    }
    buffer_print(&run->skipped, "%s%s", run->skipped.size > 0 ? ", " : "", name);
    return tell_json(run, name, NULL, "skipped",
                     choice == CHOICE_NOT_FOUND ? "its program is not here"
                                                : "it was never started here");
}

static enum status do_row(struct run *run, size_t index, struct failure *failure)
{
    const struct browser_row *row = &browser_table[index];
    enum browser_choice choice = CHOICE_OTHER;
    BYTES_AUTO file = {0};

    enum status status = browser_choose(index, run->names, run->job.scope, &choice, failure);
    if (status != STATUS_OK || choice == CHOICE_OTHER) {
        return status;
    }
    if (choice != CHOICE_CHOSEN && !run->job.remove) {
        return skip(run, index, choice, failure);
    }
    status = browser_manifest_path(row, run->job.scope, &file, failure);
    return status == STATUS_OK ? do_one(run, row->name, row->family, (char *)file.data, failure)
                               : status;
}

static enum status do_table(struct run *run, struct failure *failure)
{
    enum status status = STATUS_OK;

    for (size_t i = 0; status == STATUS_OK && i < browser_table_size; i++) {
        status = do_row(run, i, failure);
    }
    if (status == STATUS_OK && run->done == 0 && !run->failed && !run->job.remove) {
        return failure_set(failure, STATUS_ABSENT,
                           "No browser was found for which something can be installed; name one "
                           "with --browser, or start yours once.");
    }
    if (run->skipped.size > 0 && !run->job.remove) {
        buffer_print(&run->context->output, "skipped, because they are not in use here: ");
        buffer_join(&run->context->output, &run->skipped);
        buffer_add_text(&run->context->output, "\n");
    }
    if (run->done == 0 && run->job.remove && !run->failed) {
        buffer_add_text(&run->context->output, "nothing was installed\n");
    }
    return status;
}

static enum status do_folder(struct run *run, const char *folder, struct failure *failure)
{
    const struct browser_row *row = browser_first(run->names);
    BYTES_AUTO file = {0};

    if (run->names != NULL && strchr(run->names, ',') != NULL) {
        return failure_set(failure, STATUS_BAD_REQUEST,
                           "A profile is that of one browser; give --browser once.");
    }
    TRY(browser_manifest_path_in(folder, row->family, &file, failure));
    return do_one(run, row->name, row->family, (char *)file.data, failure);
}

/* What the browser needs beside the manifest. */
static void note_extensions(struct run *run)
{
    char path[PATH_MAX] = "";
    struct failure ignored = {0};

    for (enum browser_family family = 0; family <= FAMILY_FIREFOX; family++) {
        if (run->family_done[family] && !run->job.remove &&
            installation_extension(browser_family_name(family), path, &ignored) == STATUS_OK) {
            buffer_print(&run->context->notes, "extension for the %s family: %s\n",
                         browser_family_name(family), path);
        }
    }
}

/* What lies below $DESTDIR will lie below / once it is installed, and the manifest says where. */
static const char *final_place(const char *host)
{
    const char *root = getenv("DESTDIR");
    char real[PATH_MAX];

    if (root == NULL || realpath(root, real) == NULL) {
        return host;
    }
    size_t size = strlen(real);
    return strncmp(host, real, size) == 0 && host[size] == '/' ? host + size : host;
}

static enum status do_all(struct command_context *context, bool remove, struct json_object *list,
                          struct failure *failure)
{
    const char *folder = context->arguments->values[OPTION_USER_DATA_DIR];
    bool system = arguments_have(context->arguments, OPTION_SYSTEM);
    char host[PATH_MAX] = "";
    struct run run = {
        .context = context,
        .job = {.remove = remove, .host = host, .scope = system ? SCOPE_SYSTEM : SCOPE_USER},
        .names = context->arguments->values[OPTION_BROWSER],
        .in_table = folder == NULL,
        .list = list,
    };
    enum status status = STATUS_OK;

    if (system && folder != NULL) {
        return failure_set(failure, STATUS_BAD_REQUEST,
                           "--system and --user-data-dir exclude each other; give one.");
    }
    if (!remove) {
        status = installation_host(host, failure);
    }
    if (status == STATUS_ABSENT) {
        status = STATUS_IO_FAILED; /* not what was asked for */
    }
    if (system) {
        run.job.host = final_place(host);
    }
    if (status == STATUS_OK) {
        status = folder != NULL ? do_folder(&run, folder, failure) : do_table(&run, failure);
    }
    if (status == STATUS_OK) {
        note_extensions(&run);
    }
    context->failed = run.failed;
    buffer_wipe(&run.skipped);
    return status;
}

static enum status do_command(struct command_context *context, bool remove, struct failure *failure)
{
    JSON_AUTO(list) = json_object_new_array();

    if (list == NULL) {
        return command_no_memory(failure);
    }
    TRY(arguments_have(context->arguments, OPTION_TABLE) ? install_table(list, &context->output)
                                                         : do_all(context, remove, list, failure));
    if (command_wants_json(context)) {
        context->result = list;
        list = NULL;
    }
    return STATUS_OK;
}

enum status command_install(struct command_context *context, struct failure *failure)
{
    return do_command(context, false, failure);
}

enum status command_uninstall(struct command_context *context, struct failure *failure)
{
    return do_command(context, true, failure);
}
