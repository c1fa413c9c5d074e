// docs/reference/settings.md and .env.example are held against the settings that the code reads.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readConfig, secretSettings, settingNames } from '../../server/app/config/config.ts';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/reference/settings.md'), 'utf8');
const example = readFileSync(join(root, '.env.example'), 'utf8');

interface Row {
  name: string;
  file: boolean;
  ifNotGiven: string;
}

const rows: Row[] = page
  .split('\n')
  .map(line => /^\| `([A-Z][A-Z0-9_]*)` *\| *(yes)? *\| (.*?) *\|/.exec(line))
  .filter(match => match !== null)
  .map(([, name = '', file, ifNotGiven = '']) => ({ name, file: file === 'yes', ifNotGiven }));
const examples = [...example.matchAll(/^#([A-Z][A-Z0-9_]*)=(.*)$/gm)].map(([, name = '', value = '']) => ({
  name,
  value,
}));

test('every setting has a row, each once, and there are no others', () => {
  expect(rows.map(({ name }) => name).sort()).toEqual([...settingNames].sort());
});

test('the page says of which secrets a file can be given', () => {
  expect(
    rows
      .filter(({ file }) => file)
      .map(({ name }) => name)
      .sort(),
  ).toEqual([...secretSettings].sort());
});

test('.env.example has every setting and every file, each once, and no others', () => {
  const files = secretSettings.map(name => `${name}_FILE`);
  expect(examples.map(({ name }) => name).sort()).toEqual([...settingNames, ...files].sort());
});

test('what .env.example shows as a value is the default, and can be set by itself', () => {
  const shown = examples.filter(({ value }) => value !== '');
  expect(shown.map(({ name }) => name)).toEqual(expect.arrayContaining(['PORT', 'DATA_DIR', 'API_RATE_LIMIT']));
  for (const { name, value } of shown) expect(readConfig({ [name]: value }), name).toEqual(readConfig({}));
});

// With what some settings need beside them.
const beside = {
  METRICS_PORT: '9464',
  REDIS_HOST: 'cache',
  AWS_S3_BUCKET: 'files',
  AWS_S3_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'id',
  AWS_SECRET_ACCESS_KEY: 'secret',
};
const defaults = rows
  .map(({ name, ifNotGiven }) => ({ name, value: /^`([^`]+)`(?! with)/.exec(ifNotGiven)?.[1] }))
  .filter(({ value }) => value !== undefined);

test('what the page says is taken if a setting is not given is what the code takes', () => {
  expect(defaults.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['PORT', 'HOST', 'DATA_DIR', 'ROLES', 'LOG_LEVEL', 'API_RATE_LIMIT', 'REDIS_PORT']),
  );
  for (const { name, value } of defaults)
    expect(readConfig({ ...beside, [name]: value }), name).toEqual(readConfig(beside));
});
