// The first part of the page's script: requests, elements, and WhatsApp's marks in texts.

/** Runs in the browser, before the parts that use it. */
export const toolsScript = String.raw`
'use strict';
const at = id => document.getElementById(id);
const digitsOf = written => written.replace(/[+\s()-]/g, '');
const isNumber = written => /^[1-9][0-9]{6,14}$/.test(digitsOf(written));

const ask = async (method, path, body) => {
  const response = await fetch(path, {
    method,
    headers: body ? { accept: 'application/json', 'content-type': 'application/json' } : { accept: 'application/json' },
    body: body ? JSON.stringify(body) : undefined,
  });
  return { ok: response.ok, status: response.status, value: await response.json() };
};

/** An element; props are its class, listeners that begin with "on", properties, or attributes. */
const make = (tag, props, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props || {})) {
    if (name === 'class') element.className = value;
    else if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'disabled' || name === 'controls') element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children.flat().filter(child => child !== null && child !== undefined && child !== ''));
  return element;
};

const svg = 'http://www.w3.org/2000/svg';
const icon = (name, className) => {
  const element = document.createElementNS(svg, 'svg');
  element.setAttribute('aria-hidden', 'true');
  if (className) element.setAttribute('class', className);
  const use = document.createElementNS(svg, 'use');
  use.setAttribute('href', '#i-' + name);
  element.append(use);
  return element;
};

/** Never moves an unchanged element: a moved player stops, and a moved link loses focus. */
const place = (parent, wanted) => {
  const staying = new Set(wanted);
  for (const child of [...parent.children]) if (!staying.has(child)) child.remove();
  wanted.forEach((child, index) => {
    if (parent.children[index] !== child) parent.insertBefore(child, parent.children[index] || null);
  });
};

const drawn = {};
const changed = (name, value) => {
  const text = JSON.stringify(value);
  if (drawn[name] === text) return false;
  drawn[name] = text;
  return true;
};

const silence = 'The simulator does not answer.';
const tell = problem => { at('problem').textContent = problem; };
const reasonIn = value => (value.error && value.error.error_data && value.error.error_data.details) || 'The simulator rejected this.';

const clockTime = when => new Date(when).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
const dayOf = when => {
  const day = new Date(when);
  const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(when).setHours(0, 0, 0, 0)) / 86400000);
  if (days === 0) return 'Today';
  if (days === 1) return 'Yesterday';
  return day.toLocaleDateString([], { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' });
};
const shortTime = when => {
  const day = dayOf(when);
  if (day === 'Today') return clockTime(when);
  return day === 'Yesterday' ? day : new Date(when).toLocaleDateString([], { day: 'numeric', month: 'short' });
};
const sizeOf = bytes => {
  if (bytes < 1000) return bytes + ' bytes';
  return bytes < 1e6 ? Math.round(bytes / 1000) + ' KB' : (bytes / 1e6).toFixed(1) + ' MB';
};

const outside = (words, href) => make('a', { href, target: '_blank', rel: 'noreferrer noopener' }, words);
const tagOf = { '*': 'strong', _: 'em', '~': 's', '\x60': 'code' };
const marks = /(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]'*_~])|(^|[^\p{L}\p{N}*_~\x60])([*_~\x60])(?=\S)([^\n]*?\S)\3(?![\p{L}\p{N}*_~\x60])/gu;

/** One line with its links and marks as elements. */
const inline = line => {
  const parts = [];
  let from = 0;
  for (const found of line.matchAll(marks)) {
    const [whole, link, before = '', mark, inner] = found;
    parts.push(line.slice(from, found.index) + before);
    if (link) parts.push(outside(link, link));
    else parts.push(make(tagOf[mark], {}, mark === '\x60' ? inner : inline(inner)));
    from = found.index + whole.length;
  }
  parts.push(line.slice(from));
  return parts.filter(part => part !== '');
};

/** A text as a phone shows it. */
const formatted = text => {
  const parts = [];
  text.split(/\x60\x60\x60\n?([\s\S]+?)\n?\x60\x60\x60/).forEach((piece, index) => {
    if (index % 2 === 1) return parts.push(make('pre', {}, piece));
    piece.split('\n').forEach((line, nth, lines) => {
      const isQuote = /^> ?\S/.test(line);
      if (isQuote) parts.push(make('blockquote', {}, inline(line.replace(/^> ?/, ''))));
      else parts.push(...inline(line));
      if (!isQuote && nth < lines.length - 1) parts.push('\n');
    });
  });
  return make('div', { class: 'text', dir: 'auto' }, parts);
};
`;
