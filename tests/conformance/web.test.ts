// The stories of every channel, on WhatsApp Web.
import { channelStories } from './stories.ts';
import { openWebWorld } from './web-world.ts';

channelStories('WhatsApp Web', openWebWorld);
