// The scenarios of every channel, on WhatsApp Web.
import { channelScenarios } from './scenarios.ts';
import { openWebWorld } from './web-world.ts';

channelScenarios('WhatsApp Web', openWebWorld);
