/* SPDX-License-Identifier: MIT */
#ifndef POWERUP_SECRETS_STORE_TRANSACTION_H
#define POWERUP_SECRETS_STORE_TRANSACTION_H

#include "store/store.h"

/* One operation is one transaction: it is begun, and either committed or, when it goes out of
 * scope before that, rolled back. A writing one holds the write lock from its beginning.
 *
 *     TRANSACTION_AUTO transaction = {0};
 *     TRY(transaction_begin(store, TRANSACTION_WRITE, &transaction, failure));
 */
enum transaction_kind { TRANSACTION_READ, TRANSACTION_WRITE };
struct transaction {
    struct store *store; /* NULL when there is nothing to roll back */
    bool revisions_grew; /* before it began */
};
#define TRANSACTION_AUTO __attribute__((cleanup(transaction_end))) struct transaction
/* Inside a transaction of the same store it begins none: that one decides whether anything stays,
 * and is one that writes where this is. */
MUST_CHECK enum status transaction_begin(struct store *store, enum transaction_kind kind,
                                         struct transaction *ret_transaction,
                                         struct failure *failure);
MUST_CHECK enum status transaction_commit(struct transaction *transaction, struct failure *failure);
void transaction_end(struct transaction *transaction);

#endif
