// Which fields of a connection each type has, of those that its form asks for. The rest of a manifest
// (headers, proxy, certificates, OAuth 2) is written with `jobctl apply`, and kept by the form.
import type {Schemas} from '@/api/client';

export type ConnectionSpec = Schemas['ConnectionSpec'];
export type ConnectionType = Schemas['ConnectionType'];

export type TextKey = 'url' | 'host' | 'database' | 'path' | 'user';
interface Field {
  key: TextKey;
  label: string;
  hint?: string;
  isNeeded?: boolean;
}
interface TypeFields {
  words: string;
  fields: Field[];
  hasPort?: boolean;
  /** What the secret is, where the type takes one. */
  secret?: string;
}

const DATABASE: Field[] = [
  {key: 'host', label: 'Host', hint: 'A name or address, or the path of a socket.', isNeeded: true},
  {key: 'database', label: 'Database'},
  {key: 'user', label: 'User'},
];

export const TYPES: Record<ConnectionType, TypeFields> = {
  http: {
    words: 'http: a web service', secret: 'Bearer token',
    fields: [{key: 'url', label: 'Address', hint: 'Such as https://api.example.org/v2', isNeeded: true}],
  },
  postgres: {words: 'postgres: a PostgreSQL database', hasPort: true, secret: 'Password', fields: DATABASE},
  mysql: {words: 'mysql: a MySQL or MariaDB database', hasPort: true, secret: 'Password', fields: DATABASE},
  sqlite: {
    words: 'sqlite: a file on the worker',
    fields: [{key: 'path', label: 'File', hint: 'Its full path on the machine of the worker.', isNeeded: true}],
  },
  docker: {
    words: 'docker: a container engine',
    fields: [{key: 'url', label: 'Address', hint: 'Such as unix:///run/docker.sock or tcp://host:2376', isNeeded: true}],
  },
  registry: {
    words: 'registry: of container images', secret: 'Password',
    fields: [
      {key: 'url', label: 'Address', hint: 'Such as https://registry.example.org', isNeeded: true},
      {key: 'user', label: 'User'},
    ],
  },
};

/** The name of the secret that the form shows; undefined where the manifest says it in another way. */
export function secretOf(spec: ConnectionSpec): string | undefined {
  if (spec.type !== 'http') return spec.password?.file ? undefined : (spec.password?.secret ?? '');
  if (spec.auth?.basic || spec.auth?.oauth2 || spec.auth?.bearer?.file) return undefined;
  return spec.auth?.bearer?.secret ?? '';
}

export function withSecret(spec: ConnectionSpec, secret: string): ConnectionSpec {
  const ref = secret === '' ? undefined : {secret};
  return spec.type === 'http' ? {...spec, auth: ref && {bearer: ref}} : {...spec, password: ref};
}

/** The same connection as one of another type: what that type does not have is left behind. */
export function withType(spec: ConnectionSpec, type: ConnectionType): ConnectionSpec {
  const {fields, hasPort, secret} = TYPES[type];
  const kept = Object.fromEntries(fields.map(({key}) => [key, spec[key] ?? '']));
  const changed: ConnectionSpec = {name: spec.name, description: spec.description, type, ...kept};
  if (hasPort && spec.port) changed.port = spec.port;
  return secret ? withSecret(changed, secretOf(spec) ?? '') : changed;
}

export function isWhole(spec: ConnectionSpec): boolean {
  return TYPES[spec.type].fields.every(({key, isNeeded}) => !isNeeded || (spec[key] ?? '').trim() !== '');
}
