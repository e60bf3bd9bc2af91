/* SPDX-License-Identifier: MIT */
/* Shared by the unit tests. Any error in these functions fails the running test. */
#ifndef POWERUP_SECRETS_TEST_SUPPORT_H
#define POWERUP_SECRETS_TEST_SUPPORT_H

#include "base/bytes.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A view of a literal that may contain NUL. */
#define VIEW(literal) ((struct view){(const uint8_t *)(literal), sizeof(literal) - 1})

enum { TEST_PATH_SIZE = 512 };

/* Owned by the caller, like every struct bytes here. */
struct bytes bytes_of(struct view view);
struct bytes bytes_of_hex(const char *digits);
struct bytes file_read(const char *path);
void file_write(const char *path, struct view content);
bool file_exists(const char *path);

/* "folder/name", in one of ten buffers that are reused in turn. */
const char *path_in(const char *folder, const char *name);

/* A new empty folder below $TMPDIR or /tmp, owned by the caller as NUL-terminated path. */
struct bytes folder_new(void);
/* Removes it with its content, and wipes the path. */
void folder_remove(struct bytes *folder);
#define FOLDER_AUTO __attribute__((cleanup(folder_remove))) struct bytes

/* A file of tests/vectors. */
struct bytes vectors_read(const char *name);
/* The path of a file or folder of tests/vectors. */
const char *vectors_path(const char *name);

void assert_view_equal(struct view actual, struct view expected);
/* Whether one run of bytes contains another. */
bool view_contains(struct view haystack, struct view needle);

/* A plain Error of the host, not operational, with a message. */
void assert_plain_failure(const struct failure *failure, enum status status);
/* An error of Trello's library, word for word. */
void assert_library_failure(const struct failure *failure, const char *error_class,
                            const char *error_name, bool operational, const char *message);

#endif
