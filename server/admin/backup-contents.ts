// Media contents in a backup: each has a header line, its bytes in pieces, and a line with the result.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { StorageError } from '../features/media/index.ts';

const largestPiece = 256 * 1024;
const endOfContents = '\\.';

const contentSchema = z.strictObject({
  workspace: z.uuid(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  size: z.int().nonnegative(),
  mime_type: z.string(),
});
const endSchema = z.union([
  z.strictObject({ whole: z.literal(true) }),
  z.strictObject({ whole: z.literal(false), why: z.string() }),
]);

export interface BackupContent {
  workspaceId: string;
  sha256: string;
  size: number;
  mimeType: string;
}

export interface ContentToWrite {
  content: BackupContent;
  /**
   * The bytes from its store. A StorageError not_found or mismatch is recorded in the file; any other ends the
   * backup.
   */
  pieces: AsyncIterable<Buffer>;
  /** Called with the problem if the store does not have the content as it should. */
  onProblem: (why: string) => void;
}

/** Called with the number of bytes read, and at the end of each content. */
export type OnContent = (bytes: number, ended: boolean) => void;

/** Yields the contents in the file format. */
export async function* linesOfContents(
  contents: AsyncIterable<ContentToWrite>,
  onContent: OnContent,
): AsyncGenerator<Buffer> {
  const line = (value: unknown) => Buffer.from(`${JSON.stringify(value)}\n`);
  for await (const { content, pieces, onProblem } of contents) {
    const { workspaceId, sha256, size, mimeType } = content;
    yield line({ workspace: workspaceId, sha256, size, mime_type: mimeType });
    const measure = measureOf(content);
    let why: string | undefined;
    try {
      for await (const chunk of pieces) {
        measure.update(chunk);
        onContent(chunk.length, false);
        for (let at = 0; at < chunk.length; at += largestPiece) {
          const piece = chunk.subarray(at, at + largestPiece);
          yield Buffer.from(`${piece.length}\n`);
          yield piece;
        }
      }
      why = measure.problem();
    } catch (error) {
      if (!(error instanceof StorageError) || (error.code !== 'not_found' && error.code !== 'mismatch')) throw error;
      why = error.message;
    }
    if (why !== undefined) onProblem(why);
    yield Buffer.from('0\n');
    yield line(why === undefined ? { whole: true } : { whole: false, why });
    onContent(0, true);
  }
  yield Buffer.from(`${endOfContents}\n`);
}

/** A content that is being read. */
export interface ReadContent {
  content: BackupContent;
  /** Its bytes. Read them to the end, or not at all to skip them. */
  pieces: AsyncIterable<Buffer>;
  /** After the end: the problem found when the backup was taken; undefined if it is intact. */
  problem: () => string | undefined;
}

interface Input {
  line(): Promise<string>;
  take(length: number): AsyncIterable<Buffer>;
  damaged(why: string): Error;
}

/** Yields the contents of a file up to their end. @throws CommandError if the file is damaged */
export async function* readContents(input: Input): AsyncGenerator<ReadContent> {
  for (;;) {
    const text = await input.line();
    if (text === endOfContents) return;
    const { workspace, sha256, size, mime_type } = parse(contentSchema, text, input);
    const content = { workspaceId: workspace, sha256, size, mimeType: mime_type };
    let why: string | undefined;
    const pieces = piecesOf(content, input, found => {
      why = found;
    });
    yield { content, pieces, problem: () => why };
    for await (const _ of pieces);
  }
}

async function* piecesOf(
  content: BackupContent,
  input: Input,
  onProblem: (why: string) => void,
): AsyncGenerator<Buffer> {
  const measure = measureOf(content);
  for (;;) {
    const text = await input.line();
    const length = /^\d{1,7}$/.test(text) ? Number(text) : Number.POSITIVE_INFINITY;
    if (length > largestPiece) throw input.damaged('a piece of a content has no length');
    if (length === 0) break;
    for await (const piece of input.take(length)) {
      measure.update(piece);
      yield piece;
    }
  }
  const end = parse(endSchema, await input.line(), input);
  if (!end.whole) return onProblem(end.why);
  const problem = measure.problem();
  if (problem !== undefined) throw input.damaged(`the content ${content.sha256}: ${problem}`);
}

function measureOf({ sha256, size }: BackupContent) {
  const hash = createHash('sha256');
  let bytes = 0;
  return {
    update(piece: Buffer): void {
      hash.update(piece);
      bytes += piece.length;
    },
    problem(): string | undefined {
      if (bytes !== size) return `it has ${bytes} bytes instead of ${size}`;
      return hash.digest('hex') === sha256 ? undefined : 'its bytes do not match its hash';
    },
  };
}

function parse<Value>(schema: z.ZodType<Value>, text: string, { damaged }: Input): Value {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    throw damaged('a line of the contents cannot be read');
  }
}
