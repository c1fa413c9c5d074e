// The channels that an account can be on.
import type { channels } from '@recado/contract';

export type ChannelName = (typeof channels)[number];
