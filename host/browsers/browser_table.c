/* SPDX-License-Identifier: MIT */
#include "browsers/browser_table.h"

#include "base/buffer.h"

#include <string.h>

/* The folders below, and at, which each family keeps native manifests. */
#define CHROMIUM_FOLDER "/NativeMessagingHosts"
#define FIREFOX_FOLDER  "/native-messaging-hosts"
#define SUPPORT         "~/Library/Application Support/"
#define SUPPORT_OF_ALL  "/Library/Application Support/"

/* What the family has in common on one system. */
#define CHROMIUM_ON_LINUX(profile, system, programs)                                               \
    [BROWSER_LINUX] = {"$CONFIG/" profile, "$CONFIG/" profile CHROMIUM_FOLDER, system, programs}
#define CHROMIUM_ON_MACOS(profile, system, program)                                                \
    [BROWSER_MACOS] = {SUPPORT profile, SUPPORT profile CHROMIUM_FOLDER, system,                   \
                       "/Applications/" program}
#define FIREFOX_ON_LINUX(profile, below, system, programs)                                         \
    [BROWSER_LINUX] = {profile, below FIREFOX_FOLDER, system, programs}
#define FIREFOX_ON_MACOS(profile, below, system, program)                                          \
    [BROWSER_MACOS] = {SUPPORT profile, SUPPORT below CHROMIUM_FOLDER, system,                     \
                       "/Applications/" program}

/* The sandbox of a Chromium has no way out; a Firefox asks the desktop's portal to start the host,
 * and that looks where an ordinary Firefox does. */
#define CHROMIUM_IN(profile, programs)                                                             \
    [BROWSER_LINUX] = {profile, profile CHROMIUM_FOLDER, NULL, programs}
#define FIREFOX_IN(profile, programs)                                                              \
    [BROWSER_LINUX] = {profile, "~/.mozilla" FIREFOX_FOLDER, NULL, programs}
#define FLATPAK(id) "~/.var/app/" id "/"

#define CHROMIUM(name, title, loads_unpacked)                                                      \
    name, title, FAMILY_CHROMIUM, PACKAGING_NATIVE, NULL, loads_unpacked
#define FIREFOX(name, title) name, title, FAMILY_FIREFOX, PACKAGING_NATIVE, NULL, true

#define CHROME_OF_ALL   "/etc/opt/chrome" FIREFOX_FOLDER
#define EDGE_OF_ALL     "/etc/opt/edge" FIREFOX_FOLDER
#define CHROMIUM_OF_ALL "/etc/chromium" FIREFOX_FOLDER
#define MOZILLA_OF_ALL  "/usr/lib/mozilla" FIREFOX_FOLDER
#define TOR_DATA        "TorBrowser/Data/Browser"
#define TOR_LAUNCHER    "~/.local/share/torbrowser/tbb/x86_64/"

