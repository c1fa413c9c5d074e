// The page at /docs: the OpenAPI document as one HTML page, with a search box and a curl command for each route.
import { curlOf } from './docs-curl.ts';
import { fieldsOf, schemaLink } from './docs-schema.ts';
import type { Json } from './document-schemas.ts';
import { escaped, type Page, page } from './page.ts';

/** The document as a page. */
export function docsPage(document: Json): Page {
  const routes = routesOf(document);
  const tags = (document.tags as Json[]).map(tag => ({
    ...tag,
    routes: routes.filter(({ tag: of }) => of === tag.name),
  }));
  const schemas = Object.entries<Json>(document.components.schemas).sort(([a], [b]) => a.localeCompare(b));
  const body = `
<nav aria-label="Routes">
<input type="search" placeholder="Search (press /)" aria-label="Search routes and fields" autocomplete="off">
${tags.map(({ name, routes }) => `<section><h2><a href="#${anchor(name)}">${escaped(name)}</a></h2>${routes.map(navigationItem).join('')}</section>`).join('\n')}
<section><h2><a href="#schemas">Schemas</a></h2></section>
</nav>
<main>
<header><h1>Recado API <small>${escaped(document.info.version)}</small></h1>
<p>The same as a document for programs: <a href="/openapi.json">/openapi.json</a>. Webhooks, streams and sockets: <a href="/api/v1/asyncapi.json">/api/v1/asyncapi.json</a></p>
${markdown(document.info.description)}
<p>The commands below use two variables:</p>
<pre>RECADO=<span id="origin">https://recado.example</span>
TOKEN=<span>rcd_…</span></pre></header>
<p id="nothing" role="status" hidden>Nothing matches. Search for a path, a name or a field.</p>
${tags.map(tag => `<section><h2 id="${anchor(tag.name)}">${escaped(tag.name)}</h2><p>${inline(tag.description)}</p>${tag.routes.map((route: Route) => routeHtml(route, document)).join('\n')}</section>`).join('\n')}
<section><h2 id="schemas">Schemas</h2>${schemas.map(([name, schema]) => schemaHtml(name, schema)).join('\n')}</section>
</main>`;
  return page({ title: 'Recado API', style, body, script });
}

interface Route {
  tag: string;
  id: string;
  method: string;
  path: string;
  operation: Json;
}

const routesOf = (document: Json): Route[] =>
  Object.entries<Json>(document.paths).flatMap(([path, methods]) =>
    Object.entries<Json>(methods).map(([method, operation]) => ({
      tag: operation.tags[0],
      id: operation.operationId,
      method: method.toUpperCase(),
      path,
      operation,
    })),
  );

const anchor = (name: string) => `tag-${name.toLowerCase().replaceAll(/\W+/g, '-')}`;

const navigationItem = ({ id, method, operation }: Route) =>
  `<a href="#${id}" data-for="${id}"><b class="${method}">${method}</b> ${escaped(operation.summary)}</a>`;

function routeHtml(route: Route, document: Json): string {
  const { id, method, path, operation } = route;
  const parameters: Json[] = operation.parameters ?? [];
  const bodies = Object.entries<Json>(operation.requestBody?.content ?? {});
  return `<details id="${id}" data-find="${escaped(wordsOf(route))}">
<summary><b class="${method}">${method}</b> <code>${escaped(path)}</code> <span>${escaped(operation.summary)}</span></summary>
${operation.description ? markdown(operation.description) : ''}
<p class="needs">${permissionOf(operation)}</p>
<h3>curl</h3><div class="command"><button type="button" hidden>Copy</button><pre>${escaped(curlOf(route, document))}</pre></div>
${parameters.length > 0 ? `<h3>Parameters</h3>${parameterTable(parameters)}` : ''}
${bodies.map(([type, { schema }]) => `<h3>Body <small>${escaped(type)}</small></h3>${fieldsOf(schema, inline)}`).join('')}
<h3>Responses</h3><table><tbody>${Object.entries<Json>(operation.responses).map(responseRow).join('')}</tbody></table>
</details>`;
}

/** What the search box finds a route by. */
const wordsOf = ({ id, method, path, tag, operation }: Route): string =>
  [
    ...[method, path, id, tag, operation.summary, operation.description ?? ''],
    ...(operation.parameters ?? []).map(({ name }: Json) => name),
    ...Object.values<Json>(operation.requestBody?.content ?? {}).flatMap(({ schema }) =>
      Object.keys(schema?.properties ?? {}),
    ),
  ]
    .join(' ')
    .toLowerCase();

function permissionOf(operation: Json): string {
  const permission = operation['x-permission'];
  if (!permission) return 'Public: it needs no token.';
  const people = operation.security.some((each: Json) => 'key' in each)
    ? 'People and API keys'
    : 'People, not API keys,';
  return `${people} with the permission <code>${escaped(permission)}</code>.`;
}

const parameterTable = (parameters: Json[]): string =>
  `<table><tbody>${parameters
    .map(
      ({ name, in: place, required, description, schema }) =>
        `<tr><th><code>${escaped(name)}</code><small>${place}${required ? ', required' : ''}</small></th><td>${fieldsOf(schema, inline)} ${inline(description ?? schema?.description ?? '')}</td></tr>`,
    )
    .join('')}</tbody></table>`;

function responseRow([status, { description, content, headers }]: [string, Json]): string {
  const bodies = Object.entries<Json>(content ?? {})
    .map(
      ([type, { schema }]) =>
        `<code>${escaped(type)}</code> ${schema?.$ref ? schemaLink(schema.$ref) : fieldsOf(schema ?? {}, inline)}`,
    )
    .join('<br>');
  const names = Object.keys(headers ?? {}).filter(name => name !== 'X-Request-Id');
  const told = names.length > 0 ? ` <small>Headers: ${names.map(escaped).join(', ')}</small>` : '';
  return `<tr><th><code>${status}</code></th><td>${inline(description ?? '')} ${bodies}${told}</td></tr>`;
}

