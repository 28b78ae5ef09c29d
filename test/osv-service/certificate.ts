import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { bits, boolean, integer, objectId, octets, sequence, set, tagged, text, utcTime } from './der.ts';

/** All PEM. */
export interface ServerIdentity {
  /** The authority, for clients to trust. Its key is thrown away. */
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** A new authority and a certificate of it for this machine's loopback names and `osv.test`, good for a week. Node itself makes none. */
export function createServerIdentity(now: Date = new Date()): ServerIdentity {
  const authority = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const server = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const validity = sequence(utcTime(addDays(now, -1)), utcTime(addDays(now, 7)));
  const authorityName = commonName('OSV test service authority');
  const issue = (subject: Buffer, publicKey: KeyObject, extensions: readonly Buffer[]): string =>
    certificate({ issuer: authorityName, issuerKey: authority, subject, publicKey, validity, extensions });
  return {
    ca: issue(authorityName, authority.publicKey, [
      extension('2.5.29.19', sequence(boolean(true)), { isCritical: true }), // basicConstraints: an authority
      extension('2.5.29.15', bits(Buffer.from([0b0000_0110]), 1), { isCritical: true }), // keyUsage: keyCertSign, cRLSign
    ]),
    cert: issue(commonName('localhost'), server.publicKey, [
      extension('2.5.29.19', sequence(), { isCritical: true }), // basicConstraints: no authority
      extension('2.5.29.15', bits(Buffer.from([0b1000_0000]), 7), { isCritical: true }), // keyUsage: digitalSignature
      extension('2.5.29.37', sequence(objectId('1.3.6.1.5.5.7.3.1'), objectId('1.3.6.1.5.5.7.3.2'))), // extKeyUsage: serverAuth, clientAuth
      extension('2.5.29.17', sequence(dnsName('localhost'), dnsName('osv.test'), ipAddress([127, 0, 0, 1]))), // subjectAltName
    ]),
    key: server.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

interface CertificateParts {
  readonly issuer: Buffer;
  readonly issuerKey: { readonly publicKey: KeyObject; readonly privateKey: KeyObject };
  readonly subject: Buffer;
  readonly publicKey: KeyObject;
  readonly validity: Buffer;
  readonly extensions: readonly Buffer[];
}

/** RFC 5280, section 4.1; signed with ECDSA and SHA-256. */
function certificate({ issuer, issuerKey, subject, publicKey, validity, extensions }: CertificateParts): string {
  const algorithm = sequence(objectId('1.2.840.10045.4.3.2'));
  const keyExtensions = [
    extension('2.5.29.14', octets(keyId(publicKey))),
    extension('2.5.29.35', sequence(tagged(0x80, keyId(issuerKey.publicKey)))),
  ];
  const toBeSigned = sequence(
    tagged(0xa0, integer(Buffer.from([2]))), // version 3
    integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])), // serial number
    algorithm,
    issuer,
    validity,
    subject,
    spki(publicKey),
    tagged(0xa3, sequence(...extensions, ...keyExtensions)),
  );
  const signature = bits(sign('sha256', toBeSigned, issuerKey.privateKey));
  return pem(sequence(toBeSigned, algorithm, signature));
}

function extension(id: string, value: Buffer, { isCritical = false } = {}): Buffer {
  return sequence(objectId(id), ...(isCritical ? [boolean(true)] : []), octets(value));
}

function commonName(name: string): Buffer {
  return sequence(set(sequence(objectId('2.5.4.3'), text(name))));
}

function dnsName(name: string): Buffer {
  return tagged(0x82, Buffer.from(name, 'ascii'));
}

function ipAddress(bytes: readonly number[]): Buffer {
  return tagged(0x87, Buffer.from(bytes));
}

function keyId(publicKey: KeyObject): Buffer {
  return createHash('sha1').update(spki(publicKey)).digest();
}

function spki(publicKey: KeyObject): Buffer {
  return publicKey.export({ type: 'spki', format: 'der' });
}

function pem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

function addDays(time: Date, days: number): Date {
  return new Date(time.getTime() + days * 86_400_000);
}
