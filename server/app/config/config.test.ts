// The rules of the configuration: error sentences, and defaults that depend on other settings.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { StartError } from '../../kit/start-error.ts';
import { type Config, readConfig } from './config.ts';

const secretKey = randomBytes(24).toString('base64');
const databaseUrl = 'postgresql://recado:pw@db.internal:5432/recado';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'recado-config-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function fileWith(content: string): string {
  const file = join(folder, `secret-${content.length}-${Math.random()}`);
  writeFileSync(file, content);
  return file;
}

/** The error text that the operator sees for this environment. */
function refusal(env: Record<string, string | undefined>): string {
  try {
    readConfig(env);
  } catch (error) {
    expect(error).toBeInstanceOf(StartError);
    return (error as StartError).message;
  }
  throw new Error('The configuration was accepted.');
}

describe('without a variable', () => {
  test('everything has a default, nothing is secret, and the simulator is on', () => {
    expect(readConfig({})).toEqual({
      port: 3000,
      host: '127.0.0.1',
      metrics: undefined,
      publicUrl: undefined,
      dataDir: resolve('./data'),
      roles: ['api', 'worker', 'gateway'],
      secretKey: undefined,
      earlierSecretKeys: [],
      corsOrigins: [],
      trustProxy: undefined,
      rateLimits: { caller: 1_000, workspace: 5_000, failures: 300 },
      connectionLimit: 100,
      logsRequests: true,
      databaseUrl: undefined,
      apiDatabaseUrl: undefined,
      readDatabaseUrl: undefined,
      databasePooler: false,
      databaseConnections: 20,
      redisUrl: undefined,
      redisVariables: 'REDIS_URL',
      owner: undefined,
      workspaces: 'owners',
      simulator: { port: 3001 },
      sandboxWindow: true,
      sandboxLimits: true,
      smtp: undefined,
      programFolders: undefined,
      webhookHosts: [],
      backups: undefined,
      media: {
        store: 'disk',
        maxFileBytes: 10 * 1024 * 1024,
        quotaBytes: 10 * 1024 ** 3,
        allowedHosts: [],
        ffmpegPath: undefined,
        s3: undefined,
        cloudFront: undefined,
        cloudinary: undefined,
      },
      whatsAppWeb: {
        url: 'wss://web.whatsapp.com/ws/chat',
        version: '2.3000.1043857760',
        checksVersion: true,
        showsTyping: true,
        historyDays: 30,
        sessionsPerProcess: 100,
        certificates: undefined,
      },
      graph: { url: 'https://graph.facebook.com', version: 'v27.0' },
      logLevel: 'info',
      logFormat: 'auto',
    } satisfies Config);
  });

  test('an empty one counts as not given, and foreign ones do not matter', () => {
    expect(
      readConfig({ PORT: '', DATABASE_URL: '', SECRET_KEY_FILE: '', HOME: '/root', npm_command: 'start' }),
    ).toEqual(readConfig({}));
  });
});

