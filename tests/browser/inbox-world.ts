// People who write to a Sandbox account, with files, and how the account answers them.
import sharp from 'sharp';
import type { Scenario } from '../setup/scenario.ts';

/** Acts as people of the simulator. */
export function people(scenario: Scenario) {
  const { simulator, account } = scenario;
  const post = async (path: string, body: string | Uint8Array<ArrayBuffer>, type: string) => {
    const answer = await fetch(`${simulator.url}${path}`, { method: 'POST', body, headers: { 'content-type': type } });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as { id: string };
  };
  return {
    /** Writes as somebody; a text, or what the API of phones takes. */
    write: (number: string, content: string | object, name?: string) =>
      post(
        `/phones/${number}/messages`,
        JSON.stringify({
          to: account.phone_number_id,
          ...(typeof content === 'string' ? { type: 'text', text: { body: content } } : content),
          ...(name !== undefined && { profile_name: name }),
        }),
        'application/json',
      ),
    /** Sends a file as somebody. */
    sendFile: (number: string, bytes: Uint8Array<ArrayBuffer>, query: Record<string, string>) =>
      post(
        `/phones/${number}/media?${new URLSearchParams({ to: account.phone_number_id, ...query })}`,
        bytes,
        'application/octet-stream',
      ),
  };
}

/** A photo of books on a shelf, as far as rectangles go. */
export async function photo(width = 600, height = 400): Promise<Uint8Array<ArrayBuffer>> {
  const colours = ['#7a2e2e', '#2e4a7a', '#c2a14d', '#3a6b4a', '#5a3a6b', '#a4532a', '#2b5d63'];
  const step = width / colours.length;
  const books = colours.map(
    (colour, n) =>
      `<rect x="${n * step + 6}" y="${30 + ((n * 37) % 70)}" width="${step - 12}" height="${height}" rx="4" fill="${colour}"/>`,
  );
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="#e8e1d4"/>${books.join('')}</svg>`;
  return new Uint8Array(await sharp(Buffer.from(svg)).jpeg().toBuffer());
}

/** A tone as a WAV file, louder towards its end. */
export function sound(seconds = 2): Uint8Array<ArrayBuffer> {
  const rate = 8_000;
  const samples = rate * seconds;
  const bytes = Buffer.alloc(44 + samples * 2);
  bytes.write('RIFF', 0, 'latin1');
  bytes.writeUInt32LE(36 + samples * 2, 4);
  bytes.write('WAVEfmt ', 8, 'latin1');
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(rate, 24);
  bytes.writeUInt32LE(rate * 2, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36, 'latin1');
  bytes.writeUInt32LE(samples * 2, 40);
  for (let n = 0; n < samples; n++)
    bytes.writeInt16LE(Math.round(Math.sin(n / 3) * 20_000 * (n / samples)), 44 + n * 2);
  return new Uint8Array(bytes);
}
