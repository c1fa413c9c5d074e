// Error sentences when a configured address cannot be used.
import { expect, test } from 'vitest';
import { StartError } from '../../kit/start-error.ts';
import { listenAt } from './listen.ts';

const place = { port: 3000, host: '::1', names: { port: 'PORT', host: 'HOST' } };
const refused = (code: string) =>
  listenAt({ listen: () => Promise.reject(Object.assign(new Error(code), { code })), server: {} } as never, place);

test.each(['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL', 'ENOTFOUND', 'EAI_AGAIN'])(
  '%s names the setting to change',
  async code => {
    await expect(refused(code)).rejects.toThrow(
      new StartError('HOST ::1 is not an address of this machine: set HOST to one that is, like 127.0.0.1.'),
    );
  },
);
