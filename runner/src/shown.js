// SPDX-License-Identifier: MIT
// What a Power-Up called, and what it asked Trello to show, with its functions to press.

/**
 * @typedef {object} Call  a call that a page made, or a problem with one
 * @property {number} at  milliseconds since 1970
 * @property {string} origin
 * @property {string | null} page  the id of the document that made it
 * @property {string} method  of t, such as 'storeSecret' or 'alert'
 * @property {string | null} problem  the name of a misuse
 * @property {CallDetail} detail
 */

/**
 * @typedef {object} CallDetail
 * @property {string} [member]
 * @property {string} [key]  of a secret, or of get, set and remove
 * @property {string[]} [keys]  where several were given
 * @property {string} [scope]  of plugin data
 * @property {string} [visibility]  of plugin data
 * @property {number} [size]  of plugin data, in UTF-16 units of JSON
 * @property {string} [outcome]
 * @property {number} [durationMs]
 * @property {{name: string, message: string}} [error]
 * @property {any} [arguments]  what was shown or asked for
 * @property {string} [advice]  what to do about a problem
 * @property {number} [lost]  of the problem calls-lost: how many calls are missing
 */

/**
 * Presses a button: calls the function that the Power-Up passed to Trello, in its page.
 *
 * @callback Press
 * @param {Record<string, any>} [options]  what Trello would pass beside t, such as `{ date }` for a date
 * @returns {Promise<any>}  what the function returns; rejects with the Power-Up's own error
 */

/**
 * @typedef {object} PopupItem
 * @property {string} text
 * @property {Press} [callback]
 */

/**
 * What the Power-Up passed to t.popup.
 *
 * @typedef {object} Popup
 * @property {string} [title]
 * @property {'iframe' | 'list' | 'confirm' | 'date' | 'datetime'} type  iframe: a page
 * @property {string} [url]  of a page, as Trello would open it
 * @property {number} [width]
 * @property {number} [height]
 * @property {PopupItem[]} [items]  of a list
 * @property {any} [search]
 * @property {string} [message]  of a question
 * @property {string} [confirmText]
 * @property {string} [confirmStyle]
 * @property {Press} [onConfirm]
 * @property {string} [cancelText]
 * @property {Press} [onCancel]
 * @property {string} [date]  as toISOString gives it
 * @property {string} [minDate]
 * @property {string} [maxDate]
 * @property {Press} [callback]
 * @property {{x: number, y: number}} [pos]
 */

/**
 * @typedef {object} SurfaceAction  a button in the header
 * @property {string} [text]
 * @property {string} [icon]
 * @property {string} [alt]
 * @property {string} [position]
 * @property {string} [url]
 * @property {Press} [callback]
 */

/**
 * What the Power-Up passed to t.modal.
 *
 * @typedef {object} Modal
 * @property {string} [title]
 * @property {'iframe'} type
 * @property {string} url  as Trello would open it
 * @property {number} height
 * @property {boolean} fullscreen
 * @property {string} [accentColor]
 * @property {SurfaceAction[]} actions
 * @property {Press} [callback]  called when it is closed
 */

/**
 * What the Power-Up passed to t.boardBar.
 *
 * @typedef {object} BoardBar
 * @property {string} [title]
 * @property {'iframe'} type
 * @property {string} url  as Trello would open it
 * @property {number} height
 * @property {boolean} resizable
 * @property {string} [accentColor]
 * @property {SurfaceAction[]} actions
 * @property {Press} [callback]  called when it is closed
 */

/**
 * Puts functions where a Power-Up's functions were.
 *
 * @param {any} value
 * @param {(id: string) => Press} functionOf
 * @returns {any}
 */
export function revive(value, functionOf) {
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  if (typeof value._callback === 'string') {
    return functionOf(value._callback);
  }
  if (Array.isArray(value)) {
    return value.map((one) => revive(one, functionOf));
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, revive(one, functionOf)]),
  );
}
