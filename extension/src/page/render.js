// SPDX-License-Identifier: MIT

/** The function that a page passed to t.render: called after load, and when data have changed. */
export function createRender() {
  /** @type {Function | undefined} */
  let registered;

  function run() {
    registered?.();
  }

  /** @param {any} render  replaces an earlier one */
  function register(render) {
    if (typeof render !== 'function') {
      throw new TypeError('Argument passed to render must be a function');
    }
    const first = registered === undefined;
    registered = render;
    if (first && document.readyState === 'complete') {
      setTimeout(run, 0);
    } else if (first) {
      window.addEventListener('load', () => setTimeout(run, 0), { once: true });
    }
  }

  return { run, register };
}
