// Types of the frames, made from the contract's schemas; `npm run contract` writes them.
import { readFileSync, writeFileSync } from 'node:fs';

const read = (file) => JSON.parse(readFileSync(new URL(`../../protocol/schema/${file}`, import.meta.url), 'utf8'));
const definitions = read('defs.json').$defs;

/** Definitions that are types of their own; all others are written where they are used. */
const NAMES = { code: 'ErrorCode', field: 'BrokenField', problem: 'WireProblem', snapshot: 'Snapshot', attached: 'Attached', status_answer: 'StatusAnswer' };
const PRIMITIVES = { string: 'string', number: 'number', integer: 'number', boolean: 'boolean' };

const indent = (text) => text.replace(/^(?=.)/gm, '  ');
const comment = (text) => (text ? `/** ${text} */\n` : '');
const quoted = (value) => (typeof value === 'string' ? `'${value}'` : JSON.stringify(value));
const key = (name) => (/^[a-z_]\w*$/i.test(name) ? name : quoted(name));

function referred(schema) {
  const [, name] = /\$defs\/(\w+)$/.exec(schema.$ref ?? '') ?? [];
  return name ? { name, definition: definitions[name] } : undefined;
}

function type(schema) {
  if (schema === true) {
    return 'unknown';
  }
  const { name, definition } = referred(schema) ?? {};
  if (name) {
    return NAMES[name] ?? type({ ...definition, description: undefined });
  }
  const [, side, frame] = /(client|server)\/(\w+)\.json$/.exec(schema.$ref ?? '') ?? [];
  if (frame) {
    return `${side === 'client' ? 'ClientFrames' : 'ServerFrames'}['${frame}']`;
  }
  if ('const' in schema) {
    return quoted(schema.const);
  }
  if (schema.enum) {
    return schema.enum.map(quoted).join(' | ');
  }
  if (schema.oneOf && !schema.properties) {
    return schema.oneOf.map(type).join(' | ');
  }
  if (schema.type === 'array') {
    const item = type(schema.items);
    return / \| /.test(item) ? `(${item})[]` : `${item}[]`;
  }
  return schema.type === 'object' ? object(schema) : PRIMITIVES[schema.type];
}

/** An object with what it takes over from the definition that it refers to. */
function object(schema) {
  const inherited = referred(schema)?.definition ?? {};
  const properties = { ...inherited.properties, ...schema.properties };
  const required = [...(inherited.required ?? []), ...(schema.required ?? [])];
  const fields = Object.entries(properties)
    .filter(([, value]) => value !== false)
    .map(([name, value]) => `${comment(value.description)}${key(name)}${required.includes(name) ? '' : '?'}: ${type(value)};\n`);
  const rest = schema.additionalProperties;
  if (rest) {
    fields.push(`[name: string]: ${fields.length > 0 ? 'unknown' : type(rest)};\n`);
  }
  return fields.length > 0 ? `{\n${indent(fields.join(''))}}` : 'Record<string, unknown>';
}

function frames(side) {
  const all = read(`${side}.json`).oneOf.map(({ $ref }) => read($ref));
  return all.map((schema) => `${comment(schema.description)}${schema.title}: ${object(schema)};\n`).join('');
}

export function contract() {
  const named = Object.entries(NAMES).map(([name, ours]) => {
    const definition = definitions[name];
    return `${comment(definition.description)}export type ${ours} = ${definition.enum ? type(definition) : object(definition)};\n`;
  });
  return [
    '// Made from protocol/schema by `npm run contract`. Do not edit it.\n',
    ...named,
    `/** What a client sends, by its type. */\nexport interface ClientFrames {\n${indent(frames('client'))}}\n`,
    `/** What the server sends, by its type. */\nexport interface ServerFrames {\n${indent(frames('server'))}}\n`,
  ].join('\n');
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  writeFileSync(new URL('src/contract.ts', import.meta.url), contract());
}
