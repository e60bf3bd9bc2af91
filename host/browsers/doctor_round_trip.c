/* SPDX-License-Identifier: MIT */
#include "base/clock.h"
#include "base/file.h"
#include "base/identity.h"
#include "base/path.h"
#include "base/request.h"
#include "browsers/doctor.h"
#include "browsers/kept_out.h"
#include "browsers/native_manifest.h"
#include "system/child_process.h"
#include "system/installation.h"
#include "wire/running_browsers.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* How long a browser may take to end, and how often its host is looked for. */
enum { END_MS = 5000, LOOK_MS = 50, ASK_MS = 2000, TEXT_SIZE = PATH_MAX + 128 };

/* Interrupted: the browser must not stay behind. */
static volatile sig_atomic_t interrupted;

static void note_signal(int number)
{
    (void)number;
    interrupted = 1;
}

enum { SIGNALS = 3 };
static const int stopping[SIGNALS] = {SIGINT, SIGTERM, SIGHUP};

/* One browser, with everything that it writes below one folder. */
struct trip {
    const struct doctor *doctor;
    const struct browser_row *row;
    const char *program;
    char extension[PATH_MAX];
    char home[TEXT_SIZE];
    char profile[TEXT_SIZE];
    char state[TEXT_SIZE];
    char log[TEXT_SIZE];
};

static struct trip trip_init(const struct doctor *doctor, const struct browser_row *row,
                             const char *program)
{
    struct trip trip = {.doctor = doctor, .row = row, .program = program};
    const struct {
        char *text;
        const char *name;
    } places[] = {{trip.home, "home"},
                  {trip.profile, "profile"},
                  {trip.state, "trip"},
                  {trip.log, "browser.log"}};

    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        (void)snprintf(places[i].text, TEXT_SIZE, "%s/%s-%s", doctor->temporary, row->name,
                       places[i].name);
    }
    return trip;
}

/* The manifest of one scope. STATUS_ABSENT: there is none. */
static enum status load_manifest(const struct trip *trip, enum browser_scope scope,
                                 struct bytes *ret_text, struct failure *failure)
{
    const char *folder = trip->doctor->user_data_dir;
    BYTES_AUTO file = {0};

    TRY(folder != NULL ? browser_manifest_path_in(folder, trip->row->family, &file, failure)
                       : browser_manifest_path(trip->row, scope, &file, failure));
    return file_load((char *)file.data, ret_text, failure);
}

/* The manifest that this browser would find, as it is; one of ours where there is none. */
static enum status take_manifest(const struct trip *trip, struct bytes *ret_text,
                                 struct failure *failure)
{
    char host[PATH_MAX] = "";

    for (enum browser_scope scope = 0; scope <= SCOPE_SYSTEM; scope++) {
        enum status status = load_manifest(trip, scope, ret_text, failure);
        if (status != STATUS_ABSENT) {
            return status;
        }
    }
    TRY(installation_host(host, failure));
    return native_manifest_text(trip->row->family, host, ret_text, failure);
}

static enum status write_manifest(const struct trip *trip, struct failure *failure)
{
    const char *folder = trip->row->family == FAMILY_CHROMIUM ? trip->profile : trip->home;
    BYTES_AUTO text = {0};
    BYTES_AUTO file = {0};

    TRY(take_manifest(trip, &text, failure));
    TRY(browser_manifest_path_in(folder, trip->row->family, &file, failure));
    TRY(file_make_folder((char *)file.data, 0700, failure));
    return file_replace((char *)file.data, view_of_bytes(&text), failure);
}

/* Firefox takes an unpacked extension from a file in its profile that has its path. */
static enum status prepare_firefox(const struct trip *trip, struct failure *failure)
{
    static const char preferences[] =
        "user_pref('extensions.autoDisableScopes', 0);\n"
        "user_pref('xpinstall.signatures.required', false);\n"
        "user_pref('app.normandy.enabled', false);\n"
        "user_pref('browser.aboutwelcome.enabled', false);\n"
        "user_pref('browser.shell.checkDefaultBrowser', false);\n"
        "user_pref('datareporting.policy.dataSubmissionEnabled', false);\n"
        "user_pref('network.captive-portal-service.enabled', false);\n"
        "user_pref('network.connectivity-service.enabled', false);\n";
    BYTES_AUTO pointer = {0};
    BYTES_AUTO settings = {0};

