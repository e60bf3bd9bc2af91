/* SPDX-License-Identifier: MIT */
#include "browsers/browser_table.h"

#include "base/buffer.h"
#include "base/nearest.h"

#include <string.h>

/* The folder below a profile in which a Chromium looks, and the name that all others use. */
#define CHROMIUM_MANIFESTS "/NativeMessagingHosts"
#define MANIFESTS          "/native-messaging-hosts"

#define CHROMIUM(its_profile)                                                                      \
    .family = FAMILY_CHROMIUM, .profile = (its_profile),                                           \
    .user_folder = its_profile CHROMIUM_MANIFESTS
#define FIREFOX(its_profile, parent)                                                               \
    .family = FAMILY_FIREFOX, .profile = (its_profile), .user_folder = parent MANIFESTS,           \
    .loads_unpacked = true
/* Where Firefox itself looks, whatever the folder of the profile. */
#define MOZILLA(its_profile)                                                                       \
    FIREFOX(its_profile, "~/.mozilla"), .system_folder = "/usr/lib/mozilla" MANIFESTS

/* The sandbox of a Chromium has no way out; a Firefox asks the desktop's portal to start the host,
 * and the portal looks where an ordinary Firefox does. */
#define FLATPAK(id)                  .packaging = PACKAGING_FLATPAK, .package = (id)
#define CHROMIUM_FLATPAK(id, folder) FLATPAK(id), CHROMIUM("~/.var/app/" id "/config/" folder)
#define FIREFOX_FLATPAK(id, folder)  FLATPAK(id), FIREFOX("~/.var/app/" id "/" folder, "~/.mozilla")

/* One folder for each way of getting it. */
#define TOR(folder)                                                                                \
    FIREFOX(folder "/Browser/TorBrowser/Data/Browser",                                             \
            folder "/Browser/TorBrowser/Data/Browser/.mozilla")
#define TOR_LAUNCHER "~/.local/share/torbrowser/tbb/x86_64/"

