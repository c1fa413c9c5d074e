import settings from './settings.json';

export const texts = settings;
