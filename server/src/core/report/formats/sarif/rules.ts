import type { Severity } from '../../../advisories/advisory.ts';
import type { Finding } from '../../../assessment/finding.ts';
import { severityText } from '../../words/findingText.ts';
import { type Level, levelOf } from '../../levels.ts';
import type { ReportedFinding } from '../../reportedFindings.ts';
import { loudness } from './limits.ts';
import { escapeMarkdown, link } from '../../../text/markdownText.ts';
import { plainText } from '../../../text/plainText.ts';

/** Where Pinwatch itself is described. */
export const informationUri = 'https://www.npmjs.com/package/pinwatch';

/** What SARIF says of a vulnerability apart from where it is. */
export function sarifRule(finding: Finding, level: Level): object {
  const summary = plainText(finding.summary, 300);
  const title = summary === '' ? finding.id : `${finding.id}: ${summary}`;
  const facts = [
    `Severity: ${severityText(finding)}.`,
    ...(finding.aliases.length === 0 ? [] : [`Also known as ${plainText(finding.aliases.join(', '), 500)}.`]),
    ...(finding.vector === null ? [] : [`Vector: ${plainText(finding.vector, 200)}.`]),
  ];
  return {
    id: finding.id,
    shortDescription: { text: plainText(title, 200) },
    fullDescription: { text: title },
    helpUri: finding.url,
    help: {
      text: [title, ...facts, `More: ${finding.url}`].join('\n'),
      markdown: [
        `**${escapeMarkdown(title)}**`,
        ...facts.map((fact) => escapeMarkdown(fact, 600)),
        link('More', finding.url),
      ].join('\n\n'),
    },
    defaultConfiguration: { level },
    properties: {
      tags: [
        'security',
        'vulnerability',
        'dependency',
        ...(finding.severity === 'malicious' ? ['malicious'] : []),
        // As code scanning writes them.
        ...(finding.cwes ?? [])
          .slice(0, 10)
          .map((cwe) => `external/cwe/cwe-${cwe.slice('CWE-'.length).padStart(3, '0')}`),
      ],
      precision: 'high',
      'security-severity': securitySeverity(finding),
      severity: finding.severity,
    },
  };
}

/** GitHub sorts by this number: the score, or one within the band where there is none. */
function securitySeverity({ score, severity }: Finding): string {
  return (severity === 'malicious' ? 10 : (score ?? withoutScore[severity])).toFixed(1);
}

const withoutScore: Readonly<Record<Severity, number>> = {
  none: 0,
  low: 2,
  // Neither drowned nor on top.
  unknown: 5,
  medium: 5.5,
  high: 8,
  critical: 9.5,
  malicious: 10,
};

/** The rules of these results; the loudest of each id's findings stands for its rule. */
export function rulesOf(
  reported: readonly ReportedFinding[],
): readonly { readonly finding: Finding; readonly level: Level }[] {
  const rules = new Map<string, { readonly finding: Finding; readonly level: Level }>();
  for (const { finding, verdict } of reported) {
    const level = levelOf({ finding: { ...finding, ignored: undefined }, verdict });
    const before = rules.get(finding.id);
    if (before === undefined || loudness[level] > loudness[before.level]) {
      rules.set(finding.id, { finding, level });
    }
  }
  return [...rules.values()];
}

/** What SARIF says of a rule of the user. */
export function policyRule(code: string, text: string): object {
  const help = `${text} The rules are those of pinwatch.toml or of the settings.`;
  return {
    id: code,
    name: code,
    shortDescription: { text },
    fullDescription: { text },
    helpUri: informationUri,
    help: { text: help, markdown: escapeMarkdown(help, 600) },
    defaultConfiguration: { level: 'warning' },
    properties: { tags: ['policy', 'dependency'], precision: 'high' },
  };
}
