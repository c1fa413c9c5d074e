// The settings of WhatsApp Web.
import { webVersionPattern } from '@recado/contract';
import { z } from 'zod';

export const onOrOff = z.enum(['on', 'off']).default('on').describe('must be on or off');

/** The credentials of phones go there, so only this machine may have it without TLS. */
function isWhatsAppUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password, hash } = new URL(text);
  if (username !== '' || password !== '' || hash !== '') return false;
  return protocol === 'wss:' || (protocol === 'ws:' && ['127.0.0.1', '[::1]', 'localhost'].includes(hostname));
}

export const webVariables = {
  WHATSAPP_WEB: onOrOff,
  WHATSAPP_WEB_URL: z
    .string()
    .refine(isWhatsAppUrl)
    .default('wss://web.whatsapp.com/ws/chat')
    .describe('must be a wss: URL, or a ws: one of this machine'),
  WHATSAPP_WEB_VERSION: z
    .string()
    .regex(webVersionPattern)
    .default('2.3000.1043857760')
    .describe('must be a version of WhatsApp Web, like 2.3000.1043857760'),
  WHATSAPP_WEB_VERSION_CHECK: onOrOff,
  WHATSAPP_WEB_TYPING: onOrOff,
  WHATSAPP_WEB_HISTORY_DAYS: z
    .string()
    .regex(/^\d{1,3}$/)
    .default('30')
    .transform(Number)
    .describe('must be a number of days, from 0 to 999; 0 for none'),
  WHATSAPP_WEB_SESSIONS_PER_PROCESS: z
    .string()
    .regex(/^[1-9]\d{0,3}$/)
    .default('100')
    .transform(Number)
    .describe('must be a number from 1 to 9999'),
};

export interface WebConfig {
  url: string;
  /** The version to begin with. The database may have another one. */
  version: string;
  /** Whether a newer version is read from WhatsApp once a day. */
  checksVersion: boolean;
  showsTyping: boolean;
  /** The days of history that a new link brings along. */
  historyDays: number;
  sessionsPerProcess: number;
  /** NODE_EXTRA_CA_CERTS: a file with certificates that session processes trust too. */
  certificates: string | undefined;
}

type Read = z.output<z.ZodObject<typeof webVariables>>;

/** Undefined if it is off. */
export const toWebConfig = (read: Read, certificates: string | undefined): WebConfig | undefined =>
  read.WHATSAPP_WEB === 'off'
    ? undefined
    : {
        url: read.WHATSAPP_WEB_URL,
        version: read.WHATSAPP_WEB_VERSION,
        checksVersion: read.WHATSAPP_WEB_VERSION_CHECK === 'on',
        showsTyping: read.WHATSAPP_WEB_TYPING === 'on',
        historyDays: read.WHATSAPP_WEB_HISTORY_DAYS,
        sessionsPerProcess: read.WHATSAPP_WEB_SESSIONS_PER_PROCESS,
        certificates,
      };
