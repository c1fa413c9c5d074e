// WhatsApp's error codes: what a rejected call means, who has to act, and what to do. As of Meta's table of December 2025,
// its page of September 2026, and the additions of 2026.

/** Who has to act: the program that sends, the operator of the account, the person, Meta, or nobody. */
export const codeActors = ['sender', 'operator', 'recipient', 'meta', 'nobody'] as const;
export type CodeActor = (typeof codeActors)[number];

/** What the engine does: see the port of channels. rejected: the message has failed for good. */
export type CodeClass =
  | 'throttled'
  | 'recipient_throttled'
  | 'deferred'
  | 'templates_restricted'
  | 'marketing_restricted'
  | 'unavailable'
  | 'rejected'
  | 'account_error'
  | 'flagged'
  | 'unknown';

export interface ChannelCode {
  class: CodeClass;
  who: CodeActor;
  /** What to do, in one sentence. */
  advice: string;
  /** How long a message waits before its next attempt, in minutes, where the channel does not say. */
  waitMinutes?: number;
}

const code = (kind: CodeClass, who: CodeActor, advice: string): ChannelCode => ({ class: kind, who, advice });

const wait = (kind: CodeClass, minutes: number, who: CodeActor, advice: string): ChannelCode => ({
  ...code(kind, who, advice),
  waitMinutes: minutes,
});
const ofMeta = (what: string) => code('unavailable', 'meta', `Nothing: Recado tries again; ${what}.`);
const tooMany = code(
  'throttled',
  'nobody',
  'Nothing: Recado waits and tries again; the business account calls Meta too often.',
);
const badToken = code('account_error', 'operator', 'Save a new access token for the account.');
const badRequest = (advice: string) => code('rejected', 'sender', advice);
const permission = code('account_error', 'operator', 'Give the token the permissions for this number, and resume.');
const registration = (advice: string) => code('account_error', 'operator', advice);

