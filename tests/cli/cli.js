// SPDX-License-Identifier: MIT
// The real command line, and fake browsers: the real host, with tests in place of the extension.
import assert from 'node:assert/strict';
import { isUtf8 } from 'node:buffer';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Session } from '../../runner/src/session.js';
import { query } from '../support/store.js';
import { hostPath, HostProcess, stateFolder } from '../protocol/host-process.js';

export const cliPath = resolve(
  process.env.POWERUP_SECRETS_CLI ?? join(dirname(hostPath), 'powerup-secrets'),
);

/** A command in front of it, such as valgrind with its options. */
const wrapper = (process.env.POWERUP_SECRETS_HOST_WRAPPER ?? '').split(' ').filter(Boolean);

/** Exit status by which valgrind (see scripts/test) and the sanitizers report what they found. */
const FOUND = 99;

export const EXIT = {
  done: 0,
  failed: 1,
  wrongUse: 2,
  notConfirmed: 3,
  absent: 4,
  notDecrypted: 5,
};

export const ORIGIN = 'http://localhost:3000';
export const MEMBER = '5f0000000000000000000001';

/** Seconds within which everything happens on any machine; so long waits only what goes wrong. */
export const FAR = '300';

/** What ends the line of a command when not every browser has confirmed its change. */
export const IS_STORED = '; the change is stored, and in force where it was confirmed';

/** Whether commands run in `powerup-secrets session`, as those of the runner do. */
const overSession = process.env.POWERUP_SECRETS_OVER === 'session';

const ASK_NO_BROWSER = [
  'completion',
  'help',
  'install',
  'uninstall',
  'encrypt',
  'decrypt',
  'doctor',
  'session',
];

/**
 * @typedef {object} Run
 * @property {number | null} code
 * @property {string} stdout
 * @property {string} stderr
 */

/**
 * @param {string[]} args
 * @param {object} [options]
 * @param {string | Buffer} [options.input]  standard input
 * @param {Record<string, string>} [options.env]
 * @param {string} [options.cwd]
 * @returns {Promise<Run>}
 */
export async function run(args, { input = '', env, cwd } = {}) {
  if (!overSession || args.length === 0 || !isUtf8(Buffer.from(input))) {
    return start(args, { input, env, cwd });
  }
  const { status, stdout, stderr } = await sessionIn(env, cwd).run(args, `${input}`);
  return { code: status, stdout, stderr };
}

/** Sessions by environment and folder. @type {Map<string, Session>} */
const sessions = new Map();

/**
 * @param {Record<string, string>} [env]
 * @param {string} [cwd]
 */
function sessionIn(env, cwd) {
  const name = JSON.stringify([env, cwd]);
  let session = sessions.get(name);
  if (session === undefined || session.hasEnded) {
    session = new Session(cliPath, { cwd, env: environment(env) });
    sessions.set(name, session);
  }
  return session;
}

/** Ends the sessions: a store that they have open is closed, and its journal written back. */
export async function endSessions() {
  await Promise.all([...sessions.values()].map((session) => session.close()));
  sessions.clear();
}

/** @param {Record<string, string>} [env] */
const environment = (env) => ({
  ...process.env,
  POWERUP_SECRETS_DIR: '/nonexistent/say-it-with-state',
  HOME: '/nonexistent/say-it-with-env', // install writes below it
  XDG_CONFIG_HOME: '',
  CHROME_CONFIG_HOME: '',
  DESTDIR: '/nonexistent/say-it-with-env',
  POWERUP_SECRETS_BROWSER_PROFILE: '',
  SUDO_USER: '',
  DOAS_USER: '',
  ASAN_OPTIONS: `exitcode=${FOUND}`,
  UBSAN_OPTIONS: `halt_on_error=1:exitcode=${FOUND}`,
  ...env,
});

/**
 * Starts the program.
 *
 * @param {string[]} args
 * @param {Parameters<typeof run>[1]} [options]
 * @returns {Promise<Run>}
 */
export async function start(args, { input = '', env, cwd } = {}) {
  const [command, ...rest] = [...wrapper, cliPath, ...args];
  const child = spawn(command, rest, { cwd, stdio: 'pipe', env: environment(env) });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
  child.stdin.on('error', () => {}); // a command that does not read it
  child.stdin.end(input);
  const code = await new Promise((done) => child.on('close', done));
  if (code === FOUND) {
    throw new Error(`valgrind or a sanitizer found something:\n${stderr}`);
  }
  return { code, stdout, stderr };
}

/**
 * The command line with its own state folder.
 *
 * @param {import('node:test').TestContext} t
 * @param {string} [state]
 */
