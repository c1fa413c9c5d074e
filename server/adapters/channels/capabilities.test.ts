// The registry of the contract and the adapters agree.
import { type ChannelName, channels } from '@recado/contract';
import { expect, test } from 'vitest';
import type { Capabilities } from '../../ports/channel.ts';
import { capabilitiesOf } from './whatsapp-cloud/index.ts';
import { capabilities as webCapabilities } from './whatsapp-web/index.ts';

const adapters: Record<ChannelName, Capabilities> = {
  sandbox: capabilitiesOf(),
  cloud: capabilitiesOf(),
  web: webCapabilities,
};

test('a channel has a window where its adapter says so', () => {
  const windows = Object.entries(channels).map(([name, { window }]) => [name, window]);
  expect(Object.entries(adapters).map(([name, { window }]) => [name, window])).toEqual(windows);
});
