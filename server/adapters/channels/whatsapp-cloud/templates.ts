// The templates of business accounts at Meta: reading, making, changing and deleting them, and uploading samples.
import type { Readable } from 'node:stream';
import { request } from 'undici';
import type { ChannelTemplate, ChannelTemplates, MediaUpload, TemplateRefusal } from '../../../ports/channel.ts';
import { asRecord, asString } from '../json.ts';
import {
  type Answer,
  deadline,
  type Endpoint,
  failureOf,
  graphErrorIn,
  headersOf,
  type Refusal,
  readAnswer,
  refusalOf,
  succeeded,
} from './call.ts';
import type { MediaEndpoint } from './media-endpoint.ts';
import { withProof } from './proof.ts';

const pageSize = 50;
/** Meta allows 6,000 templates. */
const mostPages = 200;
const fields = 'id,name,language,status,category,components,parameter_format,quality_score,rejected_reason';

/** The wait after too many calls of the app or of the business account, where Meta does not say. */
const hour = 3_600_000;

interface Call {
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  query?: Record<string, string>;
  body?: object;
}

/** The templates, as far as one app may see them. */
export const cloudTemplates = (endpoint: MediaEndpoint): ChannelTemplates => ({
  list: businessId => list(endpoint, businessId),
  async create(businessId, { name, language, category, parameterFormat, ttlSeconds, components }) {
    const answer = await ask(endpoint, {
      method: 'POST',
      path: `${encodeURIComponent(businessId)}/message_templates`,
      body: {
        name,
        language,
        category,
        parameter_format: parameterFormat,
        ...(ttlSeconds !== undefined && { message_send_ttl_seconds: ttlSeconds }),
        components,
      },
    });
    if ('class' in answer) return answer;
    const { body } = answer;
    const channelId = asString(body?.id);
    if (channelId === undefined) return unreadable;
    return {
      class: 'done',
      channelId,
      status: asString(body?.status) ?? 'PENDING',
      category: asString(body?.category) ?? category,
    };
  },
  async edit(channelId, { category, components, ttlSeconds }) {
    const answer = await ask(endpoint, {
      method: 'POST',
      path: encodeURIComponent(channelId),
      body: {
        ...(category !== undefined && { category }),
        ...(components !== undefined && { components }),
        ...(ttlSeconds !== undefined && { message_send_ttl_seconds: ttlSeconds }),
      },
    });
    return 'class' in answer ? answer : { class: 'done' };
  },
  async delete(businessId, name, channelId) {
    const answer = await ask(endpoint, {
      method: 'DELETE',
      path: `${encodeURIComponent(businessId)}/message_templates`,
      query: { name, hsm_id: channelId },
    });
    return 'class' in answer ? answer : { class: 'done' };
  },
  uploadSample: file => uploadSample(endpoint, file),
});

const unreadable: TemplateRefusal = {
  class: 'try_again',
  code: 'unreadable_answer',
  title: 'The channel reported success in a form that Recado cannot read.',
};

/** Only the cursor leads to the next page: the token must not go where an answer says. */
async function list(endpoint: Endpoint, businessId: string): ReturnType<ChannelTemplates['list']> {
  const templates: ChannelTemplate[] = [];
  let after: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    const answer = await ask(endpoint, {
      method: 'GET',
      path: `${encodeURIComponent(businessId)}/message_templates`,
      query: { fields, limit: String(pageSize), ...(after !== undefined && { after }) },
    });
    if ('class' in answer) return answer;
    const data = answer.body?.data;
    if (!Array.isArray(data)) return unreadable;
    templates.push(...data.flatMap(each => templateOf(asRecord(each)) ?? []));
    const paging = asRecord(answer.body?.paging);
    const next = asString(asRecord(paging?.cursors)?.after);
    if (paging?.next === undefined || next === undefined || next === after) return { class: 'listed', templates };
    after = next;
  }
  return { class: 'rejected', code: 'too_many_templates', title: 'The business account has too many templates.' };
}

