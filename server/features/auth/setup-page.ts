// The page behind the one-time setup link. The token stays in the part of the address that browsers do not send.
import { createHash } from 'node:crypto';

const style = `
body { font: 16px/1.45 system-ui, sans-serif; margin: 0; display: grid; place-items: center; min-height: 100vh; color: #16242b; background: #f4f7f8 }
main { width: min(26rem, 90vw); background: #fff; border: 1px solid #d5dee2; border-radius: 10px; padding: 28px }
h1 { font-size: 20px; margin: 0 0 4px } p { margin: 0 0 20px; color: #4d626c }
label { display: block; margin-bottom: 12px; font-size: 13px; color: #33474f }
input { display: block; width: 100%; box-sizing: border-box; margin-top: 4px; padding: 8px 10px; font: inherit; border: 1px solid #9fb2ba; border-radius: 6px }
button { font: inherit; padding: 8px 16px; border: 0; border-radius: 6px; color: #fff; background: #0f766e; cursor: pointer }
:focus-visible { outline: 2px solid #0f766e; outline-offset: 2px } [role=status] { margin: 16px 0 0 } [role=status]:empty { margin: 0 }
@media (prefers-color-scheme: dark) { body { color: #e3ecef; background: #10191d } main { background: #18242a; border-color: #2c3d45 }
p { color: #9db0b8 } label { color: #b9c8ce } input { color: inherit; background: #10191d; border-color: #49606a } }`;

const script = `
const form = document.querySelector('form'), word = document.querySelector('[role=status]');
form.addEventListener('submit', async event => {
  event.preventDefault();
  const body = { ...Object.fromEntries(new FormData(form)), token: location.hash.replace(/^#token=/, '') || 'missing' };
  const answer = await fetch('/api/v1/setup', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const result = await answer.json();
  if (answer.ok) { form.hidden = true; history.replaceState(null, '', '/setup'); word.textContent = 'Done. You are the owner now: log in with POST /api/v1/auth/login; the API documentation is at /docs.'; }
  else word.textContent = (result.errors ?? []).map(error => error.field + ': ' + error.message).join(' ') || result.detail;
});`;

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

export const setupPagePolicy = `default-src 'none'; connect-src 'self'; style-src ${hashOf(style)}; script-src ${hashOf(script)}; form-action 'none'; base-uri 'none'; frame-ancestors 'none'`;

export const setupPage = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Set up Recado</title>
<style>${style}</style></head>
<body><main><h1>Set up Recado</h1><p>Make the first owner. This link works once.</p>
<form>
<label>Your name<input name="name" autocomplete="name" required maxlength="100"></label>
<label>E-mail address<input name="email" type="email" autocomplete="username" required></label>
<label>Password, 12 characters or more<input name="password" type="password" autocomplete="new-password" required minlength="12"></label>
<button>Create the owner</button></form><div role="status"></div></main>
<script>${script}</script></body></html>`;
