// For media scenarios: files of each kind, uploads, downloads, and exchanges with a phone.
import { createHash, randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect } from 'vitest';
import type { Recado } from '../../server/app/compose.ts';
import { toId } from '../../server/kit/ids.ts';
import type { Answer, Scenario } from './scenario.ts';

export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
export const bytesAfter = (begin: (string | number[])[], size = 3_000) =>
  Buffer.concat([
    ...begin.map(part => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))),
    randomBytes(size),
  ]);

/** A document of this many bytes. */
export const pdf = (size = 30_000) => bytesAfter(['%PDF-1.7\n'], size - 9);

const plainSticker = await sharp({ create: { width: 512, height: 512, channels: 4, background: '#33669980' } })
  .webp()
  .toBuffer();

/** The same picture as a different file: with a chunk that decoders ignore. */
function withChunk(picture: Buffer): Buffer {
  const chunk = Buffer.concat([Buffer.from('XTRA\x40\0\0\0', 'latin1'), randomBytes(64)]);
  const made = Buffer.concat([picture, chunk]);
  made.writeUInt32LE(made.length - 8, 4);
  return made;
}

/** A new file of each kind, recognizable by its first bytes. */
export const makers = {
  image: { type: 'image/jpeg', make: () => bytesAfter([[0xff, 0xd8, 0xff, 0xe0, 0, 0x10], 'JFIF']) },
  video: { type: 'video/mp4', make: () => bytesAfter([[0, 0, 0, 0x18], 'ftypmp42', [0, 0, 0, 0], 'mp42isom']) },
  audio: { type: 'audio/mpeg', make: () => bytesAfter(['ID3', [4, 0, 0, 0, 0, 0, 0], [0xff, 0xfb, 0x90, 0x64]]) },
  document: { type: 'application/pdf', make: () => bytesAfter(['%PDF-1.7\n']) },
  sticker: { type: 'image/webp', make: () => withChunk(plainSticker) },
} as const;
export type Kind = keyof typeof makers;

export const png = (width = 40, height = 30) =>
  sharp({ create: { width, height, channels: 3, background: '#336699' } })
    .png()
    .toBuffer();

export interface Form {
  bytes: Uint8Array;
  name?: string;
  type?: string;
  fields?: Record<string, string>;
  headers?: Record<string, string>;
}

export async function upload(
  scenario: Scenario,
  { bytes, name = 'file', type = 'application/octet-stream', fields = {}, headers = {} }: Form,
): Promise<Answer> {
  const form = new FormData();
  for (const [field, value] of Object.entries(fields)) form.append(field, value);
  form.append('file', new Blob([bytes as Uint8Array<ArrayBuffer>], { type }), name);
  const answer = await fetch(`${scenario.recado.url}/api/v1/media`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await scenario.token()}`, ...headers },
    body: form,
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text, body: JSON.parse(text) };
}

export async function download(scenario: Scenario, path: string, headers: Record<string, string> = {}, method = 'GET') {
  const answer = await fetch(new URL(path, scenario.recado.url), {
    method,
    redirect: 'manual',
    headers: { authorization: `Bearer ${await scenario.token()}`, ...headers },
  });
  return { status: answer.status, headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) };
}

/** The files in the stores and in the spool, read directly. */
export async function leftOn(dataDir: string): Promise<{ spool: string[]; files: string[] }> {
  const spool = await readdir(join(dataDir, 'media-spool'));
  const entries = await readdir(join(dataDir, 'media'), { recursive: true, withFileTypes: true }).catch(() => []);
  return { spool, files: entries.filter(entry => entry.isFile()).map(entry => entry.name) };
}

let numbers = 0;
export const anyNumber = () => `+3361300${String(1_000 + numbers++)}`;

export const sendFile = (scenario: Scenario, type: Kind, content: object, more: object = {}) =>
  scenario.api('POST', '/api/v1/messages', {
    account_id: scenario.account.id,
    to: anyNumber(),
    type,
    [type]: content,
    ...more,
  });

/** A person sends a file; returns the message as the API shows it once the scenario has settled. */
export async function write(scenario: Scenario, kind: Kind, bytes: Buffer, query: Record<string, string> = {}) {
  const { phone_number_id: to } = scenario.account;
  const words = new URLSearchParams({ to, type: kind, mime_type: makers[kind].type, ...query });
  const answer = await fetch(`${scenario.simulator.url}/phones/${encodeURIComponent(anyNumber())}/media?${words}`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: Uint8Array.from(bytes),
  });
  expect(answer.status).toBe(202);
  const { id } = (await answer.json()) as { id: string };
  await scenario.settle();
  return () => messageBy(scenario, id);
}

/**
 * The message once it has this status: its file is uploaded to the channel outside the lanes. `heir` is a worker that
 * takes over from a killed one, whose connection may still be there as the sweeper.
 */
export async function becomes(scenario: Scenario, id: string, status: string, heir?: Recado) {
  for (;;) {
    await heir?.sweeper?.sweep();
    await scenario.settle();
    // Timers due at this moment of the scenario's clock.
    scenario.clock.advance(0);
    // A receipt may overtake its call's response, which is recorded by then.
    await heir?.engine.idle();
    const message = await scenario.message(id);
    if (message.status === status) return message;
    if (message.status === 'failed') throw new Error(`${id} failed: ${JSON.stringify(message.error)}`);
    await new Promise(resolve => setImmediate(resolve));
  }
}

async function messageBy(scenario: Scenario, channelMessageId: string) {
  const [row] = await scenario.sql<{ id: string }>('select id from message where channel_message_id = $1', [
    channelMessageId,
  ]);
  return scenario.message(toId('message', row?.id ?? ''));
}

export const fileOf = (message: { type: Kind } & Record<string, { media: Record<string, unknown> }>) =>
  message[message.type]?.media;
