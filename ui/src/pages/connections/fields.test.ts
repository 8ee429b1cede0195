import {describe, expect, test} from 'vitest';
import {isWhole, secretOf, withSecret, withType, type ConnectionSpec} from './fields';

const WAREHOUSE: ConnectionSpec = {
  name: 'warehouse', description: 'sales', type: 'postgres', host: 'db.internal', port: 5433, database: 'sales', user: 'etl',
  password: {secret: 'warehouse'}, options: {application_name: 'nightly'},
};

describe('a connection in its form', () => {
  test('shows the name of its secret, unless the manifest says it in another way', () => {
    expect(secretOf(WAREHOUSE)).toBe('warehouse');
    expect(secretOf({name: 'a', type: 'http', url: 'https://a'})).toBe('');
    expect(secretOf({name: 'a', type: 'http', auth: {bearer: {secret: 'token'}}})).toBe('token');
    expect(secretOf({name: 'a', type: 'http', auth: {basic: {user: 'x', password: {secret: 'y'}}}})).toBeUndefined();
    expect(secretOf({...WAREHOUSE, password: {file: '/run/secret'}})).toBeUndefined();
  });

  test('puts the secret where its type wants it, and takes it away', () => {
    expect(withSecret({name: 'a', type: 'http'}, 'token').auth).toEqual({bearer: {secret: 'token'}});
    expect(withSecret(WAREHOUSE, '').password).toBeUndefined();
  });

  test('of another type keeps what that type has too', () => {
    expect(withType(WAREHOUSE, 'mysql')).toEqual({
      name: 'warehouse', description: 'sales', type: 'mysql', host: 'db.internal', port: 5433, database: 'sales',
      user: 'etl', password: {secret: 'warehouse'},
    });
    expect(withType(WAREHOUSE, 'sqlite')).toEqual({name: 'warehouse', description: 'sales', type: 'sqlite', path: ''});
    expect(withType(WAREHOUSE, 'http').auth).toEqual({bearer: {secret: 'warehouse'}});
  });

  test('is whole with what its type cannot do without', () => {
    expect(isWhole(WAREHOUSE)).toBe(true);
    expect(isWhole({...WAREHOUSE, host: ' '})).toBe(false);
    expect(isWhole({name: 'a', type: 'sqlite'})).toBe(false);
  });
});
