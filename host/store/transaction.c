/* SPDX-License-Identifier: MIT */
#include "store/transaction.h"

#include "store/store_private.h"
#include "store/store_profile.h"

static const char rollback[] = "ROLLBACK";

/* So that it needs no memory when it is needed. */
static enum status prepare_rollback(struct store *store, struct failure *failure)
{
    STATEMENT_AUTO *statement = NULL;

    return store_statement(store, rollback, &statement, failure);
}

/* Inside another one, which decides whether anything stays. */
static enum status begin_within(struct store *store, enum transaction_kind kind,
                                struct failure *failure)
{
    if (kind == TRANSACTION_WRITE && sqlite3_txn_state(store->database, NULL) != SQLITE_TXN_WRITE) {
        return failure_set(failure, STATUS_STORE_FAILED,
                           "A transaction that writes cannot begin inside one that reads.");
    }
    return store->open ? store_refresh(store, failure) : STATUS_OK;
}

enum status transaction_begin(struct store *store, enum transaction_kind kind,
                              struct transaction *ret_transaction, struct failure *failure)
{
    static const char begin_read[] = "BEGIN DEFERRED";
    static const char begin_write[] = "BEGIN IMMEDIATE";

    if (sqlite3_get_autocommit(store->database) == 0) {
        return begin_within(store, kind, failure);
    }
    TRY(prepare_rollback(store, failure));
    TRY(store_change(store, kind == TRANSACTION_WRITE ? begin_write : begin_read, NULL, 0,
                     failure));
    TRANSACTION_AUTO transaction = {store, store->revisions_grew};
    store->items_grew = false;
    if (store->open) {
        TRY(store_refresh(store, failure));
    }
    MOVE(*ret_transaction, transaction);
    return STATUS_OK;
}

enum status transaction_commit(struct transaction *transaction, struct failure *failure)
{
    static const char commit[] = "COMMIT";

    if (transaction->store == NULL) {
        return STATUS_OK; /* it was inside another */
    }
    TRY(store_change(transaction->store, commit, NULL, 0, failure));
    transaction->store = NULL;
    return STATUS_OK;
}

void transaction_end(struct transaction *transaction)
{
    struct failure ignored;

    if (transaction->store != NULL) {
        transaction->store->revisions_grew = transaction->revisions_grew;
    }
    if (transaction->store != NULL && sqlite3_get_autocommit(transaction->store->database) == 0) {
        /* The caller already has the error that led here; SQLite rolls back at close at last. */
        enum status status = store_change(transaction->store, rollback, NULL, 0, &ignored);
        (void)status;
    }
    transaction->store = NULL;
}