const struct browser_row browser_table[] = {
    {"chrome", "Google Chrome", CHROMIUM("$CONFIG/google-chrome"),
     .system_folder = "/etc/opt/chrome" MANIFESTS,
     .programs = "google-chrome-stable:google-chrome:/opt/google/chrome/chrome"},
    {"chrome", "Google Chrome", CHROMIUM_FLATPAK("com.google.Chrome", "google-chrome")},
    {"chrome-beta", "Google Chrome Beta", CHROMIUM("$CONFIG/google-chrome-beta"),
     .system_folder = "/etc/opt/chrome" MANIFESTS,
     .programs = "google-chrome-beta:/opt/google/chrome-beta/chrome"},
    {"chrome-dev", "Google Chrome Dev", CHROMIUM("$CONFIG/google-chrome-unstable"),
     .system_folder = "/etc/opt/chrome" MANIFESTS,
     .programs = "google-chrome-unstable:/opt/google/chrome-unstable/chrome"},
    {"chrome-dev", "Google Chrome Dev",
     CHROMIUM_FLATPAK("com.google.ChromeDev", "google-chrome-unstable")},
    {"chrome-for-testing", "Chrome for Testing", CHROMIUM("$CONFIG/google-chrome-for-testing"),
     .system_folder = "/etc/opt/chrome_for_testing" MANIFESTS, .loads_unpacked = true},
    {"chromium", "Chromium", CHROMIUM("$CONFIG/chromium"),
     .system_folder = "/etc/chromium" MANIFESTS, .programs = "chromium:chromium-browser",
     .loads_unpacked = true},
    {"chromium", "Chromium", .packaging = PACKAGING_SNAP, .package = "chromium",
     CHROMIUM("~/snap/chromium/common/chromium"), .programs = "/snap/bin/chromium",
     .loads_unpacked = true},
    {"chromium", "Chromium", CHROMIUM_FLATPAK("org.chromium.Chromium", "chromium"),
     .loads_unpacked = true},
    {"ungoogled-chromium", "ungoogled-chromium", CHROMIUM("$CONFIG/ungoogled-chromium"),
     .system_folder = "/etc/chromium" MANIFESTS, .programs = "ungoogled-chromium",
     .loads_unpacked = true},
    {"ungoogled-chromium", "ungoogled-chromium",
     CHROMIUM_FLATPAK("io.github.ungoogled_software.ungoogled_chromium", "chromium"),
     .loads_unpacked = true},
    {"edge", "Microsoft Edge", CHROMIUM("$CONFIG/microsoft-edge"),
     .system_folder = "/etc/opt/edge" MANIFESTS,
     .programs = "microsoft-edge-stable:microsoft-edge:/opt/microsoft/msedge/msedge"},
    {"edge", "Microsoft Edge", CHROMIUM_FLATPAK("com.microsoft.Edge", "microsoft-edge")},
    {"edge-beta", "Microsoft Edge Beta", CHROMIUM("$CONFIG/microsoft-edge-beta"),
     .system_folder = "/etc/opt/edge" MANIFESTS, .programs = "microsoft-edge-beta"},
    {"edge-dev", "Microsoft Edge Dev", CHROMIUM("$CONFIG/microsoft-edge-dev"),
     .system_folder = "/etc/opt/edge" MANIFESTS, .programs = "microsoft-edge-dev"},
    {"brave", "Brave", CHROMIUM("$CONFIG/BraveSoftware/Brave-Browser"),
     .system_folder = "/etc/opt/brave" MANIFESTS,
     .programs = "brave-browser-stable:brave-browser:brave", .loads_unpacked = true},
    {"vivaldi", "Vivaldi", CHROMIUM("$CONFIG/vivaldi"),
     .system_folder = "/etc/opt/vivaldi" MANIFESTS, .programs = "vivaldi-stable:vivaldi",
     .loads_unpacked = true},
    {"opera", "Opera", CHROMIUM("$CONFIG/opera"), .programs = "opera", .loads_unpacked = true},
    /* It looks in the folders of Chrome as well. */
    {"opera", "Opera", .family = FAMILY_CHROMIUM, .profile = "$CONFIG/opera",
     .user_folder = "$CONFIG/google-chrome" CHROMIUM_MANIFESTS,
     .system_folder = "/etc/opt/chrome" MANIFESTS, .programs = "opera", .loads_unpacked = true},
    {"helium", "Helium", CHROMIUM("$CONFIG/net.imput.helium"), .programs = "helium",
     .loads_unpacked = true},
    {"iridium", "Iridium", CHROMIUM("$CONFIG/iridium"),
     .system_folder = "/etc/iridium-browser" MANIFESTS, .programs = "iridium-browser",
     .loads_unpacked = true},
    {"slimjet", "Slimjet", CHROMIUM("$CONFIG/slimjet"),
     .system_folder = "/etc/opt/slimjet" MANIFESTS, .programs = "flashpeak-slimjet",
     .loads_unpacked = true},
    {"yandex", "Yandex Browser", CHROMIUM("$CONFIG/yandex-browser"),
     .system_folder = "/etc/opt/yandex-browser" MANIFESTS,
     .programs = "yandex-browser-stable:yandex-browser", .loads_unpacked = true},
    {"firefox", "Firefox", MOZILLA("~/.mozilla/firefox"), .programs = "firefox:firefox-esr"},
    /* From version 147 on new profiles are elsewhere; native manifests are not. */
    {"firefox", "Firefox", MOZILLA("$CONFIG/mozilla/firefox"), .programs = "firefox:firefox-esr"},
    {"firefox", "Firefox", .packaging = PACKAGING_SNAP, .package = "firefox",
     FIREFOX("~/snap/firefox/common/.mozilla/firefox", "~/.mozilla"),
     .programs = "/snap/bin/firefox"},
    {"firefox", "Firefox", FIREFOX_FLATPAK("org.mozilla.firefox", ".mozilla/firefox")},
    {"librewolf", "LibreWolf", FIREFOX("~/.librewolf", "~/.librewolf"),
     .system_folder = "/usr/lib/librewolf" MANIFESTS, .programs = "librewolf"},
    {"librewolf", "LibreWolf", FIREFOX_FLATPAK("io.gitlab.librewolf-community", ".librewolf")},
    {"waterfox", "Waterfox", FIREFOX("~/.waterfox", "~/.waterfox"),
     .system_folder = "/usr/lib/waterfox" MANIFESTS, .programs = "waterfox"},
    {"waterfox", "Waterfox", FIREFOX_FLATPAK("net.waterfox.waterfox", ".waterfox")},
    {"floorp", "Floorp", FIREFOX("~/.floorp", "~/.floorp"), .programs = "floorp"},
    /* It looks where Firefox does, not in ~/.zen:
     * https://github.com/zen-browser/desktop/issues/10622. New profiles are in $CONFIG/zen since
     * version 1.18.6b: https://github.com/noctalia-dev/noctalia/issues/1839. */
    {"zen", "Zen", MOZILLA("~/.zen"), .programs = "zen:zen-browser"},
    {"zen", "Zen", MOZILLA("$CONFIG/zen"), .programs = "zen:zen-browser"},
    {"zen", "Zen", FIREFOX_FLATPAK("app.zen_browser.zen", ".zen")},
    /* torbrowser-launcher now and before, and the archive. */
    {"tor-browser", "Tor Browser", TOR(TOR_LAUNCHER "tor-browser")},
    {"tor-browser", "Tor Browser", TOR(TOR_LAUNCHER "tor-browser_en-US")},
    {"tor-browser", "Tor Browser", TOR("~/.tor-browser/app")},
};