describe('mistakes', () => {
  test('are reported all at once, each with its variable and remedy', () => {
    const message = refusal({
      PORT: '70000',
      PUBLIC_URL: 'recado.example',
      ROLES: 'api,cook',
      SECRET_KEY: 'short',
      DATABASE_URL: 'mysql://db/recado',
      REDIS_URL: 'http://redis',
      RECADO_OWNER_EMAIL: 'nobody',
      SIMULATOR: 'yes',
      LOG_LEVEL: 'loud',
      REDIS_PASSWORD_FILE: join(folder, 'nowhere'),
    });
    expect(message).toMatch(/^The configuration has 11 mistakes: /);
    for (const mistake of [
      'PORT must be a port, from 0 to 65535',
      'PUBLIC_URL must be an http or https URL',
      'ROLES must be api, worker, gateway, or several',
      'SECRET_KEY must have at least 32 characters',
      'DATABASE_URL must be a URL like postgresql://',
      'REDIS_URL must be a URL like redis://host:6379, or name sentinels',
      'RECADO_OWNER_EMAIL must be an e-mail address',
      'RECADO_OWNER_EMAIL and RECADO_OWNER_PASSWORD go together',
      'SIMULATOR must be on or off',
      'LOG_LEVEL must be debug, info, warn, error or silent',
      `REDIS_PASSWORD_FILE cannot be read (ENOENT): ${join(folder, 'nowhere')}`,
    ])
      expect(message).toContain(mistake);
  });

  test.each([
    [{ RECADO_OWNER_PASSWORD: 'password1234' }, 'RECADO_OWNER_PASSWORD must have 12 to 200 characters and not be easy'],
    [{ SMTP_URL: 'https://mail.internal' }, 'SMTP_URL must be a URL like smtp://'],
    [{ SMTP_URL: 'smtp://u:p%zz@mail.internal' }, 'SMTP_URL has a % in its user or password that cannot be decoded'],
    [{ SMTP_URL: 'smtps://u%4:1@mail.internal' }, 'write it as %25'],
    [{ SMTP_URL: 'smtp://u:%E9@mail.internal' }, 'SMTP_URL has a %'],
    [
      { REDIS_URL: 'redis://u:p%zz@redis.internal' },
      'REDIS_URL has a % in its user or password that cannot be decoded',
    ],
    [{ SMTP_FROM: 'Recado' }, 'SMTP_FROM must be an e-mail address'],
    [{ SMTP_FROM: 'a@example.com, b@example.com' }, 'SMTP_FROM must be an e-mail address'],
    [{ SMTP_FROM: 'Recado\r\nBcc: x <a@example.com>' }, 'SMTP_FROM must be an e-mail address'],
  ])('%j', (env, sentence) => {
    expect(refusal(env)).toContain(sentence);
  });

  test('never show the value, which may be a secret', () => {
    const message = refusal({ SECRET_KEY: 'hunter2', RECADO_OWNER_PASSWORD: 'hunter3', DATABASE_URL: 'hunter4' });
    expect(message).toContain('4 mistakes');
    expect(message).not.toContain('hunter');
  });

  test('a % that is written as one is none', () => {
    const urls = { SMTP_URL: 'smtp://u:100%25%C3%A9@mail.internal', REDIS_URL: 'redis://:100%25@redis.internal' };
    const read = readConfig({ ...urls, SMTP_FROM: 'recado@example.com', PUBLIC_URL: 'https://recado.example.com' });
    expect([read.smtp?.url, read.redisUrl]).toEqual([urls.SMTP_URL, urls.REDIS_URL]);
  });

  test.each(['-1', '65536', '3000 ', '3e3', '0x10', 'http', '3000.5'])('a port is not %j', port => {
    expect(refusal({ PORT: port })).toBe('The configuration has a mistake: PORT must be a port, from 0 to 65535.');
  });
});

describe('SECRET_KEY', () => {
  test.each([
    'change-me-change-me-change-me-change-me',
    'CHANGEME0123456789012345678901234567890',
    'your-secret-key-goes-here-32-characters',
    'example-key-example-key-example-key-1234',
    'secretsecretsecretsecretsecretsecret',
    'password-password-password-password',
    'default-secret-key-of-some-installation',
    'x'.repeat(32),
    '0'.repeat(64),
  ])('is not an example: %s', value => {
    expect(refusal({ SECRET_KEY: value })).toContain(
      'SECRET_KEY must have at least 32 characters and not be an example',
    );
  });

  test.each([
    secretKey,
    randomBytes(16).toString('hex'),
    randomBytes(48).toString('base64url'),
    `default${randomBytes(2).toString('hex')}`.slice(0, 5) + randomBytes(32).toString('hex'),
  ])('is taken when it is random, whatever it begins with: %s', value => {
    expect(readConfig({ SECRET_KEY: value }).secretKey).toBe(value);
  });
});

describe('a secret in a file', () => {
  test('is read without the line end that editors leave', () => {
    const read = readConfig({
      SECRET_KEY_FILE: fileWith(`${secretKey}\n`),
      DATABASE_URL_FILE: fileWith(`${databaseUrl}\r\n`),
      REDIS_HOST: 'redis',
      REDIS_PASSWORD_FILE: fileWith('kept secret\n'),
      RECADO_OWNER_EMAIL: 'ana@example.com',
      RECADO_OWNER_PASSWORD_FILE: fileWith('correct horse battery\n'),
    });
    expect(read).toMatchObject({
      secretKey,
      databaseUrl,
      redisUrl: 'redis://:kept%20secret@redis:6379',
      owner: { email: 'ana@example.com', password: 'correct horse battery' },
    });
    expect(readConfig({ REDIS_URL_FILE: fileWith('rediss://cache:6380\n') }).redisUrl).toBe('rediss://cache:6380');
  });

  test('follows the same rules as one in a variable', () => {
    expect(refusal({ SECRET_KEY_FILE: fileWith('short\n') })).toContain('SECRET_KEY must have at least 32 characters');
  });

  test('is a mistake where the variable is set too', () => {
    expect(refusal({ SECRET_KEY: secretKey, SECRET_KEY_FILE: fileWith(secretKey) })).toContain(
      'SECRET_KEY and SECRET_KEY_FILE are both set: keep one',
    );
  });
});

