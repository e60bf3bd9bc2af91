// SPDX-License-Identifier: MIT
// JUnit XML as cmocka, ctest, node --test and Playwright write it, in one shape.
import { readFileSync } from 'node:fs';
import { XMLParser } from 'fast-xml-parser';

/**
 * @typedef {object} Result  of one test
 * @property {string} name
 * @property {'passed' | 'failed' | 'skipped'} outcome
 * @property {string} message  of a failure, or why it was skipped
 */

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@', // node --test gives a test both an attribute and an element “failure”
  textNodeName: 'text',
  parseTagValue: false,
  processEntities: { enabled: true, maxTotalExpansions: Infinity, maxExpandedLength: Infinity },
  isArray: (name, _path, _isLeaf, isAttribute) => !isAttribute && name !== 'testsuites',
});

/** @type {Record<string, string>} */
const ENTITIES = { '&quot;': '"', '&lt;': '<', '&gt;': '>', '&amp;': '&' };

/** Node.js escapes attributes twice. @param {string} text */
const unescape = (text) => text.replace(/&(quot|lt|gt|amp);/g, (entity) => ENTITIES[entity]);

/** The text of an element, preceded by its message unless that is part of it. @param {any} element */
function messageOf(element) {
  const message = element['@message'] ?? '';
  const content = element.text ?? element;
  const text = typeof content === 'string' ? content.trim() : '';
  return text.includes(message) ? text : `${message}\n${text}`.trim();
}

/** @param {any} test @returns {Result} */
function resultOf(test) {
  const { '@name': escaped, skipped, failure, error } = test;
  const name = unescape(escaped);
  if (skipped !== undefined) {
    return { name, outcome: 'skipped', message: unescape(skipped[0]['@message'] ?? '') };
  }
  const [found] = failure ?? error ?? [];
  return found === undefined
    ? { name, outcome: 'passed', message: '' }
    : { name, outcome: 'failed', message: messageOf(found) };
}

/** @param {any} suite @returns {Result[]} */
const resultsOf = (suite) => [
  ...(suite.testcase ?? []).map(resultOf),
  ...(suite.testsuite ?? []).flatMap(resultsOf),
];

/** @param {string} file @returns {Result[]} */
export function readJUnit(file) {
  const { testsuites, testsuite } = parser.parse(readFileSync(file, 'utf8'));
  return resultsOf(typeof testsuites === 'object' ? testsuites : { testsuite });
}
