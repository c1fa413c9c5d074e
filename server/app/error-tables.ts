// All error tables of the features, for the OpenAPI document and the error reference.
import { accountErrors } from '../features/accounts/index.ts';
import { authErrors } from '../features/auth/index.ts';
import { contactErrors } from '../features/contacts/index.ts';
import { demoErrors } from '../features/demo/index.ts';
import { eventErrors } from '../features/events/index.ts';
import { inboundErrors } from '../features/inbound/index.ts';
import { keyErrors } from '../features/keys/index.ts';
import { linkErrors } from '../features/links/index.ts';
import { mediaErrors } from '../features/media/index.ts';
import { messageErrors } from '../features/messages/index.ts';
import { optOutErrors } from '../features/opt-outs/index.ts';
import { peopleErrors } from '../features/people/index.ts';
import { privacyErrors } from '../features/privacy/index.ts';
import { realtimeErrors } from '../features/realtime/index.ts';
import { sandboxErrors } from '../features/sandbox/index.ts';
import { templateErrors } from '../features/templates/index.ts';
import { webhookErrors } from '../features/webhooks/index.ts';
import { commonErrors, type ErrorTable } from '../kit/errors.ts';

/** By section of `docs/reference/errors.md`. */
export const errorSections: Record<string, ErrorTable> = {
  'Any route': commonErrors,
  'Setup and login': authErrors,
  People: peopleErrors,
  'API keys': keyErrors,
  Accounts: accountErrors,
  Links: linkErrors,
  'Contacts and conversations': contactErrors,
  Privacy: privacyErrors,
  Media: mediaErrors,
  Messages: messageErrors,
  'Opt-outs': optOutErrors,
  Templates: templateErrors,
  'Simulated phones': sandboxErrors,
  'Demo data': demoErrors,
  'Dead letters and raw webhooks': inboundErrors,
  Events: eventErrors,
  Endpoints: webhookErrors,
  'Streams and sockets': realtimeErrors,
};

export const errorTables = Object.values(errorSections);
