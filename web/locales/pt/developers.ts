import developers from './developers.json';

export const texts = developers;
