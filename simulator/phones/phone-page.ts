// The phones' page: one document, no external host, all content set as text.
import { createHash } from 'node:crypto';
import { pageScript } from './phone-page-script.ts';
import { pageStyle } from './phone-page-style.ts';

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Allows only this page's own script and style. */
export const pagePolicy = `default-src 'none'; connect-src 'self'; img-src 'self' data:; media-src 'self'; script-src ${hashOf(pageScript)}; style-src ${hashOf(pageStyle)}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** Outlines of icons in a box of 24 by 24. */
const icons: Record<string, string> = {
  back: '<path d="m15 18-6-6 6-6"/>',
  more: '<circle cx="12" cy="5" r="1"/><circle cx="12" cy="12" r="1"/><circle cx="12" cy="19" r="1"/>',
  plus: '<path d="M12 5v14M5 12h14"/>',
  send: '<path d="M4 12 20 4l-5 16-4-6zM11 14l9-10"/>',
  close: '<path d="m6 6 12 12M18 6 6 18"/>',
  reply: '<path d="m9 17-5-5 5-5M4 12h10a6 6 0 0 1 6 6v1"/>',
  edit: '<path d="m4 20 1-5L16 4l4 4L9 19z"/>',
  delete: '<path d="M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13"/>',
  file: '<path d="M14 3H6v18h12V7zM14 3v4h4"/>',
  image: '<rect x="4" y="4" width="16" height="16" rx="2"/><circle cx="9" cy="9" r="1.5"/><path d="m20 15-4-4-9 9"/>',
  voice: '<rect x="9" y="3" width="6" height="11" rx="3"/><path d="M5 11a7 7 0 0 0 14 0M12 18v3"/>',
  sticker: '<path d="M20 12A8 8 0 1 0 12 20zM20 12h-6a2 2 0 0 0-2 2v6"/>',
  pin: '<path d="M12 21s7-6.5 7-12a7 7 0 0 0-14 0c0 5.500 7 12 7 12z"/><circle cx="12" cy="9" r="2.5"/>',
  person: '<circle cx="12" cy="8" r="4"/><path d="M4 21a8 8 0 0 1 16 0"/>',
  call: '<path d="M5 4h4l2 5-2.500 1.500a11 11 0 0 0 5 5L15 13l5 2v4a1 1 0 0 1-1 1A16 16 0 0 1 4 5a1 1 0 0 1 1-1z"/>',
  list: '<path d="M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01"/>',
  mute: '<path d="M4 10v4h4l5 4V6L8 10zM17 9l4 6M21 9l-4 6"/>',
  tick: '<path d="m6 12.500 4 4L19 7"/>',
  ticks: '<path d="m1.500 12.500 4 4 9-9.500M10.500 15l1.500 1.500L21.500 7"/>',
};
const symbols = Object.entries(icons)
  .map(([name, path]) => `<symbol id="i-${name}" viewBox="0 0 24 24">${path}</symbol>`)
  .join('');
const icon = (name: string) => `<svg aria-hidden="true"><use href="#i-${name}"/></svg>`;
const item = (id: string, name: string, words: string) =>
  `<button type="button" id="${id}">${icon(name)}${words}</button>`;

/** One document for every phone: the script reads the number from the URL. */
export const phonesPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Simulated phones</title>
<link rel="icon" href="data:,">
<style>${pageStyle}</style>
<body class="list">
<svg hidden>${symbols}</svg>
<nav aria-label="Phones">
  <div class="head"><h1>Phones</h1><a href="/">What it can do</a></div>
  <form class="find" id="find" role="search"><input name="number" type="search" aria-label="Search, or a number to open" placeholder="Search, or a number to open" autocomplete="off"></form>
  <div id="phones"></div>
</nav>
<main>
  <header class="head">
    <a class="icon" id="back" href="/phones" aria-label="All phones">${icon('back')}</a>
    <div class="who"><h2 id="title">Simulated phones</h2><small id="about"></small></div>
    <details class="menu" id="options" hidden><summary class="icon" aria-label="Options of this phone" title="Options">${icon('more')}</summary><div>
      <label><input type="checkbox" id="auto-read"> Reads by itself</label>
      ${item('read', 'ticks', 'Read all')}
      <button type="button" id="marketing">${icon('mute')}<span id="marketing-words">Stop marketing messages</span></button>
    </div></details>
  </header>
  <div class="with" id="with" hidden><label for="to">Chat with</label><select id="to"></select></div>
  <div id="screen"><p class="empty" id="choose"><b>Choose a phone</b>Each number that gets a message has one. Type any number to write as its owner.</p><div id="thread" role="log" aria-live="off" aria-label="Messages"></div></div>
  <button type="button" id="newer" hidden>New messages</button>
  <p id="newest" class="unseen" aria-live="polite"></p>
  <p id="problem" role="alert"></p>
  <form class="write" id="write" hidden>
    <div class="about" id="subject" hidden><div class="quote" id="subject-words"></div><button type="button" class="icon" id="no-subject" aria-label="Leave this out" title="Leave this out">${icon('close')}</button></div>
    <div class="line-in">
      <details class="menu up"><summary class="icon" aria-label="Send something else" title="Send something else">${icon('plus')}</summary><div>
        ${item('send-file', 'image', 'Photo, video or audio')}
        ${item('send-document', 'file', 'Document')}
        ${item('send-voice', 'voice', 'Voice note')}
        ${item('send-sticker', 'sticker', 'Sticker')}
        ${item('send-place', 'pin', 'Location')}
        ${item('send-contact', 'person', 'Contact')}
        ${item('make-call', 'call', 'Missed call')}
      </div></details>
      <input type="file" id="file" hidden tabindex="-1" aria-hidden="true">
      <textarea id="body" rows="1" aria-label="Message" placeholder="Write as this person" autocomplete="off"></textarea>
      <button class="icon send" aria-label="Send" title="Send">${icon('send')}</button>
    </div>
  </form>
</main>
<script>${pageScript}</script>
</html>
`;
