// What applies to all Graph API calls before their routes: tokens made invalid by a script, and the management limit.
import type { FastifyInstance } from 'fastify';
import type { Clock } from '../kit/clock.ts';
import { tokenOf } from '../kit/http.ts';
import type { Call, CallLog } from './calls.ts';
import { GraphError } from './graph-errors.ts';
import { rejectUnknownVersion } from './graph-versions.ts';
import type { Limits } from './limits.ts';
import type { Tokens } from './tokens.ts';

/** A call about a business account: its id is the first digits of the path. */
const managementPath =
  /^\/(?:v\d{1,3}\.\d\/)?(\d{1,40})\/(phone_numbers|message_templates|subscribed_apps|assigned_users)$/;

const messagesPath = /^\/(?:v\d{1,3}\.\d\/)?(\d{1,40})\/(?:marketing_)?messages$/;

/** A path of the Graph API: an id, or a word with a version. */
const graphPath = /^\/(?:v\d{1,3}\.\d(?:\/|$)|\d{1,40}(?:\/|$))/;

/** Adds the checks; they run before the check of a route's own token. */
export const addGraphGuards = (
  app: FastifyInstance,
  { tokens, limits, calls, clock }: { tokens: Tokens; limits: Limits; calls: CallLog; clock: Clock },
): void => {
  app.addHook('preHandler', async request => {
    const [path = ''] = request.url.split('?');
    rejectUnknownVersion(path);
    if (!graphPath.test(path)) return;
    const spoilt = tokens.faultOf(tokenOf(request));
    if (spoilt !== null) {
      const phoneNumberId = messagesPath.exec(path)?.[1];
      if (phoneNumberId !== undefined)
        calls.record(rejectedCall(clock.now(), phoneNumberId, path.endsWith('/marketing_messages')));
      throw new GraphError(190, `Error validating access token: it is ${spoilt.fault}.`, { subcode: spoilt.subcode });
    }
    const [, businessAccount, edge] = managementPath.exec(path) ?? [];
    if (businessAccount !== undefined) limits.takeManagement(businessAccount, edge === 'message_templates');
  });
};

const rejectedCall = (now: number, phoneNumberId: string, isMarketing: boolean): Call => ({
  at: new Date(now).toISOString(),
  phoneNumberId,
  isMarketing,
  to: null,
  type: null,
  token: null,
  outcome: 'rejected',
  http: 401,
  code: 190,
  wamid: null,
});
