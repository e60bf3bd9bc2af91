// SPDX-License-Identifier: MIT
// What all runners share.
export { CommandError } from './command-line.js';
export { matchers } from './matchers.js';
export { scenarios } from './scenarios.js';
export { Trello } from './trello.js';

/** @typedef {import('./names.js').AnsweredMethod} AnsweredMethod */
/** @typedef {import('./names.js').Capability} Capability */
/** @typedef {import('./names.js').FaultyMethod} FaultyMethod */
/** @typedef {import('./names.js').RecordedMethod} RecordedMethod */
/** @typedef {import('./scenarios.js').ScenarioName} ScenarioName */
/** @typedef {import('./shown.js').BoardBar} BoardBar */
/** @typedef {import('./shown.js').Call} Call */
/** @typedef {import('./shown.js').Modal} Modal */
/** @typedef {import('./shown.js').Popup} Popup */
