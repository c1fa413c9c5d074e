// The errors of simulated phones.
import { type ErrorTable, problems } from '../../kit/errors.ts';

export const sandboxErrors = {
  not_sandbox: {
    status: 409,
    title: 'The account is not a Sandbox account.',
    remedy: 'Only accounts of the channel `sandbox` have simulated phones. Use one of them.',
  },
  simulator_off: {
    status: 409,
    title: 'The simulator is off.',
    remedy: 'The operator starts the server without `SIMULATOR=off`.',
  },
  simulator_unreachable: {
    status: 503,
    title: 'The simulator does not answer.',
    remedy: 'Repeat the request in a few seconds: a simulator that ended is started again.',
  },
  phone_message_not_found: {
    status: 404,
    title: 'This message is not on the phone.',
    remedy:
      'List the messages with `GET /api/v1/accounts/:id/phones/:number`. A phone shows a message once it is delivered.',
  },
  phone_choice_not_found: {
    status: 409,
    title: 'The message does not offer this choice.',
    remedy: 'Choose one of `choices.options` of the message, which nobody chose yet.',
  },
  phone_rejected: {
    status: 409,
    title: 'The phone does not accept this.',
    remedy: 'See `detail` for what is wrong with it.',
  },
} as const satisfies ErrorTable;

export const problem = problems(sandboxErrors);