const struct browser_row browser_table[] = {
    {CHROMIUM("chrome", "Google Chrome", false),
     {CHROMIUM_ON_LINUX("google-chrome", CHROME_OF_ALL,
                        "google-chrome-stable:google-chrome:/opt/google/chrome/chrome"),
      CHROMIUM_ON_MACOS("Google/Chrome", "/Library/Google/Chrome" CHROMIUM_FOLDER,
                        "Google Chrome.app/Contents/MacOS/Google Chrome")}},
    {"chrome",
     "Google Chrome",
     FAMILY_CHROMIUM,
     PACKAGING_FLATPAK,
     "com.google.Chrome",
     false,
     {CHROMIUM_IN(FLATPAK("com.google.Chrome") "config/google-chrome", NULL)}},
    {CHROMIUM("chrome-beta", "Google Chrome Beta", false),
     {CHROMIUM_ON_LINUX("google-chrome-beta", CHROME_OF_ALL,
                        "google-chrome-beta:/opt/google/chrome-beta/chrome"),
      CHROMIUM_ON_MACOS("Google/Chrome Beta", "/Library/Google/Chrome" CHROMIUM_FOLDER,
                        "Google Chrome Beta.app/Contents/MacOS/Google Chrome Beta")}},
    {CHROMIUM("chrome-dev", "Google Chrome Dev", false),
     {CHROMIUM_ON_LINUX("google-chrome-unstable", CHROME_OF_ALL,
                        "google-chrome-unstable:/opt/google/chrome-unstable/chrome"),
      CHROMIUM_ON_MACOS("Google/Chrome Dev", "/Library/Google/Chrome" CHROMIUM_FOLDER,
                        "Google Chrome Dev.app/Contents/MacOS/Google Chrome Dev")}},
    {"chrome-dev",
     "Google Chrome Dev",
     FAMILY_CHROMIUM,
     PACKAGING_FLATPAK,
     "com.google.ChromeDev",
     false,
     {CHROMIUM_IN(FLATPAK("com.google.ChromeDev") "config/google-chrome-unstable", NULL)}},
    {CHROMIUM("chrome-canary", "Google Chrome Canary", false),
     {CHROMIUM_ON_MACOS("Google/Chrome Canary", "/Library/Google/Chrome" CHROMIUM_FOLDER,
                        "Google Chrome Canary.app/Contents/MacOS/Google Chrome Canary")}},
    {CHROMIUM("chrome-for-testing", "Chrome for Testing", true),
     {CHROMIUM_ON_LINUX("google-chrome-for-testing", "/etc/opt/chrome_for_testing" FIREFOX_FOLDER,
                        NULL),
      CHROMIUM_ON_MACOS("Google/ChromeForTesting",
                        "/Library/Google/ChromeForTesting" CHROMIUM_FOLDER,
                        "Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing")}},
    {CHROMIUM("chromium", "Chromium", true),
     {CHROMIUM_ON_LINUX("chromium", CHROMIUM_OF_ALL, "chromium:chromium-browser"),
      CHROMIUM_ON_MACOS("Chromium", SUPPORT_OF_ALL "Chromium" CHROMIUM_FOLDER,
                        "Chromium.app/Contents/MacOS/Chromium")}},
    {"chromium",
     "Chromium",
     FAMILY_CHROMIUM,
     PACKAGING_SNAP,
     "chromium",
     true,
     {CHROMIUM_IN("~/snap/chromium/common/chromium", "/snap/bin/chromium")}},
    {"chromium",
     "Chromium",
     FAMILY_CHROMIUM,
     PACKAGING_FLATPAK,
     "org.chromium.Chromium",
     true,
     {CHROMIUM_IN(FLATPAK("org.chromium.Chromium") "config/chromium", NULL)}},
    {CHROMIUM("ungoogled-chromium", "ungoogled-chromium", true),
     {CHROMIUM_ON_LINUX("ungoogled-chromium", CHROMIUM_OF_ALL, "ungoogled-chromium")}},
    {"ungoogled-chromium",
     "ungoogled-chromium",
     FAMILY_CHROMIUM,
     PACKAGING_FLATPAK,
     "io.github.ungoogled_software.ungoogled_chromium",
     true,
     {CHROMIUM_IN(FLATPAK("io.github.ungoogled_software.ungoogled_chromium") "config/chromium",
                  NULL)}},
    {CHROMIUM("edge", "Microsoft Edge", false),
     {CHROMIUM_ON_LINUX("microsoft-edge", EDGE_OF_ALL,
                        "microsoft-edge-stable:microsoft-edge:/opt/microsoft/msedge/msedge"),
      CHROMIUM_ON_MACOS("Microsoft Edge", "/Library/Microsoft/Edge" CHROMIUM_FOLDER,
                        "Microsoft Edge.app/Contents/MacOS/Microsoft Edge")}},
    {"edge",
     "Microsoft Edge",
     FAMILY_CHROMIUM,
     PACKAGING_FLATPAK,
     "com.microsoft.Edge",
     false,
     {CHROMIUM_IN(FLATPAK("com.microsoft.Edge") "config/microsoft-edge", NULL)}},
    {CHROMIUM("edge-beta", "Microsoft Edge Beta", false),
     {CHROMIUM_ON_LINUX("microsoft-edge-beta", EDGE_OF_ALL, "microsoft-edge-beta"),
      CHROMIUM_ON_MACOS("Microsoft Edge Beta", "/Library/Microsoft/Edge" CHROMIUM_FOLDER,
                        "Microsoft Edge Beta.app/Contents/MacOS/Microsoft Edge Beta")}},
    {CHROMIUM("edge-dev", "Microsoft Edge Dev", false),
     {CHROMIUM_ON_LINUX("microsoft-edge-dev", EDGE_OF_ALL, "microsoft-edge-dev"),
      CHROMIUM_ON_MACOS("Microsoft Edge Dev", "/Library/Microsoft/Edge" CHROMIUM_FOLDER,
                        "Microsoft Edge Dev.app/Contents/MacOS/Microsoft Edge Dev")}},
    {CHROMIUM("brave", "Brave", true),
     {CHROMIUM_ON_LINUX("BraveSoftware/Brave-Browser", "/etc/opt/brave" FIREFOX_FOLDER,
                        "brave-browser-stable:brave-browser:brave"),
      CHROMIUM_ON_MACOS("BraveSoftware/Brave-Browser",
                        SUPPORT_OF_ALL "BraveSoftware/Brave-Browser" CHROMIUM_FOLDER,
                        "Brave Browser.app/Contents/MacOS/Brave Browser")}},
    {CHROMIUM("vivaldi", "Vivaldi", true),
     {CHROMIUM_ON_LINUX("vivaldi", "/etc/opt/vivaldi" FIREFOX_FOLDER, "vivaldi-stable:vivaldi"),
      CHROMIUM_ON_MACOS("Vivaldi", SUPPORT_OF_ALL "Vivaldi" CHROMIUM_FOLDER,
                        "Vivaldi.app/Contents/MacOS/Vivaldi")}},
    {CHROMIUM("opera", "Opera", true),
     {CHROMIUM_ON_LINUX("opera", NULL, "opera"),
      CHROMIUM_ON_MACOS("com.operasoftware.Opera", NULL, "Opera.app/Contents/MacOS/Opera")}},
    /* It looks in the folders of Chrome as well. */
    {CHROMIUM("opera", "Opera", true),
     {[BROWSER_LINUX] = {"$CONFIG/opera", "$CONFIG/google-chrome" CHROMIUM_FOLDER, CHROME_OF_ALL,
                         "opera"},
      [BROWSER_MACOS] = {SUPPORT "com.operasoftware.Opera", SUPPORT "Google/Chrome" CHROMIUM_FOLDER,
                         "/Library/Google/Chrome" CHROMIUM_FOLDER,
                         "/Applications/Opera.app/Contents/MacOS/Opera"}}},
    {CHROMIUM("arc", "Arc", true),
     {CHROMIUM_ON_MACOS("Arc/User Data", NULL, "Arc.app/Contents/MacOS/Arc")}},
    {CHROMIUM("helium", "Helium", true), {CHROMIUM_ON_LINUX("net.imput.helium", NULL, "helium")}},
    {CHROMIUM("iridium", "Iridium", true),
     {CHROMIUM_ON_LINUX("iridium", "/etc/iridium-browser" FIREFOX_FOLDER, "iridium-browser")}},
    {CHROMIUM("slimjet", "Slimjet", true),
     {CHROMIUM_ON_LINUX("slimjet", "/etc/opt/slimjet" FIREFOX_FOLDER, "flashpeak-slimjet")}},
    {CHROMIUM("yandex", "Yandex Browser", true),
     {CHROMIUM_ON_LINUX("yandex-browser", "/etc/opt/yandex-browser" FIREFOX_FOLDER,
                        "yandex-browser-stable:yandex-browser")}},
    {FIREFOX("firefox", "Firefox"),
     {FIREFOX_ON_LINUX("~/.mozilla/firefox", "~/.mozilla", MOZILLA_OF_ALL, "firefox:firefox-esr"),
      FIREFOX_ON_MACOS("Firefox", "Mozilla", SUPPORT_OF_ALL "Mozilla" CHROMIUM_FOLDER,
                       "Firefox.app/Contents/MacOS/firefox")}},
    /* From version 147 on new profiles lie elsewhere; native manifests do not. */
    {FIREFOX("firefox", "Firefox"),
     {FIREFOX_ON_LINUX("$CONFIG/mozilla/firefox", "~/.mozilla", MOZILLA_OF_ALL,
                       "firefox:firefox-esr")}},
    {"firefox",
     "Firefox",
     FAMILY_FIREFOX,
     PACKAGING_SNAP,
     "firefox",
     true,
     {FIREFOX_IN("~/snap/firefox/common/.mozilla/firefox", "/snap/bin/firefox")}},
    {"firefox",
     "Firefox",
     FAMILY_FIREFOX,
     PACKAGING_FLATPAK,
     "org.mozilla.firefox",
     true,
     {FIREFOX_IN(FLATPAK("org.mozilla.firefox") ".mozilla/firefox", NULL)}},
    {FIREFOX("librewolf", "LibreWolf"),
     {FIREFOX_ON_LINUX("~/.librewolf", "~/.librewolf", "/usr/lib/librewolf" FIREFOX_FOLDER,
                       "librewolf"),
      FIREFOX_ON_MACOS("librewolf", "librewolf", SUPPORT_OF_ALL "librewolf" CHROMIUM_FOLDER,
                       "LibreWolf.app/Contents/MacOS/librewolf")}},
    {"librewolf",
     "LibreWolf",
     FAMILY_FIREFOX,
     PACKAGING_FLATPAK,
     "io.gitlab.librewolf-community",
     true,
     {FIREFOX_IN(FLATPAK("io.gitlab.librewolf-community") ".librewolf", NULL)}},
    {FIREFOX("waterfox", "Waterfox"),
     {FIREFOX_ON_LINUX("~/.waterfox", "~/.waterfox", "/usr/lib/waterfox" FIREFOX_FOLDER,
                       "waterfox"),
      FIREFOX_ON_MACOS("Waterfox", "Waterfox", NULL, "Waterfox.app/Contents/MacOS/waterfox")}},
    {"waterfox",
     "Waterfox",
     FAMILY_FIREFOX,
     PACKAGING_FLATPAK,
     "net.waterfox.waterfox",
     true,
     {FIREFOX_IN(FLATPAK("net.waterfox.waterfox") ".waterfox", NULL)}},
    {FIREFOX("floorp", "Floorp"), {FIREFOX_ON_LINUX("~/.floorp", "~/.floorp", NULL, "floorp")}},
    {FIREFOX("zen", "Zen"), {FIREFOX_ON_MACOS("zen", "Zen", NULL, "Zen.app/Contents/MacOS/zen")}},
    /* One folder for each way of getting it: torbrowser-launcher now and before, the archive. */
    {FIREFOX("tor-browser", "Tor Browser"),
     {FIREFOX_ON_LINUX(TOR_LAUNCHER "tor-browser/Browser/" TOR_DATA,
                       TOR_LAUNCHER "tor-browser/Browser/" TOR_DATA "/.mozilla", NULL, NULL),
      FIREFOX_ON_MACOS("TorBrowser-Data/Browser", "TorBrowser-Data/Browser/Mozilla", NULL,
                       "Tor Browser.app/Contents/MacOS/firefox")}},
    {FIREFOX("tor-browser", "Tor Browser"),
     {FIREFOX_ON_LINUX(TOR_LAUNCHER "tor-browser_en-US/Browser/" TOR_DATA,
                       TOR_LAUNCHER "tor-browser_en-US/Browser/" TOR_DATA "/.mozilla", NULL,
                       NULL)}},
    {FIREFOX("tor-browser", "Tor Browser"),
     {FIREFOX_ON_LINUX("~/.tor-browser/app/Browser/" TOR_DATA,
                       "~/.tor-browser/app/Browser/" TOR_DATA "/.mozilla", NULL, NULL)}},
};

