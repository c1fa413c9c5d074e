// The channel for phones that are linked as WhatsApp Web.
import type { Webhooks } from '../../../ports/channel.ts';
import { numbersIn, parse } from './parse.ts';

export { capabilities, mediaLimits } from './capabilities.ts';
export { type AccountKnowledge, whatsAppWeb } from './channel.ts';

/** The name of the app whose payloads sessions deliver. */
export const webApp = 'whatsapp-web';

/** The payloads of sessions. Nobody posts them over HTTP. */
export const webPayloads: Webhooks = {
  verify: () => false,
  challenge: () => undefined,
  numbersIn,
  parse,
};
