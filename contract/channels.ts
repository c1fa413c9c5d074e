// The channels that an account can be on, and the capabilities by which the program and its clients tell them apart.
import { z } from 'zod';

export const channelCapabilitiesSchema = z
  .strictObject({
    window: z.boolean().meta({
      description:
        'Free-form messages need an open 24-hour window. In the Sandbox, `SANDBOX_WINDOW=off` switches the window off.',
    }),
    templates: z.boolean().meta({ description: 'The number belongs to a business account with templates.' }),
    credentials: z
      .boolean()
      .meta({ description: 'An account has credentials of its own, which Recado checks and replaces.' }),
    needs_session: z
      .boolean()
      .meta({ description: 'Somebody links a phone to the account. It sends while the session of the link is open.' }),
    own_ids: z.boolean().meta({
      description: 'Recado chooses the id of a message at the channel. Each attempt of a message has the same id.',
    }),
    simulated: z.boolean().meta({
      description: 'Recado simulates the number and the phones of people. Nothing leaves, and nothing costs.',
    }),
  })
  .meta({ id: 'ChannelCapabilities' });
export type ChannelCapabilities = z.infer<typeof channelCapabilitiesSchema>;

const registry = {
  sandbox: {
    window: true,
    templates: true,
    credentials: false,
    needs_session: false,
    own_ids: false,
    simulated: true,
  },
  cloud: {
    window: true,
    templates: true,
    credentials: true,
    needs_session: false,
    own_ids: false,
    simulated: false,
  },
  web: {
    window: false,
    templates: false,
    credentials: false,
    needs_session: true,
    own_ids: true,
    simulated: false,
  },
} satisfies Record<string, ChannelCapabilities>;

export type ChannelName = keyof typeof registry;

/** The capabilities of each channel. Only adapters, and the code that opens them, ask for a channel by its name. */
export const channels: Readonly<Record<ChannelName, ChannelCapabilities>> = registry;

export const channelNames = Object.keys(registry) as readonly ChannelName[];

/** The channels with a capability. */
export const channelsWith = (capability: keyof ChannelCapabilities): ChannelName[] =>
  channelNames.filter(name => channels[name][capability]);

const meanings: Record<ChannelName, string> = {
  sandbox: 'is simulated',
  cloud: 'is the Cloud API',
  web: 'is a linked phone',
};

export const channelMeta = {
  description: `The connection to WhatsApp: ${channelNames.map(name => `${name} ${meanings[name]}`).join(', ')}.`,
};

export const channelSchema = z
  .strictObject({
    name: z.enum(channelNames).meta(channelMeta),
    available: z.boolean().meta({ description: 'Whether this server serves it.' }),
    reason: z.string().nullable().meta({ description: 'Human-readable: why it does not. Null if it does.' }),
    capabilities: channelCapabilitiesSchema.meta({ description: 'How accounts of the channel differ from others.' }),
  })
  .meta({ id: 'Channel' });
export const channelList = z
  .strictObject({ data: z.array(channelSchema).meta({ description: 'All channels.' }) })
  .meta({ id: 'ChannelList' });
export type ChannelList = z.infer<typeof channelList>;
