// The first message as programs send it. Without a key they say where it goes.
import type { Account } from '@recado/client';

interface Given {
  account: Account;
  to: string;
  body: string;
  /** The API key; a variable without it. */
  key?: string;
}

const inShell = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`;
const inScript = (text: string) => JSON.stringify(text);

/** Code by language. */
export function programsFor({ account, to, body, key }: Given): Record<string, string> {
  const { origin } = location;
  const message = { account_id: account.id, to, type: 'text', text: { body } };
  return {
    curl: [
      `curl ${origin}/api/v1/messages`,
      `-H ${key === undefined ? '"Authorization: Bearer $KEY"' : inShell(`Authorization: Bearer ${key}`)}`,
      `-H 'Content-Type: application/json'`,
      `-d ${inShell(JSON.stringify(message))}`,
    ].join(' \\\n  '),
    TypeScript: `import { Recado } from '@recado/client';

const recado = new Recado({
  url: ${inScript(origin)},
  token: ${key === undefined ? inScript('YOUR_KEY') : inScript(key)},
});

const sent = await recado.messages.send({
  account_id: ${inScript(account.id)},
  to: ${inScript(to)},
  type: 'text',
  text: { body: ${inScript(body)} },
});
console.log(sent.id);`,
  };
}
