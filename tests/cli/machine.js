// SPDX-License-Identifier: MIT
// A machine with browsers for install and doctor: a home folder, programs and folders of the system
// of its own, so that no test comes near the real ones.
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { hostPath, identity } from '../protocol/host-process.js';
import { run } from './cli.js';

export const MANIFEST = `${identity.nativeHostName}.json`;

/** Where each looks, in a home folder. */
export const PLACES = {
  chromium: `.config/chromium/NativeMessagingHosts/${MANIFEST}`,
  firefox: `.mozilla/native-messaging-hosts/${MANIFEST}`,
};

/** @typedef {'chromium' | 'firefox'} Family */

/** What install writes. @param {Family} family @param {string} [path] @returns {Record<string, any>} */
export const manifestOf = (family, path = hostPath) => ({
  name: identity.nativeHostName,
  description: identity.nativeHostDescription,
  path,
  type: 'stdio',
  ...(family === 'chromium'
    ? { allowed_origins: [`chrome-extension://${identity.chromiumExtensionId}/`] }
    : { allowed_extensions: [identity.firefoxExtensionId] }),
});

/** @typedef {{level: string, subject: string, text: string, fix: string | null}} Finding */

export class Machine {
  /** @param {import('node:test').TestContext} t */
  constructor(t) {
    this.folder = mkdtempSync(join(tmpdir(), 'powerup-secrets-machine-'));
    t.after(() => rmSync(this.folder, { recursive: true, force: true }));
    this.home = join(this.folder, 'home');
    this.programs = join(this.folder, 'bin');
    this.root = join(this.folder, 'root');
    this.state = join(this.folder, 'state');
    this.temporary = join(this.folder, 'tmp');
    this.current = join(this.folder, 'current');
    for (const folder of [this.home, this.programs, this.root, this.temporary, this.current]) {
      mkdirSync(folder);
    }
    /** @type {Record<string, string>} */
    this.env = {
      HOME: this.home,
      XDG_CONFIG_HOME: '',
      CHROME_CONFIG_HOME: '',
      PATH: this.programs,
      DESTDIR: this.root,
      TMPDIR: this.temporary,
      POWERUP_SECRETS_DIR: this.state,
    };
  }

  /** A browser that was started. @param {string} profile  below the home folder */
  start(profile) {
    mkdirSync(join(this.home, profile), { recursive: true });
    return this;
  }

  /**
   * @param {string} path  below the home folder, or absolute
   * @param {string | Record<string, any>} content
   * @param {number} [mode]
   */
  write(path, content, mode = 0o644) {
    const file = path.startsWith('/') ? path : join(this.home, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    chmodSync(file, mode);
    return file;
  }

  /** @param {string} path  below the home folder */
  read(path) {
    return JSON.parse(readFileSync(join(this.home, path), 'utf8'));
  }

  /** @param {string} path  below the home folder */
  has(path) {
    return existsSync(join(this.home, path));
  }

  /** A program on the PATH. @param {string} name @param {string} [script] */
  program(name, script = 'exit 0') {
    return this.write(join(this.programs, name), `#!/bin/sh\n${script}\n`, 0o755);
  }

  /** @param {string[]} args */
  run(args) {
    return run(args, { env: this.env, cwd: this.current });
  }

  /**
   * @param {string[]} args  of install or uninstall
   * @returns {Promise<{code: number | null, rows: any[]}>}  without the rows that were skipped
   */
  async rows(args) {
    const { code, stdout } = await this.run([...args, '--json']);
    const rows = JSON.parse(stdout || '[]');
    return { code, rows: rows.filter((/** @type {any} */ row) => row.outcome !== 'skipped') };
  }

  /**
   * @param {string[]} [args]
   * @returns {Promise<{code: number | null, findings: Finding[], problems: Finding[], warnings: Finding[]}>}
   */
  async doctor(args = []) {
    const { code, stdout, stderr } = await this.run(['doctor', '--json', ...args]);
    if (stdout === '') {
      throw new Error(`doctor says nothing: ${stderr}`);
    }
    /** @type {Finding[]} */
    const findings = JSON.parse(stdout);
    const of = (/** @type {string} */ level) => findings.filter((one) => one.level === level);
    return { code, findings, problems: of('problem'), warnings: of('warning') };
  }
}
