// Pages for one-time links. The token is in the URL fragment, which browsers do not send.
import { createHash } from 'node:crypto';

interface Field {
  name: string;
  label: string;
  type?: 'email' | 'password';
  autocomplete: string;
  min?: number;
  optional?: true;
}

export interface FormPage {
  html: string;
  policy: string;
}

const style = `
body { font: 16px/1.45 system-ui, sans-serif; margin: 0; display: grid; place-items: center; min-height: 100vh; color: #16242b; background: #f4f7f8 }
main { box-sizing: border-box; width: min(30rem, 92vw); background: #fff; border: 1px solid #d5dee2; border-radius: 10px; padding: 28px }
h1 { font-size: 20px; margin: 0 0 4px } p { margin: 0 0 20px; color: #4d626c }
label { display: block; margin-bottom: 12px; font-size: 13px; color: #33474f }
input { display: block; width: 100%; box-sizing: border-box; margin-top: 4px; padding: 8px 10px; font: inherit; border: 1px solid #9fb2ba; border-radius: 6px }
button { font: inherit; padding: 8px 16px; border: 0; border-radius: 6px; color: #fff; background: #0f766e; cursor: pointer }
:focus-visible { outline: 2px solid #0f766e; outline-offset: 2px } [role=status] { margin: 16px 0 0 } [role=status]:empty { margin: 0 }
@media (prefers-color-scheme: dark) { body { color: #e3ecef; background: #10191d } main { background: #18242a; border-color: #2c3d45 }
p { color: #9db0b8 } label { color: #b9c8ce } input { color: inherit; background: #10191d; border-color: #49606a } }`;

// Asks for a second factor after the password was correct.
const scriptFor = (page: { sendTo: string; done: string }) => `
const form = document.querySelector('form'), word = document.querySelector('[role=status]');
form.addEventListener('submit', async event => {
  event.preventDefault();
  const body = { token: location.hash.replace(/^#token=/, '') || 'missing' };
  for (const [name, value] of new FormData(form)) if (value !== '') body[name] = value;
  const answer = await fetch(${JSON.stringify(page.sendTo)}, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }).catch(() => undefined);
  const result = (await answer?.json().catch(() => undefined)) ?? {};
  if (answer?.ok) { form.hidden = true; history.replaceState(null, '', location.pathname); word.textContent = ${JSON.stringify(page.done)}; }
  else word.textContent = (result.errors ?? []).map(error => error.field + ': ' + error.message).join(' ') || result.detail || 'The server does not respond. Try again.';
});`;

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** A page with one form, whose fields and token go to `sendTo`. All its texts are ours. */
export function formPage(page: {
  title: string;
  intro: string;
  fields: Field[];
  button: string;
  sendTo: string;
  done: string;
}): FormPage {
  const script = scriptFor(page);
  const input = ({ name, label, type, autocomplete, min, optional }: Field) =>
    `<label>${label}<input name="${name}"${type ? ` type="${type}"` : ''} autocomplete="${autocomplete}"${min ? ` minlength="${min}"` : ''}${optional ? '' : ' required'}></label>`;
  return {
    policy: `default-src 'none'; connect-src 'self'; img-src data:; style-src ${hashOf(style)}; script-src ${hashOf(script)}; form-action 'none'; base-uri 'none'; frame-ancestors 'none'`,
    html: `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${page.title}</title>
<link rel="icon" href="data:,">
<style>${style}</style></head>
<body><main><h1>${page.title}</h1><p>${page.intro}</p>
<form>
${page.fields.map(input).join('\n')}
<button>${page.button}</button></form><div role="status"></div></main>
<script>${script}</script></body></html>`,
  };
}

export const formPageHeaders = ({ policy }: FormPage) => ({
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': policy,
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
});

const loginHint = 'log in with POST /api/v1/auth/login; the API documentation is at /docs.';

export const setupPage = formPage({
  title: 'Set up Recado',
  intro: 'Create the first owner. This link works once.',
  fields: [
    { name: 'name', label: 'Your name', autocomplete: 'name' },
    { name: 'email', label: 'E-mail address', type: 'email', autocomplete: 'username' },
    {
      name: 'password',
      label: 'Password, 12 characters or more',
      type: 'password',
      autocomplete: 'new-password',
      min: 12,
    },
  ],
  button: 'Create the owner',
  sendTo: '/api/v1/setup',
  done: `Done. You are the owner now: ${loginHint}`,
});

export const resetPage = formPage({
  title: 'A new password for Recado',
  intro: 'This link works once, and for one hour. You are logged out everywhere.',
  fields: [
    {
      name: 'password',
      label: 'New password, 12 characters or more',
      type: 'password',
      autocomplete: 'new-password',
      min: 12,
    },
  ],
  button: 'Set the password',
  sendTo: '/api/v1/auth/password/reset',
  done: `Done. Now ${loginHint}`,
});
