// SPDX-License-Identifier: MIT
// What a document meets in its storages. Also runs in documents that can load nothing and reach nobody, so
// it stands alone.

/** @returns {string}  the outcome of each step, as JSON */
function probe() {
  const errorOf = ({ constructor, name, message, code }) => [constructor.name, name, message, code];
  const step = (act) => {
    try {
      return act() ?? null;
    } catch (error) {
      return { error: errorOf(error) };
    }
  };
  const of = (kind) => {
    const { get, set, ...attributes } = Object.getOwnPropertyDescriptor(window, kind) ?? {};
    return {
      accessor: [get?.name, String(get), typeof set, attributes],
      read: step(() => typeof window[kind]),
      same: step(() => window[kind] === get.call(window)),
      text: step(() => String(window[kind])),
      before: step(() => Object.keys(window[kind]).sort()),
      write: step(() => window[kind].setItem('of a document', 'v')),
      found: step(() => window[kind]['of a document']),
      length: step(() => window[kind].length),
      removed: step(() => delete window[kind]['of a document']),
      methods: step(() => window[kind].setItem === Storage.prototype.setItem),
    };
  };
  return JSON.stringify([of('localStorage'), of('sessionStorage'), typeof onstorage]);
}

addEventListener('message', ({ source, data }) => {
  if (data === 'probe') {
    source.postMessage(probe(), '*');
  }
});
