// SPDX-License-Identifier: MIT
import Table from 'cli-table3';
import * as vega from 'vega';

/** @typedef {import('./figures.js').Figure} Figure */

/** Three significant digits. @param {number} value */
const digits = (value) =>
  value === 0 || Math.abs(value) >= 1_000
    ? Math.round(value).toLocaleString('en')
    : String(Number(value.toPrecision(3)));

/** @param {Figure[]} figures */
export function table(figures) {
  const rows = new Table({
    head: ['', 'what', 'runs', 'median', 'p95', 'unit', 'ratio', 'to', 'target', ''],
    colAligns: ['left', 'left', 'right', 'right', 'right', 'left', 'right', 'left', 'left', 'left'],
    style: { head: [], border: [], compact: true },
  });
  let part = '';
  for (const figure of figures) {
    rows.push([
      figure.part === part ? '' : figure.part,
      figure.subject,
      figure.runs.toLocaleString('en'),
      digits(figure.median),
      digits(figure.p95),
      figure.unit,
      figure.ratio === undefined ? '' : figure.ratio.toFixed(2),
      figure.against ?? '',
      figure.target?.text ?? '',
      figure.holds === undefined ? '' : figure.holds ? 'holds' : 'missed',
    ]);
    part = figure.part;
  }
  return rows.toString();
}

/** Where a value is in the row of its subject. @param {string} field */
const placeOf = (field) => ({
  x: { scale: 'x', field },
  y: { scale: 'y', field: 'subject' },
  height: { scale: 'y', band: 1 },
});

/**
 * One part: one row per subject, the median as a bar and p95 as a line across it.
 *
 * @param {Figure[]} figures
 * @param {string} title
 * @returns {vega.GroupMark}
 */
const group = (figures, title) => ({
  type: 'group',
  title: { text: title, anchor: 'start' },
  encode: { enter: { width: { value: 480 }, height: { value: 20 * figures.length } } },
  data: [{ name: 'figures', values: figures }],
  scales: [
    {
      name: 'y',
      type: 'band',
      domain: figures.map(({ subject }) => subject),
      range: [0, 20 * figures.length],
      padding: 0.1,
    },
    {
      name: 'x',
      type: 'linear',
      domain: { data: 'figures', fields: ['median', 'p95'] },
      range: [0, 480],
      zero: true,
      nice: true,
    },
  ],
  axes: [
    { orient: 'left', scale: 'y', labelLimit: 260, ticks: false },
    { orient: 'bottom', scale: 'x', grid: true, tickCount: 8 },
  ],
  marks: [
    {
      type: 'rect',
      from: { data: 'figures' },
      encode: {
        enter: {
          ...placeOf('median'),
          x2: { scale: 'x', value: 0 },
          fill: { value: '#4c78a8' },
        },
      },
    },
    {
      type: 'rect',
      from: { data: 'figures' },
      encode: { enter: { ...placeOf('p95'), width: { value: 1 }, fill: { value: 'black' } } },
    },
  ],
});

/**
 * @param {Figure[]} figures
 * @returns {Promise<string>}  SVG
 */
export async function chart(figures) {
  const titleOf = (/** @type {Figure} */ { part, unit }) => `${part} (${unit})`;
  const titles = [...new Set(figures.map(titleOf))];
  /** @type {vega.Spec} */
  const spec = {
    $schema: 'https://vega.github.io/schema/vega/v6.json',
    padding: 5,
    layout: { columns: 1, padding: 20, align: 'each', bounds: 'full' },
    marks: titles.map((title) =>
      group(
        figures.filter((figure) => titleOf(figure) === title),
        title,
      ),
    ),
  };
  return new vega.View(vega.parse(spec), { renderer: 'none' }).toSVG();
}
