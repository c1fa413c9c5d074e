// Reads JSON bodies. Limits their size, depth and number of values, because parsing stops the event loop.
import { isUtf8 } from 'node:buffer';
import type { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { semaphore, semaphores } from '../../kit/async/semaphore.ts';
import { commonProblem } from '../../kit/errors.ts';
import { bodyReader, tooLarge } from '../../kit/http/body-reader.ts';
import { invalid, type Server } from '../../kit/http/routes.ts';
import { excessOf } from '../../kit/text/json-excess.ts';

/** The body limit of JSON routes that set no other. A larger body is a large one: it has ceilings and turns. */
export const largestBody = 64 * 1024;

const megabyte = 1024 * 1024;
/** All large bodies together may use 64 MB, those of one workspace three of the largest batches. */
const ceilings = { free: largestBody, together: 64 * megabyte, perOwner: 24 * megabyte };

/** A batch of 1,000 messages has about 20,000 values. No object of ours has a hundred fields, or as many levels. */
const limits = { values: 100_000, fields: 1_000, levels: 50 };
const excesses = {
  values: `Must not have more than ${limits.values} values.`,
  fields: `Must not have more than ${limits.fields} fields in an object.`,
  levels: `Must not nest deeper than ${limits.levels} levels.`,
};

/** Only JSON bodies by default; routes that accept other types say so. */
export function addJsonParser(app: Server): void {
  app.removeContentTypeParser(['application/json', 'text/plain']);
  const read = bodyReader(ceilings);
  const inTurn = turns();
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', async (request: FastifyRequest, body: Readable) => {
    const largest = request.routeOptions.bodyLimit;
    demandReadable(request, largest);
    const owner = request.caller?.workspaceId;
    return read(body, { largest, owner }, bytes =>
      bytes.length <= largestBody ? parsed(request, bytes) : inTurn(owner ?? '', () => parsed(request, bytes)),
    );
  });

  /** @throws AppError */
  function parsed(request: FastifyRequest, bytes: Buffer): unknown {
    // Some clients send a content type without a body.
    if (bytes.length === 0) return undefined;
    const text = decoded(bytes);
    if (text === undefined) throw invalid('body', 'Must be UTF-8.');
    const excess = wrongSizeOf(text);
    if (excess !== undefined) throw invalid('body', excess);
    let value: unknown;
    parse(request, text, (error, body) => {
      if (error) throw invalid('body', wrongWith(text));
      value = body;
    });
    return value;
  }
}

/**
 * Returns a gate for large bodies: it parses one of an owner at a time. The next one waits as long as parsing and
 * validating this one took, so that the event loop has as much time for others.
 */
function turns(): (owner: string, parse: () => unknown) => Promise<unknown> {
  const inTurn = semaphores(() => semaphore(1));
  return (owner, parse) =>
    new Promise((resolve, reject) => {
      void inTurn(owner, async () => {
        const from = performance.now();
        try {
          resolve(parse());
        } catch (error) {
          reject(error);
        }
        // The validation follows at once, before this.
        await new Promise(setImmediate);
        await new Promise(rested => setTimeout(rested, performance.now() - from));
      });
    });
}

/** Checks the headers of a body. @throws AppError */
function demandReadable({ headers }: FastifyRequest, largest: number): void {
  if (Number(headers['content-length']) > largest) throw tooLarge(largest);
  const type = headers['content-type'];
  const charset = type === 'application/json' ? undefined : charsetOf(type);
  if (charset !== undefined && !/^utf-?8$/i.test(charset))
    throw commonProblem('unsupported_media_type', `The charset must be utf-8, not ${charset}.`);
}

const charsetOf = (type: string | undefined) => /;\s*charset\s*=\s*"?([^\s;"]*)/i.exec(type ?? '')?.[1];

/** JSON is UTF-8 (RFC 8259): decoding other bytes would change characters. Drops a BOM. */
function decoded(body: Buffer): string | undefined {
  if (!isUtf8(body)) return undefined;
  const hasBom = body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf;
  return body.toString('utf8', hasBom ? 3 : 0);
}

/** What is wrong with a text that the parser rejects: it is not JSON, or it could change prototypes. */
function wrongWith(text: string): string {
  try {
    JSON.parse(text);
    return 'Must not have a field with the name __proto__ or constructor.prototype.';
  } catch (error) {
    const [, at] = /position (\d+)/.exec(String(error)) ?? [];
    return at === undefined ? 'Is not valid JSON.' : `Is not valid JSON: see character ${at}.`;
  }
}

/** How a text exceeds our limits, as a sentence; undefined if it does not. */
function wrongSizeOf(text: string): string | undefined {
  // A text has fewer values than characters. An ordinary body is too small for many fields to matter.
  if (text.length <= largestBody && hasFewOpenings(text)) return undefined;
  const excess = excessOf(text, limits);
  return excess && excesses[excess];
}

/** Fast path: too few opening brackets to be too deep, even if each nested in the one before. */
function hasFewOpenings(text: string): boolean {
  let found = 0;
  for (const opening of ['{', '['])
    for (let at = text.indexOf(opening); at !== -1; at = text.indexOf(opening, at + 1))
      if (++found > limits.levels) return false;
  return true;
}
