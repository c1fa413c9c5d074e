// Small helpers for stanzas, WhatsApp's binary XML.
import { type BinaryNode, getBinaryNodeChild, getBinaryNodeChildren } from 'baileys';

export const server = 's.whatsapp.net';

/** A stanza, or a part of one. */
export function node(
  tag: string,
  attrs: Record<string, string | undefined>,
  content?: BinaryNode['content'],
): BinaryNode {
  const set: Record<string, string> = {};
  for (const [name, value] of Object.entries(attrs)) if (value !== undefined) set[name] = value;
  return content === undefined ? { tag, attrs: set } : { tag, attrs: set, content };
}

export const child = (of: BinaryNode | undefined, tag: string): BinaryNode | undefined => getBinaryNodeChild(of, tag);
export const children = (of: BinaryNode | undefined, tag: string): BinaryNode[] => getBinaryNodeChildren(of, tag);
export const firstChild = (of: BinaryNode): BinaryNode | undefined =>
  Array.isArray(of.content) ? of.content[0] : undefined;

/** The bytes inside a child. */
export function bytesIn(of: BinaryNode | undefined, tag: string): Buffer {
  return contentOf(child(of, tag));
}

/** The bytes of a stanza's part; text counts as its UTF-8. */
export function contentOf(part: BinaryNode | undefined): Buffer {
  const content = part?.content;
  if (content === undefined || Array.isArray(content)) throw new Error(`No bytes in <${part?.tag}>.`);
  return Buffer.from(content as Uint8Array);
}

/** Now, as stanzas carry it. */
export const now = (): string => String(Math.floor(Date.now() / 1000));

let lastId = 0;
/** A fresh id for a stanza of the server. */
export function stanzaId(): string {
  lastId += 1;
  return `fake-${lastId}`;
}
