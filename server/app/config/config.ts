// The configuration: environment variables only. It reports all mistakes at once.
import { existsSync, readFileSync } from 'node:fs';
import { isIP, isIPv6 } from 'node:net';
import { resolve } from 'node:path';
import { emailSchema, passwordSchema, type WorkspaceCreators, workspaceCreators } from '@recado/contract';
import { z } from 'zod';
import { namesSentinels } from '../../kit/net/redis-address.ts';
import type { AllowedHost } from '../../kit/net/url-policy.ts';
import { reasonOf, StartError } from '../../kit/start-error.ts';
import { isCommon } from '../../kit/text/common-password.ts';
import type { RateLimitSettings } from '../http/rate-limits.ts';
import type { TrustedProxies } from '../http/security.ts';
import { type BackupConfig, backupVariables, toBackupConfig } from './backup-config.ts';
import {
  type MediaConfig,
  mediaContradictions,
  mediaSecrets,
  mediaVariables,
  readHosts,
  toMediaConfig,
} from './media-config.ts';
import { isWeakSecret } from './weak-secret.ts';
import { onOrOff, toWebConfig, type WebConfig, webVariables } from './web-config.ts';

const port = z
  .string()
  .regex(/^\d{1,5}$/)
  .transform(Number)
  .pipe(z.number().max(65_535));
const portHint = 'must be a port, from 0 to 65535';
const roleNames = ['api', 'worker', 'gateway'] as const;

const count = z
  .string()
  .regex(/^\d{1,9}$/)
  .transform(Number);
const countHint = 'must be an integer; 0 is unlimited';
const list = (value: string) =>
  value
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '');

const secretHint = 'must have at least 32 characters and not be an example; generate one with: openssl rand -base64 32';

const inUrl = (host: string) => (isIPv6(host) ? `[${host}]` : host);

/** An origin as browsers send it: scheme, host, and the port unless it is the default. */
const isOrigin = (text: string) => /^https?:\/\//.test(text) && URL.canParse(text) && new URL(text).origin === text;

/** Named address ranges that a proxy may have. */
const rangeNames = ['loopback', 'linklocal', 'uniquelocal'];

function isRange(text: string): boolean {
  if (rangeNames.includes(text)) return true;
  const [, address = '', bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const kind = isIP(address);
  // A range of all addresses would trust everyone.
  return kind !== 0 && (bits === undefined || (Number(bits) >= 1 && Number(bits) <= (kind === 4 ? 32 : 128)));
}

/** The access tokens go there, so only this machine may have it without TLS. */
function isGraphUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password, search, hash } = new URL(text);
  if (username !== '' || password !== '' || search !== '' || hash !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(hostname));
}

/** One host: several would need a driver that follows a failover, and a proxy or a virtual address does. */
const databaseUrl = z
  .url({ protocol: /^postgres(ql)?$/ })
  .refine(text => URL.canParse(text) && !new URL(text).hostname.includes(','))
  .optional()
  .describe(
    'must be a URL like postgresql://user:password@host:5432/name with one host; for failover name HAProxy or a virtual address, for a socket write postgresql://user@localhost/name?host=/run/postgresql',
  );

