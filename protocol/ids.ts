/** Names that both halves and the manifest spell the same way. A test compares them with package.json. */
export const extensionId = 'pinwatch.pinwatch';
export const configurationSection = 'pinwatch';
export const diagnosticSource = 'pinwatch';
export const languageId = 'pip-requirements';

/** OSV's bucket of exports: where the local advisory database comes from. */
export const osvBucketUrl = 'https://osv-vulnerabilities.storage.googleapis.com';

/** Commands a user finds in the palette. */
export const editorCommands = {
  rescan: 'pinwatch.rescan',
  rescanWorkspace: 'pinwatch.rescanWorkspace',
  clearCache: 'pinwatch.clearCache',
  showStatistics: 'pinwatch.showStatistics',
  showHealth: 'pinwatch.showHealth',
  showMetrics: 'pinwatch.showMetrics',
  showReport: 'pinwatch.showReport',
  exportReport: 'pinwatch.exportReport',
  showSentData: 'pinwatch.showSentData',
  showSettings: 'pinwatch.showSettings',
  fixAll: 'pinwatch.fixAll',
  fixAllInWorkspace: 'pinwatch.fixAllInWorkspace',
  ignoreAdvisory: 'pinwatch.ignoreAdvisory',
  stopIgnoring: 'pinwatch.stopIgnoring',
  nextProblem: 'pinwatch.nextProblem',
  updateDatabase: 'pinwatch.updateDatabase',
  importDatabase: 'pinwatch.importDatabase',
  setRedisPassword: 'pinwatch.setRedisPassword',
  setCacheKey: 'pinwatch.setCacheKey',
  showOutput: 'pinwatch.showOutput',
} as const;

/** Commands of the rows and the title of the view. The palette hides them. */
export const viewCommands = {
  fix: 'pinwatch.view.fix',
  ignore: 'pinwatch.view.ignore',
  openAdvisory: 'pinwatch.view.openAdvisory',
  copyId: 'pinwatch.view.copyId',
  stopIgnoring: 'pinwatch.view.stopIgnoring',
  groupByFile: 'pinwatch.view.groupByFile',
  groupByPackage: 'pinwatch.view.groupByPackage',
  filter: 'pinwatch.view.filter',
  clearFilter: 'pinwatch.view.clearFilter',
} as const;

/** Commands of the editor that code actions run, and nobody else. */
export const actionCommands = {
  typeInTerminal: 'pinwatch.typeInTerminal',
} as const;

/** Commands the server answers by `workspace/executeCommand`. */
export const serverCommands = {
  rescan: 'pinwatch.server.rescan',
  clearCache: 'pinwatch.server.clearCache',
  statistics: 'pinwatch.server.statistics',
  health: 'pinwatch.server.health',
  metrics: 'pinwatch.server.metrics',
  sentData: 'pinwatch.server.sentData',
  effectiveSettings: 'pinwatch.server.effectiveSettings',
  /** For clients that take commands in place of code actions. */
  applyAction: 'pinwatch.server.applyAction',
  fixAll: 'pinwatch.server.fixAll',
  ignoreEdit: 'pinwatch.server.ignoreEdit',
  stopIgnoreEdit: 'pinwatch.server.stopIgnoreEdit',
  updateDatabase: 'pinwatch.server.updateDatabase',
  importDatabase: 'pinwatch.server.importDatabase',
} as const;

/** `code` of diagnostics that are no advisory. */
export const diagnosticCodes = {
  couldNotCheck: 'could-not-check',
  moreFindings: 'more-findings',
  notAssessed: 'not-assessed',
  comesWith: 'comes-with',
} as const;

/** In the activity bar. */
export const viewContainerId = 'pinwatch';
export const findingsViewId = 'pinwatch.findings';

/** The entry of `performance` that holds how long the client kept the extension host busy when it was activated. */
export const activationMeasure = 'pinwatch.activate';
