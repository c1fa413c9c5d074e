// What the simulator can do, as data: `GET /` returns it as JSON, and as a page to a browser.
import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { wantsPage } from '../kit/http.ts';
import { tokens as colours } from '../kit/page-style.ts';
import { mediaFaults } from '../media/media-faults.ts';
import { webhookFaults } from '../webhooks/webhook-faults.ts';
import { outcomeNames, outcomes } from './reserved-recipients.ts';

type Route = { method: string; path: string; does: string; body?: string };

const listed = (path: string, what: string, body: string): Route[] => [
  { method: 'POST', path, does: `adds a rule for ${what}; returns it with its id`, body },
  { method: 'GET', path, does: 'lists the remaining rules' },
  { method: 'DELETE', path, does: 'removes all of them' },
  { method: 'DELETE', path: `${path}/:id`, does: 'removes one' },
];

/** Every route but those of the Graph API; a test compares them with what is served. */
export const routes: readonly Route[] = [
  { method: 'GET', path: '/', does: 'this guide' },
  { method: 'GET', path: '/script', does: 'lists all that is scripted, the clock and the limits' },
  { method: 'DELETE', path: '/script', does: 'removes all rules and returns to the limits of the start' },
  ...listed('/script/messages', 'calls to send', '{"code":131056,"to":"+5511987654321","times":2}'),
  ...listed('/script/webhooks', 'webhooks', '{"fault":"double","status":"delivered","times":1}'),
  ...listed('/script/tokens', 'access tokens', '{"fault":"expired"}'),
  ...listed('/script/media', 'files', '{"fault":"cut","step":"download","times":1}'),
  { method: 'GET', path: '/script/clock', does: 'the time of the simulator' },
  { method: 'PATCH', path: '/script/clock', does: 'moves, stops or starts it', body: '{"advance":"25h"}' },
  { method: 'GET', path: '/script/limits', does: 'the limits and what is used of them' },
  { method: 'PATCH', path: '/script/limits', does: 'changes them', body: '{"enabled":true,"tier":"TIER_250"}' },
  { method: 'GET', path: '/phones', does: 'all phones; a page in a browser' },
  { method: 'GET', path: '/phones/:number', does: 'the screen of a phone; a page in a browser' },
  { method: 'PATCH', path: '/phones/:number', does: 'changes a phone', body: '{"auto_read":false,"name":"Ana"}' },
  { method: 'POST', path: '/phones/:number/read', does: 'reads all messages' },
  {
    method: 'POST',
    path: '/phones/:number/marketing',
    does: 'stops or resumes marketing messages of a business',
    body: '{"choice":"stop"}',
  },
  {
    method: 'POST',
    path: '/phones/:number/messages',
    does: 'writes as this person',
    body: '{"to":"106540352242922","text":{"body":"Hi"}}',
  },
  { method: 'GET', path: '/phones/:number/chats/:business', does: 'the chat with one business number, by its id' },
  {
    method: 'PATCH',
    path: '/phones/:number/chats/:business',
    does: 'changes settings of this chat only',
    body: '{"auto_read":false}',
  },
  { method: 'POST', path: '/phones/:number/chats/:business/read', does: 'reads the messages of this chat' },
  { method: 'POST', path: '/phones/:number/media', does: 'sends the file in the body as this person' },
  { method: 'GET', path: '/numbers', does: 'lists the business numbers' },
  {
    method: 'POST',
    path: '/numbers',
    does: 'registers a business number',
    body: '{"phone_number_id":"106540352242922","display_phone_number":"+15550783881"}',
  },
  { method: 'GET', path: '/business', does: 'lists apps at Meta, and what Meta knows of numbers' },
  {
    method: 'POST',
    path: '/business/apps',
    does: 'creates an app at Meta',
    body: '{"app_id":"1234567890","app_secret":"an app secret"}',
  },
  {
    method: 'PATCH',
    path: '/business/apps/:id',
    does: 'refuses fields of webhooks to an app, or requires a proof of its secret with each call of its tokens',
    body: '{"refused_fields":["flows"],"require_app_secret":true}',
  },
  {
    method: 'POST',
    path: '/business/tokens',
    does: 'creates an access token of an app; expires_in_seconds gives it an end',
    body: '{"app_id":"1234567890","business_account_ids":["102290129340398"]}',
  },
  {
    method: 'PATCH',
    path: '/business/tokens',
    does: 'expires an access token',
    body: '{"access_token":"EAA…","expired":true}',
  },
  {
    method: 'POST',
    path: '/business/numbers',
    does: 'creates a number in a business account',
    body: '{"phone_number_id":"106540352242922","display_phone_number":"+15550783881","business_account_id":"102290129340398"}',
  },
  {
    method: 'PATCH',
    path: '/business/numbers/:id',
    does: 'changes its quality, name, throughput or tier, with the notice; or its state, health or use in the app',
    body: '{"quality_rating":"RED"}',
  },
  {
    method: 'PATCH',
    path: '/business/accounts/:id',
    does: 'changes what Meta says of a business account about marketing messages',
    body: '{"disable_marketing_messages_on_cloud_api":true}',
  },
  {
    method: 'PUT',
    path: '/billing/prices',
    does: 'sets what messages cost at Meta, by prefix and category, and how many service messages a month are free',
    body: '{"prices":[{"prefix":"55","country":"BR","category":"utility","rates":[{"from":1,"amount":"0.0068"}]}]}',
  },
  { method: 'GET', path: '/templates', does: 'lists the templates of business_account_id' },
  {
    method: 'POST',
    path: '/templates/review',
    does: 'sets after how long a review approves; null: never',
    body: '{"after_ms":null}',
  },
  { method: 'POST', path: '/templates/:id/approve', does: 'approves a template' },
  { method: 'POST', path: '/templates/:id/reject', does: 'rejects it', body: '{"reason":"PROMOTIONAL"}' },
  { method: 'POST', path: '/templates/:id/pause', does: 'pauses it; the third time it is disabled' },
  { method: 'POST', path: '/templates/:id/unpause', does: 'ends the pause' },
  { method: 'POST', path: '/templates/:id/disable', does: 'disables it' },
  { method: 'POST', path: '/templates/:id/reclass', does: 'changes its category', body: '{"category":"MARKETING"}' },
  { method: 'POST', path: '/templates/:id/quality', does: 'changes its quality', body: '{"quality":"RED"}' },
  {
    method: 'POST',
    path: '/phones/:number/owner',
    does: 'gives the chat to somebody else, or back, with the notice',
    body: '{"owner":"other","role":"ai_agent"}',
  },
  { method: 'GET', path: '/flows', does: 'lists the flows that messages may name' },
  { method: 'POST', path: '/flows', does: 'adds one' },
  { method: 'GET', path: '/ledger', does: 'lists accepted calls' },
  { method: 'GET', path: '/ledger/summary', does: 'counts them, and those that came twice' },
  { method: 'GET', path: '/ledger/media', does: 'lists all files' },
  { method: 'GET', path: '/media/:id', does: 'the bytes of a file' },
  { method: 'POST', path: '/callback/verify', does: 'verifies the callback' },
];

