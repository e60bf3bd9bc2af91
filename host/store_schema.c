/* SPDX-License-Identifier: MIT */
#include "store_schema.h"

const char *const store_migrations[] = {
    /* 0 -> 1 */
    "CREATE TABLE setting ("
    "  name TEXT NOT NULL PRIMARY KEY,"
    "  value ANY NOT NULL"
    ") STRICT, WITHOUT ROWID;"

    /* The browser's side: one row a localStorage, and what lies in it. top_level_site is '' where
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
};

const int store_schema_version = sizeof store_migrations / sizeof store_migrations[0];
