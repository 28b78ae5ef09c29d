/** A `pinwatch.toml` to start from: every key with what it does, none of them in force. */
export const starterConfig = `# Pinwatch: https://github.com/pinwatch/pinwatch. Every key is optional.
# Editor and command line read this file; options and user settings win over it.
# "pinwatch config" says which values hold and where each of them comes from.

# Exit code 1 at this severity or above: none, low, medium, high, critical or any.
# fail-on = "any"

# Globs of further files to read as requirements files, and of files not to read.
# include = ["deploy/*.pip"]
# exclude = ["tests/**"]

# Days. Older advisory data make the scan incomplete.
# max-data-age = 7

# Findings to live with: shown as ignored, not counted.
# [[ignore]]
# id = "CVE-2021-35042"
# package = "django"
# reason = "we never pass user input to order_by()"
# until = 2027-01-31

[privacy]
# Names that are never sent to any service; * stands for any run of characters.
# private-packages = ["acme-*"]

[policy]
# "off", "warning" or "error"; an error counts for the exit code.
# yanked = "error"
# archived = "warning"
# quarantined = "error"

[policy.packages]
# Where "allow" is given, everything else is not allowed.
# allow = ["django", "requests >=2.32"]
# deny = [{ package = "pycrypto", reason = "unmaintained; use cryptography" }, "urllib3 <2"]

[policy.licenses]
# SPDX ids. Where "allow" is given, everything else is not allowed.
# allow = ["MIT", "BSD-3-Clause", "Apache-2.0"]
# deny = ["AGPL-3.0-only"]
# except = ["acme-*"]
# level = "error"

[fix]
# No fix leads to a younger release, and a younger release is reported.
# minimum-release-age-days = 7
# Whether a fix may lead to another major version.
# allow-major = false
`;
