// The checks of what is around the program: storage, disk, public address, mail, Redis, accounts.
import { createHash, randomBytes } from 'node:crypto';
import { statfs } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { signalFacts } from '@recado/contract';
import { askAboutAccount, listConnected } from '../../features/accounts/index.ts';
import { StorageError, storageKey } from '../../features/media/index.ts';
import { type Finding, failed, ok, type Probe, skipped, warning } from '../../features/self-check/index.ts';
import { AppError } from '../../kit/errors.ts';
import { GuardedFetchError } from '../../kit/net/guarded-request.ts';
import { readLink } from '../../kit/net/url-policy.ts';
import { reasonOf } from '../../kit/start-error.ts';
import type { CheckParts } from './parts.ts';
import { answerTo, reachPath } from './reach.ts';
import { inMegabytes, listed, rounded } from './words.ts';

/** Of no workspace: a rest of it is a foreign file for `media check`. */
const nobody = '00000000-0000-0000-0000-000000000000';

const storageRemedies: Partial<Record<StorageError['code'], string>> = {
  full: 'Make room in the store.',
  denied: 'Correct the keys, the rights and the settings of the store.',
  unavailable: 'Look whether the store is up, and whether this machine reaches it.',
};

export const storageProbe =
  ({ stores, config }: CheckParts): Probe =>
  async ({ signal }) => {
    const began = performance.now();
    const content = randomBytes(64);
    const key = storageKey(nobody, createHash('sha256').update(content).digest('hex'));
    let store: string = config.media.store;
    try {
      const { current, open } = await stores();
      store = current;
      const storage = await open(current);
      await storage.put(key, Readable.from([content]), { contentType: 'application/octet-stream', signal });
      const read = await buffer((await storage.read(key, { signal })).content);
      await storage.remove(key);
      if (!read.equals(content))
        return failed('storage_differs', `The store ${store} returned other bytes.`, 'Look at the store.', { store });
    } catch (error) {
      const remedy = (error instanceof StorageError && storageRemedies[error.code]) || 'Look at the store.';
      const why = reasonOf(error);
      return failed('storage_failed', `The store ${store} cannot be used: ${why}`, remedy, { store, why });
    }
    const ms = Math.round(performance.now() - began);
    return ok('storage', `The store ${store} took, returned and deleted a file in ${ms} ms.`, { store, ms });
  };

const fullDisk = { percent: 97, bytes: 256 * 1024 * 1024 };

export const diskProbe =
  ({ config: { dataDir, databaseUrl } }: CheckParts): Probe =>
  async () => {
    const { blocks, bavail, bsize } = await statfs(dataDir);
    const free = bavail * bsize;
    const percent = blocks === 0 ? 0 : Math.round(100 * (1 - bavail / blocks));
    const remedy = databaseUrl ? 'Make room.' : 'Make room, or keep messages and files for fewer days.';
    return judgeDisk(dataDir, percent, free, remedy);
  };

export function judgeDisk(folder: string, percent: number, free: number, remedy: string): Finding {
  const detail = { folder, percent, bytes: free };
  const message = `${percent} % of the disk of ${folder} is used, ${inMegabytes(free)} MB are left.`;
  if (percent >= fullDisk.percent || free < fullDisk.bytes) return failed('disk_full', message, remedy, detail);
  if (percent > signalFacts.disk.rule.fire_above) return warning('disk_full', message, remedy, detail);
  return ok('disk', message, detail);
}

export const mailProbe =
  ({ mailer }: CheckParts): Probe =>
  async () => {
    const sender = await mailer();
    if (!sender) return skipped('mail_off', 'SMTP_URL is not set: people managers get links to hand over.');
    const failure = await sender.check();
    if (!failure) return ok('mail', `${sender.server} lets Recado send mail.`, { server: sender.server });
    const { code, response } = failure;
    const why = response === undefined ? code : `${code}: ${response}`;
    return failed('mail_failed', `${sender.server} does not let Recado send mail (${why}).`, 'Correct SMTP_URL.', {
      server: sender.server,
      code,
    });
  };

export const redisProbe =
  ({ config }: CheckParts): Probe =>
  async ({ signal }) => {
    if (!config.redisUrl)
      return skipped('redis_off', 'Redis is not set, and not needed for some two hundred accounts.');
    const { Redis } = await import('ioredis');
    const redis = new Redis(config.redisUrl, { lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => null });
    let last: Error | undefined;
    redis.on('error', error => {
      last = error;
    });
    const end = () => redis.disconnect();
    signal.addEventListener('abort', end, { once: true });
    const began = performance.now();
    try {
      await redis.connect();
      await redis.ping();
      const ms = rounded(performance.now() - began, 1);
      const policy = /^maxmemory_policy:(\S+)/m.exec(await redis.info('memory'))?.[1] ?? 'noeviction';
      if (policy !== 'noeviction')
        return warning(
          'redis_evicts',
          `Redis drops wake-ups when its memory is full (maxmemory-policy ${policy}).`,
          'Set maxmemory-policy to noeviction.',
          { policy },
        );
      return ok('redis', `Redis answers in ${ms} ms.`, { ms });
    } catch (error) {
      const why = reasonOf(last ?? error);
      return failed('redis_away', `Redis cannot be used: ${why}.`, `Start it, or correct ${config.redisVariables}.`, {
        why,
      });
    } finally {
      signal.removeEventListener('abort', end);
      redis.disconnect();
    }
  };

