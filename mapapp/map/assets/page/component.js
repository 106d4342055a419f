export default async (c) => (await import(new URL(c.data.script, document.baseURI))).mount("NAME", c);