export function cliOf(t, state = stateFolder(t)) {
  const cli = {
    state,
    /**
     * Waits far longer for browsers than users would, unless the arguments have a timeout.
     *
     * @param {string[]} args
     * @param {Parameters<typeof run>[1]} [options]
     */
    run(args, options) {
      const said = args.includes('--timeout') || ASK_NO_BROWSER.includes(args[0]);
      return run(['--state', state, ...(said ? [] : ['--timeout', FAR]), ...args], options);
    },
    /**
     * Runs a command that succeeds.
     *
     * @param {string[]} args
     * @param {Parameters<typeof run>[1]} [options]
     */
    async do(args, options) {
      const result = await cli.run(args, options);
      assert.equal(result.code, EXIT.done, `${args.join(' ')}: ${result.stderr}`);
      return result;
    },
    /**
     * Runs a command that succeeds and prints JSON.
     *
     * @param {string[]} args
     * @param {Parameters<typeof run>[1]} [options]
     * @returns {Promise<any>}
     */
    json: async (args, options) => JSON.parse((await cli.do([...args, '--json'], options)).stdout),
    /**
     * Runs a command that fails: one line on stderr gives the reason, and stdout is empty.
     *
     * @param {number} code
     * @param {RegExp} words
     * @param {string[]} args
     * @param {Parameters<typeof run>[1]} [options]
     */
    async fails(code, words, args, options) {
      const result = await cli.run(args, options);
      assert.equal(result.code, code, `${args.join(' ')}: ${result.stdout}${result.stderr}`);
      assert.equal(result.stdout, '');
      const line = result.stderr.trimEnd().split('\n').at(-1) ?? '';
      assert.match(line, /^powerup-secrets: /);
      assert.match(line, words);
      return result;
    },
    /** Everything in the store; undefined when there is none. */
    content() {
      const tables =
        'property storage_key item plugin_data power_up_origin setting answer fault call call_lost';
      return existsSync(join(state, 'store.sqlite3'))
        ? tables.split(' ').map((table) => query(state, `SELECT * FROM ${table} ORDER BY 1`))
        : undefined;
    },
  };
  return cli;
}

/** @typedef {{result: any} | {error: string} | undefined} Outcome  undefined: no answer at all */

/** A running browser whose extension answers as the test wants. */
export class FakeBrowser {
  /** What the command line asked, in its order. @type {any[]} */
  events = [];
  /** Called with what other processes changed. @type {(event: any) => void} */
  onChanged = () => {};
  /** @type {HostProcess} */
  host;
  #answer;
  #lastId = 0;
  /** @type {Map<number, (reply: any) => void>} */
  #waiting = new Map();

  /**
   * @param {HostProcess} host
   * @param {(event: any, browser: FakeBrowser) => Outcome | Promise<Outcome>} answer
   */
  constructor(host, answer) {
    this.host = host;
    this.#answer = answer;
  }

  async listen() {
    for (;;) {
      const message = await this.host.reply();
      if (message === undefined) {
        return;
      }
      if (message.event === undefined) {
        this.#waiting.get(message.id)?.(message);
        this.#waiting.delete(message.id);
      } else if (message.ticket !== undefined) {
        // What the host adds is a matter of the protocol's own tests.
        const { settings: _settings, itemsRevision: _itemsRevision, ...asked } = message;
        this.events.push(asked);
        void this.#confirm(message);
      } else {
        this.onChanged(message);
      }
    }
  }

  /** @param {any} event */
  async #confirm(event) {
    const outcome = await this.#answer(event, this);
    if (outcome !== undefined) {
      await this.request('confirm', { ticket: event.ticket, ...outcome });
    }
  }

  /**
   * @param {string} op
   * @param {Record<string, unknown>} [members]
   * @returns {Promise<any>}
   */
  request(op, members = {}) {
    const id = ++this.#lastId;
    this.host.send({ id, op, ...members });
    return new Promise((done) => this.#waiting.set(id, done));
  }

  /**
   * @param {string} key
   * @param {string} data
   * @param {Record<string, unknown>} [place]
   */
  store(key, data, place) {
    return this.request('storeSecret', { origin: ORIGIN, member: MEMBER, ...place, key, data });
  }

  /**
   * @param {string} key
   * @param {Record<string, unknown>} [place]
   */
  load(key, place) {
    return this.request('loadSecret', { origin: ORIGIN, member: MEMBER, ...place, key });
  }
}

/**
 * @param {import('node:test').TestContext} t
 * @param {string} state
 * @param {object} [options]
 * @param {string} [options.name]
 * @param {(event: any, browser: FakeBrowser) => Outcome | Promise<Outcome>} [options.answer]
 * @param {Record<string, string>} [options.env]
 * @param {boolean} [options.outlived]  the test's process is the browser, and goes on when the host ends
 */
export async function startBrowser(t, state, options = {}) {
  const { name = 'Chrome/156', answer = () => ({ result: null }), env, outlived } = options;
  const browser = new FakeBrowser(new HostProcess(t, { state, env, outlived }), answer);
  void browser.listen();
  const hello = { protocol: 1, extension: '0.1.0', browser: name };
  assert.equal((await browser.request('hello', hello)).ok, true);
  return browser;
}

/** The table of commands as the program has it. @returns {Promise<CommandRow[]>} */
export async function commandTable() {
  return JSON.parse((await run(['help', '--table'])).stdout);
}

/**
 * @typedef {object} CommandRow
 * @property {string} name
 * @property {string} arguments
 * @property {string} help
 * @property {{name: string, argument: string | null, help: string, required: boolean}[]} options
 */

/** @param {string} path  from the root of the repository */
export const readRoot = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
