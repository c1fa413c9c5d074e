// Errors in the format of the Graph API.
import { newTraceId } from './ids.ts';

type Known = { http: number; title: string };

const known: Record<number, Known> = {
  2: { http: 503, title: 'API Service' },
  4: { http: 429, title: 'Application request limit reached' },
  10: { http: 403, title: 'Permission denied' },
  100: { http: 400, title: 'Invalid parameter' },
  190: { http: 401, title: 'Access token has expired' },
  200: { http: 403, title: 'Permissions error' },
  130429: { http: 400, title: 'Rate limit hit' },
  131000: { http: 500, title: 'Something went wrong' },
  131008: { http: 400, title: 'Required parameter is missing' },
  131009: { http: 400, title: 'Parameter value is not valid' },
  131016: { http: 500, title: 'Service unavailable' },
  131021: { http: 400, title: 'Recipient cannot be sender' },
  131026: { http: 400, title: 'Message undeliverable' },
  131042: { http: 400, title: 'Business eligibility payment issue' },
  131048: { http: 400, title: 'Spam rate limit hit' },
  131047: { http: 400, title: 'Re-engagement message' },
  131050: { http: 400, title: 'Unable to deliver the message. The user stopped marketing messages' },
  131051: { http: 400, title: 'Unsupported message type' },
  131053: { http: 400, title: 'Media upload error' },
  131056: { http: 400, title: 'Pair rate limit hit' },
  132000: { http: 400, title: 'Number of parameters does not match the expected number of params' },
  132001: { http: 404, title: 'Template name does not exist in the translation' },
  132005: { http: 400, title: 'Translated text too long' },
  132007: { http: 400, title: 'Template format character policy violated' },
  132012: { http: 400, title: 'Parameter format does not match format in the created template' },
  132015: { http: 400, title: 'Template is paused' },
  132016: { http: 400, title: 'Template is disabled' },
  132018: { http: 400, title: 'Template parameters are not valid' },
};

/** An error that is sent as Meta's error body. */
export class GraphError extends Error {
  readonly code: number;
  readonly details: string;
  readonly subcode: number | null;
  readonly http: number;

  constructor(code: number, details: string, options: { subcode?: number; http?: number } = {}) {
    super(errorTitle(code));
    this.code = code;
    this.details = details;
    this.subcode = options.subcode ?? null;
    this.http = options.http ?? known[code]?.http ?? 400;
  }
}

/** The title of a code in Meta's documentation. */
const errorTitle = (code: number): string => known[code]?.title ?? 'Something went wrong';

/** The response body of an error. */
export const graphErrorBody = (error: GraphError) => ({
  error: {
    message: error.subcode === 33 ? error.details : `(#${error.code}) ${error.message}`,
    type: error.subcode === 33 ? 'GraphMethodException' : 'OAuthException',
    code: error.code,
    ...(error.subcode === null ? {} : { error_subcode: error.subcode }),
    error_data: { messaging_product: 'whatsapp', details: error.details },
    fbtrace_id: newTraceId(),
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
