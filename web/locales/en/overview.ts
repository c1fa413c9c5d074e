import overview from './overview.json';

export const texts = overview;
