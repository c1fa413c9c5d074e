// The main part of the page's script: the list of phones, the open chat, and writing.
import { messagesScript } from './phone-page-messages.ts';
import { toolsScript } from './phone-page-tools.ts';

const mainScript = String.raw`
const asked = decodeURIComponent(location.pathname.split('/')[2] || '');
const number = isNumber(asked) ? digitsOf(asked) : '';
const own = '/phones/' + number;
document.body.className = asked ? 'thread' : 'list';

const initials = name => name.split(/\s+/).filter(Boolean).slice(0, 2).map(word => [...word][0]).join('').toUpperCase();
const avatar = name => make('div', { class: 'avatar', 'aria-hidden': 'true' }, initials(name));

const links = new Map();
const linkOf = phone => {
  const isOpen = phone.number === '+' + number;
  const known = links.get(phone.number);
  const link = known ? known.link : make('a', { class: isOpen ? 'phone open' : 'phone', href: '/phones/' + encodeURIComponent(phone.number), ...(isOpen ? { 'aria-current': 'page' } : {}) });
  const { name, last, unread } = phone;
  const shown = JSON.stringify([name, last, unread]);
  if (!known || known.shown !== shown) {
    const text = last ? (last.direction === 'written' ? 'You: ' : '') + last.preview : 'No messages yet';
    link.className = 'phone' + (isOpen ? ' open' : '') + (unread ? ' new' : '');
    link.replaceChildren(avatar(name), make('div', { class: 'words' },
      make('div', { class: 'line' }, make('span', { class: 'name' }, name), last ? make('time', { datetime: last.at }, shortTime(last.at)) : null),
      make('div', { class: 'line' }, make('span', { class: 'last' }, text), unread ? make('span', { class: 'count' }, String(unread), make('span', { class: 'unseen' }, ' not read')) : null)));
  }
  links.set(phone.number, { link, shown });
  return link;
};

let phones = [];
const drawPhones = () => {
  const wanted = at('find').elements.number.value.trim().toLowerCase();
  const digits = digitsOf(wanted);
  const fits = phone => !wanted || phone.name.toLowerCase().includes(wanted) || (digits !== '' && phone.number.includes(digits));
  const shown = phones.filter(fits);
  if (!changed('phones', [wanted, shown])) return;
  const isOther = isNumber(wanted) && !phones.some(phone => phone.number === '+' + digits);
  const extra = isOther ? [make('a', { class: 'phone', href: '/phones/' + encodeURIComponent('+' + digits) }, avatar('+'), make('div', { class: 'words' }, make('b', {}, 'Open +' + digits)))] : [];
  const nothing = wanted ? 'No phone fits. Type a whole number, such as +15550100200, to open a new one.' : 'No phones yet. Type a number above to write as its owner, or send a message to one.';
  place(at('phones'), shown.length + extra.length ? [...extra, ...shown.map(linkOf)] : [make('p', { class: 'nothing' }, nothing)]);
};

/** Whether the newest message is in view; it stays so when more comes, or when the screen becomes smaller. */
let isAtEnd = true;
const toEnd = () => { at('screen').scrollTop = at('screen').scrollHeight; };
const follow = () => { if (isAtEnd) toEnd(); };
at('screen').addEventListener('scroll', () => {
  const { scrollHeight, scrollTop, clientHeight } = at('screen');
  isAtEnd = scrollHeight - scrollTop - clientHeight < 60;
  if (isAtEnd) at('newer').hidden = true;
});
at('newer').addEventListener('click', toEnd);
const sizes = new ResizeObserver(follow);
sizes.observe(at('screen'));
sizes.observe(at('thread'));

const rows = new Map();
const keyed = messages => {
  const byKey = new Map();
  for (const message of messages) {
    let key = message.id;
    /** A raw message of a person may reuse another's id. */
    while (byKey.has(key)) key += '+';
    byKey.set(key, message);
  }
  return byKey;
};

/** The newest reaction of each side by message; removed ones are gone. */
const reactionsIn = messages => {
  const all = new Map();
  for (const { type, content, direction } of messages) {
    if (type !== 'reaction' || !content) continue;
    const before = all.get(content.message_id) || {};
    all.set(content.message_id, { ...before, [direction === 'written' ? 'person' : 'business']: content.emoji || '' });
  }
  return all;
};

/** What the person answered to each message with buttons. */
const answersIn = messages => {
  const all = new Map();
  for (const { type, content, quoted, direction } of messages) {
    if (direction !== 'written' || !quoted) continue;
    if (type === 'button') all.set(quoted, content && content.text);
    if (type === 'interactive') all.set(quoted, (content && content[content.type] && content[content.type].title) || 'answered');
  }
  return all;
};

let day = new Map();
const dayLine = (name, words) => {
  const known = day.get(name);
  const line = known || make('div', { class: 'day' }, words);
  day.set(name, line);
  return line;
};

const drawThread = thread => {
  const { messages } = thread;
  const byId = new Map(messages.map(message => [message.id, message]));
  const reactions = reactionsIn(messages);
  const answers = answersIn(messages);
  const isShown = message => message.type !== 'reaction' || !byId.has(objectOf(message.content).message_id);
  const wanted = [];
  const fresh = [];
  let before = '';
  for (const [key, message] of keyed(messages.filter(isShown))) {
    const words = dayOf(message.at);
    if (words !== before) wanted.push(dayLine(thread.phone_number_id + words, words));
    before = words;
    if (!rows.has(key) && message.direction === 'received') fresh.push(message);
    const row = rows.get(key) || make('div', {});
    drawRow(row, message, { target: byId.get(message.quoted), reactions: reactions.get(message.id) || {}, answered: answers.get(message.id) });
    rows.set(key, row);
    wanted.push(row);
  }
  if (thread.typing) wanted.push(typing);
  place(at('thread'), wanted);
  return fresh;
};
const typing = make('div', { class: 'typing' }, make('span', { class: 'unseen' }, 'typing'), make('i'), make('i'), make('i'));
const emptyThread = make('p', { class: 'empty' }, make('b', {}, 'No messages yet'), 'Write the first one as this person: that opens the 24-hour window of the business.');

let chosen = '';
let phone = null;
/** The number of the thread with the newest message. */
const newestNumber = () => {
  let newest = { at: '', id: '' };
  for (const { phone_number_id, messages } of (phone ? phone.threads : []))
    for (const message of messages) if (message.at >= newest.at) newest = { at: message.at, id: phone_number_id };
  return newest.id;
};
const threadNow = () => phone && phone.threads.find(thread => thread.phone_number_id === at('to').value);

const drawNumbers = numbers => {
  const to = at('to');
  /** Keep the chosen chat, and the one that is written in, when others write meanwhile. */
  const kept = chosen || (at('body').value && to.value) || newestNumber() || to.value;
  if (changed('numbers', numbers))
    to.replaceChildren(...numbers.map(each => make('option', { value: each.phone_number_id }, each.display_phone_number)));
  at('with').hidden = numbers.length < 2;
  if (kept && to.value !== kept) to.value = kept;
};

const drawScreen = () => {
  const isFirst = drawn.screen === undefined;
  const thread = threadNow();
  const name = phone ? phone.name : 'New phone';
  at('title').textContent = name;
  const with_ = thread ? ' \u00b7 chat with ' + thread.display_phone_number : '';
  at('about').textContent = '+' + number + (phone && phone.username ? ' \u00b7 @' + phone.username : '') + with_;
  if (phone) at('auto-read').checked = phone.auto_read;
  at('marketing').hidden = !thread || thread.marketing_stopped === undefined;
  at('marketing-words').textContent = thread && thread.marketing_stopped ? 'Allow marketing messages' : 'Stop marketing messages';
  const other = !!drawn.to && drawn.to !== at('to').value;
  drawn.to = at('to').value;
  if (!changed('screen', [thread, dayOf(Date.now())])) return;
  if (other) isAtEnd = true;
  if (!thread || thread.messages.length === 0) return place(at('thread'), [emptyThread]);
  const fresh = drawThread(thread);
  if (isAtEnd) toEnd();
  else if (fresh.length && !other) at('newer').hidden = false;
  const newest = fresh[fresh.length - 1];
  if (newest && !isFirst && !other)
    at('newest').textContent = clockTime(newest.at) + ', from ' + thread.display_phone_number + ': ' + newest.preview;
};

const refresh = async () => {
  const list = await ask('GET', '/phones');
  phones = list.value.phones;
  drawPhones();
  if (!number) {
    at('title').textContent = asked ? asked + ' is not a phone number' : 'Simulated phones';
    return;
  }
  const { numbers } = (await ask('GET', '/numbers')).value;
  const got = await ask('GET', own);
  phone = got.ok ? got.value : null;
  drawNumbers(numbers);
  for (const id of ['options', 'write']) at(id).hidden = false;
  at('choose').hidden = true;
  drawScreen();
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

const send = message => {
  isAtEnd = true;
  return act(() => ask('POST', own + '/messages', { ...(at('to').value ? { to: at('to').value } : {}), ...message }));
};
const post = (type, content) => send({ type, [type]: content });

const businessDigits = () => { const thread = threadNow(); return thread ? digitsOf(thread.display_phone_number) : undefined; };
const contextOf = message => ({ context: { from: message.direction === 'written' ? number : businessDigits(), id: message.id } });
const answerTo = (message, written) => send({ ...written, ...contextOf(message) });
const sendPlace = message => answerTo(message, { type: 'location', location: { latitude: 38.7223, longitude: -9.1393, name: 'Lisbon', address: 'Praça do Comércio' } });
const sendOwnContact = message => answerTo(message, { type: 'contacts', contacts: [{ name: { formatted_name: phone ? phone.name : '+' + number }, phones: [{ phone: '+' + number, wa_id: number, type: 'CELL' }] }] });
const fillForm = (message, name = 'flow') => answerTo(message, { type: 'interactive', interactive: { type: 'nfm_reply', nfm_reply: { name, body: 'Sent', response_json: '{"flow_token":"' + (objectOf(objectOf(objectOf(message.content).action).parameters).flow_token || 'unused') + '"}' } } });

/** What the written text is about: an answer to a message, or a new version of one. */
let subject = null;
const setSubject = next => {
  subject = next;
  at('subject').hidden = !next;
  if (!next) return;
  at('subject-words').replaceChildren(make('b', {}, next.edits ? 'Edit your message' : next.message.direction === 'written' ? 'Reply to yourself' : 'Reply to the business'), next.message.preview);
  at('body').focus();
};
const quote = message => setSubject({ message });
const edit = message => {
  at('body').value = message.content.body;
  setSubject({ message, edits: true });
};
at('no-subject').addEventListener('click', () => setSubject(null));

let isSending = false;
const sendText = async () => {
  const body = at('body');
  const written = body.value;
  if (isSending || !written.trim()) return;
  isSending = true;
  const about = subject;
  const text = { body: written };
  const message = about && about.edits ? { type: 'edit', edit: { message_id: about.message.id, text } } : { type: 'text', text, ...(about ? contextOf(about.message) : {}) };
  const isSent = await send(message);
  isSending = false;
  if (!isSent) return;
  if (body.value === written) body.value = '';
  if (subject === about) setSubject(null);
};
at('write').addEventListener('submit', event => {
  event.preventDefault();
  return sendText();
});
at('body').addEventListener('keydown', event => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  sendText();
});
at('to').addEventListener('change', event => { chosen = event.target.value; setSubject(null); drawScreen(); });

const search = at('find').elements.number;
search.addEventListener('input', drawPhones);
at('find').addEventListener('submit', event => {
  event.preventDefault();
  const { value } = search;
  if (isNumber(value)) location.href = '/phones/' + encodeURIComponent('+' + digitsOf(value));
  else tell(value + ' is not a phone number: write it with its country, like +15550100200.');
});

const kindOf = type => {
  if (type === 'image/webp') return 'sticker';
  const kind = type.split('/')[0];
  return kind === 'image' || kind === 'video' || kind === 'audio' ? kind : 'document';
};

let wantedKind = '';
const sendFile = async file => {
  const body = at('body');
  const kind = wantedKind;
  const type = kind === 'voice' ? 'audio' : kind || kindOf(file.type);
  const query = new URLSearchParams({ type, mime_type: file.type || 'application/octet-stream', filename: file.name });
  const caption = type !== 'audio' && type !== 'sticker' ? body.value : '';
  if (at('to').value) query.set('to', at('to').value);
  if (kind === 'voice') query.set('voice', 'true');
  if (caption) query.set('caption', caption);
  isAtEnd = true;
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

at('file').addEventListener('change', () => {
  const file = at('file').files[0];
  at('file').value = '';
  if (file) sendFile(file);
});
const attach = kind => () => { wantedKind = kind; at('file').click(); };
const presses = {
  'send-file': attach(''),
  'send-voice': attach('voice'),
  'send-document': attach('document'),
  'send-sticker': attach('sticker'),
  'send-place': () => send({ type: 'location', location: { latitude: 38.7223, longitude: -9.1393, name: 'Lisbon', address: 'Praça do Comércio' } }),
  'send-contact': () => send({ type: 'contacts', contacts: [{ name: { formatted_name: 'Bruno Lima', first_name: 'Bruno' }, phones: [{ phone: '+55 11 91234-5678', wa_id: '5511912345678', type: 'CELL' }] }] }),
  'make-call': () => post('call', { answered: false }),
  read: () => act(() => ask('POST', own + '/read', {})),
  marketing: () => {
    const thread = threadNow();
    return act(() => ask('POST', own + '/marketing', { to: at('to').value, choice: thread && thread.marketing_stopped ? 'resume' : 'stop' }));
  },
};
for (const [id, press] of Object.entries(presses))
  at(id).addEventListener('click', event => {
    close(event);
    return press();
  });
at('auto-read').addEventListener('change', async ({ target }) => {
  const wanted = target.checked;
  if (!(await act(() => ask('PATCH', own, { auto_read: wanted })))) target.checked = !wanted;
});
document.addEventListener('click', event => {
  for (const menu of document.querySelectorAll('details.menu[open]')) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener('keydown', event => {
  if (event.key !== 'Escape') return;
  for (const menu of document.querySelectorAll('details.menu[open]')) menu.open = false;
  setSubject(null);
});
keepFresh();
`;

/** Runs in the browser: polls each second, and redraws only on changes. */
export const pageScript = toolsScript + messagesScript + mainScript;
