import type { AdvisorySummary } from '../../../protocol/messages/advisories.ts';
import type { IgnoredRequirement, VulnerableRequirement } from '../../../protocol/messages/findings.ts';
import type { Place } from '../../../protocol/messages/place.ts';

/** A row of the view. */
export type FindingsNode = GroupNode | RequirementNode | AdvisoryNode | FailedNode | IgnoredNode | ActionNode;

interface Row {
  /** Unique in the tree, and the same for the same thing, so that VS Code keeps what is expanded. */
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly accessibilityLabel: string;
  /** Plain text. */
  readonly tooltip: string;
  readonly icon?: NodeIcon;
}

/** A package, a file, what could not be checked, or what is ignored. */
export interface GroupNode extends Row {
  readonly kind: 'package' | 'file' | 'failures' | 'ignores';
  readonly children: readonly (RequirementNode | FailedNode | IgnoredNode)[];
}

export interface RequirementNode extends Row {
  readonly kind: 'requirement';
  readonly requirement: VulnerableRequirement;
}

export interface AdvisoryNode extends Row {
  readonly kind: 'advisory';
  readonly requirement: VulnerableRequirement;
  readonly advisory: AdvisorySummary;
}

export interface FailedNode extends Row {
  readonly kind: 'failed';
  readonly place: Place;
}

export interface IgnoredNode extends Row {
  readonly kind: 'ignored';
  readonly ignored: IgnoredRequirement;
}

/** Something to do, as a row: VS Code shows buttons only where there is neither a row nor a message. */
export interface ActionNode extends Row {
  readonly kind: 'action';
  readonly action: 'scanWorkspace' | 'openFolder' | 'clearFilter';
}

/** `glyph`: a codicon. The severity stands in the row as a word, too; the icon never says it alone. */
export interface NodeIcon {
  readonly glyph: string;
  readonly colour?: 'error' | 'warning' | 'info';
}