const variables = z.object({
  PORT: port.default(3000).describe(portHint),
  HOST: z.string().min(1).default('127.0.0.1'),
  METRICS_PORT: port.optional().describe(portHint),
  METRICS_HOST: z.string().min(1).default('127.0.0.1'),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .refine(text => URL.canParse(text) && /^\/*$/.test(new URL(text).pathname))
    .optional()
    .describe('must be an http or https URL without a path: give Recado a host name of its own'),
  DATA_DIR: z.string().min(1).default('./data'),
  ROLES: z
    .string()
    .default('api,worker,gateway')
    .transform(value => value.split(',').map(role => role.trim()))
    .pipe(z.array(z.enum(roleNames)).min(1))
    .describe('must be api, worker, gateway, or several of them separated by commas'),
  SECRET_KEY: z
    .string()
    .refine(value => !isWeakSecret(value))
    .optional()
    .describe(secretHint),
  SECRET_KEY_PREVIOUS: z
    .string()
    .transform(list)
    .pipe(z.array(z.string().refine(value => !isWeakSecret(value))))
    .default([])
    .describe(`has keys separated by commas; each ${secretHint}`),
  CORS_ORIGINS: z
    .string()
    .transform(list)
    .pipe(z.array(z.string().refine(isOrigin)))
    .default([])
    .describe('must be origins like https://shop.example.com, separated by commas; * is not allowed'),
  TRUST_PROXY: z
    .string()
    .refine(value => /^[1-9]$/.test(value) || (list(value).length > 0 && list(value).every(isRange)))
    .transform(value => (/^[1-9]$/.test(value) ? Number(value) : list(value)))
    .optional()
    .describe('must be the number of proxies (1 to 9), or their addresses and ranges separated by commas'),
  API_RATE_LIMIT: count.default(1_000).describe(countHint),
  API_RATE_LIMIT_WORKSPACE: count.default(5_000).describe(countHint),
  API_FAILURE_LIMIT: count.default(300).describe(countHint),
  API_CONNECTION_LIMIT: count.default(100).describe(countHint),
  REQUEST_LOG: onOrOff,
  DATABASE_URL: databaseUrl,
  DATABASE_URL_API: databaseUrl,
  DATABASE_URL_READ: databaseUrl,
  DATABASE_POOLER: z
    .enum(['session'])
    .optional()
    .describe('must be session, the only pool_mode of PgBouncer that Recado can use, or unset'),
  DATABASE_CONNECTIONS: z.coerce
    .number()
    .int()
    .min(4)
    .max(200)
    .default(20)
    .describe('must be a number from 4 to 200: the connections of a process for requests and the engine together'),
  REDIS_URL: z
    .string()
    .refine(value => namesSentinels(value) || z.url({ protocol: /^rediss?$/ }).safeParse(value).success)
    .optional()
    .describe('must be a URL like redis://host:6379, or name sentinels: redis+sentinel://one:26379,two:26379/name'),
  REDIS_HOST: z
    .string()
    .refine(value => !/[\s/@?#]/.test(value) && URL.canParse(`redis://${inUrl(value)}:6379`))
    .optional()
    .describe('must be a host name or address; set the port in REDIS_PORT'),
  REDIS_PORT: port.default(6379).describe(portHint),
  REDIS_PASSWORD: z.string().min(1).optional(),
  RECADO_OWNER_EMAIL: emailSchema.optional().describe('must be an e-mail address'),
  RECADO_OWNER_PASSWORD: passwordSchema
    .refine(value => !isCommon(value))
    .optional()
    .describe('must have 12 to 200 characters and not be easy to guess'),
  WORKSPACES: z.enum(workspaceCreators).default('owners').describe('must be owners, anyone or nobody'),
  SMTP_URL: z
    .url({ protocol: /^smtps?$/ })
    .optional()
    .describe('must be a URL like smtp://user:password@mail.example.com:587'),
  SMTP_FROM: z
    .string()
    .max(320)
    .regex(/^([^<>@\r\n]+ <[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/)
    .optional()
    .describe('must be an e-mail address, or one with a name like Recado <recado@example.com>'),
  SIMULATOR: z.enum(['on', 'off']).optional().describe('must be on or off'),
  SIMULATOR_PORT: port.default(3001).describe(portHint),
  SIMULATOR_WINDOW: z.enum(['on', 'off']).default('on').describe('must be on or off'),
  SIMULATOR_LIMITS: z.enum(['on', 'off']).default('on').describe('must be on or off'),
  SIMULATOR_ACCESS_TOKEN: z.string().min(8).optional().describe('must have at least 8 characters'),
  SIMULATOR_APP_SECRET: z.string().min(8).optional().describe('must have at least 8 characters'),
  SIMULATOR_VERIFY_TOKEN: z.string().min(8).optional().describe('must have at least 8 characters'),
  SIMULATOR_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('must be the URL of a running simulator, like http://127.0.0.1:3001'),
  ...webVariables,
  GRAPH_URL: z
    .string()
    .refine(isGraphUrl)
    .default('https://graph.facebook.com')
    .describe('must be an https URL without a query, or an http one of this machine, like http://127.0.0.1:3001'),
  GRAPH_VERSION: z
    .string()
    .regex(/^v\d{1,3}\.\d{1,2}$/)
    .default('v27.0')
    .describe('must be a version of the Graph API, like v27.0'),
  WEBHOOK_ALLOWED_HOSTS: z
    .string()
    .default('')
    .transform((value, context) => {
      const hosts = readHosts(value);
      if (!hosts) context.addIssue('not valid');
      return hosts ?? [];
    })
    .describe('must be hosts separated by commas, each with an optional port: n8n.internal,10.0.0.7:9000'),
  ...mediaVariables,
  ...backupVariables,
  LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe('must be debug, info, warn, error or silent'),
  LOG_FORMAT: z.enum(['auto', 'json']).default('auto').describe('must be auto or json'),
});

/** Secrets that the server and the simulator share. */
export interface SandboxSecrets {
  accessToken: string;
  appSecret: string;
  verifyToken: string;
}

export type Role = (typeof roleNames)[number];

export interface Config {
  port: number;
  host: string;
  /** Where collectors and probes reach this process, in every role; undefined without a listener. */
  metrics: { port: number; host: string } | undefined;
  publicUrl: string | undefined;
  dataDir: string;
  roles: Role[];
  secretKey: string | undefined;
  /** Earlier values of SECRET_KEY: we still accept what they signed or encrypted. */
  earlierSecretKeys: string[];
  corsOrigins: string[];
  trustProxy: TrustedProxies | undefined;
  rateLimits: RateLimitSettings;
  /** How many streams and sockets a caller may have open in a process; 0 is unlimited. */
  connectionLimit: number;
  /** Whether answered requests are noted for 7 days. */
  logsRequests: boolean;
  databaseUrl: string | undefined;
  /** For request handlers, with a role that may only be recado_api. */
  apiDatabaseUrl: string | undefined;
  /** A replica for lists, exports, statistics and search. */
  readDatabaseUrl: string | undefined;
  /** Whether a pooler in session mode stands before the database. */
  databasePooler: boolean;
  /** The connections of a process for requests and the engine together. */
  databaseConnections: number;
  redisUrl: string | undefined;
  /** The variables that set it, for error messages. */
  redisVariables: string;
  owner: { email: string; password: string } | undefined;
  /** Who may create workspaces. */
  workspaces: WorkspaceCreators;
  /** A running simulator, with its own secrets if it does not use ours; or the port for one to start. */
  simulator: { url: string; secrets: SandboxSecrets | undefined } | { port: number } | undefined;
  /** Meta's Graph API: its URL without a slash at the end, and the version. */
  graph: { url: string; version: string };
  /** Accounts of WhatsApp Web; undefined: they are off. */
  whatsAppWeb: WebConfig | undefined;
  /** Whether the Sandbox has WhatsApp's 24-hour window. */
  sandboxWindow: boolean;
  /** Whether the Sandbox has WhatsApp's limits of pace, pairs and people. */
  sandboxLimits: boolean;
  /** Undefined: we send no mail. */
  smtp: { url: string; from: string } | undefined;
  /** Hosts that outgoing webhooks may go to although they are private or speak http. */
  webhookHosts: AllowedHost[];
  media: MediaConfig;
  /** Undefined: no backups are scheduled. */
  backups: BackupConfig | undefined;
  /** PATH: the folders to search for programs. */
  programFolders: string | undefined;
  logLevel: string;
  /** auto: on a terminal, the start holds the log back until it is over. */
  logFormat: 'auto' | 'json';
}

/** The names of all settings. */
export const settingNames = Object.keys(variables.shape);

/** Each secret can also come from a file: SECRET_KEY_FILE for SECRET_KEY, and so on. */
export const secretSettings = [
  'SIMULATOR_ACCESS_TOKEN',
  'SIMULATOR_APP_SECRET',
  'SIMULATOR_VERIFY_TOKEN',
  'SECRET_KEY',
  'SECRET_KEY_PREVIOUS',
  'DATABASE_URL',
  'DATABASE_URL_API',
  'DATABASE_URL_READ',
  'REDIS_URL',
  'REDIS_PASSWORD',
  'RECADO_OWNER_PASSWORD',
  'SMTP_URL',
  ...mediaSecrets,
] as const;

/** Adds the settings of a .env file in the current folder, if there is one. @throws StartError */
export function loadDotEnv(): void {
  if (!existsSync('.env')) return;
  try {
    process.loadEnvFile('.env');
  } catch (error) {
    throw new StartError(
      `${resolve('.env')} cannot be read (${reasonOf(error)}): make it readable for the user who starts Recado, or start Recado in another folder.`,
    );
  }
}

/**
 * Reads the configuration. Empty variables count as not set.
 * @throws StartError that names every mistake and its fix
 */
export function readConfig(env: Record<string, string | undefined>): Config {
  const mistakes: string[] = [];
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  for (const name of secretSettings) {
    const file = given[`${name}_FILE`];
    if (file === undefined) continue;
    if (given[name] !== undefined) mistakes.push(`${name} and ${name}_FILE are both set: keep one`);
    try {
      given[name] = readFileSync(file, 'utf8').trim();
    } catch (error) {
      mistakes.push(
        `${name}_FILE cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'}): ${file}`,
      );
    }
  }
  const result = variables.safeParse(given);
  if (!result.success)
    for (const name of new Set(result.error.issues.map(issue => String(issue.path[0])))) {
      const schema = variables.shape[name as keyof typeof variables.shape];
      mistakes.push(`${name} ${schema?.description ?? 'is not valid'}`);
    }
  mistakes.push(...contradictions(given));
  const read = result.data;
  if (!read || mistakes.length > 0)
    throw new StartError(
      `The configuration has ${mistakes.length === 1 ? 'a mistake' : `${mistakes.length} mistakes`}: ${mistakes.join('; ')}.`,
    );
  return toConfig(read, env);
}

function contradictions(given: Record<string, string | undefined>): string[] {
  const found: string[] = [];
  if (given.DATABASE_URL && !given.SECRET_KEY)
    found.push('DATABASE_URL requires SECRET_KEY (at least 32 characters; generate one with: openssl rand -base64 32)');
  if (given.DATABASE_URL_API && !given.DATABASE_URL)
    found.push(
      'DATABASE_URL_API requires DATABASE_URL, because the embedded database has a role of its own for the API',
    );
  if (given.DATABASE_URL_READ && !given.DATABASE_URL)
    found.push('DATABASE_URL_READ requires DATABASE_URL, because the embedded database has no replica');
  if (given.SECRET_KEY && list(given.SECRET_KEY_PREVIOUS ?? '').includes(given.SECRET_KEY))
    found.push('SECRET_KEY_PREVIOUS contains the current SECRET_KEY: list only earlier keys there');
  if (!given.RECADO_OWNER_EMAIL !== !given.RECADO_OWNER_PASSWORD)
    found.push('RECADO_OWNER_EMAIL and RECADO_OWNER_PASSWORD go together: set both or none');
  if (!given.SMTP_URL !== !given.SMTP_FROM) found.push('SMTP_URL and SMTP_FROM go together: set both or none');
  for (const name of ['SMTP_URL', 'REDIS_URL'] as const)
    if (!isDecodable(given[name]))
      found.push(`${name} has a % in its user or password that cannot be decoded: write it as %25`);
  if (given.REDIS_URL && (given.REDIS_HOST || given.REDIS_PORT || given.REDIS_PASSWORD))
    found.push('REDIS_URL replaces REDIS_HOST, REDIS_PORT and REDIS_PASSWORD: unset those');
  if (!given.REDIS_URL && !given.REDIS_HOST && (given.REDIS_PORT || given.REDIS_PASSWORD))
    found.push('REDIS_PORT and REDIS_PASSWORD require REDIS_HOST');
  if (!given.DATABASE_URL && given.ROLES && ['api', 'worker'].some(role => !given.ROLES?.includes(role)))
    found.push('ROLES without api or worker requires DATABASE_URL, because the embedded database serves one process');
  if (given.METRICS_HOST && !given.METRICS_PORT) found.push('METRICS_HOST needs METRICS_PORT');
  const apiPort = (given.ROLES ?? 'api').includes('api') ? Number(given.PORT ?? 3000) : undefined;
  if (given.METRICS_PORT && Number(given.METRICS_PORT) === apiPort && apiPort !== 0)
    found.push('METRICS_PORT and PORT are equal: set one of them to another port');
  const simulatorSecrets = [given.SIMULATOR_ACCESS_TOKEN, given.SIMULATOR_APP_SECRET, given.SIMULATOR_VERIFY_TOKEN];
  if (simulatorSecrets.some(Boolean) && !(given.SIMULATOR_URL && simulatorSecrets.every(Boolean)))
    found.push(
      'SIMULATOR_ACCESS_TOKEN, SIMULATOR_APP_SECRET and SIMULATOR_VERIFY_TOKEN go together, with SIMULATOR_URL',
    );
  if (given.SIMULATOR === 'off' && given.SIMULATOR_URL)
    found.push('SIMULATOR is off and SIMULATOR_URL is set: keep one');
  found.push(...mediaContradictions(given));
  return found;
}

/** Whether the user and password in a URL can be percent-decoded. */
function isDecodable(address: string | undefined): boolean {
  if (address === undefined || !URL.canParse(address)) return true;
  const { username, password } = new URL(address);
  try {
    for (const part of [username, password]) decodeURIComponent(part);
    return true;
  } catch {
    return false;
  }
}

function givenSecrets(read: z.output<typeof variables>): SandboxSecrets | undefined {
  const {
    SIMULATOR_ACCESS_TOKEN: accessToken,
    SIMULATOR_APP_SECRET: appSecret,
    SIMULATOR_VERIFY_TOKEN: verifyToken,
  } = read;
  return accessToken && appSecret && verifyToken ? { accessToken, appSecret, verifyToken } : undefined;
}

function toConfig(read: z.output<typeof variables>, env: Record<string, string | undefined>): Config {
  const password = read.REDIS_PASSWORD ? `:${encodeURIComponent(read.REDIS_PASSWORD)}@` : '';
  const host = read.REDIS_HOST && inUrl(read.REDIS_HOST);
  const simulatorOn = read.SIMULATOR === 'on' || (read.SIMULATOR === undefined && !read.DATABASE_URL);
  return {
    port: read.PORT,
    host: read.HOST,
    metrics: read.METRICS_PORT === undefined ? undefined : { port: read.METRICS_PORT, host: read.METRICS_HOST },
    publicUrl: read.PUBLIC_URL?.replace(/\/+$/, ''),
    dataDir: resolve(read.DATA_DIR),
    roles: read.ROLES,
    secretKey: read.SECRET_KEY,
    earlierSecretKeys: read.SECRET_KEY_PREVIOUS,
    corsOrigins: read.CORS_ORIGINS,
    trustProxy: read.TRUST_PROXY,
    rateLimits: {
      caller: read.API_RATE_LIMIT,
      workspace: read.API_RATE_LIMIT_WORKSPACE,
      failures: read.API_FAILURE_LIMIT,
    },
    connectionLimit: read.API_CONNECTION_LIMIT,
    logsRequests: read.REQUEST_LOG === 'on',
    databaseUrl: read.DATABASE_URL,
    apiDatabaseUrl: read.DATABASE_URL_API,
    readDatabaseUrl: read.DATABASE_URL_READ,
    databasePooler: read.DATABASE_POOLER !== undefined,
    databaseConnections: read.DATABASE_CONNECTIONS,
    redisVariables: host ? 'REDIS_HOST, REDIS_PORT and REDIS_PASSWORD' : 'REDIS_URL',
    redisUrl: read.REDIS_URL ?? (host ? `redis://${password}${host}:${read.REDIS_PORT}` : undefined),
    owner:
      read.RECADO_OWNER_EMAIL && read.RECADO_OWNER_PASSWORD
        ? { email: read.RECADO_OWNER_EMAIL, password: read.RECADO_OWNER_PASSWORD }
        : undefined,
    workspaces: read.WORKSPACES,
    simulator: read.SIMULATOR_URL
      ? { url: read.SIMULATOR_URL.replace(/\/+$/, ''), secrets: givenSecrets(read) }
      : simulatorOn
        ? { port: read.SIMULATOR_PORT }
        : undefined,
    graph: { url: read.GRAPH_URL.replace(/\/+$/, ''), version: read.GRAPH_VERSION },
    whatsAppWeb: toWebConfig(read, env.NODE_EXTRA_CA_CERTS),
    sandboxWindow: read.SIMULATOR_WINDOW === 'on',
    sandboxLimits: read.SIMULATOR_LIMITS === 'on',
    smtp: read.SMTP_URL && read.SMTP_FROM ? { url: read.SMTP_URL, from: read.SMTP_FROM } : undefined,
    webhookHosts: read.WEBHOOK_ALLOWED_HOSTS,
    media: toMediaConfig(read),
    backups: toBackupConfig(read),
    programFolders: env.PATH,
    logLevel: read.LOG_LEVEL,
    logFormat: read.LOG_FORMAT,
  };
}
