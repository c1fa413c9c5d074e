import type { CampaignWords } from '../words.ts';
import campaigns from './campaigns.json';

export const texts = campaigns satisfies CampaignWords;
