// SPDX-License-Identifier: MIT
// The background with its edges: those of the extension, with fakes of chrome.*, and those of a program in
// Node.js. Behind each is a real host, before each are pages that the test speaks for.
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';
import { buildSync } from 'esbuild';
import { Background } from '../../extension/src/background/background.js';
import { siteOf } from '../../extension/src/background/site.js';
import { HostProcess, identity, version } from './host-process.js';

/** @typedef {import('../../extension/src/messages.js').AllSettings} AllSettings */

const SOURCE = fileURLToPath(new URL('../../extension/src/background.js', import.meta.url));

/** The listeners of one event of a port. */
class Listeners {
  /** @type {((...args: any[]) => void)[]} */
  #all = [];

  /** @param {(...args: any[]) => void} listener */
  addListener(listener) {
    this.#all.push(listener);
  }

  /** @param {any[]} args */
  call(...args) {
    this.#all.forEach((listener) => listener(...args));
  }
}

/**
 * A port to a host, as `chrome.runtime.connectNative` returns it.
 *
 * @param {HostProcess} host
 * @param {string[]} sent  gets the operation of each request
 */
function portTo(host, sent) {
  const onMessage = new Listeners();
  const onDisconnect = new Listeners();
  const port = {
    onMessage,
    onDisconnect,
    postMessage(/** @type {{op: string}} */ message) {
      sent.push(message.op);
      host.send(message);
    },
    disconnect: () => host.closeInput(),
  };
  void (async () => {
    for (let message; (message = await host.receive()) !== undefined;) {
      onMessage.call(message);
    }
    onDisconnect.call(port);
  })();
  return port;
}

/** @typedef {{result?: any, error?: string} | undefined} Outcome  undefined: no answer at all */

/** A frame's document: its bridge's side of the port. */
export class Page {
  /** What it was asked. @type {{method: string, args: any[]}[]} */
  asked = [];
  /** The background's side of the port. */
  port;
  #requests = 0;
  /** @type {Map<number, (answer: any) => void>} */
  #waiting = new Map();
  /** @type {((asked: {method: string, args: any[]}) => void)[]} */
  #awaiting = [];

  /**
   * @param {object} options
   * @param {string} options.url
   * @param {string} [options.id]
   * @param {string} [options.origin]  where it is not that of the address, as of a sandboxed frame
   * @param {string} [options.topUrl]  of the page that it is embedded in
   * @param {number} [options.tab]
   * @param {(method: string, args: any[]) => Outcome} [options.answer]
   */
  constructor({ url, id = 'page', origin = new URL(url).origin, topUrl, tab = 1, answer }) {
    this.id = id;
    this.url = url;
    this.origin = origin;
    this.topUrl = topUrl;
    this.tab = tab;
    this.answer = answer ?? (() => ({ result: null }));
    this.port = {
      name: id,
      onMessage: new Listeners(),
      onDisconnect: new Listeners(),
      disconnect: () => {
        throw new Error('the background refused the page');
      },
      // A port serializes in the sender, and delivers later.
      postMessage: (/** @type {object} */ message) => {
        const sent = structuredClone(message);
        queueMicrotask(() => this.#receive(sent));
      },
    };
  }

  /** @param {any} message */
  #receive({ id, method, args, answer }) {
    if (method === undefined) {
      this.#waiting.get(id)?.(answer);
      return;
    }
    const asked = { method, args };
    this.asked.push(asked);
    const outcome = this.answer(method, args);
    if (outcome !== undefined) {
      this.port.onMessage.call({ id, ...outcome });
    }
    this.#awaiting.forEach((see) => see(asked));
  }

  /**
   * @param {string} operation
   * @param {Record<string, unknown>} [members]
   * @returns {Promise<any>}
   */
  request(operation, members = {}) {
    const id = ++this.#requests;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.port.onMessage.call({ id, request: { operation, members } });
    });
  }

  /** @param {(asked: {method: string, args: any[]}) => boolean} isIt @returns {Promise<void>} */
  async isAsked(isIt) {
    if (!this.asked.some(isIt)) {
      await new Promise((resolve) =>
        this.#awaiting.push((asked) => isIt(asked) && resolve(undefined)),
      );
    }
  }

  close() {
    this.port.onDisconnect.call(this.port);
  }
}

/**
 * @typedef {object} Running  a background that has a host and has applied its settings
 * @property {HostProcess[]} hosts  all that it started, the last one first
 * @property {string[]} sent  the operations that it has requested of them
 * @property {(page: Page) => Page} open  has the page's bridge open its port
 * @property {() => string[]} atStart  the origins that have settings of their own at document start, and ''
 * @property {(asked: object) => Promise<any>} askPanel  what the toolbar panel asks
 * @property {() => void} close  ends it, as its browser does
 */

/**
 * @typedef {object} Given
 * @property {string} state
 * @property {boolean} [outlived]  the test's process stands for the browser, and goes on when a host ends
 */

/**
 * Starts hosts for a background, until its test has ended.
 *
 * @param {import('node:test').TestContext} t
 * @param {Given} given
 */
function hostsOf(t, { state, outlived = true }) {
  /** @type {HostProcess[]} */
  const hosts = [];
  /** @type {string[]} */
  const sent = [];
  let ended = false;
  t.after(() => (ended = true));
  const connectHost = () => {
    if (ended) {
      throw new Error('the test has ended');
    }
    const host = new HostProcess(t, { state, outlived });
    hosts.unshift(host);
    return portTo(host, sent);
  };
  return { hosts, sent, connectHost };
}