describe('mail', () => {
  test.each(['recado@example.com', 'Recado <recado@example.com>'])('goes through SMTP_URL, from %s', from => {
    const url = 'smtps://recado:kept@mail.internal';
    const env = { SMTP_URL_FILE: fileWith(url), SMTP_FROM: from, PUBLIC_URL: 'https://recado.example.com' };
    expect(readConfig(env).smtp).toEqual({ url, from });
  });
});

describe('contradictions', () => {
  test.each([
    [{ DATABASE_URL: databaseUrl }, 'DATABASE_URL requires SECRET_KEY'],
    [{ RECADO_OWNER_EMAIL: 'ana@example.com' }, 'RECADO_OWNER_EMAIL and RECADO_OWNER_PASSWORD go together'],
    [{ RECADO_OWNER_PASSWORD: 'correct horse battery' }, 'RECADO_OWNER_EMAIL and RECADO_OWNER_PASSWORD go together'],
    [{ SMTP_URL: 'smtp://mail.internal', PUBLIC_URL: 'https://a.example' }, 'SMTP_URL and SMTP_FROM go together'],
    [{ SMTP_FROM: 'recado@example.com' }, 'SMTP_URL and SMTP_FROM go together'],
    [{ REDIS_URL: 'redis://one', REDIS_HOST: 'two' }, 'REDIS_URL replaces REDIS_HOST'],
    [{ REDIS_PASSWORD: 'x' }, 'REDIS_PORT and REDIS_PASSWORD require REDIS_HOST'],
    [{ METRICS_PORT: '70000' }, 'METRICS_PORT must be a port, from 0 to 65535'],
    [{ METRICS_HOST: '0.0.0.0' }, 'METRICS_HOST needs METRICS_PORT'],
    [{ METRICS_PORT: '3000' }, 'METRICS_PORT and PORT are equal: set one of them to another port'],
    [{ ROLES: 'api' }, 'ROLES without api or worker requires DATABASE_URL'],
    [{ ROLES: 'worker' }, 'ROLES without api or worker requires DATABASE_URL'],
    [{ SIMULATOR: 'off', SIMULATOR_URL: 'http://127.0.0.1:3001' }, 'SIMULATOR is off and SIMULATOR_URL is set'],
  ])('%j', (env, sentence) => {
    expect(refusal(env)).toContain(`The configuration has a mistake: ${sentence}`);
  });

  test('are reported together', () => {
    const message = refusal({
      DATABASE_URL: databaseUrl,
      RECADO_OWNER_EMAIL: 'ana@example.com',
      REDIS_URL: 'redis://one',
      REDIS_HOST: 'two',
    });
    expect(message).toContain('3 mistakes');
  });

  test('one role alone is fine on a database of its own', () => {
    const given = { DATABASE_URL: databaseUrl, SECRET_KEY: secretKey };
    expect(readConfig({ ...given, ROLES: 'worker' }).roles).toEqual(['worker']);
    expect(readConfig({ ...given, ROLES: ' api , worker ' }).roles).toEqual(['api', 'worker']);
  });
});

describe('the simulator', () => {
  const own = { DATABASE_URL: databaseUrl, SECRET_KEY: secretKey };

  test('is off by default with DATABASE_URL, and on when it is asked for', () => {
    expect(readConfig(own).simulator).toBeUndefined();
    expect(readConfig({ ...own, SIMULATOR: 'on', SIMULATOR_PORT: '0' }).simulator).toEqual({ port: 0 });
  });

  test('can be switched off beside the embedded database', () => {
    expect(readConfig({ SIMULATOR: 'off' }).simulator).toBeUndefined();
  });

  test('can be one that runs already', () => {
    expect(readConfig({ ...own, SIMULATOR_URL: 'http://10.0.0.7:3001/' }).simulator).toEqual({
      url: 'http://10.0.0.7:3001',
    });
  });
});

