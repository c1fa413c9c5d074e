// Media: uploads and downloads a 100 MB file, against a plain stream copy to the same disk, and measures memory.
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { openEnvironment, type RecadoContestant } from '../environment.ts';
import { aim, quantile, written } from '../stats.ts';
import type { Order, Section } from './part.ts';

const MB = 1_000_000;
const size = 100 * MB;
const lookEveryMs = 10;
const boundary = 'the-end-of-the-file';

interface Round {
  seconds: number;
  /** Peak memory of the process above its minimum before a round so far, in MB. */
  added: number;
}

export async function media(order: Order): Promise<Section> {
  const environment = await openEnvironment(0);
  try {
    const recado = await environment.startRecado({
      name: 'media',
      accounts: 0,
      env: { AWS_S3_MAX_FILE_SIZE: '200MB' },
    });
    const file = join(environment.folder, 'large.bin');
    const copies = join(environment.folder, 'copies');
    await mkdir(copies);
    const rounds: { copy: number; up: Round; down: Round }[] = [];
    // Password hashing needs memory too.
    const token = await recado.token();
    let before = await memoryOf(recado.actor.pid);
    for (let round = 0; round <= order.rounds; round++) {
      const sha256 = await fill(file);
      const copy = await copied(file, join(copies, String(round)));
      let id = '';
      // Startup garbage may go with the first transfer: use the minimum between any two.
      before = Math.min(before, await memoryOf(recado.actor.pid));
      const up = await watched(recado, before, async () => {
        id = await upload(recado.url, token, file, sha256);
      });
      const down = await watched(recado, before, () => download(recado.url, token, id, sha256));
      order.tell(
        `media, round ${round}: copy ${written(copy)} s, up ${written(up.seconds)} s +${written(up.added)} MB, down ${written(down.seconds)} s +${written(down.added)} MB`,
      );
      await recado.client.call('DELETE', `/api/v1/media/${id}`);
      rounds.push({ copy, up, down });
    }
    const median = (values: number[]) => quantile(values, 0.5);
    const most = (values: number[]) => quantile(values, 1);
    // The first one warms up; its memory counts.
    const warm = rounds.slice(1);
    const copy = warm.map(round => round.copy);
    const rows = (['up', 'down'] as const).map(way => {
      const seconds = warm.map(round => round[way].seconds);
      const added = rounds.map(round => round[way].added);
      return { way, seconds, added, ratio: median(copy) / median(seconds) };
    });
    return {
      title: 'media: 100 MB up and down',
      how: `A new file of 100 MB of chance each round, ${order.rounds} rounds, to the store on the disk. Up: a form over HTTP, until the answer. Down: until the last byte, hashed. The copy: a stream from the same file to a file on the same disk, hashed and synced, within the bench. Added memory: the resident memory of the process of Recado at its highest within the transfer, looked at every ${lookEveryMs} ms, less the least that it was before any round so far; the first round counts for this only.`,
      table: [
        ['', 's (median)', 'MB/s', 'of the copy', 'added MB (median)', 'added MB (most)'],
        ['copy', written(median(copy)), written(size / MB / median(copy)), '1', '', ''],
        ...rows.map(({ way, seconds, added, ratio }) => [
          way,
          written(median(seconds)),
          written(size / MB / median(seconds)),
          written(ratio),
          written(median(added)),
          written(most(added)),
        ]),
      ],
      notes: [aim('added memory', most(rows.flatMap(row => row.added)), 40, 'at most', ' MB')],
    };
  } finally {
    await environment.close();
  }
}

async function fill(path: string): Promise<string> {
  const hash = createHash('sha256');
  const file = await open(path, 'w');
  try {
    for (let written = 0; written < size; written += MB) {
      const piece = randomBytes(MB);
      // Must begin like a document: WhatsApp would not carry random bytes.
      if (written === 0) piece.write('%PDF-1.7\n');
      hash.update(piece);
      await file.writeFile(piece);
    }
  } finally {
    await file.close();
  }
  return hash.digest('hex');
}

async function copied(from: string, to: string): Promise<number> {
  const began = performance.now();
  const hash = createHash('sha256');
  await pipeline(
    createReadStream(from),
    async function* hashed(source: AsyncIterable<Buffer>) {
      for await (const chunk of source) {
        hash.update(chunk);
        yield chunk;
      }
    },
    createWriteStream(to, { flush: true }),
  );
  hash.digest();
  const seconds = (performance.now() - began) / 1_000;
  await rm(to);
  return seconds;
}

/** Runs `work` while sampling the memory of the process. */
async function watched({ actor }: RecadoContestant, before: number, work: () => Promise<void>): Promise<Round> {
  let highest = await memoryOf(actor.pid);
  const look = async () => {
    highest = Math.max(highest, await memoryOf(actor.pid));
  };
  const timer = setInterval(() => void look(), lookEveryMs);
  const began = performance.now();
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
  const seconds = (performance.now() - began) / 1_000;
  await look();
  return { seconds, added: (highest - before) / MB };
}

async function memoryOf(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? Number.NaN) * 1024;
}

async function upload(url: string, token: string, file: string, sha256: string): Promise<string> {
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="large.pdf"\r\n\r\n`;
  const tail = `\r\n--${boundary}--\r\n`;
  const posted = request(`${url}/api/v1/media`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': `multipart/form-data; boundary=${boundary}`,
      'content-length': head.length + size + tail.length,
    },
  });
  const answer = new Promise<string>((resolve, reject) => {
    posted.once('error', reject);
    posted.once('response', response => {
      let text = '';
      response.on('data', piece => {
        text += piece;
      });
      response.once('end', () => resolve(text));
    });
  });
  posted.write(head);
  for await (const chunk of createReadStream(file))
    if (!posted.write(chunk)) await new Promise(resolve => posted.once('drain', resolve));
  posted.end(tail);
  const body = JSON.parse(await answer);
  if (body.sha256 !== sha256) throw new Error(`the upload was answered with ${JSON.stringify(body)}`);
  return body.id;
}

async function download(url: string, token: string, id: string, sha256: string): Promise<void> {
  const hash = createHash('sha256');
  const asked = request(`${url}/api/v1/media/${id}/content`, { headers: { authorization: `Bearer ${token}` } });
  asked.end();
  await new Promise<void>((resolve, reject) => {
    asked.once('error', reject);
    asked.once('response', response => {
      response.on('data', piece => hash.update(piece));
      response.once('error', reject);
      response.once('end', resolve);
    });
  });
  if (hash.digest('hex') !== sha256) throw new Error('another file came back');
}