const reserved = outcomeNames.flatMap(fault => {
  const { digits, does } = outcomes[fault];
  return digits === null ? [] : [{ number: `+120255501${digits}`, fault, does }];
});

const guide = {
  simulator: "WhatsApp's Cloud API, for tests",
  documentation: 'simulator/README.md and docs/guides/simulator-in-ci.md of Recado',
  graph_api: 'https://developers.facebook.com/docs/whatsapp/cloud-api, below / or /v25.0/ here',
  routes,
  faults: {
    messages: Object.fromEntries(outcomeNames.map(name => [name, outcomes[name].does])),
    webhooks: webhookFaults,
    media: mediaFaults,
  },
  reserved_recipients: reserved,
};

const style = `${colours}
body { margin: 0 auto; padding: 32px 24px 64px; max-width: 1000px; font: 14px/1.5 var(--font); color: var(--text); background: var(--canvas); }
h1 { font-size: 20px; margin: 0 0 4px; } h2 { font-size: 16px; margin: 32px 0 8px; } p { color: var(--muted); margin: 0 0 8px; }
a { color: var(--accent-text); }
.table { overflow-x: auto; background: var(--surface); border: 1px solid var(--border); border-radius: 10px; }
table { width: 100%; border-collapse: collapse; } td { padding: 8px 16px; border-top: 1px solid var(--border); vertical-align: top; }
tr:first-child td { border-top: 0; } td:first-child { white-space: nowrap; }
code { font: 13px/1.5 ui-monospace, Menlo, Consolas, monospace; } td code { overflow-wrap: anywhere; } td:first-child code { overflow-wrap: normal; }
small { display: block; color: var(--muted); font-size: 13px; }
`;

const policy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

const table = (rows: [string, string, (string | undefined)?][]): string =>
  `<div class="table"><table>${rows
    .map(([first, second, third]) => {
      const more = third === undefined ? '' : `<small><code>${escapeHtml(third)}</code></small>`;
      return `<tr><td><code>${escapeHtml(first)}</code><td>${escapeHtml(second)}${more}`;
    })
    .join('')}</table></div>`;

const page = `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Simulator</title><link rel="icon" href="data:,"><style>${style}</style>
<h1>Simulator of WhatsApp's Cloud API</h1>
<p>Nothing that is sent here leaves this machine. <a href="/phones">Open the phones</a></p>
<h2>Routes</h2>${table(routes.map(({ method, path, does, body }) => [`${method} ${path}`, does, body]))}
<h2>Outcomes of calls to send</h2><p>For <code>fault</code> in <code>POST /script/messages</code>; any other code of Meta with <code>code</code>.</p>
${table(Object.entries(guide.faults.messages))}
<h2>Faults of webhooks</h2>${table(Object.entries(webhookFaults))}
<h2>Faults of files</h2>${table(Object.entries(mediaFaults))}
<h2>Reserved recipients</h2><p>In any area code of the US, without a script.</p>
${table(reserved.map(({ number, does }) => [number, does]))}
</html>
`;

/** Adds the guide. */
export const addGuide = (app: FastifyInstance): void => {
  app.get('/', (request, reply) => {
    if (!wantsPage(request)) return guide;
    return reply.header('content-security-policy', policy).type('text/html; charset=utf-8').send(page);
  });
};
