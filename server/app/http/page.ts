// Our HTML pages: one style, and a policy that allows only the style and script within the page.
import { createHash } from 'node:crypto';

export interface Page {
  html: string;
  headers: Record<string, string>;
}

/** The design tokens that our pages use, light and dark. */
const tokens = `
:root { color-scheme: light dark; --canvas: #f5f6f9; --surface: #ffffff; --sunken: #eef0f4; --border: #e0e4eb; --line: #808899;
--text: #151a26; --muted: #4e5768; --faint: #626b7c; --accent: #3646b4; --accent-text: #3242ab; --accent-soft: #e9edfc;
--danger: #ad1f2d; --danger-soft: #fdeaeb; --code: #232a3a;
--font: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif;
--mono: ui-monospace, "SF Mono", "Cascadia Mono", "JetBrains Mono", Menlo, Consolas, monospace }
@media (prefers-color-scheme: dark) { :root { --canvas: #0d1016; --surface: #13171f; --sunken: #0a0c11; --border: #252b38; --line: #6f788b;
--text: #e9ecf3; --muted: #aab2c2; --faint: #8c95a7; --accent: #9aa7fa; --accent-text: #a5b1fa; --accent-soft: #1f2748;
--danger: #ff9a9f; --danger-soft: #3b1a20; --code: #d5dae6 } }
* { box-sizing: border-box } body { margin: 0; font: 14px/1.45 var(--font); color: var(--text); background: var(--canvas) }
a { color: var(--accent-text) } code, pre { font-family: var(--mono); font-size: 13px; color: var(--code) }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }`;

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Builds a page. `body` is HTML: escape every text in it that is not ours. */
export function page(parts: { title: string; style: string; body: string; script?: string }): Page {
  const style = tokens + parts.style;
  const { title, body, script } = parts;
  const policy = [
    "default-src 'none'",
    'img-src data:',
    `style-src ${hashOf(style)}`,
    ...(script === undefined ? [] : [`script-src ${hashOf(script)}`]),
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    html: `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title>
<link rel="icon" href="data:,">
<style>${style}</style></head>
<body>${body}${script === undefined ? '' : `<script>${script}</script>`}</body></html>
`,
    headers: { 'content-security-policy': policy.join('; ') },
  };
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** A text as HTML. */
export const escaped = (text: string): string => text.replace(/[&<>"']/g, sign => entities[sign] ?? sign);
