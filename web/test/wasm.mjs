// Modules that no compiler would write: the smallest ones that misbehave in one way each.

const leb = (value) => (value < 128 ? [value] : [(value & 127) | 128, ...leb(Math.floor(value / 128))]);
const vector = (...items) => [...leb(items.length), ...items.flat()];
const string = (text) => [...leb(Buffer.byteLength(text)), ...Buffer.from(text)];
const section = (id, content) => [id, ...leb(content.length), ...content];
/** `i32.const`, whose number is signed. */
export const number = (value) => [0x41, ...signed(value)];
const signed = (value) => {
  const [byte, rest] = [value & 127, value >> 7];
  return (rest === 0 && !(byte & 64)) || (rest === -1 && byte & 64) ? [byte] : [byte | 128, ...signed(rest)];
};
export const loop = (...body) => [0x03, 0x40, ...body.flat(), 0x0c, 0, 0x0b];
export const call = [0x10, 0];

/** A waPC module whose `__guest_call` is `body`, which may call one function of the host's with two numbers. */
export function wasm({ body, host = "__guest_response", pages = 1, data = "", metadata }) {
  const [pair, nothing] = [[0x60, ...vector([0x7f], [0x7f]), ...vector([0x7f])], [0x60, ...vector([0x7f], [0x7f]), 0]];
  const code = [0, ...body.flat(), 0x0b];
  return new Uint8Array([
    0, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
    ...section(1, vector(pair, nothing)),
    ...section(2, vector([...string("wapc"), ...string(host), 0, 1])),
    ...section(3, vector([0])),
    ...section(5, vector([0, ...leb(pages)])),
    ...section(7, vector([...string("memory"), 2, 0], [...string("__guest_call"), 0, 1])),
    ...section(10, vector([...leb(code.length), ...code])),
    ...section(11, vector([0, ...number(0), 0x0b, ...string(data)])),
    ...(metadata === undefined ? [] : section(0, [...string("io.kubewarden.metadata"), ...Buffer.from(metadata)])),
  ]);
}

/** One that answers this text to everything. */
export const answering = (text, more = {}) =>
  wasm({ body: [number(0), number(Buffer.byteLength(text)), call, number(1)], data: text, pages: 4, ...more });