    TRY(path_join(trip->profile, "extensions/" POWERUP_SECRETS_FIREFOX_ID, &pointer, failure));
    TRY(path_join(trip->profile, "user.js", &settings, failure));
    TRY(file_make_folder((char *)pointer.data, 0700, failure));
    TRY(file_replace((char *)pointer.data, view_of_text(trip->extension), failure));
    return file_replace((char *)settings.data, view_of_text(preferences), failure);
}

static enum status prepare(struct trip *trip, struct failure *failure)
{
    TRY(installation_extension(browser_family_name(trip->row->family), trip->extension, failure));
    int code = folder_make(trip->home, 0700);
    if (code != 0) {
        return failure_set(failure, STATUS_IO_FAILED, "%s cannot be made: %s.", trip->home,
                           strerror(code));
    }
    TRY(write_manifest(trip, failure));
    return trip->row->family == FAMILY_FIREFOX ? prepare_firefox(trip, failure) : STATUS_OK;
}

/* The arguments and variables that hold a path. */
struct trip_texts {
    char user_data[TEXT_SIZE];
    char load[TEXT_SIZE];
    char except[TEXT_SIZE];
    char home[TEXT_SIZE];
    char config[TEXT_SIZE];
    char chrome_config[TEXT_SIZE];
    char cache[TEXT_SIZE];
    char state[TEXT_SIZE];
    char temporary[TEXT_SIZE];
};

static void fill_texts(const struct trip *trip, struct trip_texts *texts)
{
    const struct {
        char *text;
        const char *name;
        const char *path;
        const char *below;
    } parts[] = {
        {texts->user_data, "--user-data-dir=", trip->profile, ""},
        {texts->load, "--load-extension=", trip->extension, ""},
        {texts->except, "--disable-extensions-except=", trip->extension, ""},
        {texts->home, "HOME=", trip->home, ""},
        {texts->config, "XDG_CONFIG_HOME=", trip->home, "/.config"},
        /* Empty, it would have Chromium write into the current folder. */
        {texts->chrome_config, "CHROME_CONFIG_HOME=", trip->home, "/.config"},
        {texts->cache, "XDG_CACHE_HOME=", trip->home, "/.cache"},
        {texts->state, "POWERUP_SECRETS_DIR=", trip->state, ""},
        {texts->temporary, "TMPDIR=", trip->doctor->temporary, ""},
    };

    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        (void)snprintf(parts[i].text, TEXT_SIZE, "%s%s%s", parts[i].name, parts[i].path,
                       parts[i].below);
    }
}

static enum status start(const struct trip *trip, struct child_process *ret_browser,
                         struct failure *failure)
{
    struct trip_texts texts;
    const char *const firefox[] = {trip->program, "--headless",  "--no-remote", "--profile",
                                   trip->profile, "about:blank", NULL};
    const char *const chromium[] = {
        trip->program,
        "--headless",
        texts.user_data,
        texts.load,
        texts.except,
        "--no-first-run",
        "--no-default-browser-check",
        "--disable-gpu",
        "--disable-sync",
        "--disable-background-networking",
        "--disable-component-update",
        "--password-store=basic",
        "about:blank",
        /* Chromium's sandbox does not work for root. */
        geteuid() == 0 ? "--no-sandbox" : NULL,
        NULL,
    };
    const char *const variables[] = {
        texts.home,
        texts.config,
        texts.chrome_config,
        texts.cache,
        texts.state,
        texts.temporary,
        "POWERUP_SECRETS_BROWSER_PROFILE=",
        NULL,
    };

    fill_texts(trip, &texts);
    return child_process_start(
        &(struct child_request){
            .program = trip->program,
            .arguments = trip->row->family == FAMILY_CHROMIUM ? chromium : firefox,
            .variables = variables,
            .log = trip->log,
            .own_group = true,
        },
        ret_browser, failure);
}

