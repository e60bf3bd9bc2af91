/* SPDX-License-Identifier: MIT */
#include "store/store_schema.h"

const char *const store_migrations[] = {
    /* 0 -> 1 */
    "CREATE TABLE setting ("
    "  name TEXT NOT NULL PRIMARY KEY,"
    "  value ANY NOT NULL"
    ") STRICT, WITHOUT ROWID;"

    /* The browser's side: one row a localStorage, and what is in it. top_level_site is '' where
     * the page is not embedded in another site. */
    "CREATE TABLE storage_key ("
    "  id INTEGER PRIMARY KEY,"
    "  browser_profile TEXT NOT NULL,"
    "  origin TEXT NOT NULL,"
    "  top_level_site TEXT NOT NULL,"
    "  UNIQUE (browser_profile, origin, top_level_site)"
    ") STRICT;"
    "CREATE TABLE item ("
    "  id INTEGER PRIMARY KEY,"
    "  storage_key INTEGER NOT NULL REFERENCES storage_key (id) ON DELETE CASCADE,"
    "  slot TEXT NOT NULL,"
    "  value TEXT NOT NULL,"
    "  UNIQUE (storage_key, slot)"
    ") STRICT;"

    /* Trello's side. */
    "CREATE TABLE plugin_data ("
    "  power_up TEXT NOT NULL,"
    "  scope TEXT NOT NULL,"
    "  owner TEXT NOT NULL,"
    "  visibility TEXT NOT NULL,"
    "  sealed BLOB NOT NULL,"
    "  PRIMARY KEY (power_up, scope, owner, visibility)"
    ") STRICT, WITHOUT ROWID;",

    /* 1 -> 2 */
    /* viewer is the member who sees a private text of a board, card or organization, else ''. */
    "CREATE TABLE plugin_data_2 ("
    "  power_up TEXT NOT NULL,"
    "  scope TEXT NOT NULL,"
    "  owner TEXT NOT NULL,"
    "  visibility TEXT NOT NULL,"
    "  viewer TEXT NOT NULL,"
    "  sealed BLOB NOT NULL,"
    "  PRIMARY KEY (power_up, scope, owner, visibility, viewer)"
    ") STRICT, WITHOUT ROWID;"
    "INSERT INTO plugin_data_2 (power_up, scope, owner, visibility, viewer, sealed)"
    "  SELECT power_up, scope, owner, visibility, '', sealed FROM plugin_data;"
    "DROP TABLE plugin_data;"
    "ALTER TABLE plugin_data_2 RENAME TO plugin_data;"
    "CREATE TABLE power_up_origin ("
    "  origin TEXT NOT NULL PRIMARY KEY,"
    "  power_up TEXT NOT NULL"
    ") STRICT, WITHOUT ROWID;"

    /* What pages run under. The origin '' stands for all that have no row of their own. */
    "CREATE TABLE scenario ("
    "  origin TEXT NOT NULL,"
    "  name TEXT NOT NULL,"
    "  value TEXT NOT NULL,"
    "  PRIMARY KEY (origin, name)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE answer ("
    "  origin TEXT NOT NULL,"
    "  method TEXT NOT NULL,"
    "  json TEXT NOT NULL,"
    "  PRIMARY KEY (origin, method)"
    ") STRICT, WITHOUT ROWID;"

    /* What pages did. */
    "CREATE TABLE call ("
    "  id INTEGER PRIMARY KEY,"
    "  at INTEGER NOT NULL," /* milliseconds since 1970 */
    "  origin TEXT NOT NULL,"
    "  method TEXT NOT NULL,"
    "  problem TEXT,"
    "  sealed BLOB NOT NULL"
    ") STRICT;",

    /* 2 -> 3 */
    /* What the next calls get instead of answers, oldest first; the columns that a kind does not
     * use are '' and 0. */
    "CREATE TABLE fault ("
    "  id INTEGER PRIMARY KEY,"
    "  origin TEXT NOT NULL," /* '' for all */
    "  op TEXT NOT NULL,"
    "  kind TEXT NOT NULL," /* error, delay, noReply */
    "  class TEXT NOT NULL,"
    "  name TEXT NOT NULL,"
    "  message TEXT NOT NULL,"
    "  delay_ms INTEGER NOT NULL,"
    "  times_left INTEGER NOT NULL"
    ") STRICT;",

    /* 3 -> 4 */
    /* "setting" is what is in force for pages; the store's own values are properties. */
    ("ALTER TABLE setting RENAME TO property;"
     "ALTER TABLE scenario RENAME TO setting;"),

    /* 4 -> 5 */
    /* How often plugin data changed; what is there now counts as one change. */
    ("CREATE TABLE revision ("
     "  power_up TEXT NOT NULL PRIMARY KEY,"
     "  number INTEGER NOT NULL"
     ") STRICT, WITHOUT ROWID;"
     "INSERT INTO revision (power_up, number)"
     "  SELECT power_up, row_number() OVER (ORDER BY power_up)"
     "    FROM (SELECT DISTINCT power_up FROM plugin_data);"

     /* The document that made a call; NULL where the page did not say it. */
     "ALTER TABLE call ADD COLUMN page TEXT;"

     /* Browsers that said hello, each with its newest host. */
     "CREATE TABLE browser ("
     "  pid INTEGER NOT NULL,"
     "  started INTEGER NOT NULL," /* clock ticks since the system's start */
     "  host_pid INTEGER NOT NULL,"
     "  host_started INTEGER NOT NULL,"
     "  name TEXT NOT NULL,"
     "  PRIMARY KEY (pid, started)"
     ") STRICT, WITHOUT ROWID;"),

    /* 5 -> 6 */
    /* What a call takes, in bytes, and what all that are kept take. */
    ("ALTER TABLE call ADD COLUMN size INTEGER GENERATED ALWAYS AS"
     "  (length(sealed) + length(CAST("
     "    origin || method || coalesce(problem, '') || coalesce(page, '') AS BLOB))) VIRTUAL;"
     "CREATE TABLE call_total ("
     "  id INTEGER PRIMARY KEY CHECK (id = 1),"
     "  calls INTEGER NOT NULL,"
     "  bytes INTEGER NOT NULL"
     ") STRICT;"
     "INSERT INTO call_total (id, calls, bytes)"
     "  SELECT 1, count(*), coalesce(sum(size), 0) FROM call;"
     "CREATE TRIGGER call_added AFTER INSERT ON call BEGIN"
     "  UPDATE call_total SET calls = calls + 1, bytes = bytes + NEW.size;"
     "END;"
     "CREATE TRIGGER call_removed AFTER DELETE ON call BEGIN"
     "  UPDATE call_total SET calls = calls - 1, bytes = bytes - OLD.size;"
     "END;"

     /* Calls that had to give way to newer ones. The origin '' stands for further ones. */
     "CREATE TABLE call_lost ("
     "  origin TEXT NOT NULL PRIMARY KEY,"
     "  calls INTEGER NOT NULL,"
     "  at INTEGER NOT NULL" /* the time of the newest */
     ") STRICT, WITHOUT ROWID;"),
};

const int store_schema_version = sizeof store_migrations / sizeof store_migrations[0];
