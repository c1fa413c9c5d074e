// Writes docs/contributing/features.md: each feature, what it may use, and the tables that it owns. `npm run check:sql`
// fails while the page is out of date.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import featureUses from './feature-uses.cjs';
import { tableOwners } from './sql-owners.mjs';
import { sqlFunctionFiles } from './sql-types.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const featurePage = 'docs/contributing/features.md';

const features = readdirSync(join(root, 'server/features'), { withFileTypes: true })
  .filter(entry => entry.isDirectory())
  .map(entry => entry.name);

/** The features from the ground up: each stands below all that use it. */
function fromTheGround() {
  const rest = new Set(features);
  const order = [];
  while (rest.size > 0) {
    const ready = [...rest].filter(name => (featureUses[name] ?? []).every(used => !rest.has(used)));
    if (ready.length === 0) throw new Error(`scripts/feature-uses.cjs has a circle among ${[...rest].join(', ')}`);
    for (const name of ready.sort()) {
      rest.delete(name);
      order.push(name);
    }
  }
  return order;
}

/** The first comment of the feature's index.ts, without its name. */
function summaryOf(name) {
  const path = join(root, 'server/features', name, 'index.ts');
  const comment = /^\/\/ (?<text>(?:.*\n\/\/ )*.*)\n/.exec(readFileSync(path, 'utf8'))?.groups?.text ?? '';
  return comment.replaceAll('\n// ', ' ').replace(/^[\w -]+: /, '');
}

export function renderFeatures() {
  const functions = sqlFunctionFiles();
  const rows = fromTheGround().map(name => {
    const count = functions.filter(path => path.startsWith(`server/features/${name}/`)).length;
    const tables = Object.entries(tableOwners)
      .filter(([, owner]) => [owner].flat().includes(name))
      .map(([table]) => `\`${table}\``)
      .sort();
    return [`\`${name}\``, summaryOf(name), (featureUses[name] ?? []).join(', '), String(count), tables.join(', ')];
  });
  const head = ['feature', 'what it does', 'may use', 'SQL functions', 'tables'];
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map(row => row[column].length)));
  const line = cells => `| ${cells.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  return `# Features

Each feature is a folder of \`server/features/\`. It may import the \`index.ts\` and call the SQL functions of the features in its row, and of none else. \`npm run check\` holds this. [feature-uses.cjs](../../scripts/feature-uses.cjs) and [sql-owners.mjs](../../scripts/sql-owners.mjs) are the source; \`node scripts/feature-table.mjs\` writes this page.

${[line(head), line(widths.map(width => '-'.repeat(width))), ...rows.map(line)].join('\n')}
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(join(root, featurePage), renderFeatures());
