// GET /: a small page that says what this server is, and where to go next.
import type { FastifyRequest } from 'fastify';
import type { Server } from '../../kit/http/routes.ts';
import { escaped, page } from './page.ts';

export interface StartPageNeeds {
  /** Whether the installation has an owner. */
  isOwned: () => Promise<boolean>;
  /** The page of the simulated phones for this caller; undefined if it cannot reach them. */
  phonesFor: (request: FastifyRequest) => string | undefined;
}

export function startPageRoute(app: Server, { isOwned, phonesFor }: StartPageNeeds): void {
  // An owner stays: ask the database only until there is one.
  let owned = false;
  app.get('/', { config: { public: true }, schema: { hide: true } }, async (request, reply) => {
    // Without an answer of the database, the page still has the other links.
    const known = owned || (await isOwned().catch(() => undefined));
    owned = known === true;
    const { html, headers } = startPage({ isOpen: known === false, phones: phonesFor(request) });
    return reply
      .headers({ ...headers, 'cache-control': 'no-store' })
      .type('text/html; charset=utf-8')
      .send(html);
  });
}

interface Shown {
  /** Whether the first owner can still be created. */
  isOpen: boolean;
  phones: string | undefined;
}

function startPage({ isOpen, phones }: Shown) {
  const links = [
    ...(isOpen
      ? [['/setup', 'Set up Recado', 'Open the link that Recado printed at its start: it has the token.']]
      : []),
    ['/docs', 'API documentation', 'Every route, with a curl command. For programs: /openapi.json.'],
    ...(phones === undefined
      ? []
      : [[phones, 'Simulated phones', 'Read and answer the messages of Sandbox accounts.']]),
    ['/readyz', 'Health', 'Whether the server is ready, and why not.'],
  ];
  const items = links.map(
    ([href = '', name = '', words = '']) =>
      `<li><a href="${escaped(href)}">${name}</a><span>${escaped(words)}</span></li>`,
  );
  return page({
    title: 'Recado',
    style,
    body: `<main><h1>Recado</h1><p>Sends and receives WhatsApp messages, and reports what became of each.</p><ul>${items.join('')}</ul></main>`,
  });
}

const style = `
body { display: grid; place-items: center; min-height: 100vh; padding: 16px } main { width: min(520px, 100%) }
h1 { margin: 0; font-size: 28px } p { margin: 4px 0 16px; font-size: 16px; color: var(--muted) }
ul { margin: 0; padding: 0 20px; list-style: none; background: var(--surface); border: 1px solid var(--border); border-radius: 10px }
li { padding: 12px 0 } li + li { border-top: 1px solid var(--border) } a { font-weight: 600 } span { display: block; color: var(--muted) }`;