const size_t browser_table_size = sizeof browser_table / sizeof browser_table[0];

enum browser_system browser_system_here(void)
{
#ifdef __APPLE__
    return BROWSER_MACOS;
#else
    return BROWSER_LINUX;
#endif
}

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

const char *browser_system_name(enum browser_system system)
{
    return system == BROWSER_MACOS ? "macOS" : "Linux";
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

static void add_names(struct buffer *names)
{
    const char *last = "";

    for (size_t i = 0; i < browser_table_size; i++) {
        if (strcmp(browser_table[i].name, last) != 0) {
            buffer_print(names, "%s%s", i > 0 ? ", " : "", browser_table[i].name);
            last = browser_table[i].name;
        }
    }
}

enum status browser_list_check(struct view names, struct failure *failure)
{
    BUFFER_AUTO known = {0};
    struct view left = names;
    bool open = names.size > 0 && names.data[names.size - 1] == ','; /* behind it is no name */

    do {
        struct view name = take_name(&left);
        if (!is_in_table(name) || (open && left.size == 0)) {
            add_names(&known);
            return failure_set(failure, STATUS_BAD_REQUEST, "It must be one of %.*s, not \"%.*s\".",
                               (int)known.size, (const char *)known.data,
                               (int)(name.size < 100 ? name.size : 100), (const char *)name.data);
        }
    } while (left.size > 0);
    return STATUS_OK;
}
