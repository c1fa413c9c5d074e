// The second part of the page's script: how messages look, and what can be pressed in them.
import type { AnyMessageType } from '@recado/contract';

/** The drawing of each type, in the words of the script; `revoked`: the message was deleted. */
const bodies: Record<AnyMessageType | 'revoked', string> = {
  text: '({ content }) => [formatted(words(objectOf(content).body))]',
  image: 'fileAndCaption',
  video: 'fileAndCaption',
  audio: 'fileAndCaption',
  document: 'fileAndCaption',
  sticker: 'fileAndCaption',
  location: 'placeCard',
  contacts: 'peopleCards',
  order: 'orderTable',
  interactive: 'interactiveBody',
  template: 'templateBody',
  button: '({ content }) => [formatted(words(objectOf(content).text))]',
  call: "({ preview }) => [card('call', preview)]",
  system: '({ preview }) => [preview]',
  reaction: '({ preview }) => [preview]',
  revoked: "() => gone('This message was deleted.')",
  unsupported: "() => gone('This phone cannot show this message.')",
};

/** Runs in the browser; uses the tools, and `act`, `post` and `answerTo` of the main part. */
export const messagesScript = String.raw`
const players = { image: 'img', sticker: 'img', video: 'video', audio: 'audio' };
const objectOf = value => (value && typeof value === 'object' ? value : {});
const words = value => (typeof value === 'string' ? value : '');

const fileOf = (media, type, content) => {
  const player = players[type];
  const source = '/media/' + encodeURIComponent(media.id);
  const parts = [];
  if (player === 'img') parts.push(make('img', { class: type, alt: words(content.caption) || type, src: source }));
  else if (player) parts.push(make(player, { controls: true, src: source, 'aria-label': content.voice ? 'Voice note' : type }));
  else {
    const name = words(content.filename) || media.filename || type;
    parts.push(make('a', { class: 'file', href: source, download: name }, icon('file'), make('span', {}, make('b', {}, name), make('small', {}, sizeOf(media.size)))));
  }
  if (content.voice) parts.push(make('div', { class: 'foot' }, 'Voice note'));
  return parts;
};

const linkedFile = (type, content) =>
  make('div', { class: 'file' }, icon('file'), make('span', {}, make('b', {}, words(content.filename) || type), make('small', {}, words(content.link) || 'The file is gone.')));

const fileAndCaption = ({ type, content, media }) => {
  const own = objectOf(content);
  const file = media ? fileOf(media, type, own) : [linkedFile(type, own)];
  return [...file, own.caption ? formatted(own.caption) : null];
};

const card = (name, title, ...lines) =>
  make('div', { class: 'card' }, icon(name), make('span', {}, make('b', {}, title), lines.filter(Boolean).map(line => make('small', {}, line))));

const placeCard = ({ content }) => {
  const { name, address, latitude, longitude } = objectOf(content);
  return [card('pin', name || 'Location', address, latitude + ', ' + longitude)];
};

const peopleCards = ({ content }) =>
  [content].flat().map(each => {
    const { name, phones, org, emails } = objectOf(each);
    const numbers = [phones || []].flat().map(phone => phone.phone || phone.wa_id);
    const addresses = [emails || []].flat().map(email => email.email);
    return card('person', objectOf(name).formatted_name || 'Contact', objectOf(org).company, ...numbers, ...addresses);
  });

const orderTable = ({ content }) => {
  const { product_items = [], text } = objectOf(content);
  const price = (amount, currency) => Number(amount || 0).toFixed(2) + ' ' + (currency || '');
  const total = product_items.reduce((sum, item) => sum + Number(item.item_price || 0) * Number(item.quantity || 0), 0);
  const row = (left, right) => make('tr', {}, make('td', {}, left), make('td', {}, right));
  const rows = product_items.map(item => row(item.quantity + ' \u00d7 ' + item.product_retailer_id, price(item.item_price, item.currency)));
  return [make('h3', {}, 'Order'), make('table', { class: 'items' }, rows, row('Total', price(total, objectOf(product_items[0]).currency))), text ? formatted(text) : null];
};

const headerOf = (header, media) => {
  const { type, text } = objectOf(header);
  if (!type) return [];
  if (type === 'text') return [make('h3', { dir: 'auto' }, words(text))];
  if (type === 'location') return placeCard({ content: header.location });
  return media ? fileOf(media, type, objectOf(header[type])) : [linkedFile(type, objectOf(header[type]))];
};

const foot = text => (text ? make('div', { class: 'foot' }, text) : null);

const interactiveBody = ({ content, media }) => {
  const { type, header, body, footer } = objectOf(content);
  const chosen = objectOf(content)[type];
  if (type === 'button_reply' || type === 'list_reply') return [formatted(words(chosen.title)), foot(chosen.description)];
  if (type === 'nfm_reply') return [card('list', 'Form', words(chosen.response_json))];
  return [...headerOf(header, media), body ? formatted(words(body.text)) : null, ...actionBody(objectOf(content)), footer ? foot(words(footer.text)) : null];
};

const templateBody = ({ content, rendered, media }) => {
  if (!rendered) return [make('h3', {}, 'Template ' + words(objectOf(content).name))];
  return [...headerOf(rendered.header, media), rendered.body ? formatted(rendered.body) : null, foot(rendered.footer)];
};

const gone = text => [make('div', { class: 'gone' }, text)];

const bodies = {
${Object.entries(bodies)
  .map(([type, draw]) => `  ${type}: ${draw},`)
  .join('\n')}
};

const bodyOf = message => {
  const draw = Object.hasOwn(bodies, message.type) ? bodies[message.type] : null;
  return draw ? draw(message) : [card('list', message.type, JSON.stringify(message.content))];
};

const choice = (label, isChosen, disabled, press) =>
  make('button', { type: 'button', class: isChosen ? 'choice chosen' : 'choice', disabled, onclick: press }, label);

const listOf = (message, action, answered) => {
  const box = make('div', { class: 'options' });
  for (const section of action.sections || []) {
    if (section.title) box.append(make('h4', {}, section.title));
    for (const row of section.rows || [])
      box.append(make('button', { type: 'button', disabled: !!answered, onclick: () => post('list_reply', { message_id: message.id, id: row.id }) },
        (answered === row.title ? '\u2713 ' : '') + row.title, row.description ? make('small', {}, row.description) : null));
  }
  return make('details', { class: 'list' }, make('summary', { class: 'choice' }, action.button || 'Options'), box);
};

const linkChoice = ({ display_text, url }) => {
  const link = outside(words(display_text) || 'Open', /^https?:/.test(url) ? url : '#');
  link.className = 'choice';
  return link;
};

/** The cards, products or order that a message shows between the text and the buttons. */
const actionBody = ({ type, action }) => {
  const { cards, catalog_id, product_retailer_id, sections, parameters } = objectOf(action);
  if (type === 'carousel')
    return (cards || []).map(({ header, body }) =>
      make('div', { class: 'card' }, icon('file'), make('span', {}, make('b', {}, words(objectOf(objectOf(header)[objectOf(header).type]).link) || objectOf(header).type), make('small', {}, words(objectOf(body).text)))));
  if (type === 'product') return [card('list', product_retailer_id, 'Catalog ' + catalog_id)];
  if (type === 'product_list')
    return (sections || []).map(({ title, product_items }) => card('list', title || 'Products', ...product_items.map(each => each.product_retailer_id)));
  if (type !== 'order_details') return [];
  const { order, total_amount, currency, reference_id } = objectOf(parameters);
  const price = ({ value, offset }) => (value / offset).toFixed(2) + ' ' + currency;
  const lines = objectOf(order).items.map(({ name, quantity, amount }) => quantity + ' \u00d7 ' + name + ' ' + price(amount));
  return [card('list', 'Order ' + reference_id, ...lines, 'Total ' + price(total_amount))];
};

const interactiveChoices = (message, answered) => {
  const { type, action = {} } = objectOf(message.content);
  const parameters = objectOf(action.parameters);
  switch (type) {
    case 'button':
      return (action.buttons || []).map(({ reply }) =>
        choice(reply.title, answered === reply.title, !!answered, () => post('button_reply', { message_id: message.id, id: reply.id })));
    case 'list':
      return [listOf(message, action, answered)];
    case 'cta_url':
      return [linkChoice(parameters)];
    case 'flow':
      return [choice(words(parameters.flow_cta) || 'Open', !!answered, !!answered, () => fillForm(message))];
    case 'location_request_message':
      return [choice('Send location', false, false, () => sendPlace(message))];
    case 'request_contact_info':
      return [choice('Share your number', false, false, () => sendOwnContact(message))];
    case 'voice_call':
      return [choice(words(parameters.display_text) || 'Call', false, false, () => post('call', { answered: true }))];
    case 'product_list':
      return [choice('View items', false, true, () => {})];
    case 'catalog_message':
      return [choice('View catalog', false, true, () => {})];
    case 'product':
      return [choice('View', false, true, () => {})];
    case 'address_message':
      return [choice('Provide address', !!answered, !!answered, () => fillForm(message, 'address_message'))];
    case 'order_details':
      return [choice('Review and pay', false, true, () => {})];
    case 'call_permission_request':
      return [choice('Choose preference', false, true, () => {})];
    case 'carousel':
      return (action.cards || []).flatMap(({ action: own }) => (own.buttons
        ? own.buttons.map(({ quick_reply }) =>
          choice(quick_reply.title, answered === quick_reply.title, !!answered, () => post('button_reply', { message_id: message.id, id: quick_reply.id })))
        : [linkChoice(own.parameters)]));
    default:
      return [];
  }
};

const templateChoices = (message, answered) =>
  ((message.rendered && message.rendered.buttons) || []).map(({ type, text, url, payload }) => {
    if (type === 'URL') {
      const link = outside(text, /^https?:/.test(url) ? url : '#');
      link.className = 'choice';
      return link;
    }
    if (type === 'QUICK_REPLY')
      return choice(text, answered === text, !!answered, () => answerTo(message, { type: 'button', button: { text, payload: payload || text } }));
    if (type === 'COPY_CODE' || type === 'OTP')
      return choice(text || 'Copy code', false, false, () => navigator.clipboard && navigator.clipboard.writeText(payload || ''));
    return choice(text || type, false, true, () => {});
  });

const choicesOf = (message, answered) => {
  if (message.direction !== 'received') return [];
  if (message.type === 'interactive') return interactiveChoices(message, answered);
  return message.type === 'template' ? templateChoices(message, answered) : [];
};

const quoteOf = (target, show) =>
  make('button', { type: 'button', class: 'quote', onclick: show }, make('b', {}, !target ? 'Message' : target.direction === 'written' ? 'You' : 'Business'), target ? target.preview : 'not on this phone any more');

const noted = new Set(['system', 'call']);

const tick = message => {
  if (noted.has(message.type)) return null;
  if (message.direction === 'received') return message.status === 'read' ? null : make('span', {}, '\u00b7 not read');
  const isRead = message.status === 'read';
  return make('span', { title: isRead ? 'Read' : 'Sent' }, icon(isRead ? 'ticks' : 'tick', isRead ? 'seen' : ''), make('span', { class: 'unseen' }, isRead ? 'read' : 'sent'));
};

const faces = ['\u{1F44D}', '\u2764\uFE0F', '\u{1F602}', '\u{1F62E}', '\u{1F622}', '\u{1F64F}'];
const close = event => { const open = event.target.closest && event.target.closest('details'); if (open) open.open = false; };

/** The menu of a message. It may open upwards, where the screen ends. */
const menuOf = (message, mine) => {
  const item = (name, label, press) => make('button', { type: 'button', onclick: event => { close(event); press(); } }, icon(name), label);
  const row = make('div', { class: 'faces', role: 'group', 'aria-label': 'React' }, faces.map(face =>
    make('button', { type: 'button', 'aria-label': 'React with ' + face, 'aria-pressed': String(face === mine), onclick: event => {
      close(event);
      post('reaction', { message_id: message.id, ...(face === mine ? {} : { emoji: face }) });
    } }, face)));
  const own = message.direction === 'written';
  const box = make('div', {}, row, item('reply', 'Reply', () => quote(message)),
    own && message.type === 'text' ? item('edit', 'Edit', () => edit(message)) : null,
    own ? item('delete', 'Delete for everyone', () => post('revoke', { message_id: message.id })) : null);
  return make('details', { class: 'menu', ontoggle: event => {
    const { bottom } = event.target.getBoundingClientRect();
    event.target.classList.toggle('above', bottom > at('screen').getBoundingClientRect().bottom - 190);
  } }, make('summary', { class: 'icon', 'aria-label': 'Message menu', title: 'Menu' }, icon('more')), box);
};

/** Draws a message into its row. An unchanged part stays the same element, so that a player goes on. */
const drawRow = (row, message, { target, reactions, answered }) => {
  const isNoted = noted.has(message.type);
  const kept = row.kept || (row.kept = { stack: make('div', { class: 'stack' }), meta: make('div', { class: 'meta' }) });
  const isNew = (name, value) => {
    const text = JSON.stringify(value);
    if (kept[name] === text) return false;
    kept[name] = text;
    return true;
  };
  row.className = 'row ' + (isNoted ? 'noted' : message.direction);
  row.id = 'm-' + message.id;
  const { type, content, media, rendered, quoted } = message;
  if (isNew('body', [type, content, media, rendered, quoted, target && target.preview]))
    kept.bubble = make('div', { class: 'bubble' },
      quoted ? quoteOf(target, () => target && at('m-' + target.id).scrollIntoView({ block: 'center' })) : null,
      bodyOf(message), kept.meta);
  if (isNew('state', [message.status, message.edited]))
    kept.meta.replaceChildren(...[message.edited ? make('span', {}, 'Edited') : null,
      make('time', { datetime: message.at }, clockTime(message.at)), tick(message)].filter(Boolean));
  const shown = [reactions.business, reactions.person].filter(Boolean);
  if (isNew('reactions', shown))
    kept.faces = shown.length ? make('div', { class: 'reactions' }, shown.map(emoji => make('span', {}, emoji))) : null;
  if (isNew('choices', [content, rendered, answered])) {
    const choices = choicesOf(message, answered);
    kept.choices = choices.length ? make('div', { class: 'choices' }, choices) : null;
  }
  if (isNew('menu', [type, reactions.person])) kept.menu = isNoted || type === 'revoked' ? null : menuOf(message, reactions.person);
  place(kept.stack, [kept.bubble, kept.faces, kept.choices].filter(Boolean));
  place(row, [kept.stack, kept.menu].filter(Boolean));
};
`;