/**
 * @param {import('node:test').TestContext} t
 * @param {Given} given
 * @returns {Promise<Running>}
 */
async function inNode(t, given) {
  /** @type {Set<Page>} */
  const pages = new Set();
  /** @type {AllSettings | undefined} */
  let registered;
  const isReady = new Listeners();
  t.after(() => background.close());
  const { hosts, sent, connectHost } = hostsOf(t, given);
  const background = new Background({
    connectHost: /** @type {any} */ (connectHost),
    tabs: {
      withPages: async () => [...new Set([...pages].map(({ tab }) => tab))],
      isPage: async () => true,
    },
    settingsAtStart: {
      async register(settings) {
        registered = settings;
        isReady.call();
      },
    },
    extensionVersion: version,
    browser: 'Node.js',
  });
  const ready = new Promise((resolve) => isReady.addListener(resolve));
  await background.start();
  await ready;
  return {
    hosts,
    sent,
    close: () => background.close(),
    atStart: () => registered?.origins.map(({ origin }) => origin) ?? [],
    askPanel: (asked) => background.answerPanel(asked),
    open(page) {
      const { id, origin, topUrl, tab, url, port } = page;
      const topLevelSite = topUrl && siteOf(topUrl);
      const isForeign = topLevelSite !== undefined && topLevelSite !== siteOf(origin);
      pages.add(page);
      port.onDisconnect.addListener(() => pages.delete(page));
      background.addFrame(/** @type {any} */ (port), {
        page: id,
        caller:
          origin === 'null'
            ? { error: 'it has no storage.' }
            : { origin, ...(isForeign && { topLevelSite }) },
        address: url,
        tab,
        isTop: topUrl === undefined,
      });
      return page;
    },
  };
}

/**
 * @param {'chromium' | 'firefox'} browser
 * @returns {(t: import('node:test').TestContext, given: Given) => Promise<Running>}
 */
const inExtension = (browser) => async (t, given) => {
  const { outputFiles } = buildSync({
    entryPoints: [SOURCE],
    bundle: true,
    write: false,
    define: {
      BROWSER: JSON.stringify(browser),
      NATIVE_HOST_NAME: JSON.stringify(identity.nativeHostName),
      EXTENSION_VERSION: JSON.stringify(version),
    },
  });
  const base = `chrome-extension://${identity.chromiumExtensionId}/`;
  const onConnect = new Listeners();
  const onMessage = new Listeners();
  const isReady = new Listeners();
  const ready = new Promise((resolve) => isReady.addListener(resolve));
  /** @type {Set<Page>} */
  const pages = new Set();
  /** @type {Map<string, any>} */
  const registered = new Map();
  const put = async (/** @type {any[]} */ list) =>
    list.forEach((one) => registered.set(one.id, one));
  /** @type {Set<NodeJS.Timeout>} */
  const timers = new Set();
  t.after(() => close());
  const { hosts, sent, connectHost } = hostsOf(t, given);
  let ended = false;
  function close() {
    ended = true;
    timers.forEach(clearTimeout);
    hosts[0].closeInput();
  }
  const chrome = {
    runtime: {
      id: identity.chromiumExtensionId,
      lastError: undefined,
      getURL: (/** @type {string} */ path) => base + path,
      onConnect,
      onMessage,
      connectNative(/** @type {string} */ name) {
        if (name !== identity.nativeHostName) {
          throw new Error(`no host is named ${name}`);
        }
        return connectHost();
      },
    },
    tabs: {
      query: async () => [...new Set([...pages].map(({ tab }) => tab))].map((id) => ({ id })),
    },
    scripting: {
      executeScript: async () => [],
      async getRegisteredContentScripts() {
        isReady.call();
        return [...registered.values()];
      },
      registerContentScripts: put,
      updateContentScripts: put,
      unregisterContentScripts: async ({ ids = [...registered.keys()] }) =>
        ids.forEach((id) => registered.delete(id)),
    },
  };
  vm.runInNewContext(outputFiles[0].text, {
    AbortController,
    AbortSignal,
    chrome,
    console,
    Event,
    EventTarget,
    URL,
    navigator: { userAgent: browser },
    performance,
    clearTimeout,
    setTimeout(/** @type {() => void} */ callback, /** @type {number} */ ms) {
      const timer = setTimeout(callback, ms);
      timers.add(timer);
      if (ended) {
        clearTimeout(timer);
      }
      return timer;
    },
  });
  await ready;
  return {
    hosts,
    sent,
    close,
    atStart: () => [...registered.keys()].map((id) => id.replace('settings of ', '')),
    askPanel: (asked) =>
      new Promise((resolve) =>
        onMessage.call(
          { panel: asked },
          { id: chrome.runtime.id, url: `${base}panel.html` },
          (/** @type {object} */ answer) => resolve(structuredClone(answer)),
        ),
      ),
    open(page) {
      pages.add(page);
      page.port.onDisconnect.addListener(() => pages.delete(page));
      const { id, origin, topUrl, tab, url } = page;
      onConnect.call(
        Object.assign(page.port, {
          sender: {
            id: chrome.runtime.id,
            origin,
            url,
            frameId: topUrl === undefined ? 0 : 1,
            tab: { id: tab, url: topUrl ?? url },
            documentId: id,
          },
        }),
      );
      return page;
    },
  };
};

/** Every form of the background. */
export const BACKGROUNDS = {
  'in Chromium': inExtension('chromium'),
  'in Firefox': inExtension('firefox'),
  'in Node.js': inNode,
};