/* Asks the host whether its browser has the current settings. STATUS_ABSENT: there is none yet, or
 * it has not. On STATUS_OK the caller owns *ret_greeting. */
static enum status ask(const struct trip *trip, struct json_object **ret_greeting,
                       struct failure *failure)
{
    JSON_AUTO(request) = json_object_new_object();
    RUNNING_BROWSERS_AUTO list = {0};

    json_set_string(request, "op", view_of_text("apply"));
    json_set_number(request, "limitMs", ASK_MS);
    TRY(failure_explain(failure, json_status(request)));
    TRY(running_browsers_ask_all(trip->state, request, ASK_MS, &list, failure));
    for (size_t i = 0; i < list.count; i++) {
        if (list.browsers[i].state == RUNNING_BROWSER_ANSWERED) {
            *ret_greeting = json_object_get(list.browsers[i].greeting);
            return STATUS_OK;
        }
    }
    return STATUS_ABSENT;
}

/* A wrapper of the distribution may have added a flag to those that it was given. */
static void report_kept_out(const struct trip *trip, const char *argument)
{
    findings_add(trip->doctor->findings, FINDING_PROBLEM, trip->row->name,
                 "remove the flag from what starts the browser, such as its wrapper or the "
                 "variable CHROMIUM_FLAGS",
                 "%s runs with %s, which keeps the extension out.", trip->program, argument);
}

static void report_failure(const struct trip *trip, const char *what)
{
    bool enclosed = browser_is_enclosed(trip->row);
    char words[LAST_LINE_SIZE];

    log_last_line(trip->log, words);
    findings_add(
        trip->doctor->findings, FINDING_PROBLEM, trip->row->name, enclosed ? FIX_ENCLOSED : NULL,
        "%s, started with the extension, %s.%s%s", trip->program, what,
        trip->row->family == FAMILY_FIREFOX
            ? " (A release of Firefox loads no unsigned extension; ESR, Developer Edition "
              "and Nightly do.)"
        : enclosed ? " (The sandbox of a Snap or Flatpak does not let it start programs of "
                     "the system.)"
                   : "",
        words);
}

static void report_success(const struct trip *trip, struct json_object *greeting, int64_t took_ms)
{
    struct view browser = request_string(greeting, "browser");
    struct view extension = request_string(greeting, "extension");
    struct view host = request_string(greeting, "host");
    bool fits = view_equal(extension, view_of_text(POWERUP_SECRETS_VERSION)) &&
                view_equal(host, view_of_text(POWERUP_SECRETS_VERSION));
    char fix[FIX_SIZE];

    doctor_fix(trip->doctor, trip->row, SCOPE_USER, NULL, fix);
    findings_add(trip->doctor->findings, fits ? FINDING_OK : FINDING_PROBLEM, trip->row->name,
                 fits ? NULL : fix,
                 "%.*s with extension %.*s reached host %.*s and has the current settings, %.1f "
                 "seconds after it was started%s.",
                 (int)browser.size, (const char *)browser.data, (int)extension.size,
                 (const char *)extension.data, (int)host.size, (const char *)host.data,
                 (double)took_ms / 1000,
                 fits ? ""
                      : "; the versions differ from this command line's, " POWERUP_SECRETS_VERSION);
}

static void report_timeout(const struct trip *trip, const struct child_process *browser)
{
    char argument[KEPT_OUT_SIZE];
    char what[128];

    kept_out_of_process(browser->pid, trip->extension, argument);
    if (trip->row->family == FAMILY_CHROMIUM && argument[0] != '\0') {
        report_kept_out(trip, argument);
        return;
    }
    (void)snprintf(what, sizeof what, "did not reach its host within %g s",
                   (double)trip->doctor->timeout_ms / 1000);
    report_failure(trip, what);
}

static enum status wait_for(const struct trip *trip, struct child_process *browser,
                            struct failure *failure)
{
    int64_t started = clock_now_ms();
    JSON_AUTO(greeting) = NULL;
    char what[128];
    int wait_status = 0;

