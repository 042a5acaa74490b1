// The state of the page in the part of its address that no browser sends anywhere.

export interface Shared {
  manifests: string;
  settings: string;
  rule?: string;
}

/** No text that is longer comes out of a link, whatever the link holds. */
const LIMIT = 8_000_000;

export class TooLong extends Error {}

async function through(bytes: Uint8Array<ArrayBuffer>, transform: GenericTransformStream): Promise<Uint8Array> {
  const reader = new Blob([bytes]).stream().pipeThrough(transform).getReader() as ReadableStreamDefaultReader<Uint8Array>;
  const parts: Uint8Array[] = [];
  for (let length = 0; ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > LIMIT) throw new TooLong("The link holds a text that is too long for the page, so nothing was loaded.");
    parts.push(value);
  }
  return new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer());
}

/** The fragment that holds a state. */
export async function pack(state: Shared): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(state));
  const packed = await through(bytes, new CompressionStream("deflate-raw"));
  let binary = "";
  for (let at = 0; at < packed.length; at += 32_768) {
    binary += String.fromCharCode(...packed.subarray(at, at + 32_768));
  }
  return `#s=${btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")}`;
}

/** The state that a fragment holds; none if it is no such fragment. Throws where one is damaged. */
export async function unpack(fragment: string): Promise<Shared | null> {
  if (!fragment.startsWith("#s=")) return null;
  const base64 = fragment.slice(3).replaceAll("-", "+").replaceAll("_", "/");
  const packed = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const bytes = await through(packed, new DecompressionStream("deflate-raw"));
  const { manifests, settings, rule } = JSON.parse(new TextDecoder().decode(bytes)) as Partial<Shared>;
  if (typeof manifests !== "string" || typeof settings !== "string") throw new Error("the link holds no texts");
  return { manifests, settings, ...(typeof rule === "string" ? { rule } : {}) };
}
