// Fetches the links in messages, as Meta does before delivery.
import { BlockList, isIP } from 'node:net';
import { Readable } from 'node:stream';
import type { LedgerEntry } from '../graph/ledger.ts';
import { mediaOf, type Outgoing } from '../graph/message-rules.ts';
import { largestFile, sendProblem } from './media-kinds.ts';
import type { MediaStore, Received } from './media-store.ts';

export const linkReaches = ['none', 'loopback', 'all'] as const;
export type LinkReach = (typeof linkReaches)[number];

const deadlineMs = 15_000;

export type LinkFetcher = {
  /** Whether this link may be fetched. */
  reaches(link: string): boolean;
  /** Fetches it in the background, then calls `then` with the failure or null. */
  fetch(entry: LedgerEntry, outgoing: Outgoing, link: string, then: (failure: string | null) => void): void;
  /** Resolves when nothing is being fetched for this message. */
  settled(wamid: string): Promise<void>;
  /** Resolves when nothing is being fetched. */
  idle(): Promise<void>;
  close(): Promise<void>;
};

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Only literal loopback addresses count; a name could resolve to anything. */
const isLoopback = (link: string): boolean => {
  const host = new URL(link).hostname.replace(/^\[|\]$/g, '');
  const family = isIP(host);
  return family !== 0 && loopback.check(host, family === 6 ? 'ipv6' : 'ipv4');
};

/** Returns the fetcher. Without reach it fetches nothing, so that a message cannot make this machine call anything. */
export const createLinkFetcher = (reach: LinkReach, media: MediaStore): LinkFetcher => {
  const underWay = new Map<string, Promise<void>>();
  const stop = new AbortController();

  const fetchOne = async (entry: LedgerEntry, outgoing: Outgoing, link: string): Promise<string | null> => {
    try {
      const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(deadlineMs)]);
      const response = await fetch(link, { redirect: 'manual', signal });
      if (response.status !== 200 || response.body === null) {
        await response.body?.cancel();
        return `The link answered with HTTP status ${response.status}.`;
      }
      const received = await media.receive(Readable.from(limited(response.body)));
      return await keep(entry, outgoing, received, response.headers.get('content-type') ?? 'application/octet-stream');
    } catch (error) {
      return `The link could not be fetched: ${(error as Error).message}.`;
    }
  };

  const keep = async (entry: LedgerEntry, outgoing: Outgoing, received: Received, mimeType: string) => {
    const { kind, isVoice } = mediaOf(outgoing) ?? { kind: 'document' as const, isVoice: false };
    const problem = sendProblem(kind, { ...received, mime_type: mimeType }, isVoice);
    if (problem !== null) {
      await media.discard(received);
      return problem;
    }
    await media.keep(received, {
      source: 'linked',
      phone_number_id: entry.phone_number_id,
      mime_type: mimeType,
      file_name: null,
      wamid: entry.wamid,
    });
    return null;
  };

  return {
    reaches: link => reach === 'all' || (reach === 'loopback' && isLoopback(link)),
    fetch: (entry, outgoing, link, then) => {
      const fetching = fetchOne(entry, outgoing, link).then(failure => {
        underWay.delete(entry.wamid);
        // A fetch that closing aborted is planned again from the ledger at the next start.
        if (!stop.signal.aborted) then(failure);
      });
      underWay.set(entry.wamid, fetching);
    },
    settled: async wamid => underWay.get(wamid),
    idle: async () => {
      await Promise.all(underWay.values());
    },
    close: async () => {
      stop.abort();
      await Promise.all(underWay.values());
    },
  };
};

async function* limited(body: ReadableStream<Uint8Array>): AsyncGenerator<Buffer> {
  let size = 0;
  for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > largestFile) throw new Error(`it has more than ${largestFile} bytes`);
    yield Buffer.from(chunk);
  }
}