    for (;;) {
        enum status status = ask(trip, &greeting, failure);
        if (status == STATUS_OK) {
            report_success(trip, greeting, clock_now_ms() - started);
        }
        if (status != STATUS_ABSENT) {
            return status;
        }
        if (child_process_wait(browser, LOOK_MS, &wait_status)) {
            (void)snprintf(what, sizeof what, "ended with %s %d",
                           WIFSIGNALED(wait_status) ? "signal" : "status",
                           WIFSIGNALED(wait_status) ? WTERMSIG(wait_status)
                                                    : WEXITSTATUS(wait_status));
            report_failure(trip, what);
            return STATUS_OK;
        }
        if (interrupted != 0) {
            return failure_set(failure, STATUS_IO_FAILED, "Stopped, and the browser with it.");
        }
        if (clock_now_ms() - started >= trip->doctor->timeout_ms) {
            report_timeout(trip, browser);
            return STATUS_OK;
        }
    }
}

/* Starts the browser, waits and ends it, whatever happens meanwhile. */
static enum status start_and_wait(const struct trip *trip, struct failure *why,
                                  struct failure *failure)
{
    struct sigaction noting = {.sa_handler = note_signal};
    struct sigaction before[SIGNALS];
    struct child_process browser = child_process_init();

    for (size_t i = 0; i < SIGNALS; i++) {
        (void)sigaction(stopping[i], &noting, &before[i]); /* the signals are valid */
    }
    enum status status = start(trip, &browser, why);
    if (status == STATUS_OK) {
        status = wait_for(trip, &browser, failure);
        child_process_end(&browser, END_MS);
    }
    for (size_t i = 0; i < SIGNALS; i++) {
        (void)sigaction(stopping[i], &before[i], NULL);
    }
    return status;
}

static enum status prepare_and_wait(struct trip *trip, struct failure *why, struct failure *failure)
{
    TRY(prepare(trip, why));
    return start_and_wait(trip, why, failure);
}

static enum status run(struct trip *trip, struct failure *failure)
{
    struct failure why = {0};

    enum status status = prepare_and_wait(trip, &why, failure);
    if (status == STATUS_NO_MEMORY) {
        return failure_no_memory(failure);
    }
    if (why.message[0] != '\0') {
        findings_add(trip->doctor->findings, FINDING_PROBLEM, trip->row->name, NULL,
                     "%s cannot be started with the extension: %s", trip->program, why.message);
        return STATUS_OK;
    }
    return status;
}

/* There is nothing to start. That what is here cannot reach the host was found before. */
static enum status report_no_program(const struct doctor *doctor, size_t first,
                                     struct failure *failure)
{
    bool was_told = false;

    TRY(doctor->user_data_dir == NULL ? doctor_has_enclosed(first, &was_told, failure) : STATUS_OK);
    if (!was_told) {
        findings_add(doctor->findings, FINDING_PROBLEM, browser_table[first].name,
                     "install the browser, or put the folder of its program on the PATH",
                     "%s is not installed: it cannot be started.", browser_table[first].title);
    }
    return STATUS_OK;
}

/* The first row of a name whose program is here; only for the first row of a name. */
static enum status make_trip(const struct doctor *doctor, size_t first, struct failure *failure)
{
    const struct browser_row *row = NULL;
    BYTES_AUTO program = {0};

    enum status status = doctor_find_program(first, &row, &program, failure);
    if (status == STATUS_ABSENT) {
        return report_no_program(doctor, first, failure);
    }
    TRY(status);
    if (!row->loads_unpacked) {
        findings_add(doctor->findings, FINDING_WARNING, row->name,
                     "load the extension by hand at chrome://extensions",
                     "%s does not accept an unpacked extension on its command line, so it "
                     "cannot be tried.",
                     row->title);
        return STATUS_OK;
    }
    struct trip trip = trip_init(doctor, row, (char *)program.data);
    return run(&trip, failure);
}

enum status doctor_round_trips(const struct doctor *doctor, struct failure *failure)
{
    for (size_t i = 0; i < browser_table_size; i++) {
        if (browser_is_first_of_name(i) && doctor->names != NULL &&
            browser_list_has(doctor->names, browser_table[i].name)) {
            TRY(make_trip(doctor, i, failure));
        }
    }
    return STATUS_OK;
}
