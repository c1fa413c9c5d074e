// The script of the phones' page, separate from its document.

/** Runs in the browser: polls each second, and redraws only on changes. */
export const pageScript = String.raw`
'use strict';
const at = id => document.getElementById(id);
const digitsOf = written => written.replace(/[+\s()-]/g, '');
const isNumber = written => /^[1-9][0-9]{6,14}$/.test(digitsOf(written));
const asked = decodeURIComponent(location.pathname.split('/')[2] || '');
const number = isNumber(asked) ? digitsOf(asked) : '';
const own = '/phones/' + number;
const drawn = {};

const ask = async (method, path, body) => {
  const response = await fetch(path, {
    method,
    headers: body ? { accept: 'application/json', 'content-type': 'application/json' } : { accept: 'application/json' },
    body: body ? JSON.stringify(body) : undefined,
  });
  return { ok: response.ok, status: response.status, value: await response.json() };
};

const make = (tag, text, className) => {
  const element = document.createElement(tag);
  if (text) element.textContent = text;
  if (className) element.className = className;
  return element;
};

const changed = (name, value) => {
  const text = JSON.stringify(value);
  if (drawn[name] === text) return false;
  drawn[name] = text;
  return true;
};

/** Never moves an unchanged element: a moved player stops, and a moved link loses focus. */
const place = (parent, wanted) => {
  const staying = new Set(wanted);
  for (const child of [...parent.children]) if (!staying.has(child)) child.remove();
  wanted.forEach((child, index) => {
    if (parent.children[index] !== child) parent.insertBefore(child, parent.children[index] || null);
  });
};

const silence = 'The simulator does not answer.';
const tell = problem => { at('problem').textContent = problem; };
const reasonIn = value => (value.error && value.error.error_data && value.error.error_data.details) || 'The simulator refused this.';

const links = new Map();
const linkOf = phone => {
  const known = links.get(phone.number);
  const link = known ? known.link : make('a', '', phone.number === '+' + number ? 'open' : '');
  if (!known) {
    link.href = '/phones/' + encodeURIComponent(phone.number);
    if (phone.number === '+' + number) link.setAttribute('aria-current', 'page');
  }
  const shown = phone.name + '/' + phone.unread;
  if (!known || known.shown !== shown) {
    const unread = phone.unread ? [make('b', phone.unread + ' unread', 'unread')] : [];
    link.replaceChildren(...unread, make('span', phone.name), make('br'), make('small', phone.number));
  }
  links.set(phone.number, { link, shown });
  return link;
};

const drawPhones = phones => {
  if (changed('phones', phones)) place(at('phones'), phones.map(linkOf));
};

const textOf = message => {
  const content = message.content || {};
  if (message.type === 'text') return content.body;
  const words = content.caption || content.filename || content.emoji || (content.body && content.body.text) || content.name || content.link;
  return '[' + message.type + '] ' + (typeof words === 'string' ? words : JSON.stringify(content));
};

const players = { image: 'img', sticker: 'img', video: 'video', audio: 'audio' };

const fileBox = message => {
  const { media, type } = message;
  const content = message.content || {};
  const box = make('div', '');
  const player = players[type];
  const source = '/media/' + encodeURIComponent(media.id);
  if (player) {
    const element = make(player, '', type);
    if (player === 'img') element.alt = content.caption || type;
    else element.controls = true;
    if (content.voice === true) box.append(make('small', 'voice note'));
    element.src = source;
    box.append(element);
  } else {
    const name = content.filename || media.filename || type;
    const link = make('a', name + ' (' + media.size + ' bytes)');
    link.href = source;
    link.download = name;
    box.append(link);
  }
  if (content.caption) box.append(make('span', content.caption));
  return box;
};

const timeOf = message => new Date(message.at).toLocaleTimeString();

const stateOf = message => {
  if (message.direction === 'received') return message.status === 'read' ? 'read' : 'new';
  return message.status === 'read' ? make('span', '\u2713\u2713 read', 'ticks') : '\u2713 sent';
};

const bubbleOf = (known, message) => {
  const bubble = known || { box: make('div', '', 'bubble ' + message.direction), meta: make('span', '', 'meta') };
  const content = JSON.stringify([message.content, message.media]);
  if (bubble.content !== content) {
    const body = message.media ? fileBox(message) : make('span', String(textOf(message)));
    bubble.box.replaceChildren(body, bubble.meta);
    bubble.content = content;
  }
  if (bubble.status !== message.status) {
    bubble.meta.replaceChildren(timeOf(message) + ' ', stateOf(message));
    bubble.status = message.status;
  }
  return bubble;
};

const threads = new Map();
const threadOf = thread => {
  const known = threads.get(thread.phone_number_id);
  const box = known ? known.box : make('section', '', 'thread');
  const title = known ? known.title : make('h3', '');
  const words = 'with ' + thread.display_phone_number;
  if (title.textContent !== words) title.textContent = words;
  const bubbles = new Map();
  const fresh = [];
  for (const message of thread.messages) {
    let key = message.id;
    /** A raw message of a person may reuse another's id. */
    while (bubbles.has(key)) key += '+';
    const before = known && known.bubbles.get(key);
    if (!before && message.direction === 'received') fresh.push(message);
    bubbles.set(key, bubbleOf(before, message));
  }
  place(box, [title, ...[...bubbles.values()].map(bubble => bubble.box)]);
  threads.set(thread.phone_number_id, { box, title, bubbles });
  return { box, fresh: fresh.map(message => ({ message, from: thread.display_phone_number })) };
};

const drawScreen = phone => {
  const isFirst = drawn.screen === undefined;
  if (!changed('screen', phone)) return;
  at('title').textContent = phone.name + ' \u00b7 ' + phone.number;
  at('auto-read').checked = phone.auto_read;
  const screen = at('screen');
  const atEnd = screen.scrollHeight - screen.scrollTop - screen.clientHeight < 40;
  const shown = phone.threads.map(threadOf);
  place(screen, shown.map(thread => thread.box));
  if (atEnd) screen.scrollTop = screen.scrollHeight;
  const newest = shown.flatMap(thread => thread.fresh).sort((a, b) => (a.message.at < b.message.at ? -1 : 1)).pop();
  if (newest && !isFirst)
    at('newest').textContent = timeOf(newest.message) + ', from ' + newest.from + ': ' + textOf(newest.message);
};

/** The number of the thread with the newest message. */
const newestNumber = phone => {
  let newest = { at: '', id: '' };
  for (const { phone_number_id, messages } of phone.threads)
    for (const message of messages) if (message.at >= newest.at) newest = { at: message.at, id: phone_number_id };
  return newest.id;
};

let chosen = '';
const drawNumbers = (numbers, phone) => {
  const { to, body } = at('write').elements;
  /** Keep the chosen recipient when others write meanwhile. */
  const kept = chosen || (body.value && to.value) || (phone && newestNumber(phone)) || to.value;
  if (changed('numbers', numbers)) {
    to.replaceChildren(...numbers.map(each => {
      const option = make('option', each.display_phone_number);
      option.value = each.phone_number_id;
      return option;
    }));
    to.hidden = numbers.length < 2;
  }
  if (kept && to.value !== kept) to.value = kept;
};

const refresh = async () => {
  const list = await ask('GET', '/phones');
  drawPhones(list.value.phones);
  if (!number) {
    if (asked) at('title').textContent = asked + ' is not a phone number';
    return;
  }
  const { numbers } = (await ask('GET', '/numbers')).value;
  const phone = await ask('GET', own);
  if (phone.ok) drawScreen(phone.value);
  else {
    at('title').textContent = '+' + number + ' \u00b7 no messages yet';
    changed('screen', null);
  }
  drawNumbers(numbers, phone.ok ? phone.value : null);
  for (const id of ['auto', 'read', 'write']) at(id).hidden = false;
};

const answers = () => { if (at('problem').textContent === silence) tell(''); };
const keepFresh = () => refresh().then(answers, () => tell(silence)).finally(() => setTimeout(keepFresh, 1000));

/** Runs an action, shows a failure, and returns whether it succeeded. */
const act = async work => {
  try {
    const done = await work();
    tell(done.ok ? '' : reasonIn(done.value));
    if (done.ok) refresh().catch(() => tell(silence));
    return done.ok;
  } catch {
    tell(silence);
    return false;
  }
};

at('open').addEventListener('submit', event => {
  event.preventDefault();
  const { value } = event.target.elements.number;
  if (isNumber(value)) location.href = '/phones/' + encodeURIComponent('+' + digitsOf(value));
  else tell(value + ' is not a phone number: write it with its country, like +15550100200.');
});

let isSending = false;
const sendText = async () => {
  const { body, to } = at('write').elements;
  const written = body.value;
  const message = { type: 'text', text: { body: written } };
  if (to.value) message.to = to.value;
  if (isSending) return;
  isSending = true;
  const isSent = await act(() => ask('POST', own + '/messages', message));
  isSending = false;
  if (isSent && body.value === written) body.value = '';
};
at('write').addEventListener('submit', event => {
  event.preventDefault();
  return sendText();
});
at('write').elements.to.addEventListener('change', event => { chosen = event.target.value; });

const kindOf = type => {
  if (type === 'image/webp') return 'sticker';
  const kind = type.split('/')[0];
  return kind === 'image' || kind === 'video' || kind === 'audio' ? kind : 'document';
};

const sendFile = async file => {
  const { body, to, kind } = at('write').elements;
  const type = kind.value === 'voice' ? 'audio' : kind.value || kindOf(file.type);
  const query = new URLSearchParams({ type, mime_type: file.type || 'application/octet-stream', filename: file.name });
  const caption = type !== 'audio' && type !== 'sticker' ? body.value : '';
  if (to.value) query.set('to', to.value);
  if (kind.value === 'voice') query.set('voice', 'true');
  if (caption) query.set('caption', caption);
  const isSent = await act(async () => {
    const response = await fetch(own + '/media?' + query, {
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/octet-stream' },
      body: file,
    });
    return { ok: response.ok, value: await response.json() };
  });
  if (isSent && caption && body.value === caption) body.value = '';
};

at('attach').addEventListener('click', () => at('file').click());
at('file').addEventListener('change', () => {
  const file = at('file').files[0];
  at('file').value = '';
  if (file) sendFile(file);
});
at('read').addEventListener('click', () => act(() => ask('POST', own + '/read', {})));
at('auto-read').addEventListener('change', async ({ target }) => {
  const wanted = target.checked;
  if (!(await act(() => ask('PATCH', own, { auto_read: wanted })))) target.checked = !wanted;
});
keepFresh();
`;
