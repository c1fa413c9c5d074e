// Templates over the Graph API, and the control routes with which a test plays the person who reviews them.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { chosenFields } from '../graph/fields.ts';
import { GraphError } from '../graph/graph-errors.ts';
import { check } from '../graph/message-rules.ts';
import type { Clock } from '../kit/clock.ts';
import { graphPrefixes, jsonBody, notFound, numberPattern, rawBody, requireToken } from '../kit/http.ts';
import { sha256Hex } from '../kit/ids.ts';
import { type ActionDetails, type TemplateLife, templateActions } from './template-life.ts';
import { readNewTemplate, readTemplateChange, refused } from './template-rules.ts';
import { type Template, type Templates, templateId } from './template-store.ts';

type Needs = {
  accessToken: string;
  templates: Templates;
  life: TemplateLife;
  clock: Clock;
};

type NumberParams = { phoneNumberId: string };

const day = 86_400_000;
const mostTemplates = 250;
const mostCreated = 100;

const listQuery = z.looseObject({
  fields: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(25),
  after: z.string().optional(),
  status: z.string().optional(),
  name: z.string().optional(),
  language: z.string().optional(),
  category: z.string().optional(),
});

/** The template with Meta's fields; only those asked for, and the id. */
export const describeTemplate = (template: Template, fields: unknown): Record<string, unknown> => {
  const all: Record<string, unknown> = {
    name: template.name,
    parameter_format: template.parameter_format,
    components: template.components,
    language: template.language,
    status: template.status,
    category: template.category,
    quality_score: { score: template.quality },
    rejected_reason: template.rejected_reason,
  };
  const usual = ['name', 'parameter_format', 'components', 'language', 'status', 'category'];
  return chosenFields(all, template.id, fields, usual);
};

const cursor = (id: string) => Buffer.from(id).toString('base64url');

/** Adds the routes. The one that reads a template is with the number's: both are a plain id. */
export const addTemplateRoutes = (app: FastifyInstance, needs: Needs): void => {
  for (const prefix of graphPrefixes) {
    const path = `${prefix}/${numberPattern}`;
    app.get<{ Params: NumberParams }>(`${path}/message_templates`, request => list(needs, request));
    app.post<{ Params: NumberParams }>(`${path}/message_templates`, request => create(needs, request));
    app.delete<{ Params: NumberParams }>(`${path}/message_templates`, request => remove(needs, request));
    app.post<{ Params: NumberParams }>(`${path}/unpause`, request => {
      const template = found(needs, request);
      if (template.status !== 'PAUSED') throw refused(2388039, 'Not paused', 'Only a paused template can be unpaused.');
      needs.life.act(template, 'unpause');
      return { success: true };
    });
    addUploads(app, prefix, needs.accessToken);
  }
  addControl(app, needs);
};

const found = ({ accessToken, templates }: Needs, request: FastifyRequest<{ Params: NumberParams }>): Template => {
  requireToken(request, accessToken);
  const template = templates.byId(request.params.phoneNumberId);
  if (template === undefined) throw notFound(request.params.phoneNumberId, { http: 400 });
  return template;
};

const list = ({ accessToken, templates }: Needs, request: FastifyRequest<{ Params: NumberParams }>) => {
  requireToken(request, accessToken);
  const query = check(listQuery, request.query, '');
  const is = (wanted: string | undefined, value: string) =>
    wanted === undefined || wanted.toUpperCase() === value.toUpperCase();
  const all = templates
    .of(request.params.phoneNumberId)
    .filter(
      each =>
        is(query.status, each.status) &&
        is(query.language, each.language) &&
        is(query.category, each.category) &&
        (query.name === undefined || each.name.includes(query.name)),
    );
  const start = query.after === undefined ? 0 : all.findIndex(each => cursor(each.id) === query.after) + 1;
  if (query.after !== undefined && start === 0) throw new GraphError(131059, 'after: is not a cursor of this list.');
  const page = all.slice(start, start + query.limit);
  const [first, last] = [page[0], page.at(-1)];
  if (first === undefined || last === undefined) return { data: [] };
  const next = new URL(request.url, `${request.protocol}://${request.host}`);
  next.searchParams.set('after', cursor(last.id));
  return {
    data: page.map(each => describeTemplate(each, query.fields)),
    paging: {
      cursors: { before: cursor(first.id), after: cursor(last.id) },
      ...(start + page.length < all.length ? { next: next.href } : {}),
    },
  };
};

/** When templates were created lately, by their business account: kept beside the store. */
const creations = new WeakMap<Templates, Map<string, number[]>>();

const limitCreations = (templates: Templates, account: string, now: number): void => {
  const createdAt = creations.get(templates) ?? new Map<string, number[]>();
  creations.set(templates, createdAt);
  const recent = (createdAt.get(account) ?? []).filter(at => now - at < 3_600_000);
  if (recent.length >= mostCreated) throw new GraphError(80007, 'Too many templates were created in an hour.');
  createdAt.set(account, [...recent, now]);
};

