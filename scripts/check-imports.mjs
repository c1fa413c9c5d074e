// `npm run check:imports`: enforces .dependency-cruiser.cjs, and that only the entry points read the environment.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cruise } from 'dependency-cruiser';
import extractOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';

/** Files that may use `process.env`, and which parts of it. */
const environmentReaders = {
  'server/app/config/config.ts': /^process\.env\b/,
  'server/app/main.ts': /^process\.env\b/,
  'server/admin/main.ts': /^process\.env\b/,
  'simulator/main.ts': /^process\.env\b/,
  'cli/demo.ts': /^process\.env\b/,
  'server/app/sandbox/simulator-process.ts': /^process\.env\.PATH\b/,
  'channels/whatsapp-web/main.ts': /^process\.env\.NODE_TLS_REJECT_UNAUTHORIZED\b/,
};

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));
const workspaces = JSON.parse(readFileSync('package.json', 'utf8')).workspaces;
const sources = [...workspaces, 'tests', 'bench'].flatMap(sourcesIn);

const options = await extractOptions('./.dependency-cruiser.cjs');
const { output } = await cruise(sources, { ...options, validate: true });
const mistakes = [
  ...blindness(output.modules),
  ...output.summary.violations.map(describeViolation),
  ...sources.flatMap(environmentMistakes),
];
for (const mistake of mistakes) console.error(mistake);
if (mistakes.length > 0) {
  console.error(`The import rules are broken ${mistakes.length === 1 ? 'once' : `${mistakes.length} times`}.`);
  process.exit(1);
}
console.log(`The import rules hold in ${sources.length} modules.`);

/**
 * @param {string} folder
 * @returns {string[]}
 */
function sourcesIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'dist' || entry.name === 'node_modules' ? [] : sourcesIn(path);
    return /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

/** With an unsupported TypeScript version dependency-cruiser finds nothing and passes: that would check nothing. */
function blindness(modules) {
  const seen = new Set(modules.map(module => module.source));
  const unseen = sources.filter(source => !seen.has(source));
  const imports = modules.flatMap(module => module.dependencies).filter(({ resolved }) => sources.includes(resolved));
  if (sources.length >= 50 && unseen.length === 0 && imports.length >= sources.length) return [];
  return [
    `dependency-cruiser saw ${sources.length - unseen.length} of ${sources.length} modules with ${imports.length} imports between them: does it support the installed TypeScript? (The first unseen one: ${unseen[0] ?? 'none'}.)`,
  ];
}

function describeViolation({ rule, from, to, cycle }) {
  const way = cycle ? [from, ...cycle.map(step => step.name)] : [from, to];
  const { comment } = options.ruleSet.forbidden.find(({ name }) => name === rule.name);
  return `${way.join(' → ')}\n  ${rule.name}: ${comment}`;
}

/** @param {string} source */
function environmentMistakes(source) {
  if (source.startsWith('tests/') || source.endsWith('.test.ts')) return [];
  const text = readFileSync(source, 'utf8');
  const found = text.matchAll(
    /process\??\.env\b[.\w]*|process\[['"`]env|import\.meta\.env|\benv\b[^;]*from 'node:process'/g,
  );
  return [...found]
    .filter(([words]) => !environmentReaders[source]?.test(words))
    .map(({ 0: words, index }) => {
      const line = text.slice(0, index).split('\n').length;
      return `${source}:${line} says ${words.split('\n')[0]}\n  only-the-entrance-reads-the-environment: take the value as an argument; server/app/config/config.ts reads it.`;
    });
}
