/* SPDX-License-Identifier: MIT */
#include "cli/command_context.h"
#include "cli/command_table.h"
#include "store/profile.h"
#include "store/property.h"
#include "store/revisions.h"
#include "store/settings.h"

/* A setting for all origins replaces those of single ones. */
static enum status write_setting(struct command_context *context, const char *name,
                                 struct view value, struct failure *failure)
{
    struct view origin = command_origin(context);

    if (origin.size == 0) {
        TRY(settings_forget(context->store, name, failure));
    }
    return settings_set(context->store, origin, name, value, failure);
}

static struct view first_word(const struct command_context *context)
{
    return view_of_text(context->words[0]);
}

static enum status run_storage(struct command_context *context, struct failure *failure)
{
    return write_setting(context, SETTING_STORAGE, first_word(context), failure);
}

const struct command command_storage = {
    .name = "storage",
    .arguments = "MODE",
    .words_min = 1,
    .words_max = 1,
    .words = WORDS("enabled", "denied", "missing", "full"),
    .help = "set how localStorage behaves for pages",
    .more = "MODE is enabled (the browser's own), denied (reading it throws a SecurityError), "
            "missing (it is null) or full (an entry takes all the room that is left, so that "
            "setItem throws a QuotaExceededError). It holds for secret calls and for the page's "
            "own use of localStorage. Set for all origins, it also "
            "replaces the modes of single ones; the same is true of the other settings.",
    .options = OPTIONS(OPTIONAL(ORIGIN)),
    .kind = COMMAND_CHANGING,
    .run = run_storage,
};

static enum status run_fidelity(struct command_context *context, struct failure *failure)
{
    return write_setting(context, SETTING_FIDELITY, first_word(context), failure);
}

const struct command command_fidelity = {
    .name = "fidelity",
    .arguments = "SETTING",
    .words_min = 1,
    .words_max = 1,
    .words = WORDS("documented", "library"),
    .help = "set how closely secret calls follow Trello's library",
    .more = "SETTING is documented (what Trello's documentation promises; the default) or library "
            "(exactly what Trello's library does).",
    .options = OPTIONS(OPTIONAL(ORIGIN)),
    .kind = COMMAND_CHANGING,
    .run = run_fidelity,
};

static struct view signed_in(const struct command_context *context)
{
    struct view member = command_value(context, OPTION_MEMBER);

    return member.data != NULL ? member : view_of_text(SETTING_DEFAULT_MEMBER);
}

/* Only the default context has one form for its member; a page's hash may name any. */
static enum status check_sign_in(struct command_context *context, struct failure *failure)
{
    return settings_check(SETTING_MEMBER, signed_in(context), failure);
}

static enum status run_sign_in(struct command_context *context, struct failure *failure)
{
    return write_setting(context, SETTING_MEMBER, signed_in(context), failure);
}

const struct command command_sign_in = {
    .name = "sign-in",
    .help = "sign a member in to the default context",
    .more = "It has no effect on pages whose URL names the member in its hash.",
    .options =
        OPTIONS({OPTION_MEMBER, false,
                 "the member's id, 24 lower-case hex digits (default: " SETTING_DEFAULT_MEMBER ")"},
                OPTIONAL(ORIGIN)),
    .kind = COMMAND_CHANGING,
    .prepare = check_sign_in,
    .run = run_sign_in,
};

static enum status run_sign_out(struct command_context *context, struct failure *failure)
{
    return write_setting(context, SETTING_MEMBER, view_of_text(""), failure);
}

const struct command command_sign_out = {
    .name = "sign-out",
    .help = "sign out of the default context, so that it has no member",
    .more = "Secret calls then throw \"No active member in context.\".",
    .options = OPTIONS(OPTIONAL(ORIGIN)),
    .kind = COMMAND_CHANGING,
    .run = run_sign_out,
};

static enum status run_render_writer(struct command_context *context, struct failure *failure)
{
    return write_setting(context, SETTING_RENDER_WRITER, first_word(context), failure);
}

const struct command command_render_writer = {
    .name = "render-writer",
    .arguments = "on|off",
    .words_min = 1,
    .words_max = 1,
    .words = WORDS("on", "off"),
    .help = "set whether a page that changes plugin data renders, too",
    .more = "Every other open page of its Power-Up does. Trello's documentation does not say "
            "whether the writing page is excluded; the default is on.",
    .options = OPTIONS(OPTIONAL(ORIGIN)),
    .kind = COMMAND_CHANGING,
    .run = run_render_writer,
};

static enum status run_partition(struct command_context *context, struct failure *failure)
{
    TRY(revisions_grow_items(context->store, failure));
    return property_write(context->store, PROPERTY_PARTITION, first_word(context), failure);
}

const struct command command_partition = {
    .name = "partition",
    .arguments = "on|off",
    .words_min = 1,
    .words_max = 1,
    .words = WORDS("on", "off"),
    .help = "set whether embedded pages have storage of their own",
    .more = "With on, a page embedded in another site has its own storage for each top-level site, "
            "as in browsers; with off, it shares that of the origin's other pages.",
    .options = NO_OPTIONS,
    /* What pages stored until now belongs to the storage that they leave. */
    .kind = COMMAND_REPLACING,
    .run = run_partition,
};

static enum status check_profile(struct command_context *context, struct failure *failure)
{
    if (context->word_count == 0) {
        context->kind = COMMAND_LOOKING;
        return STATUS_OK;
    }
    return profile_check(first_word(context), "the name", failure);
}

static enum status run_browser_profile(struct command_context *context, struct failure *failure)
{
    if (context->kind == COMMAND_LOOKING) {
        return command_give(context, "browserProfile", store_browser_profile(context->store));
    }
    TRY(revisions_grow_items(context->store, failure));
    return property_write(context->store, PROPERTY_BROWSER_PROFILE, first_word(context), failure);
}

const struct command command_browser_profile = {
    .name = "browser-profile",
    .arguments = "[NAME]",
    .words_min = 0,
    .words_max = 1,
    .help = "switch to the stored items of another browser profile",
    .more =
        "The first profile is default. Plugin data, the members' keys among them, are shared by "
        "all profiles. Without NAME the current profile is printed. Browsers that were started "
        "with $POWERUP_SECRETS_BROWSER_PROFILE keep theirs.",
    .options = NO_OPTIONS,
    /* What pages stored until now belongs to the profile that they leave. */
    .kind = COMMAND_REPLACING,
    .prepare = check_profile,
    .run = run_browser_profile,
};
