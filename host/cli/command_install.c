/* SPDX-License-Identifier: MIT */
#include "cli/command_install.h"

#include "browsers/browser_choice.h"
#include "browsers/manifest_file.h"
#include "cli/command_context.h"
#include "cli/command_table.h"
#include "cli/listing.h"
#include "cli/print.h"
#include "system/installation.h"
#include "system/invoking_user.h"

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
    char host[PATH_MAX]; /* what job.host points into */
    const char *names;   /* NULL: all */
    bool in_table;       /* not one folder that was given */
    struct json_object *list;
    struct buffer skipped;  /* names without a profile or program */
    struct buffer enclosed; /* names in a sandbox that keeps them from the host */
    size_t done;            /* browsers that now have the manifest, or no longer have it */
    bool failed;
    bool family_done[FAMILY_FIREFOX + 1];
};
#define RUN_AUTO __attribute__((cleanup(run_free))) struct run

static void run_free(struct run *run)
{
    buffer_wipe(&run->skipped);
    buffer_wipe(&run->enclosed);
}

static enum status report_json(struct run *run, const char *browser, const char *file,
                               const char *outcome, const char *reason)
{
    JSON_AUTO(row) = json_object_new_object();
    const struct member_text members[] = {
        {"browser", view_of_text(browser)},
        {"file", listing_text(file)},
        {"outcome", view_of_text(outcome)},
        {"reason", listing_text(reason)},
    };

    listing_set_texts(row, members, sizeof members / sizeof members[0]);
    json_push(run->list, &row);
    return json_status(run->list);
}

/* One line; `file` and `reason` may be NULL. */
static enum status report(struct run *run, const char *browser, const char *file,
                          const char *outcome, const char *reason)
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
    return report_json(run, browser, file, outcome, reason);
}

/* Whether a row's browser is in use and reads a file. */
static enum status reads_file(const struct run *run, size_t index, const char *file,
                              bool *ret_reads, struct failure *failure)
{
    enum browser_choice choice = CHOICE_OTHER;
    BYTES_AUTO its = {0};

    *ret_reads = false;
    TRY(browser_choose(index, NULL, run->job.scope, &choice, failure));
    if (choice != CHOICE_CHOSEN) {
        return STATUS_OK;
    }
    TRY(browser_manifest_path(&browser_table[index], run->job.scope, &its, failure));
    *ret_reads = strcmp((char *)its.data, file) == 0;
    return STATUS_OK;
}

/* The last browser in use that was not named and reads the same file, or NULL. */
static enum status find_other_reader(const struct run *run, const char *file,
                                     const char **ret_other, struct failure *failure)
{
    const char *other = NULL;

    for (size_t i = 0; i < browser_table_size; i++) {
        bool reads = false;
        if (browser_list_has(run->names, browser_table[i].name)) {
            continue;
        }
        TRY(reads_file(run, i, file, &reads, failure));
        other = reads ? browser_table[i].name : other;
    }
    *ret_other = other;
    return STATUS_OK;
}

static enum status report_kept(struct run *run, const char *browser, const char *file,
                               const char *other)
{
    BUFFER_AUTO reason = {0};

    buffer_print(&reason, "%s reads it too", other);
    buffer_add(&reason, (struct view){(const uint8_t *)"", 1});
    TRY(buffer_status(&reason));
    return report(run, browser, file, "kept", (char *)reason.data);
}

/* One browser. A failure here fails the command in the end, but does not stop the other browsers.
 */
static enum status do_one(struct run *run, const char *browser, enum browser_family family,
                          const char *file, struct failure *failure)
{
    struct failure why = {0};
    enum manifest_outcome outcome = MANIFEST_ABSENT;
    const char *other = NULL;

    if (run->job.remove && run->in_table && run->names != NULL) {
        TRY(find_other_reader(run, file, &other, failure));
    }
    if (other != NULL) {
        return report_kept(run, browser, file, other);
    }
    enum status status = manifest_file_do(&run->job, file, family, &outcome, &why);
    if (status == STATUS_NO_MEMORY) {
        return status;
    }
    if (status != STATUS_OK) {
        run->failed = true;
        return report(run, browser, file, "failed", why.message);
    }
    /* Without names uninstall looks everywhere. */
    if (outcome == MANIFEST_ABSENT && run->in_table && run->names == NULL) {
        return STATUS_OK;
    }
    run->done++;
    run->family_done[family] = true;
    return report(run, browser, file, outcome_names[outcome], NULL);
}

static enum status skip(struct run *run, size_t index, enum browser_choice choice,
                        struct failure *failure)
{
    const char *name = browser_table[index].name;
    bool chosen = false;

