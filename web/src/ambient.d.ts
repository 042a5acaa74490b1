declare module "isolation.wasm" {
  const base64: string;
  export default base64;
}
declare module "rule-pages" {
  const pages: Record<string, string>;
  export default pages;
}
declare module "examples" {
  const examples: import("./gallery").Example[];
  export default examples;
}
declare module "module-worker-source" {
  const source: string;
  export default source;
}
declare module "rules-worker-source" {
  const source: string;
  export default source;
}
