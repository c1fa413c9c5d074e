// The phones' page: one document, no external host, all content set as text.
import { createHash } from 'node:crypto';
import { pageScript } from './phone-page-script.ts';

const style = `
:root { --teal: #0f766e; --line: #e2e5e9; --soft: #f5f6f8; --ink: #1c2126; --quiet: #66707a; }
* { box-sizing: border-box; }
body { margin: 0; height: 100vh; display: flex; font: 15px/1.45 system-ui, sans-serif; color: var(--ink); }
nav { width: 280px; flex: none; border-right: 1px solid var(--line); overflow-y: auto; background: var(--soft); }
nav h1 { font-size: 15px; margin: 0; padding: 16px; }
nav a { display: block; padding: 10px 16px; color: inherit; text-decoration: none; border-left: 3px solid transparent; }
nav a.open { background: #fff; border-left-color: var(--teal); }
nav small, .meta { color: var(--quiet); font-size: 12px; }
nav b.unread { float: right; color: var(--teal); font-size: 13px; }
.new { padding: 10px 16px 16px; display: flex; gap: 8px; }
main { flex: 1; display: flex; flex-direction: column; min-width: 0; }
header { padding: 12px 20px; border-bottom: 1px solid var(--line); display: flex; gap: 16px; align-items: center; flex-wrap: wrap; }
header h2 { font-size: 15px; margin: 0; flex: 1; }
#screen { flex: 1; overflow-y: auto; padding: 16px 20px; background: var(--soft); }
.thread { max-width: 720px; margin: 0 auto 24px; display: flex; flex-direction: column; gap: 6px; }
.thread h3 { font-size: 12px; font-weight: 500; color: var(--quiet); text-align: center; margin: 8px 0; }
.bubble { max-width: 75%; padding: 8px 12px; border-radius: 12px; background: #fff; border: 1px solid var(--line); white-space: pre-wrap; overflow-wrap: anywhere; align-self: flex-start; }
.bubble.written { align-self: flex-end; background: #d9efec; border-color: #bfe2dd; }
.bubble .meta { display: block; text-align: right; }
.bubble img, .bubble video { display: block; max-width: 100%; max-height: 320px; border-radius: 6px; }
.bubble img.sticker { max-height: 128px; }
.bubble audio { display: block; width: 280px; max-width: 100%; }
.bubble a { color: var(--teal); }
.bubble .ticks { color: var(--teal); }
form.write { display: flex; flex-wrap: wrap; gap: 8px; padding: 12px 20px; border-top: 1px solid var(--line); }
input, select, button { font: inherit; padding: 7px 10px; border: 1px solid var(--line); border-radius: 8px; background: #fff; min-width: 0; }
form.write input, .new input { flex: 1; }
button { background: var(--teal); border-color: var(--teal); color: #fff; cursor: pointer; }
button.plain { background: #fff; color: var(--teal); border-color: var(--line); }
:focus-visible { outline: 2px solid var(--teal); outline-offset: 1px; }
#problem { color: #a3261b; padding: 0 20px; margin: 0; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
[hidden] { display: none !important; }
@media (max-width: 640px) { body { flex-direction: column; } nav { width: auto; max-height: 35vh; border-right: 0; border-bottom: 1px solid var(--line); } main { min-height: 0; } }
`;

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Allows only this page's own script and style. */
export const pagePolicy = `default-src 'none'; connect-src 'self'; img-src 'self' data:; media-src 'self'; script-src ${hashOf(pageScript)}; style-src ${hashOf(style)}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** One document for every phone: the script reads the number from the URL. */
export const phonesPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Simulated phones</title>
<link rel="icon" href="data:,">
<style>${style}</style>
<nav aria-label="Phones">
  <h1>Simulated phones</h1>
  <div id="phones"></div>
  <form class="new" id="open"><input name="number" aria-label="Phone number" placeholder="+15550100200" required><button class="plain">Open</button></form>
</nav>
<main>
  <header><h2 id="title">Choose a phone</h2>
    <label id="auto" hidden><input type="checkbox" id="auto-read"> reads by itself</label>
    <button class="plain" id="read" hidden>Read all</button></header>
  <div id="screen"></div>
  <p id="newest" class="unseen" aria-live="polite"></p>
  <p id="problem" role="alert"></p>
  <form class="write" id="write" hidden>
    <select name="to" aria-label="Business number" hidden></select>
    <input name="body" aria-label="Message" placeholder="Write as this person" autocomplete="off" required><button>Send</button>
    <select name="kind" aria-label="Send the file as"><option value="">as it fits</option><option>image</option><option>video</option><option>audio</option><option value="voice">voice note</option><option>document</option><option>sticker</option></select>
    <input type="file" id="file" hidden tabindex="-1" aria-hidden="true">
    <button type="button" class="plain" id="attach">Send a file</button>
  </form>
</main>
<script>${pageScript}</script>
</html>
`;
