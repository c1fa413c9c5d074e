// Lists of people as other programs write them: their names of columns, delimiters, encodings and forms of numbers.

export interface ForeignFile {
  program: string;
  name: string;
  content: Buffer;
  /** The people of the file, by number: name and labels. */
  people: Record<string, { name: string | null; labels?: string[] }>;
  /** How many rows have a number without + that must be completed. */
  suggested: number;
  /** Rows that nobody can repair, by their codes. */
  lost: string[];
}

const quoted = (cells: readonly string[]) => cells.map(cell => `"${cell.replaceAll('"', '""')}"`).join(',');

/** Numbers as WhatsApp has them, beside a column with their calling codes. */
const wati: ForeignFile = {
  program: 'WATI',
  name: 'wati.csv',
  content: Buffer.from(
    [
      'Name,Phone,CountryCode,AllowBroadcast,AllowSMS,city',
      'Ravi Kumar,919812345678,91,TRUE,TRUE,Pune',
      'Livraria Alfa,5531999120045,55,TRUE,TRUE,Belo Horizonte',
      'Claire Petit,33612345679,33,TRUE,FALSE,Lyon',
      'Ana Souza,11987654321,55,TRUE,TRUE,São Paulo',
      'J. Okafor,2348031234567,234,TRUE,TRUE,Lagos',
      '',
    ].join('\n'),
  ),
  people: {
    '+919812345678': { name: 'Ravi Kumar' },
    '+5531999120045': { name: 'Livraria Alfa' },
    '+33612345679': { name: 'Claire Petit' },
    '+5511987654321': { name: 'Ana Souza' },
    '+2348031234567': { name: 'J. Okafor' },
  },
  suggested: 0,
  lost: [],
};

/** All is quoted; the land line stands before the mobile number. */
const hubspot: ForeignFile = {
  program: 'HubSpot',
  name: 'hubspot-crm-exports-all-contacts.csv',
  content: Buffer.from(
    `${[
      [
        'Record ID',
        'First Name',
        'Last Name',
        'Email',
        'Phone Number',
        'Mobile Phone Number',
        'Contact owner',
        'Country/Region',
      ],
      ['27751', 'Inês', 'Duarte', 'ines@example.com', '+351 21 123 4567', '+351 912 345 601', '', 'Portugal'],
      ['27752', 'Bruno', 'Reis "Bru"', 'bruno@example.com', '', '+351912345602', 'Kwame Mensah', 'Portugal'],
      ['27753', 'Helen', 'Marsh, PhD', 'helen@example.com', '+44 7911 123456', '', '', 'UK'],
      ['27754', 'Carla', '', '', '912345603', '', '', 'Portugal'],
    ]
      .map(quoted)
      .join('\n')}\n`,
  ),
  people: {
    '+351912345601': { name: 'Inês Duarte' },
    '+351912345602': { name: 'Bruno Reis "Bru"' },
    '+447911123456': { name: 'Helen Marsh, PhD' },
    '+351912345603': { name: 'Carla' },
  },
  suggested: 0,
  lost: [],
};

/** Semicolons, and numbers without + in two columns. */
const brevo: ForeignFile = {
  program: 'Brevo',
  name: 'brevo-contacts.csv',
  content: Buffer.from(
    [
      'CONTACT ID;EMAIL;FIRSTNAME;LASTNAME;SMS;WHATSAPP;DOUBLE_OPT-IN;OPT_IN;ADDED_TIME;MODIFIED_TIME',
      '1;marc@example.com;Marc;Lefèvre;33612345680;33612345680;1;;2024-03-01 10:00:00;2024-03-01 10:00:00',
      '2;zoe@example.com;Zoé;Martin;33612345681;;1;;2024-03-02 10:00:00;2024-03-02 10:00:00',
      '3;jan@example.com;Jan;de Vries;;31612345678;1;;2024-03-03 10:00:00;2024-03-03 10:00:00',
    ].join('\r\n'),
  ),
  people: {
    '+33612345680': { name: 'Marc Lefèvre' },
    '+33612345681': { name: 'Zoé Martin' },
    '+31612345678': { name: 'Jan de Vries' },
  },
  suggested: 3,
  lost: [],
};

