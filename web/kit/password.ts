/** The shortest password that the server accepts. */
export const leastPassword = 12;
