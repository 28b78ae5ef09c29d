import type { DiagnosticSeverity } from 'vscode-languageserver-types';
import type { DiagnosticLevel } from '../../../../protocol/diagnosticLevels.ts';

/** The numbers of LSP's DiagnosticSeverity; only types are imported here, so that the feature stays data. */
export function lspSeverity(level: DiagnosticLevel): DiagnosticSeverity {
  switch (level) {
    case 'error':
      return 1;
    case 'warning':
      return 2;
    case 'information':
      return 3;
    case 'hint':
      return 4;
  }
}
