import assert from 'node:assert/strict';
import { X509Certificate, createPrivateKey } from 'node:crypto';
import { createServerIdentity } from '../../osv-service/certificate.ts';
import { bits, integer, objectId, tagged, utcTime } from '../../osv-service/der.ts';

describe('the certificate of the OSV service', () => {
  const now = new Date('2026-11-21T12:34:56Z');
  const identity = createServerIdentity(now);
  const ca = new X509Certificate(identity.ca);
  const certificate = new X509Certificate(identity.cert);

  it('is issued by its authority', () => {
    assert.ok(certificate.checkIssued(ca) && certificate.verify(ca.publicKey));
    assert.ok(ca.verify(ca.publicKey) && ca.ca && !certificate.ca);
    assert.ok(!ca.verify(certificate.publicKey));
  });

  it('is for loopback and a name nobody can have, and for nobody else', () => {
    assert.ok(
      certificate.checkIP('127.0.0.1') && certificate.checkHost('localhost') && certificate.checkHost('osv.test'),
    );
    assert.equal(certificate.checkHost('api.osv.dev'), undefined);
    // A server, and a client that shows who it is.
    assert.deepEqual(certificate.keyUsage, ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']);
  });

  it('belongs to its key', () => {
    assert.ok(certificate.checkPrivateKey(createPrivateKey(identity.key)));
  });

  it('is good for a week', () => {
    for (const { validFrom, validTo } of [ca, certificate]) {
      assert.equal(new Date(validFrom).toISOString(), '2026-11-20T12:34:56.000Z');
      assert.equal(new Date(validTo).toISOString(), '2026-11-28T12:34:56.000Z');
    }
  });

  it('is another one each time', () => {
    const other = createServerIdentity(now);
    assert.notEqual(new X509Certificate(other.cert).serialNumber, certificate.serialNumber);
    assert.ok(!new X509Certificate(other.cert).verify(ca.publicKey));
  });
});

describe('DER', () => {
  const hex = (der: Buffer): string => der.toString('hex');

  it('keeps numbers from looking negative', () => {
    assert.equal(hex(integer(Buffer.from([0x7f]))), '02017f');
    assert.equal(hex(integer(Buffer.from([0x80]))), '02020080');
  });

  it('writes lengths short and long', () => {
    assert.equal(hex(tagged(0x04, Buffer.alloc(127))).slice(0, 4), '047f');
    assert.equal(hex(tagged(0x04, Buffer.alloc(128))).slice(0, 6), '048180');
    assert.equal(hex(tagged(0x04, Buffer.alloc(300))).slice(0, 8), '0482012c');
  });

  it('writes object ids, bit strings and times', () => {
    assert.equal(hex(objectId('1.2.840.10045.4.3.2')), '06082a8648ce3d040302');
    assert.equal(hex(bits(Buffer.from([0x80]), 7)), '03020780');
    assert.equal(utcTime(new Date('2026-11-21T12:34:56.789Z')).subarray(2).toString(), '261121123456Z');
  });
});
