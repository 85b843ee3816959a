import type { Rule } from '../concurrency/rule.js';
import type { Call } from '../concurrency/trace.js';
import { declaredWhere, nameOfState } from '../concurrency/words.js';

/** What can be used once only, or by one at a time: how it is made, and which methods use it. */
const kinds: readonly { made: RegExp; used: RegExp; what: string; consequence: string }[] = [
  {
    made: /\bcreate(Hash|Hmac|Cipheriv|Decipheriv|Sign|Verify)\s*\(/,
    used: /^(update|digest|final|sign|verify|write|end|pipe)$/,
    what: 'computes one value only',
    consequence: 'data of both requests goes into one result, or the second request fails because it is finished',
  },
  {
    made: /\b(new\s+([\w.]+\.)?(PassThrough|Transform|Readable|Writable|Duplex|ReadableStream|WritableStream|TransformStream)\b|(Readable\.from|createReadStream|createWriteStream|createGzip|createGunzip|createDeflate|createInflate|createBrotliCompress)\s*\()/,
    used: /^(write|end|push|pipe|pipeTo|pipeThrough|read|destroy|getWriter|getReader|on)$/,
    what: 'is a stream, which flows once',
    consequence: 'the bytes of request A come out in the answer of request B, or the stream is already at its end',
  },
  {
    made: /\bnew\s+AbortController\b/,
    used: /^abort$/,
    what: 'aborts once, for all who have its signal',
    consequence: 'request A aborts the work of request B and of all later ones',
  },
  {
    made: /\bnew\s+DataLoader\b(?![\s\S]*cache:\s*false)/,
    used: /^(load|loadMany)$/,
    what: 'caches and batches over all requests',
    consequence: 'request B is answered with what was loaded with the rights of A',
  },
  {
    made: /\bnew\s+(StringDecoder|TextDecoder|FormData|URLSearchParams|Zip|JSZip|AdmZip|PDFDocument|Workbook|ExcelJS\.Workbook|PassThrough)\b/,
    used: /^(write|append|set|file|addFile|text|addPage|addWorksheet|image|generateAsync|toBuffer|end)$/,
    what: 'collects what is put into it',
    consequence: 'the document of request B holds data of A',
  },
];

/** Streams, hashes, signals and documents of the module that requests use. */
export const sharedStream: Rule = {
  id: 'shared-stream',
  find: ({ trace }) => {
    const told = new Set<string>();
    return trace.calls.flatMap((call) => {
      const kind = kindOf(call);
      const shared = call.receiver?.shared;
      if (!kind || !shared || told.has(shared.key)) return [];
      told.add(shared.key);
      const args = {
        name: nameOfState({ shared, path: [] }),
        declared: declaredWhere(shared, call.spot),
        what: kind.what,
        consequence: kind.consequence,
      };
      return [{ code: 'STREAM_SHARED', at: call.spot, args }];
    });
  },
};

function kindOf({ receiver, name }: Call) {
  const initial = receiver?.path.length === 0 ? receiver.shared.initial : null;
  if (!initial) return undefined;
  const text = initial.module.text.slice(initial.node.start, Math.min(initial.node.end, initial.node.start + 400));
  return kinds.find(({ made, used }) => text.search(made) === 0 + text.search(/\S/) + lead(text, made) && used.test(name));
}

/** The whole value is it, not something made with it inside. */
function lead(text: string, made: RegExp): number {
  const at = text.search(made);
  return at > 0 && /^[\w.]*$/.test(text.slice(0, at)) ? at : 0;
}
