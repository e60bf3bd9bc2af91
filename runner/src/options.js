// SPDX-License-Identifier: MIT
// The names of what calls take in their last argument. A name that a call does not have would be ignored,
// so it is refused.
import { kindOf, originOf } from './checks.js';
import { nearest } from './nearest.js';
import { shown } from './test-call.js';

/** @typedef {{refuse: (reason: string) => never}} TestCall */

const ORIGIN = ['origin'];
const MEMBER = [...ORIGIN, 'member'];
const OWNER = [...MEMBER, 'owner'];
const SECRET = [...MEMBER, 'topLevelSite'];
const FAULT = [...ORIGIN, 'times'];
const OPENING = ['args', 'member', 'context'];

/** Of the methods of Trello. */
export const OPTIONS = {
  seedSecret: SECRET,
  setPluginData: OWNER,
  removePersonalSettings: MEMBER,
  rotateKey: MEMBER,
  blockStorage: ORIGIN,
  fillStorage: ORIGIN,
  missingStorage: ORIGIN,
  allowStorage: ORIGIN,
  renderWriter: ORIGIN,
  fail: FAULT,
  delay: FAULT,
  hang: FAULT,
  clearSiteData: ORIGIN,
  address: OPENING,
  open: OPENING,
  capability: ORIGIN,
  render: ORIGIN,
  secret: SECRET,
  items: [...ORIGIN, 'topLevelSite'],
  pluginData: OWNER,
};

const START = ['baseURL', 'fidelity', 'member', 'context', 'data', 'host', 'stateFolder'];

/** Of the matchers. */
export const LIMITS = ['timeout'];

/** Of attachTrello, Puppeteer's launch and Selenium's build. */
export const ATTACH_OPTIONS = [...START, 'page'];
export const LAUNCH_OPTIONS = [...START, 'launchOptions'];
export const BUILD_OPTIONS = [
  ...START,
  ...['browser', 'chromeOptions', 'firefoxOptions', 'chromedriver', 'geckodriver'],
];

/**
 * @param {TestCall} call
 * @param {readonly string[]} names
 * @param {unknown} options  undefined: none
 */
export function checkOptions(call, names, options) {
  if (options === undefined) {
    return;
  }
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    const isOrigin = names.includes('origin') && originOf(options) !== null;
    call.refuse(
      isOrigin
        ? `the options must be an object: give { origin: ${shown(originOf(options))} }.`
        : `the options must be an object such as { ${names[0]} }, not ${kindOf(options)}.`,
    );
  }
  const unknown = Object.keys(options).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    const near = nearest(unknown, names);
    call.refuse(
      `there is no option "${unknown}"` +
        (near === undefined ? `. Use: ${names.join(', ')}.` : `; did you mean "${near}"?`),
    );
  }
}
