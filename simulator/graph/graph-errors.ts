// Errors in the format of the Graph API.

type Known = { http: number; title: string };

const known: Record<number, Known> = {
  0: { http: 401, title: 'AuthException' },
  1: { http: 400, title: 'API Unknown' },
  2: { http: 503, title: 'API Service' },
  3: { http: 500, title: 'API Method' },
  4: { http: 429, title: 'Application request limit reached' },
  10: { http: 403, title: 'Permission denied' },
  17: { http: 400, title: 'User request limit reached' },
  32: { http: 400, title: 'Page request limit reached' },
  33: { http: 400, title: 'Parameter value is not valid' },
  100: { http: 400, title: 'Invalid parameter' },
  102: { http: 401, title: 'API session' },
  190: { http: 401, title: 'Access token has expired' },
  200: { http: 403, title: 'Permissions error' },
  613: { http: 400, title: 'Calls to this API have exceeded the rate limit' },
  368: { http: 403, title: 'Temporarily blocked for policies violations' },
  2500: { http: 400, title: 'An active access token must be used' },
  80007: { http: 400, title: 'Rate limit issues' },
  80008: { http: 400, title: 'There have been too many calls to this WhatsApp Business account' },
  130403: { http: 403, title: 'User is blocked by the business' },
  130429: { http: 400, title: 'Rate limit hit' },
  130472: { http: 400, title: "User's number is part of an experiment" },
  130497: { http: 403, title: 'Business account is restricted from messaging users in this country' },
  131000: { http: 500, title: 'Something went wrong' },
  131005: { http: 403, title: 'Access denied' },
  131008: { http: 400, title: 'Required parameter is missing' },
  131009: { http: 400, title: 'Parameter value is not valid' },
  131016: { http: 500, title: 'Service unavailable' },
  131021: { http: 400, title: 'Recipient cannot be sender' },
  131026: { http: 400, title: 'Message undeliverable' },
  131030: { http: 400, title: 'Recipient phone number not in allowed list' },
  131031: { http: 403, title: 'Account has been locked' },
  131037: { http: 400, title: 'The number needs an approved display name' },
  131042: { http: 400, title: 'Business eligibility payment issue' },
  131045: { http: 500, title: 'Incorrect certificate' },
  131047: { http: 400, title: 'Re-engagement message' },
  131048: { http: 400, title: 'Spam rate limit hit' },
  131049: { http: 400, title: 'Meta chose not to deliver' },
  131050: { http: 400, title: 'User has stopped marketing messages' },
  131051: { http: 400, title: 'Unsupported message type' },
  131052: { http: 400, title: 'Media download error' },
  131053: { http: 400, title: 'Media upload error' },
  131059: { http: 400, title: 'Invalid cursor' },
  131056: { http: 400, title: 'Pair rate limit hit' },
  131057: { http: 500, title: 'Account in maintenance mode' },
  131062: { http: 400, title: 'Business-scoped user id is not allowed for this message' },
  131063: { http: 400, title: 'Marketing messages are disabled' },
  131064: { http: 400, title: 'Limited because of misclassified templates' },
  2200: { http: 400, title: 'Callback verification failed' },
  133005: { http: 400, title: 'Two-step verification PIN mismatch' },
  133006: { http: 400, title: 'Phone number needs to be verified before registering' },
  133016: { http: 400, title: 'Too many registrations of the number' },
  133010: { http: 400, title: 'Phone number not registered' },
  135000: { http: 400, title: 'Generic user error' },
  137000: { http: 400, title: 'Identity key mismatch' },
  132000: { http: 400, title: 'Number of parameters does not match the expected number of params' },
  132001: { http: 404, title: 'Template name does not exist in the translation' },
  132005: { http: 400, title: 'Translated text too long' },
  132007: { http: 400, title: 'Template format character policy violated' },
  132012: { http: 400, title: 'Parameter format does not match format in the created template' },
  132015: { http: 400, title: 'Template is paused' },
  132016: { http: 400, title: 'Template is disabled' },
  132018: { http: 400, title: 'Template parameters are not valid' },
  132069: { http: 400, title: 'Flow is throttled' },
  134100: { http: 400, title: 'Only marketing messages are supported' },
  134101: { http: 400, title: 'Template sync is not complete' },
  134102: { http: 400, title: 'The business is not eligible for marketing messages' },
};

/** An error that is sent as Meta's error body. */
export class GraphError extends Error {
  readonly code: number;
  readonly details: string;
  readonly subcode: number | null;
  readonly http: number;
  /** After how many minutes a caller may call again, with the id of the business that it concerns. */
  readonly regain: { business: string; minutes: number } | null;
  /** The words that Meta shows to a person. */
  readonly user: { title: string; message: string } | null;

  constructor(
    code: number,
    details: string,
    options: {
      subcode?: number | undefined;
      http?: number | undefined;
      regain?: { business: string; minutes: number } | undefined;
      userTitle?: string;
      userMessage?: string;
    } = {},
  ) {
    super(errorTitle(code));
    this.code = code;
    this.details = details;
    this.subcode = options.subcode ?? null;
    this.user =
      options.userTitle === undefined ? null : { title: options.userTitle, message: options.userMessage ?? details };
    this.regain = options.regain ?? null;
    this.http = options.http ?? known[code]?.http ?? 400;
  }
}

/** The title of a code in Meta's documentation. */
const errorTitle = (code: number): string => known[code]?.title ?? 'Something went wrong';

/** The response body of an error. */
export const graphErrorBody = (error: GraphError, traceId: string) => ({
  error: {
    message: error.subcode === 33 ? error.details : `(#${error.code}) ${error.message}`,
    type: error.subcode === 33 ? 'GraphMethodException' : 'OAuthException',
    code: error.code,
    ...(error.subcode === null ? {} : { error_subcode: error.subcode }),
    ...(error.user === null
      ? {}
      : { error_user_title: error.user.title, error_user_msg: error.user.message, is_transient: false }),
    error_data: { messaging_product: 'whatsapp', details: error.details },
    fbtrace_id: traceId,
  },
});

/** The `errors` entry of a failed status. */
export const statusError = (code: number, details = `${errorTitle(code)} (forced by the simulator).`) => ({
  code,
  title: errorTitle(code),
  message: errorTitle(code),
  error_data: { details },
  href: 'https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/',
});
