export default async (c) => (await import(location.origin + c.data.script)).mount("NAME", c);
