import assert from 'node:assert/strict';
import { decodeOpenVex } from '../../../../server/src/core/ignores/openVex.ts';

describe('an OpenVEX document that is read', () => {
  const statement = (products: readonly unknown[], more: object = {}): object => ({
    vulnerability: { name: 'CVE-2021-35042' },
    status: 'not_affected',
    justification: 'vulnerable_code_not_in_execute_path',
    products,
    ...more,
  });
  const ignored = (...statements: readonly object[]): readonly unknown[] => {
    const list = decodeOpenVex('a.json', { '@context': 'https://openvex.dev/ns/v0.2.0', statements });
    assert.ok(!('wrong' in list), 'wrong' in list ? list.wrong : '');
    return list.ignores.map(({ id, package: name, version }) => [id, name, version]);
  };

  it('ignores what it says of a package, and of an image whatever package it is', () => {
    const id = 'CVE-2021-35042';
    assert.deepEqual(ignored(statement([{ '@id': 'pkg:pypi/Django@3.2.0' }])), [[id, 'django', '3.2.0']]);
    assert.deepEqual(ignored(statement([{ '@id': 'pkg:oci/shop@sha256:00' }])), [[id, undefined, undefined]]);
    assert.deepEqual(ignored(statement([{ '@id': 'https://shop.example/app' }])), [[id, undefined, undefined]]);
    assert.deepEqual(
      ignored(statement([{ '@id': 'pkg:oci/shop@sha256:00', subcomponents: [{ '@id': 'pkg:pypi/django' }] }])),
      [[id, 'django', undefined]],
    );
  });

  it('ignores nothing for what it says of packages of other ecosystems', () => {
    assert.deepEqual(ignored(statement([{ '@id': 'pkg:npm/django@3.2.0' }, 'pkg:gem/django@3.2.0'])), []);
    assert.deepEqual(ignored(statement([{ identifiers: { purl: 'pkg:deb/debian/python3-django@3.2' } }])), []);
  });

  it('ignores nothing that is affected, or is again', () => {
    const products = [{ '@id': 'pkg:pypi/django' }];
    assert.deepEqual(ignored(statement(products, { status: 'affected' })), []);
    assert.deepEqual(ignored(statement(products), statement(products, { status: 'under_investigation' })), []);
  });

  it('is refused where it is none', () => {
    assert.ok('wrong' in decodeOpenVex('a.json', { statements: [] }));
    assert.ok('wrong' in decodeOpenVex('a.json', null));
  });
});
