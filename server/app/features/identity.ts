import { mergeDueContacts } from '../../features/identity/index.ts';
import type { Feature } from '../feature.ts';

export const identity: Feature = {
  sweeps: ({ context: { engineDb, clock } }) => [async () => void (await mergeDueContacts(engineDb, clock.sqlNow()))],
};