describe('Redis', () => {
  test('is an address, or is made of host, port and password', () => {
    expect(readConfig({ REDIS_URL: 'rediss://u:p@cache:6380/1' }).redisUrl).toBe('rediss://u:p@cache:6380/1');
    const sentinels = 'rediss+sentinel://u:p%40@one:26379,[::1],two/main';
    expect(readConfig({ REDIS_URL: sentinels }).redisUrl).toBe(sentinels);
    expect(readConfig({ REDIS_HOST: 'cache' }).redisUrl).toBe('redis://cache:6379');
    expect(readConfig({ REDIS_HOST: 'cache' }).redisVariables).toBe('REDIS_HOST, REDIS_PORT and REDIS_PASSWORD');
    expect(readConfig({ REDIS_URL: 'redis://cache' }).redisVariables).toBe('REDIS_URL');
    expect(readConfig({ REDIS_HOST: 'cache', REDIS_PORT: '6380' }).redisUrl).toBe('redis://cache:6380');
    expect(readConfig({ REDIS_HOST: '::1' }).redisUrl).toBe('redis://[::1]:6379');
  });

  test.each(['cache:6379', 'redis://cache', '[::1]:6379', 'cache/0', 'a cache'])('has no host %s', host => {
    expect(() => readConfig({ REDIS_HOST: host })).toThrow(
      'REDIS_HOST must be a host name or address; set the port in REDIS_PORT',
    );
  });

  test('keeps every password as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), password => {
        const url = new URL(readConfig({ REDIS_HOST: 'cache', REDIS_PASSWORD: password }).redisUrl ?? '');
        expect(url.host).toBe('cache:6379');
        expect(decodeURIComponent(url.password)).toBe(password);
      }),
    );
  });
});

test.each([
  [{ PUBLIC_URL: 'https://recado.example/wa/' }, 'PUBLIC_URL must be an http or https URL without a path'],
  [
    { DATABASE_URL: 'postgresql://u:p@a:5432,b:5432/recado', SECRET_KEY: secretKey },
    'with one host; for failover name',
  ],
  [{ DATABASE_URL: 'postgresql://u:p@a,b/recado', SECRET_KEY: secretKey }, 'with one host; for failover name'],
  [{ DATABASE_CONNECTIONS: '3' }, 'DATABASE_CONNECTIONS must be a number from 4 to 200'],
  [{ DATABASE_POOLER: 'transaction' }, 'DATABASE_POOLER must be session'],
])('an address that cannot work is refused: %o', (env, sentence) => {
  expect(refusal(env)).toContain(sentence);
});

test('PUBLIC_URL loses its last slash, so that paths can be added', () => {
  expect(readConfig({ PUBLIC_URL: 'https://recado.example/' }).publicUrl).toBe('https://recado.example');
});

test('a port for collectors and probes may be that of an API which is not opened', () => {
  expect(readConfig({ METRICS_PORT: '0', PORT: '0' }).metrics).toEqual({ port: 0, host: '127.0.0.1' });
  const worker = { ROLES: 'worker', DATABASE_URL: databaseUrl, SECRET_KEY: secretKey };
  const given = readConfig({ ...worker, METRICS_PORT: '3000', METRICS_HOST: '0.0.0.0' });
  expect(given.metrics).toEqual({ port: 3000, host: '0.0.0.0' });
});

test('.env.example shows every variable, and sets none', () => {
  const source = ['./config.ts', './backup-config.ts', './media-config.ts', './web-config.ts']
    .map(file => readFileSync(new URL(file, import.meta.url), 'utf8'))
    .join('\n');
  const known = [...source.matchAll(/^ {2}([A-Z][A-Z0-9_]+):/gm)].map(([, name]) => name);
  const example = readFileSync(new URL('../../../.env.example', import.meta.url), 'utf8');
  const shown = [...example.matchAll(/^#([A-Z][A-Z0-9_]+)=/gm)].map(([, name]) => name);
  expect(known).toContain('DATABASE_URL');
  expect(shown.filter(name => !name?.endsWith('_FILE')).sort()).toEqual(known.sort());
  expect(example.split('\n').filter(line => line !== '' && !line.startsWith('#'))).toEqual([]);
});
