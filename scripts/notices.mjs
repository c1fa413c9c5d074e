// `npm run notices -- FILE`: writes the licences and notices of all packages that Recado ships, by the lock file.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Of the web app's packages these build it, and are not in it. */
const tools = /^(vite|@vitejs\/.*|tailwindcss|@tailwindcss\/.*|@types\/.*|@recado\/.*)$/;
const legalFile = /^(licen[cs]e|copying|notice|copyright)/i;

/**
 * The packages that run in production, and those in the bundle of the web app: their places in the lock file.
 * @returns {string[]}
 */
function shippedPlaces() {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const isForeign = place => /(^|\/)node_modules\//.test(place) && !packages[place].link;
  const found = new Set(
    Object.keys(packages).filter(place => isForeign(place) && !packages[place].dev && !packages[place].devOptional),
  );
  /** Where a package of this name lies for one at `place`. */
  const resolve = (name, place) => {
    for (let folder = place; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
      const candidate = folder ? `${folder}/node_modules/${name}` : `node_modules/${name}`;
      if (packages[candidate]) return candidate;
      if (!folder.includes('/node_modules/')) return packages[`node_modules/${name}`] && `node_modules/${name}`;
    }
  };
  const add = (name, from) => {
    const place = resolve(name, from);
    if (!place || packages[place].link || found.has(place)) return;
    found.add(place);
    for (const next of Object.keys(packages[place].dependencies ?? {})) add(next, place);
  };
  for (const name of Object.keys(packages.web.devDependencies)) if (!tools.test(name)) add(name, 'web');
  return [...found].sort();
}

/**
 * All notices as one text: equal ones are there once, with the names of their packages.
 * @returns {string}
 */
export function noticesText() {
  const byText = new Map();
  const listed = [];
  for (const place of shippedPlaces()) {
    const folder = join(root, place);
    // A package of another system's is not installed here, and not shipped.
    if (!existsSync(join(folder, 'package.json'))) continue;
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const title = `${name} ${version} (${typeof license === 'string' ? license : (license?.type ?? 'see its text')})`;
    listed.push(title);
    const files = readdirSync(folder, { withFileTypes: true }).filter(
      file => file.isFile() && legalFile.test(file.name),
    );
    for (const file of files) {
      const text = readFileSync(join(folder, file.name), 'utf8').replaceAll('\r\n', '\n').trim();
      byText.set(text, [...(byText.get(text) ?? []), title]);
    }
  }
  const texts = [...byText].map(([text, titles]) => `${[...new Set(titles)].join('\n')}\n\n${text}`);
  const rule = `\n\n${'='.repeat(80)}\n\n`;
  const head = `Recado is under the MIT licence. It ships these packages of others:\n\n${[...new Set(listed)].join('\n')}`;
  return `${[head, ...texts].join(rule)}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [file] = process.argv.slice(2);
  if (file === undefined) {
    console.error('Name a file: npm run notices -- THIRD_PARTY_NOTICES');
    process.exit(1);
  }
  writeFileSync(file, noticesText());
}
