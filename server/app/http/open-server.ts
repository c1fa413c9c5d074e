// The HTTP server without routes, and what tells people and programs apart.
import { denialLog } from '../../features/audit/index.ts';
import { accessTokens, cookieSessions, personCallers } from '../../features/auth/index.ts';
import { keyCallers } from '../../features/keys/index.ts';
import { encrypter } from '../../kit/crypto/encryption.ts';
import { deriveText } from '../../kit/crypto/secrets.ts';
import type { Server } from '../../kit/http/routes.ts';
import type { AppContext } from '../context.ts';
import { version } from '../version.ts';
import { admission, authenticator, credentialOf, standing } from './authenticate.ts';
import { lookUps } from './look-ups.ts';
import type { HttpParts } from './parts.ts';
import { rateLimits } from './rate-limits.ts';
import { measureRequests } from './request-metrics.ts';
import { createServer, type HttpNeeds } from './server.ts';

const cursorKey = (secretKey: string): string => deriveText(secretKey, 'cursors of lists 1');

/** Opens the server. It does not listen. */
export async function openServer(
  context: AppContext,
  page: HttpNeeds['page'],
): Promise<{ server: Server; http: HttpParts }> {
  const { config, overrides, foundation, db, engineDb, clock, log, metrics, storageFull, closers } = context;
  const { secretKey, earlierKeys } = foundation;
  const tokens = accessTokens(secretKey, clock, earlierKeys);
  const cookies = cookieSessions(secretKey, config.publicUrl, earlierKeys);
  const callers = {
    ...personCallers({ db: engineDb, clock, tokens, workspaces: config.workspaces }),
    ...keyCallers({ db: engineDb, clock, log }),
    cookies,
  };
  const authenticate = authenticator(callers);
  const limits = rateLimits(
    config.rateLimits,
    () => clock.now(),
    request => credentialOf(cookies, request),
  );
  const denials = denialLog({ db, clock, log, holdsBack: storageFull });
  closers.push(denials.close);
  const server = await createServer({
    log,
    authenticate,
    refused: denials.note,
    version,
    notReady: context.notReady,
    storageFull,
    edge: { ...config, timeouts: overrides.timeouts },
    limits,
    countLookUp: lookUps({ db: engineDb, clock }),
    cursors: encrypter(cursorKey(secretKey), earlierKeys.map(cursorKey)),
    page,
  });
  measureRequests(server, metrics);
  const logIn = { db: engineDb, clock, tokens, encrypter: encrypter(secretKey, earlierKeys) };
  const connecting = { ...standing(callers), admit: admission({ authenticate, cookies, limits }) };
  return { server, http: { authenticate, connecting, limits, cookies, logIn } };
}