const googleColumns = [
  ...['First Name', 'Middle Name', 'Last Name', 'Phonetic First Name', 'Phonetic Middle Name', 'Phonetic Last Name'],
  ...['Name Prefix', 'Name Suffix', 'Nickname', 'File As', 'Organization Name', 'Organization Title'],
  ...['Organization Department', 'Birthday', 'Notes', 'Photo', 'Labels', 'E-mail 1 - Label', 'E-mail 1 - Value'],
  ...['Phone 1 - Label', 'Phone 1 - Value', 'Phone 2 - Label', 'Phone 2 - Value'],
];
const googleRow = (cells: Record<string, string>) =>
  googleColumns
    .map(name => cells[name] ?? '')
    .map(cell => (/[",\n]/.test(cell) ? quoted([cell]) : cell))
    .join(',');

/** Several numbers in a cell, groups of the address book among the labels, and notes of several lines. */
const google: ForeignFile = {
  program: 'Google Contacts',
  name: 'contacts.csv',
  content: Buffer.from(
    [
      googleColumns.join(','),
      googleRow({
        'First Name': 'Duarte',
        'Middle Name': 'José',
        'Last Name': 'Sá',
        Notes: 'Met in Porto,\nsaid "later"',
        Labels: 'Friends ::: * myContacts',
        'Phone 1 - Label': 'Mobile',
        'Phone 1 - Value': '+351 912 345 611 ::: +351 912 345 699',
      }),
      googleRow({
        'First Name': 'Rita',
        Labels: '* myContacts ::: * starred',
        'Phone 1 - Label': 'Work',
        'Phone 1 - Value': '+351 912-345-612',
        'Phone 2 - Label': 'Mobile',
        'Phone 2 - Value': '+351 912 345 698',
      }),
      googleRow({
        'Organization Name': 'Café Chiado',
        'Phone 2 - Label': 'Mobile',
        'Phone 2 - Value': '+351912345613',
      }),
      '',
    ].join('\r\n'),
  ),
  people: {
    '+351912345611': { name: 'Duarte José Sá', labels: ['Friends'] },
    '+351912345612': { name: 'Rita' },
    '+351912345613': { name: null },
  },
  suggested: 0,
  lost: [],
};

/** The old form of Google has the whole name beside its parts. */
const oldGoogle: ForeignFile = {
  program: 'Google Contacts before 2024',
  name: 'google.csv',
  content: Buffer.from(
    [
      'Name,Given Name,Additional Name,Family Name,Group Membership,Phone 1 - Type,Phone 1 - Value',
      'Sara Lopes,Sara,,Lopes,* myContacts,Mobile,+351 912 345 621',
    ].join('\n'),
  ),
  people: { '+351912345621': { name: 'Sara Lopes' } },
  suggested: 0,
  lost: [],
};

/** "Unicode text" of Excel. */
const excelUnicode: ForeignFile = {
  program: 'Excel, Unicode text',
  name: 'Pasta1.txt',
  content: Buffer.from(
    `\ufeff${[
      'Nome\tTelemóvel\tEtiquetas',
      'Łukasz Nowak\t+48 512 345 678\t"vip,clientes"',
      'نور\t+971 50 123 4567\tclientes',
      '"Sousa, ""Zé"""\t351912345631\t',
      '',
    ].join('\r\n')}`,
    'utf16le',
  ),
  people: {
    '+48512345678': { name: 'Łukasz Nowak', labels: ['vip', 'clientes'] },
    '+971501234567': { name: 'نور', labels: ['clientes'] },
    '+351912345631': { name: 'Sousa, "Zé"' },
  },
  suggested: 1,
  lost: [],
};

/** The CSV of Excel in Brazil, which shortened the number of one row. */
const excel: ForeignFile = {
  program: 'Excel, CSV',
  name: 'clientes.csv',
  content: Buffer.from(
    ['Nome;Celular', 'João Araújo;5511988880001', 'Márcia;+5511988880002', 'Fábio;5,51199E+12', ''].join('\r\n'),
    'latin1',
  ),
  people: { '+5511988880001': { name: 'João Araújo' }, '+5511988880002': { name: 'Márcia' } },
  suggested: 1,
  lost: ['phone_scientific'],
};

export const foreignFiles = [wati, hubspot, brevo, google, oldGoogle, excelUnicode, excel];