/** By code. A code that is missing is classed by the HTTP status of its answer. */
export const channelCodes: Readonly<Record<string, ChannelCode>> = {
  0: badToken,
  1: ofMeta('Meta had an error of its own, or did not understand the request'),
  2: ofMeta('Meta was overloaded'),
  3: permission,
  4: code('throttled', 'nobody', 'Nothing: Recado waits and tries again; send less if it recurs.'),
  10: permission,
  17: tooMany,
  32: tooMany,
  33: code('account_error', 'operator', 'Check the phone number id; the number was deleted or is not visible.'),
  100: badRequest('Correct the parameter that the title names, and send a new message.'),
  102: badToken,
  190: code('account_error', 'operator', 'Save a new access token for the account; queued messages then leave.'),
  200: permission,
  613: tooMany,
  368: code('flagged', 'operator', 'Read the policy violation in WhatsApp Manager, fix it, and resume the account.'),
  2500: badToken,
  80007: tooMany,
  80008: tooMany,
  130403: code('rejected', 'operator', 'Unblock the person in WhatsApp before you write to them.'),
  130429: code('throttled', 'nobody', 'Nothing: Recado waits and tries again; lower `limits.rate` if it recurs.'),
  130472: code('rejected', 'nobody', 'Do not send it again now: the person is in an experiment of Meta.'),
  130497: code('rejected', 'sender', 'Do not write to this country: Meta does not allow it for this account.'),
  131000: ofMeta('Meta had an error of its own'),
  131005: permission,
  131008: badRequest('Add the parameter that the title names, and send a new message.'),
  131009: badRequest('Correct the value that the title names, and send a new message.'),
  131016: ofMeta('a service of Meta was not available'),
  131021: badRequest('Send to another number: recipient and sender are the same.'),
  131026: code('rejected', 'recipient', 'Reach the person in another way: their WhatsApp cannot receive the message.'),
  131030: code('rejected', 'operator', 'Add the number to the allowed list of the test number.'),
  131031: code('flagged', 'operator', 'Ask Meta to unlock the account, or correct the PIN, and resume.'),
  131037: code('account_error', 'operator', 'Get the display name of the number approved.'),
  131042: code('account_error', 'operator', 'Fix the payment method in the billing settings of Meta, and resume.'),
  131045: registration('Register the number again, and resume.'),
  131047: code('rejected', 'sender', 'Send a template: the person wrote nothing for 24 hours.'),
  131048: wait(
    'templates_restricted',
    60,
    'operator',
    'Stop campaigns and check the quality of the number; replies leave, and Recado tries templates again each hour.',
  ),
  131049: code('rejected', 'nobody', 'Do not send it again within 24 hours: the person got enough marketing messages.'),
  131050: code('rejected', 'recipient', 'Send no marketing to the person, who stopped it; Recado keeps the opt-out.'),
  131051: badRequest('Send another type of message.'),
  131052: code('rejected', 'recipient', 'Ask for the file again: WhatsApp could not download it.'),
  131053: badRequest('Send a file of an allowed type and size.'),
  131055: badRequest('Use another method: this one is for marketing messages only.'),
  131056: code(
    'recipient_throttled',
    'nobody',
    'Nothing: Recado spares this recipient for a while; lower `limits.recipient` if it recurs.',
  ),
  131057: code('throttled', 'nobody', 'Nothing: Recado waits about a minute; Meta works on the number.'),
  131059: badRequest('Start the list again without the cursor.'),
  131062: badRequest('Send to the phone number: this message may not go to a user id.'),
  131063: wait(
    'marketing_restricted',
    60,
    'operator',
    'Allow marketing messages for the business account at Meta; all others leave, and Recado tries again each hour.',
  ),
  131064: wait(
    'templates_restricted',
    60,
    'operator',
    'Correct the category of the templates; replies leave, and Recado tries templates again each hour.',
  ),
  132000: badRequest('Give as many parameters as the template has.'),
  132001: badRequest('Use a template that is approved in this language; sync the templates.'),
  132005: badRequest('Shorten the parameters: the text of the template becomes too long.'),
  132007: code('rejected', 'operator', 'Change the template: it violates a policy of WhatsApp.'),
  132012: badRequest('Give the parameters in the format of the template.'),
  132015: code(
    'rejected',
    'operator',
    'Wait until the template is active again, and improve it: it is paused for quality.',
  ),
  132016: code('rejected', 'operator', 'Make another template: this one is disabled for good.'),
  132018: badRequest('Correct the parameters of the template.'),
  132068: code('rejected', 'operator', 'Fix the flow: it is blocked.'),
  132069: wait('deferred', 60, 'nobody', 'Nothing: Recado sends it again after an hour; the flow is throttled.'),
  133000: registration('Register the number again: its deregistration is incomplete.'),
  133004: code('throttled', 'meta', 'Nothing: Recado waits and tries again; the server of Meta is not available.'),
  133005: registration('Correct the two-step PIN of the number.'),
  133006: registration('Verify the number at Meta, then register it.'),
  133008: registration('Wait before you enter the PIN again: there were too many wrong ones.'),
  133009: registration('Wait before you enter the PIN again: it came too fast.'),
  133010: registration('Register the number, and resume.'),
  133015: registration('Register the number again in five minutes: it was deleted a moment ago.'),
  133016: registration('Register the number again in 72 hours: there were too many registrations.'),
  134011: code('account_error', 'operator', 'Accept the terms for payments of WhatsApp, and resume.'),
  134100: badRequest('Send only marketing templates by this method.'),
  134101: wait(
    'deferred',
    10,
    'meta',
    'Nothing: Recado sends it again in ten minutes; the template is still being synced.',
  ),
  134102: code('rejected', 'operator', 'Make the business eligible for marketing messages at Meta.'),
  135000: badRequest('Correct the parameters of the message.'),
  137000: code(
    'rejected',
    'operator',
    'Check that the number still belongs to the person, then send without the old hash.',
  ),
  138038: code('rejected', 'operator', 'Make this app the primary one for calls.'),
  139200: code('rejected', 'operator', 'Use approved templates: direct sending is blocked for its quality.'),
  147001: badRequest('Correct the username.'),
  147002: badRequest('Choose another username.'),
  147003: code('rejected', 'operator', 'Make the number eligible for a username.'),
  147004: code('rejected', 'operator', 'Free the username at the other account first.'),
  147005: code('rejected', 'nobody', 'Try the username again later.'),
  2388019: code('rejected', 'operator', 'Delete templates: their number is at its limit.'),
  2388039: code('rejected', 'operator', 'Change the template only when its status allows it.'),
  2388040: badRequest('Shorten the field of the template that is too long.'),
  2388072: badRequest('Correct the format of the body of the template.'),
  2388293: badRequest('Use fewer variables for the length of the text.'),
  2388299: badRequest('Begin and end the text of the template without a variable.'),
  2388318: code('rejected', 'nobody', 'Nothing: generated templates cannot be edited.'),
  2388330: code('rejected', 'nobody', 'Nothing: generated templates cannot be deleted.'),
  2494191: code('rejected', 'operator', 'Let the escalation partner take the conversation.'),
  // Codes of WhatsApp Web.
  463: code('rejected', 'operator', 'Wait until the link is older, or let the person write first.'),
  479: code('rejected', 'nobody', 'Send the message again later; the phone of the person changed its keys.'),
  not_on_whatsapp: code('rejected', 'recipient', 'Reach the person in another way: the number is not on WhatsApp.'),
  unsupported_content: badRequest('Send a type that WhatsApp Web delivers.'),
  no_ack: code(
    'unknown',
    'nobody',
    'Nothing: Recado repeats the message with the same id, which the phone shows once.',
  ),
  send_failed: code(
    'unknown',
    'nobody',
    'Nothing: Recado repeats the message with the same id, which the phone shows once.',
  ),
  session_lost: code(
    'unknown',
    'nobody',
    'Nothing: Recado repeats the message with the same id, which the phone shows once.',
  ),
  // Codes of Recado.
  unknown_outcome: code('unknown', 'operator', 'Find out whether the person has it, then resolve the message.'),
  timeout: code('unknown', 'nobody', 'Nothing: Recado waits for a receipt.'),
};

/** Who has to act about an error code, and how. */
export function adviceOf(given: string): { who: CodeActor; advice: string } {
  const known = Object.hasOwn(channelCodes, given) ? channelCodes[given] : undefined;
  if (known) return { who: known.who, advice: known.advice };
  if (/^2\d\d$/.test(given)) return { who: permission.who, advice: permission.advice };
  return { who: 'operator', advice: 'Read the title; Recado has no advice for this code.' };
}
