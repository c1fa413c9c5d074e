// The style of the phones' page: two panes, or one at a time on a narrow screen.
import { tokens } from '../kit/page-style.ts';

export const pageStyle = `${tokens}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html, body { height: 100%; }
body { margin: 0; display: flex; font: 14px/1.45 var(--font); color: var(--text); background: var(--canvas); }
button, input, textarea, select { font: inherit; color: inherit; }
button { cursor: pointer; }
:focus-visible { outline: 2px solid var(--accent-text); outline-offset: 2px; }
svg { width: 20px; height: 20px; flex: none; fill: none; stroke: currentColor; stroke-width: 1.75; stroke-linecap: round; stroke-linejoin: round; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.icon { display: inline-flex; align-items: center; justify-content: center; width: 40px; height: 40px; padding: 0; border: 0; border-radius: 999px; background: none; color: var(--muted); list-style: none; cursor: pointer; flex: none; }
.icon:hover { background: var(--hover); color: var(--text); }
.icon::-webkit-details-marker { display: none; }

nav { width: 336px; flex: none; display: flex; flex-direction: column; background: var(--surface); border-inline-end: 1px solid var(--border); }
.head { display: flex; align-items: center; gap: 12px; min-height: 56px; padding: 8px 16px; border-bottom: 1px solid var(--border); background: var(--surface); }
.head h1, .head h2 { margin: 0; font-size: 16px; font-weight: 600; line-height: 1.3; }
.head h1 { flex: 1; font-size: 20px; }
.head a { color: var(--accent-text); }
.find { padding: 12px 16px 8px; }
.find input { width: 100%; height: 40px; padding: 0 12px; border: 1px solid var(--border-strong); border-radius: 6px; background: var(--surface); }
.find input::placeholder, #body::placeholder { color: var(--faint); opacity: 1; }
#phones { flex: 1; overflow-y: auto; padding-bottom: 16px; }
.phone { display: flex; gap: 12px; align-items: center; padding: 10px 16px; color: inherit; text-decoration: none; }
.phone:hover { background: var(--hover); }
.phone.open { background: var(--selected); }
.phone .words { flex: 1; min-width: 0; }
.phone .line { display: flex; gap: 8px; align-items: baseline; }
.phone .line > :first-child { flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.phone .name { font-weight: 500; }
.phone .last { color: var(--muted); font-size: 13px; }
.phone time { color: var(--faint); font-size: 12px; font-variant-numeric: tabular-nums; }
.phone .count { min-width: 20px; height: 20px; padding: 0 6px; border-radius: 999px; background: var(--accent); color: var(--on-accent); font-size: 12px; line-height: 20px; text-align: center; }
.phone.new .last { color: var(--text); }
.avatar { width: 40px; height: 40px; flex: none; border-radius: 999px; background: var(--accent-soft); color: var(--accent-text); font-weight: 600; line-height: 40px; text-align: center; }
.nothing { padding: 24px 16px; color: var(--muted); }

main { flex: 1; min-width: 0; display: flex; flex-direction: column; position: relative; }
.who { flex: 1; min-width: 0; }
.who > * { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.who small { display: block; color: var(--muted); font-size: 13px; }
#back { display: none; margin-inline-start: -8px; }
.menu { position: relative; flex: none; }
.menu > div { position: absolute; z-index: 3; inset-inline-end: 0; top: calc(100% + 4px); min-width: 248px; padding: 4px; border-radius: 10px; background: var(--surface); box-shadow: 0 0 0 1px var(--border), 0 12px 32px rgb(0 0 0 / .18); }
.menu.up > div { top: auto; bottom: calc(100% + 4px); inset-inline: 0 auto; }
.menu > div > button, .menu > div > label { display: flex; gap: 10px; align-items: center; width: 100%; min-height: 36px; padding: 6px 12px; border: 0; border-radius: 6px; background: none; text-align: start; cursor: pointer; }
.menu > div > button:hover, .menu > div > label:hover { background: var(--hover); }
.with { display: flex; gap: 8px; align-items: center; padding: 8px 16px; border-bottom: 1px solid var(--border); background: var(--surface); color: var(--muted); font-size: 13px; }
.with select { height: 32px; padding: 0 8px; border: 1px solid var(--border-strong); border-radius: 6px; background: var(--surface); color: var(--text); min-width: 0; max-width: 100%; }
#screen { flex: 1; overflow-y: auto; overscroll-behavior: contain; padding: 16px 24px 24px; }
#thread { max-width: 760px; margin: 0 auto; display: flex; flex-direction: column; gap: 2px; }
.empty { margin: auto; padding: 24px; max-width: 420px; text-align: center; color: var(--muted); }
.empty b { display: block; color: var(--text); font-size: 16px; margin-bottom: 4px; }
.day { align-self: center; margin: 16px 0 8px; color: var(--muted); font-size: 12px; }
.row { display: flex; gap: 4px; align-items: flex-start; max-width: min(560px, 80%); margin-top: 6px; align-self: flex-start; }
.row.written { align-self: flex-end; flex-direction: row-reverse; }
.row.noted { align-self: center; max-width: 90%; }
.stack { min-width: 0; display: flex; flex-direction: column; align-items: flex-start; }
.written .stack { align-items: flex-end; }
.bubble { max-width: 100%; min-width: 96px; padding: 8px 12px 6px; border-radius: 10px; background: var(--surface); border: 1px solid var(--border); font-size: 15px; overflow-wrap: anywhere; }
.written .bubble { background: var(--own); border-color: var(--own-line); }
.noted .bubble { background: none; border: 0; color: var(--muted); font-size: 13px; text-align: center; }
.bubble .text { white-space: pre-wrap; }
.bubble .gone { color: var(--muted); font-style: italic; }
.bubble code, .bubble pre { font: 13px/1.45 ui-monospace, Menlo, Consolas, monospace; background: var(--sunken); border-radius: 4px; padding: 1px 4px; }
.bubble pre { margin: 4px 0; padding: 8px; white-space: pre-wrap; }
.bubble blockquote { margin: 0; padding-inline-start: 8px; border-inline-start: 3px solid var(--border-strong); }
.bubble a { color: var(--accent-text); }
.bubble h3 { margin: 0 0 4px; font-size: 15px; font-weight: 600; }
.bubble .foot { margin-top: 4px; color: var(--muted); font-size: 13px; }
.meta { display: flex; gap: 4px; align-items: center; justify-content: flex-end; margin-top: 2px; color: var(--faint); font-size: 12px; font-variant-numeric: tabular-nums; }
.written .meta { color: var(--own-meta); }
.meta svg { width: 16px; height: 16px; }
.meta .seen { color: var(--tick); stroke-width: 2.25; }
.quote { display: block; width: 100%; margin-bottom: 6px; padding: 6px 10px; border: 0; border-inline-start: 3px solid var(--accent); border-radius: 6px; background: color-mix(in srgb, var(--text) 6%, transparent); text-align: start; font-size: 13px; color: var(--muted); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.quote b { display: block; color: var(--accent-text); font-weight: 500; }
.bubble img, .bubble video { display: block; max-width: 100%; max-height: 320px; border-radius: 6px; margin-bottom: 4px; }
.bubble img.sticker { max-height: 144px; }
.bubble audio { display: block; width: 272px; max-width: 100%; margin: 2px 0; }
.file, .card { display: flex; gap: 12px; align-items: center; min-width: 200px; padding: 10px; margin-bottom: 4px; border-radius: 6px; background: color-mix(in srgb, var(--text) 5%, transparent); color: inherit !important; text-decoration: none; }
.file > svg, .card > svg { color: var(--muted); }
.file span, .card span { min-width: 0; }
.file b, .card b { display: block; font-weight: 500; }
.file small, .card small { display: block; color: var(--muted); font-size: 13px; }
.items { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
.items td { padding: 3px 0; vertical-align: top; } .items td + td { padding-inline-start: 16px; text-align: end; white-space: nowrap; }
.items tr:last-child td { border-top: 1px solid var(--border); font-weight: 600; }
.stack:has(.choices) { min-width: 240px; }
.stack:has(.choices) > .bubble { align-self: stretch; }
.choices { display: flex; flex-direction: column; gap: 2px; align-self: stretch; margin-top: 2px; }
.choice { display: block; width: 100%; min-height: 40px; padding: 8px 12px; border: 1px solid var(--border); border-radius: 10px; background: var(--surface); color: var(--accent-text); font-weight: 500; text-align: center; text-decoration: none; list-style: none; cursor: pointer; }
.choice::-webkit-details-marker { display: none; }
.choice:hover:enabled, summary.choice:hover, a.choice:hover { background: var(--hover); }
.choice:disabled { color: var(--faint); cursor: default; }
.choice.chosen:disabled { color: var(--text); background: var(--selected); }
.options { margin-top: 2px; border: 1px solid var(--border); border-radius: 10px; background: var(--surface); overflow: hidden; }
.options h4 { margin: 0; padding: 8px 12px 4px; color: var(--muted); font-size: 12px; font-weight: 500; }
.options button { display: block; width: 100%; padding: 8px 12px; border: 0; border-top: 1px solid var(--border); background: none; text-align: start; }
.options h4 + button, .options button:first-child { border-top: 0; }
.options button:hover:enabled { background: var(--hover); }
.options button:disabled { cursor: default; color: var(--faint); }
.options small { display: block; color: var(--muted); font-size: 13px; }
.reactions { display: flex; gap: 2px; margin-top: -6px; margin-inline: 8px; position: relative; }
.reactions span { padding: 0 6px; border: 1px solid var(--border); border-radius: 999px; background: var(--surface); font-size: 14px; line-height: 22px; }
.row > .menu .icon { width: 28px; height: 28px; opacity: 0; }
.row:hover > .menu .icon, .row:focus-within > .menu .icon, .row > .menu[open] .icon { opacity: 1; }
.row > .menu > div { min-width: 200px; }
.row.received > .menu > div { inset-inline: 0 auto; }
.row > .menu.above > div { top: auto; bottom: calc(100% + 4px); }
.faces { display: flex; justify-content: space-between; padding: 2px 4px 4px; }
.faces button { width: 32px; height: 32px; padding: 0; border: 0; border-radius: 999px; background: none; font-size: 18px; }
.faces button:hover, .faces button[aria-pressed=true] { background: var(--hover); }
.faces button[aria-pressed=true] { background: var(--selected); }
#newer { position: absolute; z-index: 2; inset-inline-end: 24px; bottom: 84px; height: 36px; padding: 0 14px; border: 1px solid var(--border); border-radius: 999px; background: var(--surface); color: var(--accent-text); font-weight: 500; box-shadow: 0 4px 12px rgb(0 0 0 / .12); }
#problem { margin: 0; padding: 8px 24px; background: var(--danger-soft); color: var(--danger); font-size: 13px; }
#problem:empty { display: none; }
form.write { padding: 8px 16px 12px; border-top: 1px solid var(--border); background: var(--surface); }
.line-in { display: flex; gap: 4px; align-items: flex-end; max-width: 808px; margin: 0 auto; }
#body { flex: 1; min-width: 0; field-sizing: content; min-height: 40px; max-height: 160px; resize: none; padding: 9px 12px; border: 1px solid var(--border-strong); border-radius: 10px; background: var(--surface); font-size: 16px; line-height: 1.3; }
.send { background: var(--accent); color: var(--on-accent); }
.send:hover { background: var(--accent-hover); color: var(--on-accent); }
.about { display: flex; gap: 8px; align-items: center; max-width: 808px; margin: 0 auto 8px; }
.about .quote { flex: 1; margin: 0; }

@media (max-width: 767px) {
  nav, main { width: 100%; border: 0; }
  body.list main, body.thread nav { display: none; }
  #back { display: inline-flex; }
  #screen { padding: 8px 12px 16px; }
  .row { max-width: 92%; }
  .head { padding: 8px 12px 8px 16px; }
  form.write { padding: 8px 8px 12px; }
  #newer { bottom: 76px; inset-inline-end: 12px; }
}
@media (hover: none) { .row > .menu .icon { opacity: .7; } }
@media (prefers-reduced-motion: no-preference) { .typing i { animation: blink 1.2s infinite; } .typing i + i { animation-delay: .2s; } .typing i + i + i { animation-delay: .4s; } }
.typing { align-self: flex-start; margin-top: 6px; padding: 10px 12px; border: 1px solid var(--border); border-radius: 10px; background: var(--surface); color: var(--muted); line-height: 1; }
.typing i { display: inline-block; width: 6px; height: 6px; margin: 0 2px; border-radius: 999px; background: currentColor; }
@keyframes blink { 50% { opacity: .25; } }
`;
