// The script of the phones' page, kept apart from its document.

/** Runs in the browser: polls each second, and draws only when something changed. */
export const pageScript = `
'use strict';
const at = id => document.getElementById(id);
const number = decodeURIComponent(location.pathname.split('/')[2] || '').replace(/[^0-9]/g, '');
const own = '/phones/' + number;
const drawn = {};

const ask = async (method, path, body) => {
  const response = await fetch(path, {
    method,
    headers: body ? { accept: 'application/json', 'content-type': 'application/json' } : { accept: 'application/json' },
    body: body ? JSON.stringify(body) : undefined,
  });
  return { ok: response.ok, value: await response.json() };
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

const silence = 'The simulator does not answer.';
const tell = problem => { at('problem').textContent = problem; };

const drawPhones = phones => {
  if (!changed('phones', phones)) return;
  at('phones').replaceChildren(...phones.map(phone => {
    const link = make('a', '', phone.number === '+' + number ? 'open' : '');
    link.href = '/phones/' + encodeURIComponent(phone.number);
    if (phone.unread) link.append(make('b', String(phone.unread), 'unread'));
    link.append(make('span', phone.name), make('br'), make('small', phone.number));
    return link;
  }));
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
    const name = content.filename || media.file_name || type;
    const link = make('a', name + ' (' + media.size + ' bytes)');
    link.href = source;
    link.download = name;
    box.append(link);
  }
  if (content.caption) box.append(make('span', content.caption));
  return box;
};

const bubble = message => {
  const box = make('div', message.media ? '' : String(textOf(message)), 'bubble ' + message.direction);
  if (message.media) box.append(fileBox(message));
  const meta = make('span', new Date(message.at).toLocaleTimeString() + ' ', 'meta');
  if (message.direction === 'received') meta.append(message.status === 'read' ? 'read' : 'new');
  else meta.append(message.status === 'read' ? make('span', '\\u2713\\u2713 read', 'ticks') : '\\u2713 sent');
  box.append(meta);
  return box;
};

const drawScreen = phone => {
  if (!changed('screen', phone)) return;
  at('title').textContent = phone.name + ' \\u00b7 ' + phone.number;
  at('auto-read').checked = phone.auto_read;
  const screen = at('screen');
  const atEnd = screen.scrollHeight - screen.scrollTop - screen.clientHeight < 40;
  screen.replaceChildren(...phone.threads.map(thread => {
    const box = make('section', '', 'thread');
    box.append(make('h3', 'with ' + thread.display_phone_number), ...thread.messages.map(bubble));
    return box;
  }));
  if (atEnd) screen.scrollTop = screen.scrollHeight;
};

const drawNumbers = numbers => {
  if (!changed('numbers', numbers)) return;
  const choice = at('write').elements.to;
  const kept = choice.value;
  choice.replaceChildren(...numbers.map(each => {
    const option = make('option', each.display_phone_number);
    option.value = each.phone_number_id;
    return option;
  }));
  if (kept) choice.value = kept;
  choice.hidden = numbers.length < 2;
};

const refresh = async () => {
  const list = await ask('GET', '/phones');
  drawPhones(list.value.phones);
  if (!number) return;
  drawNumbers((await ask('GET', '/numbers')).value.numbers);
  const phone = await ask('GET', own);
  if (phone.ok) drawScreen(phone.value);
  else at('title').textContent = '+' + number + ' \\u00b7 no messages yet';
  for (const id of ['auto', 'read', 'write']) at(id).hidden = false;
};

const answers = () => { if (at('problem').textContent === silence) tell(''); };
const keepFresh = () => refresh().then(answers, () => tell(silence)).finally(() => setTimeout(keepFresh, 1000));

const act = async (method, path, body) => {
  const done = await ask(method, path, body);
  if (!done.ok) return tell(done.value.error.error_data.details);
  tell('');
  await refresh();
};

at('open').addEventListener('submit', event => {
  event.preventDefault();
  location.href = '/phones/' + encodeURIComponent(event.target.elements.number.value);
});
at('write').addEventListener('submit', event => {
  event.preventDefault();
  const { body, to } = event.target.elements;
  const message = { type: 'text', text: { body: body.value } };
  if (to.value) message.to = to.value;
  body.value = '';
  act('POST', own + '/messages', message);
});
const kindOf = type => {
  if (type === 'image/webp') return 'sticker';
  const kind = type.split('/')[0];
  return kind === 'image' || kind === 'video' || kind === 'audio' ? kind : 'document';
};

const sendFile = async file => {
  const { body, to, kind } = at('write').elements;
  const type = kind.value === 'voice' ? 'audio' : kind.value || kindOf(file.type);
  const query = new URLSearchParams({ type, mime_type: file.type || 'application/octet-stream', filename: file.name });
  if (to.value) query.set('to', to.value);
  if (kind.value === 'voice') query.set('voice', 'true');
  if (body.value && type !== 'audio' && type !== 'sticker') query.set('caption', body.value);
  const response = await fetch(own + '/media?' + query, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/octet-stream' },
    body: file,
  });
  if (!response.ok) return tell((await response.json()).error.error_data.details);
  tell('');
  body.value = '';
  await refresh();
};

at('attach').addEventListener('click', () => at('file').click());
at('file').addEventListener('change', () => {
  const file = at('file').files[0];
  at('file').value = '';
  if (file) sendFile(file).catch(() => tell(silence));
});
at('read').addEventListener('click', () => act('POST', own + '/read', {}));
at('auto-read').addEventListener('change', event => act('PATCH', own, { auto_read: event.target.checked }));
keepFresh();
`;
