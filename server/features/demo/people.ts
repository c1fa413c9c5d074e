// Who writes in the demo, and what: in four languages, with every kind of content. The numbers belong to nobody.

export const fileNames = ['shelf.jpg', 'cover.jpg', 'invoice.pdf', 'voice.ogg', 'smile.webp'] as const;
export type FileName = (typeof fileNames)[number];

/** One step of a conversation: the person does something on the phone, or the account sends. */
export type Step =
  | { person: string }
  | { personFile: FileName; caption?: string; voice?: true }
  | { personReacts: string }
  | { personChooses: string }
  | { personRaw: { type: string; [content: string]: unknown } }
  | { text: string }
  | { file: FileName; type: 'image' | 'document' | 'audio' | 'sticker'; caption?: string }
  | { content: { type: string; [content: string]: unknown } }
  | { inDays: number; text: string };

export interface DemoPerson {
  name: string;
  phone: string;
  /** Whether the phone reads by itself; yes by default. */
  reads?: false;
  steps: Step[];
}

const buttons = (body: string, ...titles: string[]): Step => ({
  content: {
    type: 'interactive',
    interactive: {
      type: 'button',
      body: { text: body },
      action: { buttons: titles.map((title, at) => ({ type: 'reply', reply: { id: `b${at}`, title } })) },
    },
  },
});

const list = (body: string, button: string, ...rows: [string, string][]): Step => ({
  content: {
    type: 'interactive',
    interactive: {
      type: 'list',
      body: { text: body },
      action: {
        button,
        sections: [
          { title: button, rows: rows.map(([title, description], at) => ({ id: `r${at}`, title, description })) },
        ],
      },
    },
  },
});

const shop = { latitude: 38.7107, longitude: -9.1427, name: 'Farol Books', address: 'Rua Garrett 12, Lisboa' };

export const people: DemoPerson[] = [
  {
    name: 'Ana Souza',
    phone: '+5511955501101',
    steps: [
      { person: 'Oi! Vocês têm "O Farol" em português?' },
      { text: 'Oi, Ana! Temos sim, chegou ontem. Quer que eu reserve um para você?' },
      { file: 'cover.jpg', type: 'image', caption: 'É esta edição, de capa dura.' },
      { person: 'Que linda! Reserva, por favor.' },
      { personReacts: '❤️' },
      buttons('Reservado até sexta-feira. Como prefere receber?', 'Retirar na loja', 'Entrega'),
      { personChooses: 'Retirar na loja' },
    ],
  },
  {
    name: 'James Whitaker',
    phone: '+447700900115',
    steps: [
      { person: 'Hello, has order 1184 left already?' },
      { text: 'Good morning James. It left today and arrives on Thursday.' },
      { file: 'invoice.pdf', type: 'document', caption: 'Your invoice is attached.' },
      { personFile: 'shelf.jpg', caption: 'Thanks! I have kept a place for it.' },
      { text: 'That is a beautiful shelf.' },
    ],
  },
  {
    name: 'Lucía Fernández',
    phone: '+34600555103',
    steps: [
      { person: '¡Hola! ¿A qué hora abren el sábado?' },
      { text: 'Hola, Lucía. El sábado abrimos de 10 a 20 h.' },
      { content: { type: 'location', location: shop } },
      { personFile: 'voice.ogg', voice: true },
    ],
  },
  {
    name: 'ليلى حداد',
    phone: '+971505550104',
    steps: [
      { person: 'مرحبًا، هل لديكم كتب بالعربية للأطفال؟' },
      list('أهلًا ليلى! لدينا ثلاثة اقتراحات:', 'الكتب', ['الأمير الصغير', 'غلاف مقوى'], ['كليلة ودمنة', 'مصور']),
      { personChooses: 'كليلة ودمنة' },
      { text: 'اختيار رائع. سيصلك غدًا قبل الظهر.' },
      { personReacts: '👍' },
    ],
  },
  {
    name: 'Bruno Carvalho',
    phone: '+5521955501105',
    reads: false,
    steps: [
      { person: 'Boa tarde, ainda posso trocar o endereço da entrega?' },
      { text: 'Boa tarde, Bruno! Pode sim, até as 18h. Qual é o novo endereço?' },
      {
        personRaw: {
          type: 'location',
          location: { latitude: -22.9519, longitude: -43.2105, name: 'Rua das Laranjeiras 200' },
        },
      },
    ],
  },
  {
    name: 'Maria Fernanda de Albuquerque Cavalcanti',
    phone: '+351915550106',
    steps: [
      { person: 'Olá, podem enviar-me o contacto da pessoa dos eventos?' },
      {
        content: {
          type: 'contacts',
          contacts: [
            { name: { formatted_name: 'Inês Duarte', first_name: 'Inês' }, phones: [{ phone: '+351 21 555 0100' }] },
          ],
        },
      },
      { personFile: 'smile.webp' },
      { inDays: 1, text: 'Bom dia! Lembramos que a leitura é hoje às 19h.' },
    ],
  },
  {
    name: 'Sofía Méndez',
    phone: '+525555550107',
    steps: [
      { content: { type: 'template', template: { name: 'hello_world', language: { code: 'en_US' } } } },
      { person: 'Gracias, ¿tienen envíos a Guadalajara?' },
    ],
  },
  {
    name: 'Omar Benali',
    phone: '+212655550108',
    steps: [{ text: 'مرحبًا عمر، وصل الكتاب الذي طلبته.' }],
  },
  { name: 'Window closed', phone: '+13055550113', steps: [{ person: 'Hi' }, { text: 'Your order is ready.' }] },
  { name: 'Not on WhatsApp', phone: '+13055550112', steps: [{ person: 'Hi' }, { text: 'Your order is ready.' }] },
  { name: 'Lost response', phone: '+13055550117', steps: [{ person: 'Hi' }, { text: 'Your order is ready.' }] },
  { name: 'Never delivered', phone: '+13055550119', steps: [{ person: 'Hi' }, { text: 'Your order is ready.' }] },
];
