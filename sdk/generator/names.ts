// Which method of the client calls which operation: `sendMessage` is `recado.messages.send`.

export interface MethodName {
  /** The property of the client, like `messages`. */
  group: string;
  method: string;
}

/** Groups whose name is not that of their tag, and the nouns that their methods leave out. */
const groups: Record<string, { group: string; nouns: string[] }> = {
  'API keys': { group: 'keys', nouns: ['Key', 'Keys'] },
  'Alert channels': { group: 'alertChannels', nouns: ['Alert', 'Channel', 'Channels'] },
  'Alert rules': { group: 'alertRules', nouns: ['Alert', 'Rule', 'Rules'] },
  'Audit log': { group: 'audit', nouns: ['Audit', 'Entries'] },
  'Inbound webhooks': { group: 'rawWebhooks', nouns: ['Raw', 'Webhook', 'Webhooks'] },
  'Conversation jobs': { group: 'conversationJobs', nouns: ['Conversation', 'Job', 'Jobs'] },
  'Contact fields': { group: 'contactFields', nouns: ['Contact', 'Field', 'Fields'] },
  Hooks: { group: 'hooks', nouns: ['Hook', 'Hooks'] },
  Invitations: { group: 'invitations', nouns: ['Invitation', 'Invitations'] },
  Me: { group: 'me', nouns: ['Me', 'My'] },
  'Opt-outs': { group: 'optOuts', nouns: ['Opt', 'Out', 'Outs'] },
  People: { group: 'people', nouns: ['Person', 'People'] },
  Privacy: { group: 'privacy', nouns: [] },
  'Saved replies': { group: 'savedReplies', nouns: ['Saved', 'Reply', 'Replies'] },
  'Saved views': { group: 'savedViews', nouns: ['Saved', 'View', 'Views'] },
  'Self-check': { group: 'selfCheck', nouns: ['Self', 'Check'] },
  'Setup and login': { group: 'auth', nouns: [] },
  'Wall views': { group: 'wallViews', nouns: ['Wall', 'View', 'Views'] },
};

/** Operations whose name does not follow from their tag. */
const exceptions: Record<string, string> = {
  listAvailability: 'teams.availability',
  muteAlerts: 'alerts.muteAll',
  listAlertDeliveries: 'alertChannels.deliveries',
  getAlertSettings: 'alertChannels.settings',
  updateAlertSettings: 'alertChannels.changeSettings',
  pingAlertSettings: 'alertChannels.ping',
  searchMessages: 'messages.search',
  getSearchSetting: 'workspace.searchSetting',
  changeSearchSetting: 'workspace.changeSearchSetting',
  sendMessages: 'messages.sendBatch',
  cancelMessages: 'messages.cancelAll',
  retryMessages: 'messages.retryAll',
  getMessageStatistics: 'messages.statistics',
  getMessageSeries: 'messages.series',
  listBatches: 'batches.list',
  getBatch: 'batches.get',
  resolveMessages: 'messages.resolveAll',
  getMessageReasons: 'messages.waiting',
  getQueue: 'queue.get',
  getQueueReasons: 'queue.reasons',
  getQueueErrors: 'queue.errors',
  getMediaContent: 'media.download',
  getMediaThumbnail: 'media.downloadThumbnail',
  listDeadLetters: 'deadLetters.list',
  getDeadLetter: 'deadLetters.get',
  discardDeadLetter: 'deadLetters.discard',
  retryDeadLetter: 'deadLetters.retry',
};

const lowered = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

/** `Opt-outs` as a property: `optOuts`. */
const propertyOf = (tag: string) =>
  lowered(
    tag
      .split(/\W+/)
      .map(word => word.charAt(0).toUpperCase() + word.slice(1))
      .join(''),
  );

/** The method for an operation: its name without the noun of its group. */
export function nameOf(operationId: string, tag: string): MethodName {
  const [group, method] = exceptions[operationId]?.split('.') ?? [];
  if (group !== undefined && method !== undefined) return { group, method };
  const plural = tag.charAt(0).toUpperCase() + tag.slice(1);
  const known = groups[tag] ?? { group: propertyOf(tag), nouns: [plural, plural.replace(/s$/, '')] };
  const words = operationId.match(/^[a-z]+|[A-Z][a-z]*/g) ?? [];
  const kept = words.filter(word => !known.nouns.includes(word));
  return { group: known.group, method: lowered(kept.join('')) };
}
