// The fuzzer's judge finds each kind of mistake, and nothing else.
import { expect, test } from 'vitest';
import type { Route, Schema } from '../openapi/document.ts';
import { faultsOf, faultsOfRun } from './judge.ts';
import type { FuzzRequest } from './requests.ts';

const name: Schema = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] };
const problem: Schema = { type: 'object', properties: { code: { type: 'string' } }, required: ['code'] };
const route: Route = {
  name: 'POST /things/{id}',
  method: 'POST',
  path: '/things/{id}',
  permission: undefined,
  parameters: [],
  body: { types: ['application/json'], schema: name, required: true },
  responses: { 200: { content: { 'application/json': { schema: name } } }, 404: {} },
};

const judge = (
  status: number,
  answer: { text?: string; type?: string; sentBody?: string; method?: string; id?: string; route?: Route } = {},
) => {
  const { method = 'POST', id = 'x' } = answer;
  const request: FuzzRequest = {
    route: answer.route ?? route,
    caller: 'owner',
    method,
    params: { id },
    query: [],
    headers: {},
    body: undefined,
  };
  const refused = status >= 400;
  const {
    text = refused ? '{"code":"x"}' : '{"name":"x"}',
    type = refused ? 'application/problem+json' : 'application/json',
    sentBody = '{"name":"x"}',
  } = answer;
  return faultsOf(request, { status, headers: { 'content-type': type }, text, sentBody }, problem);
};

test('what the document says is no fault', () => {
  expect(judge(200)).toEqual([]);
  expect(judge(404)).toEqual([]);
});

test('a status that the document does not name is a fault, of refusals too', () => {
  const unknown = ['the document does not know this status'];
  expect(judge(201)).toEqual(unknown);
  expect(judge(409)).toEqual(unknown);
  expect(judge(500)).toEqual(['a failure', ...unknown]);
});

test('where another route may have answered, its statuses are not known', () => {
  expect(judge(405, { method: 'PUT' })).toEqual([]);
  expect(judge(405, { id: '..' })).toEqual([]);
  expect(judge(404, { method: 'PUT', text: '{}' })).not.toEqual([]);
});

test('a refusal that is no problem, or tells of the inside, is a fault', () => {
  expect(judge(404, { text: '{}' })).toHaveLength(1);
  expect(judge(404, { type: 'text/html' })).toEqual(['a refusal of type text/html']);
  expect(judge(404, { text: '{"code":"at a (/b/c.ts:12)"}' })).toEqual(['tells of the inside']);
});

test('an answer of another shape, and a body that was taken wrongly, are faults', () => {
  expect(judge(200, { text: '{}' })).toHaveLength(1);
  expect(judge(200, { type: 'text/plain' })).toEqual(['an answer of type text/plain']);
  expect(judge(200, { sentBody: '{}' })).toHaveLength(1);
  expect(judge(200, { sentBody: '{' })).toEqual(['a body that is no JSON was taken']);
  expect(judge(200, { sentBody: '' })).toEqual(['a body that is no JSON was taken']);
  const optional = { ...route, body: { types: ['application/json'], schema: name, required: false } };
  expect(judge(200, { sentBody: '', route: optional })).toEqual([]);
  expect(judge(200, { sentBody: '{', route: optional })).toHaveLength(1);
});

test('of a batch, the items that were taken wrongly are a fault, and those that were rejected are none', () => {
  const batch: Schema = {
    type: 'object',
    properties: { messages: { type: 'array', items: name } },
    required: ['messages'],
  };
  const responses = { 200: { content: { 'application/json': { schema: {} } } } };
  const batches = { ...route, body: { types: ['application/json'], schema: batch, required: true }, responses };
  const sentBody = '{"messages":[{},{"name":"x"},{"name":1}]}';
  const answered = (...statuses: number[]) =>
    judge(200, {
      route: batches,
      sentBody,
      text: JSON.stringify({ results: statuses.map((status, index) => ({ index, status })) }),
    });
  expect(answered(400, 202, 400)).toEqual([]);
  expect(answered(202, 202, 400)).toEqual([expect.stringContaining('$.messages[0]')]);
  expect(answered(400, 202, 202)).toEqual([expect.stringContaining('$.messages[2]')]);
});

test('a run that tested less than it seems is a fault', () => {
  const run = { requests: 20_000, closed: 1, refused: [], neverGood: new Map<string, number[]>() };
  expect(faultsOfRun(run)).toEqual([]);
  expect(faultsOfRun({ ...run, closed: 4 })).toEqual(['the server closed 4 connections before it answered']);
  expect(faultsOfRun({ ...run, refused: ['GET /things as owner'] })).toEqual([
    'good credentials were rejected 1 times: GET /things as owner',
  ]);
  const neverGood = new Map([
    ['POST /api/v1/setup', [409]],
    ['GET /things', [400, 404]],
  ]);
  expect(faultsOfRun({ ...run, neverGood })).toEqual(['no good answer came of GET /things, but 400, 404']);
});
