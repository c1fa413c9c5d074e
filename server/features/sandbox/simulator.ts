// Calls the simulator: one chat of one phone, what a person does in it, and its files.
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { z } from 'zod';
import type { MediaUpload } from '../../ports/channel.ts';
import { problem } from './errors.ts';

/** The simulator runs beside us; a hanging one must not hold requests. */
const patienceMs = 10_000;
/** A file of 100 MB on a slow disk. */
const filePatienceMs = 120_000;

const fields = z.record(z.string(), z.unknown());

const renderedSchema = z.object({
  header: fields.optional(),
  body: z.string(),
  footer: z.string().optional(),
  buttons: z.array(
    z.object({ type: z.string(), text: z.string(), url: z.string().optional(), payload: z.string().optional() }),
  ),
});

const screenMessageSchema = z.object({
  id: z.string(),
  direction: z.enum(['received', 'written']),
  type: z.string(),
  content: z.unknown(),
  at: z.string(),
  status: z.enum(['sent', 'delivered', 'read']),
  preview: z.string(),
  quoted: z.string().optional(),
  edited: z.literal(true).optional(),
  rendered: renderedSchema.optional(),
  media: z
    .object({ id: z.string(), mime_type: z.string(), size: z.number(), filename: z.string().nullable() })
    .optional(),
});

/** A message as the simulator has it, with Meta's content. */
export type ScreenMessage = z.infer<typeof screenMessageSchema>;

const chatSchema = z.object({
  number: z.string(),
  auto_read: z.boolean(),
  auto_reply: z.string().nullable(),
  typing: z.boolean(),
  messages: z.array(screenMessageSchema),
});

export type Chat = z.infer<typeof chatSchema>;

const writtenSchema = z.object({ id: z.string() });
const readSchema = z.object({ read: z.number() });
const guideSchema = z.object({
  reserved_recipients: z.array(z.object({ number: z.string(), fault: z.string(), does: z.string() })),
});
const errorSchema = z.object({
  error: z.object({ error_data: z.object({ details: z.string() }).optional(), message: z.string().optional() }),
});

/** The chat of a person with an account: the E.164 number, and the id of the account's number. */
export interface ChatPlace {
  number: string;
  numberId: string;
}

/** What goes with a file that a person sends. */
export interface FileOptions {
  type: 'image' | 'video' | 'audio' | 'document' | 'sticker';
  caption?: string | undefined;
  voice?: boolean | undefined;
}

export type Simulator = ReturnType<typeof openSimulatorClient>;

/** The simulator's phones. `baseUrl` returns undefined where there is no simulator. */
export function openSimulatorClient(baseUrl: () => string | undefined) {
  async function call(path: string, init: RequestInit & { duplex?: 'half' } = {}, ms = patienceMs): Promise<Response> {
    const url = baseUrl();
    if (url === undefined) throw problem('simulator_off');
    let response: Response;
    try {
      response = await fetch(`${url}${path}`, { ...init, redirect: 'error', signal: AbortSignal.timeout(ms) });
    } catch (error) {
      throw problem('simulator_unreachable', undefined, { cause: error, retryAfterSeconds: 5 });
    }
    if (response.status >= 500) throw problem('simulator_unreachable', undefined, { retryAfterSeconds: 5 });
    return response;
  }

  async function ask<Out>(schema: z.ZodType<Out>, path: string, method = 'GET', body?: unknown): Promise<Out> {
    const response = await call(path, {
      method,
      headers: { accept: 'application/json', ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return answered(schema, response);
  }

  const phone = ({ number }: ChatPlace) => `/phones/${encodeURIComponent(number)}`;
  const chat = (place: ChatPlace) => `${phone(place)}/chats/${place.numberId}`;

  return {
    chat: (place: ChatPlace) => ask(chatSchema, chat(place)),
    change: (place: ChatPlace, settings: { auto_read?: boolean | undefined; auto_reply?: string | null | undefined }) =>
      ask(chatSchema, chat(place), 'PATCH', settings),
    read: (place: ChatPlace) => ask(readSchema, `${chat(place)}/read`, 'POST', {}),
    /** Writes a message in the simulator's format; returns its id. */
    write: async (place: ChatPlace, message: Record<string, unknown>) =>
      (await ask(writtenSchema, `${phone(place)}/messages`, 'POST', { ...message, to: place.numberId })).id,
    /** Sends a file; returns the id of the message. */
    async sendFile(place: ChatPlace, file: MediaUpload, { type, caption, voice }: FileOptions): Promise<string> {
      const query = new URLSearchParams({
        to: place.numberId,
        type,
        mime_type: file.mimeType,
        filename: file.fileName,
        ...(caption !== undefined && { caption }),
        ...(voice !== undefined && { voice: String(voice) }),
      });
      const response = await call(
        `${phone(place)}/media?${query}`,
        {
          method: 'POST',
          headers: { accept: 'application/json', 'content-type': 'application/octet-stream' },
          body: Readable.toWeb(file.stream) as ReadableStream<Uint8Array>,
          duplex: 'half',
        },
        filePatienceMs,
      );
      return (await answered(writtenSchema, response)).id;
    },
    /** The bytes of a file of a message. */
    async file(mediaId: string): Promise<Readable> {
      const response = await call(`/media/${encodeURIComponent(mediaId)}`, {}, filePatienceMs);
      if (!response.ok || response.body === null) throw problem('phone_message_not_found');
      return Readable.fromWeb(response.body as ReadableStream<Uint8Array>);
    },
    recipients: async () => (await ask(guideSchema, '/')).reserved_recipients,
  };
}

async function answered<Out>(schema: z.ZodType<Out>, response: Response): Promise<Out> {
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok) return schema.parse(body);
  const { data } = errorSchema.safeParse(body);
  throw problem('phone_rejected', data?.error.error_data?.details ?? data?.error.message);
}