    if (choice == CHOICE_SANDBOXED) {
        buffer_print(&run->enclosed, "%s%s", run->enclosed.size > 0 ? ", " : "", name);
        return report(
            run, name, NULL, "skipped",
            "its Snap or Flatpak sandbox cannot start programs of the system; install the "
            "browser as an ordinary package");
    }
    TRY(browser_name_is_chosen(index, run->names, run->job.scope, &chosen, failure));
    if (chosen || !browser_is_first_of_name(index)) {
        return STATUS_OK;
    }
    buffer_print(&run->skipped, "%s%s", run->skipped.size > 0 ? ", " : "", name);
    return report_json(run, name, NULL, "skipped",
                       choice == CHOICE_NOT_FOUND ? "its program is not here"
                                                  : "it was never started here");
}

/* One that was named and looks in no folder of this scope. */
static enum status skip_without_folder(struct run *run, size_t index, struct failure *failure)
{
    const char *name = browser_table[index].name;
    bool chosen = false;

    if (run->job.remove || run->names == NULL || !browser_list_has(run->names, name) ||
        !browser_is_first_of_name(index)) {
        return STATUS_OK;
    }
    TRY(browser_name_is_chosen(index, run->names, run->job.scope, &chosen, failure));
    return chosen || run->job.scope != SCOPE_SYSTEM
               ? STATUS_OK
               : report(run, name, NULL, "skipped",
                        "it has no folder of all users; install without --system");
}

static enum status do_row(struct run *run, size_t index, struct failure *failure)
{
    const struct browser_row *row = &browser_table[index];
    enum browser_choice choice = CHOICE_OTHER;
    BYTES_AUTO file = {0};

    TRY(browser_choose(index, run->names, run->job.scope, &choice, failure));
    if (choice == CHOICE_OTHER) {
        return skip_without_folder(run, index, failure);
    }
    if (choice != CHOICE_CHOSEN && !run->job.remove) {
        return skip(run, index, choice, failure);
    }
    TRY(browser_manifest_path(row, run->job.scope, &file, failure));
    return do_one(run, row->name, row->family, (char *)file.data, failure);
}

static enum status refuse_none(const struct run *run, struct failure *failure)
{
    if (run->names != NULL) {
        return failure_set(failure, STATUS_ABSENT,
                           "There is no folder of all users for the native manifest of %s; "
                           "install for each user, without --system.",
                           run->names);
    }
    if (run->enclosed.size > 0) {
        return failure_set(failure, STATUS_ABSENT,
                           "No browser was found to install for: the Snap or Flatpak of %.*s "
                           "cannot start programs of the system. Install the browser as an "
                           "ordinary package, or name one with --browser.",
                           (int)run->enclosed.size, (const char *)run->enclosed.data);
    }
    return failure_set(failure, STATUS_ABSENT,
                       "No browser was found to install for; name one with --browser%s.",
                       run->job.scope == SCOPE_SYSTEM ? "" : ", or start yours once");
}

static enum status do_table(struct run *run, struct failure *failure)
{
    for (size_t i = 0; i < browser_table_size; i++) {
        TRY(do_row(run, i, failure));
    }
    if (run->done == 0 && !run->failed && !run->job.remove) {
        return refuse_none(run, failure);
    }
    if (run->skipped.size > 0 && !run->job.remove) {
        buffer_print(&run->context->output, "skipped, because they are not in use here: ");
        buffer_join(&run->context->output, &run->skipped);
        buffer_add_text(&run->context->output, "\n");
    }
    if (run->done == 0 && run->job.remove && !run->failed) {
        buffer_add_text(&run->context->output, "nothing was installed\n");
    }
    return STATUS_OK;
}

static enum status do_folder(struct run *run, const char *folder, struct failure *failure)
{
    const struct browser_row *row = browser_first(run->names);
    BYTES_AUTO file = {0};

    if (run->names != NULL && strchr(run->names, ',') != NULL) {
        return failure_set(failure, STATUS_BAD_REQUEST,
                           "--user-data-dir is the profile of one browser; give --browser once.");
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
            print_note(&run->context->notes, "extension for the %s family: %s",
                       browser_family_name(family), path);
        }
    }
}

/* Root's browsers are hardly meant by somebody who uses sudo, and what root writes may be kept from
 * theirs. */
