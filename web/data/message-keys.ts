/** The keys of what is read of messages. */
export const messageKeys = {
  all: ['messages'] as const,
  one: (id: string) => ['messages', 'one', id] as const,
  /** The loaded part of a conversation. */
  thread: (conversationId: string) => ['messages', 'thread', conversationId] as const,
  history: (contactId: string) => ['messages', 'history', contactId] as const,
  /** Of a conversation or a person. */
  files: (id: string) => ['messages', 'files', id] as const,
  lastRecipient: (accountId: string) => ['messages', 'last recipient', accountId] as const,
};
