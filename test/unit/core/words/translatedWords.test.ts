import assert from 'node:assert/strict';
import { translatedWords } from '../../../../server/src/core/words/translatedWords.ts';
import { english } from '../../../../server/src/core/words/words.ts';
import { languages } from '../../../../server/src/main/languages.ts';

const german = languages.get('de');
assert.ok(german !== undefined);
const { t, said, part } = translatedWords(german);

describe('the words of another language', () => {
  it('fill in values, in the order of the translation', () => {
    assert.equal(t('{0} min ago', 3), 'vor 3 Min.');
    assert.equal(t('a message without German: {0}', 'x'), 'a message without German: x');
  });

  const sentences: readonly (readonly [string, string])[] = [
    [
      'aiohttp 3.9.5 has 31 known vulnerabilities (worst: high 7.5, CVE-2025-69223). Update to 3.14.1.',
      'aiohttp 3.9.5 hat 31 bekannte Schwachstellen (schwerste: hoch 7.5, CVE-2025-69223). Aktualisieren Sie auf 3.14.1.',
    ],
    [
      'django 3.2.0 (locked by uv.lock) has 1 known vulnerability (critical 9.8, CVE-2021-35042): SQL injection in order_by(). See there. Update to 3.2.5.',
      'django 3.2.0 (gesperrt durch uv.lock) hat 1 bekannte Schwachstelle (kritisch 9.8, CVE-2021-35042): SQL injection in order_by(). See there. Aktualisieren Sie auf 3.2.5.',
    ],
    [
      'bleach has no version limit: it allows 2.1 up to before 2.1.3, with 1 known vulnerability (severity unknown, CVE-1): cut off. Require >=3.3.0.',
      'bleach hat keine Versionsgrenze: Es lässt 2.1 bis vor 2.1.3 zu, mit 1 bekannten Schwachstelle (Schweregrad unbekannt, CVE-1): cut off. Verlangen Sie >=3.3.0.',
    ],
    [
      'flask >=0.12,<2 allows only versions with 3 known vulnerabilities (worst: high, CVE-1). No version that it allows is known to be safe. The nearest safe one is 3.1.3. (Being checked again.)',
      'flask >=0.12,<2 lässt nur Versionen zu mit 3 bekannten Schwachstellen (schwerste: hoch, CVE-1). Keine Version, die es zulässt, ist als sicher bekannt. Die nächste sichere ist 3.1.3. (Wird erneut geprüft.)',
    ],
    [
      'CVE-2024-1 (medium 5.3) in 1.0 up to before 2.0, 3.0 and above: Denial of service to anyone. Fixed in 2.0, 3.1 and 2 more. Ignored until 2027-01-31: not reached by us.',
      'CVE-2024-1 (mittel 5.3) in 1.0 bis vor 2.0, ab 3.0: Denial of service to anyone. Behoben in 2.0, 3.1 und 2 weitere. Ignoriert bis 2027-01-31: not reached by us.',
    ],
    [
      'django 3.2.0 could not be checked: api.osv.dev could not be found (ENOTFOUND). Is there a network? It is asked again not before 40 s from now. It may be vulnerable.',
      'django 3.2.0 konnte nicht geprüft werden: api.osv.dev wurde nicht gefunden (ENOTFOUND). Besteht eine Netzverbindung? Die nächste Anfrage folgt frühestens in 40 s. Es kann verwundbar sein.',
    ],
    [
      'Change aiohttp to 3.14.1 (nearest safe, minor, in base.in, not verified)',
      'aiohttp auf 3.14.1 ändern (nächste sichere, Minor, in base.in, nicht überprüft)',
    ],
    [
      'Compiled by pip-compile from base.in: compile again with --upgrade-package urllib3. urllib3 is there because of requests.',
      'Kompiliert von pip-compile aus base.in: Kompilieren Sie neu mit --upgrade-package urllib3. urllib3 ist dort wegen requests.',
    ],
    [
      '"=" is not an operator; use "==". Write it after django.',
      '"=" ist kein Operator; verwenden Sie "==". Schreiben Sie es hinter django.',
    ],
    [
      '"django to be done" is not part of a version specifier. Correct what follows x.',
      '"django to be done" ist kein Teil einer Versionsangabe. Berichtigen Sie, was auf x folgt.',
    ],
    [
      'missing.txt was not read: there is no such file.',
      'missing.txt wurde nicht gelesen: es gibt keine solche Datei.',
    ],
    [
      'No safe version of pycrypto is known. 2.6.2 has CVE-1, CVE-2, 2.7 is yanked.',
      'Von pycrypto ist keine sichere Version bekannt. 2.6.2 hat CVE-1, CVE-2, 2.7 ist zurückgezogen.',
    ],
    [
      'It is installed from a file: name a file of version 2.0, or require it by version.',
      'Es wird aus einer Datei installiert: Nennen Sie eine Datei der Version 2.0, oder verlangen Sie es mit Version.',
    ],
  ];
  for (const [text, expected] of sentences) {
    it(`know "${text.slice(0, 60)}…"`, () => assert.equal(said(text), expected));
  }

  it('know a few words by themselves', () => {
    assert.equal(part('high 7.5'), 'hoch 7.5');
    assert.equal(part('3 days old'), '3 Tage alt');
    assert.equal(part('2.1 up to before 2.1.3, 3.0 and above'), '2.1 bis vor 2.1.3, ab 3.0');
  });

  it('leave what strangers wrote as it is', () => {
    for (const text of [
      'Open redirect in the handler of before and to.',
      'Django has a bug in code that is not ours',
      'high',
      'in X before Y',
      'A service says something to another.',
    ]) {
      assert.equal(said(text), text);
    }
    assert.equal(
      said('x was not assessed: "a to b" is a local path.'),
      'x wurde nicht bewertet: "a to b" ist ein lokaler Pfad.',
    );
  });

  it('live through texts that are made to take long', () => {
    const deep = `${'X could not be checked: '.repeat(100)}it failed.`;
    assert.ok(said(deep).startsWith('X konnte nicht geprüft werden: X konnte nicht'));
    const long = 'X could not be checked: '.repeat(20_000);
    assert.equal(said(long), long);
  });

  it('are the same as before in English', () => {
    assert.equal(english.said('3 days old'), '3 days old');
    assert.equal(english.t('{0} of {1} not assessed', 1, 2), '1 of 2 not assessed');
    assert.equal(english.t('"{0}" as it is'), '"{0}" as it is');
  });
});