static void note_user(struct run *run)
{
    const char *folder = run->context->arguments->values[OPTION_USER_DATA_DIR];
    const char *place = folder != NULL ? folder : getenv("HOME");
    struct buffer *notes = &run->context->notes;
    struct invoking_user user;

    if (run->job.scope == SCOPE_SYSTEM || place == NULL || !invoking_user_find(&user)) {
        return;
    }
    bool is_theirs = invoking_user_owns(&user, place);
    if (is_theirs ? run->job.remove : folder != NULL) {
        return;
    }
    buffer_print(notes, "%s runs this as %s, and %s is ", user.name, user.as,
                 folder != NULL ? "--user-data-dir" : "HOME");
    buffer_add_plain(notes, view_of_text(place));
    buffer_print(notes,
                 is_theirs
                     ? ", which belongs to %s: what is written there belongs to %s, and a "
                       "browser of %s may not be able to read it; run this without sudo\n"
                     : ": this is not for %s but for the browsers of %s, and those of %s look "
                       "elsewhere; run it without sudo, or for all users with --system\n",
                 user.name, user.as, user.name);
}

/* What is below $DESTDIR will be below / once it is installed; the manifest has that path. */
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

/* The host that manifests name. */
static enum status find_host(struct run *run, struct failure *failure)
{
    enum status status = installation_host(run->host, failure);

    if (status == STATUS_ABSENT) {
        return STATUS_IO_FAILED; /* the host is not what was asked for */
    }
    TRY(status);
    run->job.host = run->job.scope == SCOPE_SYSTEM ? final_place(run->host) : run->host;
    return STATUS_OK;
}

static enum status do_all(struct run *run, struct failure *failure)
{
    const char *folder = run->context->arguments->values[OPTION_USER_DATA_DIR];

    if (run->job.scope == SCOPE_SYSTEM && folder != NULL) {
        return failure_set(failure, STATUS_BAD_REQUEST,
                           "--system and --user-data-dir cannot be combined; give one of them.");
    }
    note_user(run);
    if (!run->job.remove) {
        TRY(find_host(run, failure));
    }
    run->in_table = folder == NULL;
    TRY(folder != NULL ? do_folder(run, folder, failure) : do_table(run, failure));
    note_extensions(run);
    return STATUS_OK;
}

static enum status run_with(struct command_context *context, bool remove, struct failure *failure)
{
    bool system = arguments_have(context->arguments, OPTION_SYSTEM);
    JSON_AUTO(list) = json_object_new_array();
    RUN_AUTO run = {
        .context = context,
        .job = {.remove = remove, .scope = system ? SCOPE_SYSTEM : SCOPE_USER},
        .names = context->arguments->values[OPTION_BROWSER],
        .list = list,
    };

    TRY(list != NULL ? STATUS_OK : STATUS_NO_MEMORY);
    TRY(do_all(&run, failure));
    context->failed = run.failed;
    if (command_wants_json(context)) {
        MOVE(context->result, list);
    }
    return STATUS_OK;
}

static enum status run_install(struct command_context *context, struct failure *failure)
{
    return arguments_have(context->arguments, OPTION_TABLE) ? install_table(context)
                                                            : run_with(context, false, failure);
}

const struct command command_install = {
    .name = "install",
    .help = "let browsers find the host",
    .more =
        "Writes the native manifest for every browser that was started here, or for those that "
        "are named, and reports each file: written, unchanged or failed; and which browsers were "
        "skipped. A file is replaced as a whole, by renaming. A file that install did not write "
        "is left alone, which is an error; an error with one browser does not stop the others, "
        "and makes the exit status 1. With --json it prints an array of objects with browser, "
        "file, outcome (written, unchanged, removed, absent, kept, failed or skipped) and "
        "reason. By sudo it is for the browsers of the user that it runs as; a note says so. "
        "--system installs for every browser whose program is found, or for those that "
        "are named. --user-data-dir is for a Chromium unless --browser names another browser.",
    .options =
        OPTIONS({OPTION_BROWSER, false,
                 "only for this browser, even if it never ran; may be given several times"},
                OPTIONAL(SYSTEM), OPTIONAL(USER_DATA_DIR),
                {OPTION_TABLE, false, "print the browsers, and where each looks for the manifest"}),
    .kind = COMMAND_PLAIN,
    .run = run_install,
};

static enum status run_uninstall(struct command_context *context, struct failure *failure)
{
    return run_with(context, true, failure);
}

const struct command command_uninstall = {
    .name = "uninstall",
    .help = "undo what install did",
    .more = "Without options it looks wherever a browser may look in the home folder. A file that "
            "install did not write is left alone, which is an error. A file that a named browser "
            "shares with another browser in use is kept.",
    .options = OPTIONS({OPTION_BROWSER, false, "only for this browser; may be given several times"},
                       OPTIONAL(SYSTEM), OPTIONAL(USER_DATA_DIR)),
    .kind = COMMAND_PLAIN,
    .run = run_uninstall,
};
