// SPDX-License-Identifier: MIT
import Table from 'cli-table3';
import * as vega from 'vega';
import { compile } from 'vega-lite';

/** @typedef {import('./figures.js').Figure} Figure */

/** Three digits that count. @param {number} value */
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

/**
 * One row a subject below each part, the median as a bar.
 *
 * @param {Figure[]} figures
 * @returns {Promise<string>}  SVG
 */
export async function chart(figures) {
  const parts = [...new Set(figures.map(({ part, unit }) => `${part} (${unit})`))];
  const { spec } = compile({
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    vconcat: parts.map((title) => ({
      title: { text: title, anchor: 'start' },
      width: 480,
      data: {
        values: figures.filter(({ part, unit }) => `${part} (${unit})` === title),
      },
      encoding: {
        y: {
          field: 'subject',
          type: 'nominal',
          sort: null,
          title: null,
          axis: { labelLimit: 260 },
        },
        x: { field: 'median', type: 'quantitative', title: null },
      },
      layer: [
        { mark: 'bar' },
        {
          mark: { type: 'tick', color: 'black' },
          encoding: { x: { field: 'p95', type: 'quantitative' } },
        },
      ],
    })),
  });
  return new vega.View(vega.parse(spec), { renderer: 'none' }).toSVG();
}