const create = ({ accessToken, templates, life, clock }: Needs, request: FastifyRequest<{ Params: NumberParams }>) => {
  requireToken(request, accessToken);
  const account = request.params.phoneNumberId;
  const wanted = readNewTemplate(jsonBody(request));
  if (templates.find(account, wanted.name, wanted.language) !== undefined)
    throw refused(
      2388024,
      'Content in this language already exists',
      `There is already ${wanted.language} content for this template.`,
    );
  if (templates.of(account).length >= mostTemplates)
    throw refused(
      2388019,
      'Template limit exceeded',
      `The account has ${mostTemplates} templates, which is the limit.`,
    );
  limitCreations(templates, account, clock.now());
  const template: Template = {
    ...wanted,
    id: templateId(account, wanted.name, wanted.language, String(clock.now())),
    account,
    status: 'PENDING',
    quality: 'UNKNOWN',
    rejected_reason: 'NONE',
    pauses: 0,
    edits: [],
    created_at: clock.now(),
  };
  templates.put(template);
  life.review(template);
  return { id: template.id, status: template.status, category: template.category };
};

/** Changes a template: approved ones once a day, and never their category. */
export const editTemplate = (needs: Needs, template: Template, body: unknown) => {
  const change = readTemplateChange(body, template.category);
  if (!['APPROVED', 'REJECTED', 'PAUSED'].includes(template.status))
    throw refused(2388039, 'Template cannot be edited', `A template that is ${template.status} cannot be edited.`);
  const now = needs.clock.now();
  const isApproved = template.status === 'APPROVED';
  if (isApproved && change.category !== undefined && change.category !== template.category)
    throw refused(2388025, 'Category cannot be changed', 'The category of an approved template cannot be changed.');
  if (isApproved && template.edits.some(at => now - at < day))
    throw refused(2388027, 'Edit limit reached', 'An approved template can be edited once in 24 hours.');
  const next: Template = {
    ...template,
    category: change.category ?? template.category,
    components: change.components ?? template.components,
    status: 'PENDING',
    edits: isApproved ? [...template.edits, now] : template.edits,
  };
  needs.templates.put(next);
  needs.life.review(next);
  return { success: true };
};

const remove = ({ accessToken, templates }: Needs, request: FastifyRequest<{ Params: NumberParams }>) => {
  requireToken(request, accessToken);
  const { name, hsm_id: id } = request.query as { name?: string; hsm_id?: string };
  const meant = templates
    .of(request.params.phoneNumberId)
    .filter(each => each.name === name && (id === undefined || each.id === id));
  if (meant.length === 0) throw refused(2388045, 'Template not found', 'There is no template with this name.');
  if (meant.some(each => each.status === 'DISABLED'))
    throw refused(2388039, 'Template cannot be deleted', 'A disabled template cannot be deleted.');
  for (const each of meant) templates.remove(each.id);
  return { success: true };
};

/** The announced length of an upload, which its session contains; undefined for a session that is none. */
const lengthOf = (session: string): number | undefined => {
  try {
    return z.tuple([z.number(), z.string()]).parse(JSON.parse(Buffer.from(session, 'base64url').toString()))[0];
  } catch {
    return undefined;
  }
};

/** The resumable upload of samples: a session, then its bytes. */
const addUploads = (app: FastifyInstance, prefix: string, accessToken: string): void => {
  app.register(async scope => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    scope.post(`${prefix}/:app(^[\\w.-]{1,60}$)/uploads`, request => {
      requireToken(request, accessToken);
      const query = check(
        z.looseObject({
          file_name: z.string().optional(),
          file_length: z.coerce.number().int().min(1),
          file_type: z.string(),
        }),
        request.query,
        '',
      );
      const session = Buffer.from(JSON.stringify([query.file_length, query.file_type])).toString('base64url');
      return { id: `upload:${session}` };
    });
    scope.post(`${prefix}/upload*`, request => {
      requireToken(request, accessToken);
      const bytes = rawBody(request);
      const session = /upload(?::|%3A)([\w-]{1,300})(?:\?|$)/i.exec(request.url)?.[1];
      const length = session === undefined ? undefined : lengthOf(session);
      if (length === undefined) throw notFound(request.url);
      if (bytes.length !== length) throw new GraphError(100, `The file has ${bytes.length} bytes, not ${length}.`);
      return { h: `4::${sha256Hex(bytes)}` };
    });
  });
};

const details = z.strictObject({
  reason: z.string().optional(),
  category: z.enum(['AUTHENTICATION', 'MARKETING', 'UTILITY']).optional(),
  quality: z.enum(['GREEN', 'YELLOW', 'RED', 'UNKNOWN']).optional(),
});
const reviewing = z.strictObject({ after_ms: z.number().int().min(0).nullable() });

const addControl = (app: FastifyInstance, { templates, life }: Needs): void => {
  app.get<{ Querystring: { business_account_id?: string } }>('/templates', request => ({
    templates: templates.of(String(request.query.business_account_id ?? '')),
  }));
  app.post('/templates/review', request => {
    life.approveAfter(check(reviewing, jsonBody(request), '').after_ms);
    return { success: true };
  });
  for (const action of templateActions)
    app.post<{ Params: { id: string } }>(`/templates/:id/${action}`, request => {
      const template = templates.byId(request.params.id);
      if (template === undefined) throw notFound(request.params.id, { http: 404 });
      const given: ActionDetails = rawBody(request).length === 0 ? {} : check(details, jsonBody(request), '');
      return life.act(template, action, given);
    });
};
