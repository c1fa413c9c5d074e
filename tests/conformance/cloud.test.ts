// The stories of every channel, on the Cloud API.
import { openCloudWorld } from './cloud-world.ts';
import { channelStories } from './stories.ts';

channelStories('Cloud API', openCloudWorld);
