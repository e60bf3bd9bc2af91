// SPDX-License-Identifier: MIT
// What all runners share.
export { CommandError } from './command-line.js';
export { matchers } from './matchers.js';
export { scenarios } from './scenarios.js';
export { Trello } from './trello.js';
