// The bench's channel: answers Meta's /messages after 5 ms, and records when each text arrived, and each template at a
// number. It stores nothing and posts receipts only on request, so that it uses little CPU. A process of its own.
import { createServer } from 'node:http';
import { signedReceipts } from './receipts.ts';

const { port, delayMs }: { port: number; delayMs: number } = JSON.parse(process.argv[3] ?? '');

/** When each text first arrived, by the machine's monotonic clock in milliseconds. */
const calls = new Map<string, number>();
let duplicated = 0;
let last = 0;
let sent = 0;
/** Where receipts go, once requested; url: null for nowhere. */
let receipts: { url: string | null; appSecret: string } | undefined;
let refused = 0;

/** Reports in one webhook that a message was sent, delivered and read. */
async function postReceipts(url: string, appSecret: string, numberId: string, id: string): Promise<void> {
  const receipts = ['sent', 'delivered', 'read'].map(status => ({ id, status }));
  const answer = await fetch(url, signedReceipts(appSecret, numberId, receipts));
  await answer.arrayBuffer();
  if (answer.status !== 200) refused++;
}

const server = createServer((request, response) => {
  const at = Number(process.hrtime.bigint()) / 1e6;
  const send = (body: object) => {
    const text = JSON.stringify(body);
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
    response.end(text);
  };
  const chunks: Buffer[] = [];
  request.on('data', chunk => chunks.push(chunk));
  request.on('end', () => {
    if (request.url === '/reset') {
      calls.clear();
      duplicated = 0;
      last = 0;
      send({});
    } else if (request.url === '/receipts') {
      receipts = JSON.parse(Buffer.concat(chunks).toString('utf8'));
      send({});
    } else if (request.url === '/numbers') {
      // Recado registers the numbers of its accounts with its simulator.
      send({ numbers: [] });
    } else if (request.url === '/count') send({ count: calls.size, duplicated, last, refused });
    else if (request.url === '/calls') send(Object.fromEntries(calls));
    else if (request.method !== 'POST') {
      // Nothing is read from it, such as the list of templates.
      response.writeHead(404).end();
    } else {
      const { text, template, to } = JSON.parse(Buffer.concat(chunks).toString('utf8'));
      const words = text?.body ?? `${template.name} to ${to}`;
      if (calls.has(words)) duplicated++;
      else calls.set(words, at);
      last = at;
      const id = `wamid.${process.pid}.${++sent}`;
      setTimeout(() => {
        send({ messaging_product: 'whatsapp', contacts: [{ input: to, wa_id: to }], messages: [{ id }] });
        if (!receipts?.url) return;
        const numberId = request.url?.split('/').at(-2) ?? '';
        postReceipts(receipts.url, receipts.appSecret, numberId, id).catch(() => {
          refused++;
        });
      }, delayMs);
    }
  });
});
server.keepAliveTimeout = 60_000;
server.listen(port, '127.0.0.1', () => console.log('the stub is ready'));
