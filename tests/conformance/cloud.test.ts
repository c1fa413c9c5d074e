// The scenarios of every channel, on the Cloud API.
import { openCloudWorld } from './cloud-world.ts';
import { channelScenarios } from './scenarios.ts';

channelScenarios('Cloud API', openCloudWorld);
