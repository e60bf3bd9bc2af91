// SPDX-License-Identifier: MIT
import { ownAddEventListener, ownSetTimeout } from './own-globals.js';

const { timing } = performance;

/** Whether the load event is over: what a page registers in it is in time. */
const isLoaded = () => timing.loadEventEnd !== 0;

/**
 * The function that a page passed to t.render: called once after load, and when plugin data have
 * changed.
 *
 * @param {() => boolean} isLateCalled  whether a page that registers after load is called nevertheless
 */
export function createRender(isLateCalled) {
  /** @type {Function | undefined} */
  let registered;
  /** Whether the call after load is still to come; it will show everything that changes before it. */
  let isToCome = false;

  function call() {
    try {
      registered?.();
    } catch (error) {
      reportError(error); // the page's own, as if Trello's message had caused it
    }
  }

  function first() {
    isToCome = false;
    call();
  }

  /** @param {any} render  replaces an earlier one */
  function register(render) {
    if (typeof render !== 'function') {
      throw new TypeError('Argument passed to render must be a function');
    }
    const isFirst = registered === undefined;
    registered = render;
    if (!isFirst || (isLoaded() && !isLateCalled())) {
      return;
    }
    isToCome = true;
    if (document.readyState === 'complete') {
      ownSetTimeout(first, 0);
    } else {
      ownAddEventListener('load', () => ownSetTimeout(first, 0), { once: true });
    }
  }

  return {
    register,
    /** Plugin data have changed. */
    run() {
      if (!isToCome) {
        call();
      }
    },
  };
}
