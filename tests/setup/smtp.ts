// A minimal mail server, which stores what it receives, or rejects it.
import { createServer, type Socket } from 'node:net';

export interface ReceivedLetter {
  to: string;
  subject: string;
  text: string;
}

export interface MailServer {
  url: string;
  letters: ReceivedLetter[];
  /** Every command received. */
  said: string[];
  /** The next mail, or one that arrived and was not read yet. */
  next(): Promise<ReceivedLetter>;
  /** Rejects every recipient from now on, permanently or temporarily, or accepts them again. */
  refuse(on: boolean | 'for a while'): void;
  /** Never finishes its greeting from now on, without being silent; or does again. */
  dawdle(on: boolean): void;
  close(): Promise<void>;
}

export async function startMailServer(): Promise<MailServer> {
  const letters: ReceivedLetter[] = [];
  const waiting: ((letter: ReceivedLetter) => void)[] = [];
  const sockets = new Set<Socket>();
  const said: string[] = [];
  let asked = 0;
  let refusing: boolean | 'for a while' = false;
  let dawdling = false;

  function take(to: string, raw: string): void {
    const [head = '', ...body] = raw.split('\r\n\r\n');
    const subject = /^Subject: (.*)$/im.exec(head)?.[1] ?? '';
    const text = /^Content-Transfer-Encoding: quoted-printable/im.test(head)
      ? body
          .join('\r\n\r\n')
          .replace(/=\r\n/g, '')
          .replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
      : body.join('\r\n\r\n');
    const letter = { to, subject, text };
    letters.push(letter);
    const waiter = waiting.shift();
    if (waiter) {
      asked++;
      waiter(letter);
    }
  }

  const server = createServer(socket => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    const say = (line: string) => socket.write(`${line}\r\n`);
    let buffer = '';
    let data: string | undefined;
    let to = '';
    const onLine = (line: string) => {
      said.push(line);
      const verb = line.slice(0, 4).toUpperCase();
      if (verb === 'EHLO' && dawdling) {
        const more = setInterval(() => say('250-and more'), 20);
        socket.on('close', () => clearInterval(more));
      } else if (verb === 'EHLO' || verb === 'HELO' || verb === 'MAIL' || verb === 'RSET') say('250 ok');
      else if (verb === 'RCPT') {
        to = /<(.*)>/.exec(line)?.[1] ?? '';
        if (refusing === 'for a while') say(`451 ${to} is to be tried again later`);
        else say(refusing ? `550 ${to} is not known here` : '250 ok');
      } else if (verb === 'DATA') {
        data = '';
        say('354 go on');
      } else if (verb === 'QUIT') {
        say('221 bye');
        socket.end();
      } else say('500 not known');
    };
    say('220 test');
    socket.setEncoding('utf8').on('data', chunk => {
      buffer += chunk;
      for (let end = buffer.indexOf('\r\n'); end >= 0; end = buffer.indexOf('\r\n')) {
        const line = buffer.slice(0, end);
        buffer = buffer.slice(end + 2);
        if (data === undefined) onLine(line);
        else if (line === '.') {
          take(to, data);
          data = undefined;
          say('250 taken');
        } else data += `${line.replace(/^\./, '')}\r\n`;
      }
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;

  return {
    url: `smtp://127.0.0.1:${port}`,
    letters,
    said,
    next() {
      const kept = letters[asked];
      if (kept) {
        asked++;
        return Promise.resolve(kept);
      }
      return new Promise(resolve => waiting.push(resolve));
    },
    refuse(on) {
      refusing = on;
    },
    dawdle(on) {
      dawdling = on;
    },
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise(resolve => server.close(() => resolve()));
    },
  };
}