function schemaHtml(name: string, schema: Json): string {
  const example =
    schema.example === undefined
      ? ''
      : `<h3>Example</h3><pre>${escaped(JSON.stringify(schema.example, undefined, 2))}</pre>`;
  const words = `${name} ${Object.keys(schema.properties ?? {}).join(' ')}`.toLowerCase();
  return `<details id="schema-${escaped(name)}" data-find="${escaped(words)}"><summary><code>${escaped(name)}</code></summary>
${schema.description ? `<p>${inline(schema.description)}</p>` : ''}${fieldsOf(schema, inline)}${example}</details>`;
}

/** The Markdown within a line: code and bold. */
const inline = (text: string): string =>
  escaped(text)
    .replaceAll(/`([^`]+)`/g, '<code>$1</code>')
    .replaceAll(/\*\*([^*]+)\*\*/g, '<strong>$1</strong>');

/** The Markdown of our descriptions: paragraphs and lists. */
const markdown = (text: string): string =>
  text
    .split('\n\n')
    .map(part =>
      part.startsWith('- ')
        ? `<ul>${part
            .split('\n')
            .map(line => `<li>${inline(line.replace(/^- /, ''))}</li>`)
            .join('')}</ul>`
        : `<p>${inline(part)}</p>`,
    )
    .join('');

const style = `
body { display: grid; grid-template-columns: 300px minmax(0, 1fr) }
nav { position: sticky; top: 0; height: 100vh; overflow-y: auto; padding: 16px; background: var(--surface); border-right: 1px solid var(--border) }
nav h2 { font-size: 12px; margin: 16px 0 4px } nav h2 a { color: var(--muted); text-decoration: none }
nav section > a { display: block; padding: 4px 0 4px 56px; text-indent: -56px; font-size: 13px; color: var(--text); text-decoration: none } nav section > a:hover { color: var(--accent-text) }
input { width: 100%; padding: 8px 10px; font: 16px var(--font); color: inherit; background: var(--canvas); border: 1px solid var(--line); border-radius: 6px }
main { max-width: 960px; padding: 24px 32px 64px } h1 { font-size: 28px; margin: 0 } h2 { font-size: 20px; margin: 32px 0 4px } h3 { font-size: 13px; margin: 16px 0 4px }
small { font-size: 12px; font-weight: 400; color: var(--faint) } main > section > p { margin: 0 0 12px; color: var(--muted) }
b { display: inline-block; min-width: 56px; padding: 0 6px; border-radius: 4px; font: 600 12px/20px var(--mono); text-align: center; color: var(--accent-text); background: var(--accent-soft) }
b.DELETE { color: var(--danger); background: var(--danger-soft) } nav b { min-width: 48px; font-size: 11px; text-indent: 0 }
details { margin: 8px 0; padding: 0 16px; background: var(--surface); border: 1px solid var(--border); border-radius: 10px } details[open] { padding-bottom: 16px }
summary { margin: 0 -16px; padding: 10px 16px; cursor: pointer } summary code { overflow-wrap: anywhere } summary span { color: var(--muted) }
pre { margin: 0; padding: 12px; overflow-x: auto; background: var(--sunken); border-radius: 6px } .command { position: relative }
button { position: absolute; top: 6px; right: 6px; padding: 4px 10px; font: 12px var(--font); color: var(--accent-text); background: var(--surface); border: 1px solid var(--border); border-radius: 6px; cursor: pointer }
table { width: 100%; border-collapse: collapse } th, td { padding: 6px 8px 6px 0; border-top: 1px solid var(--border); text-align: left; vertical-align: top; font-weight: 400 }
th { width: 200px } th code { overflow-wrap: anywhere } th small { display: block } td table { margin-top: 4px } .needs { color: var(--muted) } [hidden] { display: none }
@media (max-width: 900px) { body { display: block } nav { position: static; height: auto; border: 0 } nav section { display: none } main { padding: 16px } th { width: 35% } }`;

// Without the script, the page has everything but the search and the copy buttons.
const script = `
const search = document.querySelector('input'), all = [...document.querySelectorAll('details')], links = [...document.querySelectorAll('nav [data-for]')];
document.querySelector('#origin').textContent = location.origin;
const reveal = () => { const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1))); if (target instanceof HTMLDetailsElement) { target.open = true; target.scrollIntoView(); } };
const find = () => {
  const words = search.value.toLowerCase().split(/\\s+/).filter(Boolean);
  for (const each of all) each.hidden = !words.every(word => each.dataset.find.includes(word));
  for (const link of links) link.hidden = document.getElementById(link.dataset.for).hidden;
  for (const section of document.querySelectorAll('section')) { const parts = [...section.querySelectorAll('details, [data-for]')]; section.hidden = parts.length > 0 && parts.every(part => part.hidden); }
  document.querySelector('#nothing').hidden = all.some(each => !each.hidden);
};
search.addEventListener('input', find);
addEventListener('hashchange', reveal);
addEventListener('keydown', event => { if (event.key === '/' && event.target !== search) { event.preventDefault(); search.focus(); } });
if (navigator.clipboard) for (const button of document.querySelectorAll('button')) {
  button.hidden = false;
  button.addEventListener('click', async () => { await navigator.clipboard.writeText(button.nextElementSibling.textContent); button.textContent = 'Copied'; });
}
reveal();`;
