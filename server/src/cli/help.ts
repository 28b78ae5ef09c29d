import { osvBucketUrl } from '../../../protocol/ids.ts';
import { defaultSettings } from '../../../protocol/settings.ts';

export const helpText = `Pinwatch checks Python requirements files for known vulnerabilities (data: OSV.dev).

Usage: pinwatch scan [PATH…] [options]    what is vulnerable, and what could not be checked
       pinwatch db update|status|import FILE [--database DIR] [--format text|json]
                                          the local advisory database, for --offline; FILE is OSV's all.zip or
                                          JSON lines, gzipped or not
       pinwatch cache stats|clear --cache-dir DIR [--format text|json]
                                          the answers kept between runs
       pinwatch parse FILE… | --jsonl     how pinwatch reads a requirements file, as JSON
       pinwatch version --jsonl           PEP 440 operations, one JSON object a line
       pinwatch match --jsonl [--database DIR]
                                          advisories of the local database, one JSON object a line
       pinwatch --version | --help

PATH is a file, a folder (searched for requirements files) or - for standard input; the default is the current folder.

Options of scan: the report
  --format FORMAT         how to report (default text):
                            text       for people
                            json       everything, version 1
                            sarif      SARIF 2.1.0, for code scanning
                            cyclonedx  CycloneDX 1.6 with vulnerabilities (JSON)
                            openvex    OpenVEX 0.2.0
                            markdown   a summary for a pull request
                            github     annotations of GitHub Actions
  --output [FORMAT=]FILE  write the report to FILE instead of standard output; can be given several times, each with
                          a format of its own. FILE - is standard output. A file is written whole or not at all
  --metrics-out FILE      write figures of the scan to FILE, as Prometheus text
  --log text|json         how to log to standard error (default text)

Options of scan: what counts
  --fail-on LEVEL         exit with 1 at this severity or above: none, low, medium, high, critical, any (default any);
                          malicious packages and unknown severity always count, except with none
  --strict                anything skipped makes the scan incomplete (exit code 3)
  --max-data-age DAYS     advisory data older than this make the scan incomplete (default ${defaultSettings.offlineMaxDataAgeDays}): the local
                          database, and answers kept between runs
  --ignore-file FILE      an osv-scanner.toml, or a pyproject.toml with [tool.uv.audit]; without this option the
                          nearest of each above every requirements file is read. What is ignored is shown as ignored
                          and does not count; a malicious package is ignored by its own id only
  --fix                   write the nearest fixes into the files: pins with their hashes, ranges, constraints. Each file
                          is written whole or not at all; report and exit code are about what is left

Options of scan: where the advisories come from
  --osv-url URL           the advisory service (default ${defaultSettings.osvUrl}); https, or http on this machine
  --offline               use only the local advisory database and send nothing (see "pinwatch db")
  --database DIR          the folder of that database; implies --offline
  --index-url URL         the package index that fixes are checked against (default ${defaultSettings.indexUrl}; none
                          switches it off, and so does --offline)
  --timeout SECONDS       give up on the whole scan after this long

Options of scan: what is kept between runs
  --cache-dir DIR         the folder for answers; without it nothing is kept
  --cache-ttl MINUTES     how long an answer is used without asking again (default ${defaultSettings.cacheTtlMinutes})
  --redis-url URL         answers shared by a team; better in the environment variable PINWATCH_REDIS_URL, since a
                          command line can be read by others. Used only with PINWATCH_CACHE_KEY
  PINWATCH_CACHE_KEY      in the environment: a secret that stored answers are authenticated with. Without it a folder
                          is used only if it is yours and no one else can write to it
  --no-cache              neither use nor keep answers; overrides the other options

Option of db update
  --osv-bucket-url URL    where OSV keeps its exports (default ${osvBucketUrl})

Exit codes: 0 nothing at or above the threshold · 1 findings · 2 wrong usage or configuration, or a report that could
not be written · 3 incomplete: something could not be checked, nothing at all was assessed, the data are too old, or an
error of pinwatch itself (1 wins over 3) · 4 nothing to scan
`;
