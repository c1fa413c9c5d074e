// Compressed answers: whether a caller accepts a form, and telling caches about it.
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Whether the caller accepts this content encoding, by name or by `*`. */
export const acceptsEncoding = ({ headers }: FastifyRequest, name: 'gzip' | 'br'): boolean =>
  String(headers['accept-encoding'] ?? '')
    .split(',')
    .some(each => {
      const [coding = '', ...parameters] = each.split(';').map(part => part.trim().toLowerCase());
      return (coding === name || coding === '*') && !parameters.some(part => /^q=0(?:\.0*)?$/.test(part));
    });

/** With CORS, the answer already varies with the origin. */
export function addVary(reply: FastifyReply, name: string): void {
  const given = reply.getHeader('vary');
  reply.header('vary', given === undefined ? name : `${given}, ${name}`);
}
