// A message as programs send it. Without a key they say where it goes.

interface Given {
  accountId: string;
  to: string;
  body: string;
  /** The API key; a variable without it. */
  key?: string | undefined;
}

/** A message of text, as the API takes it. */
export const messageOf = ({ accountId, to, body }: Given) =>
  ({ account_id: accountId, to, type: 'text', text: { body } }) as const;

const inShell = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`;
/** A string of TypeScript and of Python. */
const inScript = (text: string) =>
  `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", String.raw`\'`)}'`;

/** Code by language, in lines that fit. */
export function programsFor(given: Given): Record<string, string> {
  const { accountId, to, body, key } = given;
  const { origin } = location;
  return {
    curl: [
      `curl ${origin}/api/v1/messages`,
      `-H ${key === undefined ? '"Authorization: Bearer $KEY"' : inShell(`Authorization: Bearer ${key}`)}`,
      `-H 'Content-Type: application/json'`,
      `-d ${inShell(JSON.stringify(messageOf(given), undefined, 2))}`,
    ].join(' \\\n  '),
    TypeScript: `// @recado/client: the folder sdk/ of Recado.
import { Recado } from '@recado/client';

const recado = new Recado({
  url: ${inScript(origin)},
  token: ${key === undefined ? "'YOUR_KEY'" : inScript(key)},
});

const sent = await recado.messages.send({
  account_id: ${inScript(accountId)},
  to: ${inScript(to)},
  type: 'text',
  text: { body: ${inScript(body)} },
});
console.log(sent.id);`,
    Python: `import json
import urllib.request

request = urllib.request.Request(
    ${inScript(`${origin}/api/v1/messages`)},
    headers={
        'Authorization': ${key === undefined ? "'Bearer YOUR_KEY'" : inScript(`Bearer ${key}`)},
        'Content-Type': 'application/json',
    },
    data=json.dumps({
        'account_id': ${inScript(accountId)},
        'to': ${inScript(to)},
        'type': 'text',
        'text': {'body': ${inScript(body)}},
    }).encode(),
)
with urllib.request.urlopen(request) as answer:
    print(json.load(answer)['id'])`,
  };
}