const reachMs = 8_000;

export const addressProbe =
  ({ config, poster, secretKey, db }: CheckParts): Probe =>
  async ({ workspaceId }) => {
    // Only WhatsApp's Cloud API posts to us.
    const isNeeded = (await listConnected(db, workspaceId, 1)).length > 0;
    const bad = isNeeded ? failed : warning;
    const { publicUrl: url } = config;
    if (url === undefined)
      return isNeeded
        ? failed(
            'address_missing',
            'PUBLIC_URL is not set: WhatsApp cannot post to this server, and links in mails lead nowhere.',
            'Set PUBLIC_URL to the https address under which others reach this server.',
          )
        : skipped('address_missing', 'PUBLIC_URL is not set. Accounts of the Cloud API need it, and links in mails.');
    const link = readLink(url, []);
    const isInside = 'refusal' in link;
    if ('refusal' in readLink(url, config.webhookHosts))
      return bad(
        'address_private',
        `${url} is an address that only this network reaches, or not https: WhatsApp cannot post to it.`,
        'Set PUBLIC_URL to a public https address.',
        { url },
      );
    const nonce = randomBytes(16).toString('hex');
    const began = performance.now();
    const remedy = 'Look at the proxy, the firewall, the name and the certificate of this address.';
    try {
      const { status, excerpt } = await poster.post(`${url}${reachPath}`, {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ nonce }),
        deadlineMs: reachMs,
      });
      if (status !== 200 || !excerpt.includes(answerTo(secretKey, nonce)))
        return bad('address_foreign', `Something else than this Recado answered at ${url} (${status}).`, remedy, {
          url,
          status,
        });
    } catch (error) {
      if (!(error instanceof GuardedFetchError)) throw error;
      if (error.reason === 'private_address')
        return bad(
          'address_private',
          `The name in ${url} has a private address: WhatsApp cannot post to it.`,
          'Set PUBLIC_URL to a public https address.',
          { url },
        );
      const why = error.cause === undefined ? error.message : reasonOf(error.cause);
      return bad('address_unreachable', `${url} cannot be reached from this machine: ${why}`, remedy, { url, why });
    }
    const ms = Math.round(performance.now() - began);
    if (isInside && isNeeded)
      return failed(
        'address_inside',
        `${url} answers inside this network, but it is not a public https address: WhatsApp cannot post to it.`,
        'Set PUBLIC_URL to a public https address.',
        { url, ms },
      );
    return ok('address', `A request to ${url} came back to this Recado in ${ms} ms.`, { url, ms });
  };

const mostAccounts = 50;
const atOnce = 5;

export const accountsProbe =
  ({ db, accounts }: CheckParts): Probe =>
  async ({ workspaceId, signal }) => {
    const found = await listConnected(db, workspaceId, mostAccounts);
    if (found.length === 0) return skipped('no_cloud_account', 'No account is connected at Meta.');
    const troubles: { name: string; why: string; unreached: boolean }[] = [];
    const waiting = [...found];
    const one = async () => {
      for (let next = waiting.shift(); next && !signal.aborted; next = waiting.shift()) {
        const { id, name, workspace_id: workspace } = next;
        try {
          const { checks } = await askAboutAccount(accounts, workspace, id);
          const first = checks.find(check => !check.ok);
          if (first) troubles.push({ name, why: first.message, unreached: false });
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          const unreached = /^channel_un/.test(error.code);
          troubles.push({ name, why: error.detail ?? error.message, unreached });
        }
      }
    };
    await Promise.all(Array.from({ length: atOnce }, one));
    const [first] = troubles;
    if (!first)
      return ok('accounts', `${found.length} accounts: Meta accepts their tokens and posts their webhooks here.`, {
        n: found.length,
      });
    const names = listed(troubles.map(({ name }) => name));
    const detail = { n: troubles.length, of: found.length, names, why: first.why };
    if (troubles.every(({ unreached }) => unreached))
      return failed(
        'meta_unreachable',
        `Meta gives no answer about ${names}: ${first.why}`,
        'Look at the way of this machine to graph.facebook.com.',
        detail,
      );
    return failed(
      'accounts_failed',
      `${troubles.length} of ${found.length} accounts have trouble at Meta: ${names}. ${first.name}: ${first.why}`,
      'Open the account, choose Check, and follow what it says.',
      detail,
    );
  };
