// How ordinary documents are detected with the types and names that browsers and phones send; nothing active passes.
import { expect, test } from 'vitest';
import { sniffType } from './sniff.ts';

const latin1 = (text: string) => Buffer.from(text, 'latin1');
/** A zip whose first entry is longer than the head that we read. */
const zip = Buffer.concat([
  latin1('PK\x03\x04\x14\0\x08\x08\x08\0'),
  Buffer.alloc(8),
  Buffer.from([0, 0, 1, 0, 0, 0, 1, 0, 13, 0, 0, 0]),
  latin1('word/head.xml'),
  Buffer.alloc(16_000, 0xa5),
]);
const cfb = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(2_000)]);
const csv = latin1('Name;Straße\r\nJosé;Müllerweg 3, 5 \x80\r\n');
const docx = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
const xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

test.each<[string, Buffer, string | undefined, string | undefined, string]>([
  ['a table of Windows', csv, 'text/csv', 'a.csv', 'text/csv'],
  ['one that only its name tells', csv, 'application/octet-stream', 'a.csv', 'text/csv'],
  ['one that is declared as of Excel', csv, 'application/vnd.ms-excel', 'a.CSV', 'text/plain'],
  ['one of which nobody says that it is text', csv, undefined, 'a', 'application/octet-stream'],
  ['a document of Word', zip, docx, undefined, docx],
  ['one that only its name tells', zip, 'application/octet-stream', 'a b.docx', docx],
  ['one of Excel without a type', zip, undefined, 'a.xlsx', xlsx],
  ['another zip', zip, undefined, 'a.apk', 'application/zip'],
  ['an old document of Word', cfb, 'application/octet-stream', 'a.doc', 'application/msword'],
  ['an old one of Excel', cfb, undefined, 'a.XLS', 'application/vnd.ms-excel'],
  ['an old container under another name', cfb, undefined, 'a.msi', 'application/x-cfb'],
  ['a PDF behind empty lines', latin1('\r\n\n%PDF-1.7\n%\xe2\xe3\xcf\xd3'), undefined, 'a.pdf', 'application/pdf'],
])('%s', async (_, head, declared, name, type) => {
  expect(await sniffType(head, declared, name)).toBe(type);
});

test.each<[string, Buffer, string | undefined, string | undefined, string]>([
  ['a page in old letters', latin1('<html>\xe9<script>'), 'text/plain', 'a.txt', 'text/html'],
  [
    'a drawing in old letters',
    latin1('<?xml version="1.0"?><svg xmlns="x">\xe9'),
    'text/plain',
    'a.txt',
    'image/svg+xml',
  ],
  ['bytes that are called a text', Buffer.from([0xe9, 0, 1, 2]), 'text/plain', 'a.txt', 'application/octet-stream'],
  ['a text that is called a picture', Buffer.from('x'), undefined, 'a.png', 'text/plain'],
  ['a page that is called a document', Buffer.from('<html>'), undefined, 'a.docx', 'text/html'],
])('not hidden: %s', async (_, head, declared, name, type) => {
  expect(await sniffType(head, declared, name)).toBe(type);
});
