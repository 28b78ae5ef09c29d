/**
 * The licences that a classifier may stand for. Many leave open which of several it is; those that are not here say
 * nothing that can be decided by.
 */
export function licencesOfClassifier(classifier: string): readonly string[] | undefined {
  const name = classifier.replace(/^OSI Approved :: /u, '');
  return table.get(name);
}

const table: ReadonlyMap<string, readonly string[]> = new Map([
  ['MIT License', ['MIT']],
  ['MIT No Attribution License (MIT-0)', ['MIT-0']],
  ['Apache Software License', ['Apache-2.0', 'Apache-1.1', 'Apache-1.0']],
  ['BSD License', ['BSD-3-Clause', 'BSD-2-Clause', 'BSD-4-Clause', '0BSD']],
  ['ISC License (ISCL)', ['ISC']],
  ['Python Software Foundation License', ['PSF-2.0', 'Python-2.0']],
  ['Mozilla Public License 1.0 (MPL)', ['MPL-1.0']],
  ['Mozilla Public License 1.1 (MPL 1.1)', ['MPL-1.1']],
  ['Mozilla Public License 2.0 (MPL 2.0)', ['MPL-2.0']],
  ['The Unlicense (Unlicense)', ['Unlicense']],
  ['zlib/libpng License', ['Zlib']],
  ['Boost Software License 1.0 (BSL-1.0)', ['BSL-1.0']],
  ['Academic Free License (AFL)', ['AFL-3.0', 'AFL-2.1', 'AFL-2.0', 'AFL-1.2', 'AFL-1.1']],
  ['Eclipse Public License 1.0 (EPL-1.0)', ['EPL-1.0']],
  ['Eclipse Public License 2.0 (EPL-2.0)', ['EPL-2.0']],
  ['European Union Public Licence 1.1 (EUPL 1.1)', ['EUPL-1.1']],
  ['European Union Public Licence 1.2 (EUPL 1.2)', ['EUPL-1.2']],
  ['Universal Permissive License (UPL)', ['UPL-1.0']],
  ['Zope Public License', ['ZPL-2.1', 'ZPL-2.0', 'ZPL-1.1']],
  ['CC0 1.0 Universal (CC0 1.0) Public Domain Dedication', ['CC0-1.0']],
  ['Historical Permission Notice and Disclaimer (HPND)', ['HPND']],
  ['GNU General Public License v2 (GPLv2)', ['GPL-2.0-only', 'GPL-2.0-or-later']],
  ['GNU General Public License v2 or later (GPLv2+)', ['GPL-2.0-or-later']],
  ['GNU General Public License v3 (GPLv3)', ['GPL-3.0-only', 'GPL-3.0-or-later']],
  ['GNU General Public License v3 or later (GPLv3+)', ['GPL-3.0-or-later']],
  ['GNU Lesser General Public License v2 (LGPLv2)', ['LGPL-2.0-only', 'LGPL-2.1-only', 'LGPL-2.0-or-later']],
  ['GNU Lesser General Public License v2 or later (LGPLv2+)', ['LGPL-2.0-or-later', 'LGPL-2.1-or-later']],
  ['GNU Lesser General Public License v3 (LGPLv3)', ['LGPL-3.0-only', 'LGPL-3.0-or-later']],
  ['GNU Lesser General Public License v3 or later (LGPLv3+)', ['LGPL-3.0-or-later']],
  ['GNU Affero General Public License v3', ['AGPL-3.0-only', 'AGPL-3.0-or-later']],
  ['GNU Affero General Public License v3 or later (AGPLv3+)', ['AGPL-3.0-or-later']],
]);

/** Whether an id is one of those that classifiers stand for. */
export function isCommonLicence(id: string): boolean {
  return [...table.values()].some((ids) => ids.includes(id));
}