function templateOf(item: Record<string, unknown> | undefined): ChannelTemplate | undefined {
  const name = asString(item?.name);
  const language = asString(item?.language);
  const status = asString(item?.status);
  const category = asString(item?.category);
  if (!item || name === undefined || language === undefined || status === undefined || category === undefined)
    return undefined;
  const reason = asString(item.rejected_reason);
  return {
    channelId: asString(item.id),
    name,
    language,
    category: category.toUpperCase(),
    status: status.toUpperCase(),
    reason: reason === 'NONE' ? undefined : reason,
    quality: asString(asRecord(item.quality_score)?.score),
    parameterFormat: asString(item.parameter_format)?.toLowerCase() === 'named' ? 'named' : 'positional',
    components: (Array.isArray(item.components) ? item.components : [])
      .map(each => asRecord(each))
      .filter(each => each !== undefined),
  };
}

/** One call; the answer if it succeeded. Never throws. */
async function ask(endpoint: Endpoint, { method, path, query, body }: Call): Promise<Answer | TemplateRefusal> {
  const { signal, clear } = deadline(endpoint.deadlineMs);
  try {
    const search = query ? `?${new URLSearchParams(query)}` : '';
    const response = await request(withProof(`${endpoint.baseUrl()}/${path}${search}`, endpoint.proof), {
      method,
      dispatcher: endpoint.agent,
      headers: { ...headersOf(endpoint), ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
      signal,
    });
    const answer = await readAnswer(response);
    return succeeded(answer) ? answer : refusal(refusalOf(answer), answer);
  } catch (error) {
    return refusal(failureOf(error));
  } finally {
    clear();
  }
}

function refusal(refused: Refusal, answer?: Answer): TemplateRefusal {
  const { code, title } = refused;
  const words = asString(asRecord(answer?.body?.error)?.error_user_msg)?.slice(0, 500).toWellFormed();
  const said = { code, title, ...(words !== undefined && { words }) };
  if (refused.class === 'throttled' && answer && graphErrorIn(answer))
    return { class: 'try_again', ...said, waitMs: refused.waitMs ?? hour };
  if (refused.class === 'rejected') return { class: 'rejected', ...said };
  if (refused.class === 'account_error' || refused.class === 'flagged') return { class: 'account_error', ...said };
  return {
    class: 'try_again',
    ...said,
    ...('waitMs' in refused && refused.waitMs !== undefined && { waitMs: refused.waitMs }),
  };
}

/** Uploads the bytes of a sample: first a session, then the file. */
async function uploadSample(endpoint: MediaEndpoint, file: MediaUpload): ReturnType<ChannelTemplates['uploadSample']> {
  const { signal, clear } = deadline(endpoint.mediaDeadlineMs);
  try {
    const session = await ask(endpoint, {
      method: 'POST',
      path: 'app/uploads',
      query: { file_name: file.fileName, file_length: String(file.size), file_type: file.mimeType },
    });
    if ('class' in session) return session;
    const id = asString(session.body?.id);
    if (id === undefined || !/^upload:[\w.:=?&%+-]{1,2000}$/.test(id)) return unreadable;
    const response = await request(withProof(`${endpoint.baseUrl()}/${id}`, endpoint.proof), {
      method: 'POST',
      dispatcher: endpoint.agent,
      headers: {
        ...headersOf(endpoint),
        authorization: `OAuth ${endpoint.accessToken}`,
        'content-type': 'application/octet-stream',
        'content-length': String(file.size),
        file_offset: '0',
      },
      body: file.stream satisfies Readable,
      signal,
    });
    const answer = await readAnswer(response);
    if (!succeeded(answer)) return refusal(refusalOf(answer), answer);
    const handle = asString(answer.body?.h);
    return handle === undefined ? unreadable : { class: 'done', handle };
  } catch (error) {
    return refusal(failureOf(error));
  } finally {
    clear();
    file.stream.destroy();
  }
}
