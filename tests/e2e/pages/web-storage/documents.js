// SPDX-License-Identifier: MIT
// Documents of every kind, made anew and kept from before. Each is asked what it meets in its storages.

const FRAME = '/web-storage/document.html';
const source = await (await fetch('/web-storage/probe.js')).text();
const TEXT = `<!doctype html><script>${source}</script><body></body>`;

/** @param {Record<string, string>} attributes */
async function addFrame(attributes) {
  const frame = document.createElement('iframe');
  for (const [name, value] of Object.entries(attributes)) {
    frame.setAttribute(name, value);
  }
  await new Promise((resolve) => {
    frame.addEventListener('load', resolve, { once: true });
    document.body.append(frame);
  });
  return frame;
}

const blank = () => document.body.appendChild(document.createElement('iframe'));

async function openedAgain(attributes) {
  const frame = await addFrame(attributes);
  const { contentDocument } = frame;
  contentDocument.open();
  contentDocument.write(TEXT);
  contentDocument.close();
  return frame;
}

/** @type {Record<string, () => Promise<HTMLIFrameElement> | HTMLIFrameElement>} */
const FRAMES = {
  'a frame of the same origin': () => addFrame({ src: FRAME }),
  'a frame of another site': () =>
    addFrame({ src: `${location.protocol}//127.0.0.1:${location.port}${FRAME}` }),
  'about:blank, read at once': blank,
  srcdoc: () => addFrame({ srcdoc: TEXT }),
  'blob:': () => addFrame({ src: URL.createObjectURL(new Blob([TEXT], { type: 'text/html' })) }),
  'data:': () => addFrame({ src: `data:text/html,${encodeURIComponent(TEXT)}` }),
  'a sandboxed frame': () => addFrame({ src: FRAME, sandbox: 'allow-scripts' }),
  'a sandboxed srcdoc': () => addFrame({ srcdoc: TEXT, sandbox: 'allow-scripts' }),
  'a sandboxed frame of the same origin': () =>
    addFrame({ src: FRAME, sandbox: 'allow-scripts allow-same-origin' }),
  'document.open in a frame': () => openedAgain({ src: FRAME }),
  'document.open in a blank frame': () => openedAgain({}),
};

/** Documents that cannot answer messages are run a script in. */
const WITHOUT_SCRIPT = 'about:blank, read at once';

/** @param {string} name @param {HTMLIFrameElement} frame @returns {Promise<string>} */
async function ask(name, { contentWindow }) {
  if (name === WITHOUT_SCRIPT) {
    return contentWindow.eval(`${source}; probe()`);
  }
  const answer = new Promise((resolve) => {
    addEventListener('message', function listener({ source: from, data }) {
      if (from === contentWindow) {
        removeEventListener('message', listener);
        resolve(data);
      }
    });
  });
  contentWindow.postMessage('probe', '*');
  return answer;
}

/** Frames that were there before whatever happened to the page. */
const kept = new Map();
for (const [name, make] of Object.entries(FRAMES)) {
  const frame = await make();
  kept.set(name, frame);
}

/** @param {Window} opened */
function useOfDetached(opened, kind) {
  const get = Object.getOwnPropertyDescriptor(opened, kind)?.get;
  const storage = opened[kind];
  storage.setItem('k', 'v');
  opened.frameElement.remove();
  return { get, storage };
}

/** Each says what it meets in both storages. @type {Record<string, () => Promise<unknown>>} */
export const DOCUMENTS = {
  ...Object.fromEntries(
    Object.entries(FRAMES).flatMap(([name, make]) => [
      [
        `${name}, made now`,
        async () => {
          const frame = await make();
          const answer = await ask(name, frame);
          frame.remove();
          return JSON.parse(answer);
        },
      ],
      [`${name}, kept`, async () => JSON.parse(await ask(name, kept.get(name)))],
    ]),
  ),
  'a window that was opened': () => {
    const opened = window.open('about:blank');
    const answer = opened.eval(`${source}; probe()`);
    opened.close();
    return JSON.parse(answer);
  },
};

/** @type {Record<string, (storage: Storage, kind: string) => unknown>} */
export const BETWEEN_DOCUMENTS = {
  'storages of two documents have the same entries': (storage, kind) => {
    const frame = blank();
    const other = frame.contentWindow[kind];
    storage.setItem('a', '1');
    other.setItem('b', '2');
    const seen = [storage === other, storage.b, other.a, storage.length === other.length];
    frame.remove();
    return seen;
  },
  'each document has an accessor and a Storage of its own': (storage, kind) => {
    const frame = blank();
    const { contentWindow } = frame;
    const theirs = Object.getOwnPropertyDescriptor(contentWindow, kind);
    const ours = Object.getOwnPropertyDescriptor(window, kind);
    const seen = [
      theirs.get === ours.get,
      theirs.get.call(window) === storage,
      ours.get.call(contentWindow) === contentWindow[kind],
      contentWindow[kind] instanceof Storage,
      contentWindow[kind] instanceof contentWindow.Storage,
      Storage.prototype.getItem.call(contentWindow[kind], 'none'),
    ];
    frame.remove();
    return seen;
  },
  'the storage of a frame that was removed': async (_storage, kind) => {
    const { get, storage } = useOfDetached(blank().contentWindow, kind);
    const outcomes = [];
    for (const act of [
      () => typeof get,
      () => storage.getItem('k'),
      () => storage.setItem('l', 'w'),
      () => storage.length,
      () => Object.keys(storage).sort(),
    ]) {
      try {
        outcomes.push(act());
      } catch ({ name, message }) {
        outcomes.push([name, message]);
      }
    }
    return outcomes;
  },
};
