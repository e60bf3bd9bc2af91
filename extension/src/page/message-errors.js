// SPDX-License-Identifier: MIT
// The errors with which Power-Up and Trello answer each other, identified by their codes.

/**
 * @param {string} name
 * @param {string} code
 * @returns {any}  an error class that works with and without `new`
 */
function errorClass(name, code) {
  /**
   * @this {any}
   * @param {string} [message]
   */
  function MessageError(message) {
    const error = this instanceof MessageError ? this : Object.create(MessageError.prototype);
    error.message = message;
    error.stack = new Error(message).stack;
    return error;
  }
  MessageError.prototype = Object.create(Error.prototype, {
    constructor: { value: MessageError, configurable: true, writable: true },
    name: { value: name, configurable: true, writable: true },
    code: { value: code, configurable: true, writable: true },
  });
  return MessageError;
}

export const MESSAGE_ERRORS = {
  PluginDisabled: errorClass('PostMessageIO:PluginDisabled', 'plugin disabled'),
  InvalidContext: errorClass('PostMessageIO:InvalidContext', 'invalid context'),
  NotHandled: errorClass('PostMessageIO:NotHandled', 'not handled'),
  UnsupportedCommand: errorClass('PostMessageIO:UnsupportedCommand', 'unsupported command'),
};