const size_t browser_table_size = sizeof browser_table / sizeof browser_table[0];

const char *browser_family_name(enum browser_family family)
{
    return family == FAMILY_FIREFOX ? "firefox" : "chromium";
}

const char *browser_packaging_name(enum browser_packaging packaging)
{
    static const char *const names[] = {
        [PACKAGING_NATIVE] = "package",
        [PACKAGING_SNAP] = "Snap",
        [PACKAGING_FLATPAK] = "Flatpak",
    };

    return names[packaging];
}

/* Takes the first name off a list. */
static struct view take_name(struct view *names)
{
    const uint8_t *comma = names->size > 0 ? memchr(names->data, ',', names->size) : NULL;
    size_t size = comma != NULL ? (size_t)(comma - names->data) : names->size;
    struct view name = {names->data, size};
    size_t taken = size + (comma != NULL);

    *names = (struct view){names->data + taken, names->size - taken};
    return name;
}

bool browser_list_has(const char *names, const char *name)
{
    struct view left = view_of_text(names);
    bool has = false;

    while (!has && left.size > 0) {
        has = view_equal(take_name(&left), view_of_text(name));
    }
    return has;
}

static bool is_in_table(struct view name)
{
    for (size_t i = 0; i < browser_table_size; i++) {
        if (view_equal(name, view_of_text(browser_table[i].name))) {
            return true;
        }
    }
    return false;
}

static enum status refuse_name(struct view name, struct failure *failure)
{
    struct nearest nearest = {.text = name};
    BUFFER_AUTO known = {0};
    const char *last = "";
    int size = (int)(name.size < 40 ? name.size : 40);

    for (size_t i = 0; i < browser_table_size; i++) {
        nearest_consider(&nearest, browser_table[i].name);
        if (strcmp(browser_table[i].name, last) != 0) {
            buffer_print(&known, "%s%s", i > 0 ? ", " : "", browser_table[i].name);
            last = browser_table[i].name;
        }
    }
    return nearest.word != NULL
               ? failure_set(failure, STATUS_BAD_REQUEST,
                             "There is no browser \"%.*s\"; did you mean \"%s\"?", size,
                             (const char *)name.data, nearest.word)
               : failure_set(failure, STATUS_BAD_REQUEST, "It must be one of %.*s, not \"%.*s\".",
                             (int)known.size, (const char *)known.data, size,
                             (const char *)name.data);
}

enum status browser_list_check(struct view names, struct failure *failure)
{
    struct view left = names;
    bool open = names.size > 0 && names.data[names.size - 1] == ','; /* behind it is no name */

    do {
        struct view name = take_name(&left);
        if (!is_in_table(name)) {
            return refuse_name(name, failure);
        }
    } while (left.size > 0);
    return open ? refuse_name(left, failure) : STATUS_OK;
}
