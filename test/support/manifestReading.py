#!/usr/bin/env python3
"""What cases of manifests say, read by other means than Pinwatch's own: tomllib, json, configparser, PyYAML, shlex, ast, packaging.

usage: manifestReading.py --write FILE.cases...  writes what is read behind each case
       manifestReading.py --check FILE.cases...  prints each case that says something else, and ends with 1 if there is one
       manifestReading.py --read                 {"path", "text"} a line in, a list of lines without places out
       manifestReading.py --ready                says "ready" where all that it needs is there

A file of cases has "path: NAME" in its first line. A case begins with "@@ what it is about", or "@@ what (NAME)" for another path;
behind "@@>" is what it says, one line for each item:

  LINE:COLUMN name[extras] specifier ; marker (scope) source location

The place of a name is found without asking the parser: put another name there, read again, and see whose name changed.
"""
import ast
import configparser
import json
import re
import shlex
import sys
from urllib.parse import urlsplit

try:
    import tomllib
    import yaml
    from packaging import __version__ as packaging_version
    from packaging.markers import InvalidMarker, Marker
    from packaging.metadata import parse_email
    from packaging.requirements import InvalidRequirement, Requirement
    from packaging.specifiers import InvalidSpecifier, SpecifierSet
    from packaging.utils import canonicalize_name
    from packaging.version import InvalidVersion, Version
except ImportError as missing:
    print(f"no module {missing.name}")
    sys.exit(77)
if int(packaging_version.split(".")[0]) < 26:
    print(f"packaging {packaging_version} reads some things otherwise")
    sys.exit(77)


LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Item:
    """A dependency, or a problem where `bad` is the text that is one."""

    def __init__(self, scope="", name=None, bad=None, **facts):
        self.scope, self.name, self.bad, self.facts = scope, name, bad, facts
        self.place = None


def read_items(path, text):
    return kind_of(path)(text.removeprefix("\ufeff"))


def kind_of(path):
    for pattern, reader in KINDS:
        if re.search(pattern, path, re.I):
            return reader
    raise ValueError(path)


# ---------------------------------------------------------------- what is the same in many files
def specifier_text(specifiers):
    return ",".join(sorted(str(one) for one in specifiers))


def url_facts(url):
    """Where an address leads, after pip's documentation of VCS and local requirements."""
    scheme = url.split(":", 1)[0].lower()
    path = re.sub(r"^[^:]*://[^/]*", "", url.split("#", 1)[0])
    rev = {"rev": path.rpartition("@")[2]} if "@" in path else {}
    if scheme.startswith("git+"):
        return {"source": "git", "location": url, **rev}
    if re.match(r"(hg|svn|bzr)\+", scheme):
        return {"source": "vcs", "location": url, **rev}
    return {"source": "path" if scheme == "file" or "://" not in url else "url", "location": url}


def pep508(text, scope, **more):
    try:
        requirement = Requirement(text)
    except InvalidRequirement:
        return Item(bad=text)
    facts = {"extras": sorted(requirement.extras), **more}
    if requirement.marker is not None:
        facts["marker"] = str(requirement.marker)
    if requirement.url is not None:
        facts.update(url_facts(requirement.url))
    else:
        facts["specifier"] = specifier_text(requirement.specifier)
    return Item(scope, requirement.name, **facts)


def pip_line(text, scope, **more):
    """A line of a requirements file, as pip's documentation of the format has it."""
    text = re.sub(r"(^|\s)#.*$", "", text).strip()
    option = re.match(r"(-r|--requirement|-c|--constraint|-e|--editable)(?:\s*=\s*|\s+|(?<=-[rce]))(?=\S)", text)
    if option:
        target = text[option.end():].strip()
        if option[1].startswith(("-r", "--r")):
            return [Item(scope, k="include", location=target, **more)]
        if option[1].startswith(("-c", "--c")):
            return [Item(scope, k="constraint", location=target, **more)]
        egg = re.search(r"[#&]egg=([\w.-]+)(?:\[([^]]*)])?", target)
        if egg:
            kind = "git" if target.startswith("git") else "vcs" if re.match(r"(hg|svn|bzr)[+:]", target) else "editable"
            return [Item(scope, egg[1], source=kind, extras=extras_in(egg[2]), **more)]
        return [Item(scope, source="editable", location=target, **more)]
    if text.startswith("-") or text == "":
        return []
    text = re.sub(r"\s+--[a-z].*$", "", text)
    if re.match(r"[a-z][a-z0-9+.-]*://", text, re.I):
        egg = re.search(r"[#&]egg=([\w.-]+)(?:\[([^]]*)])?", text)
        facts = url_facts(text)
        if egg:
            facts.pop("location")
            return [Item(scope, egg[1], extras=extras_in(egg[2]), **facts, **more)]
        return [Item(scope, **facts, **more)]
    before = re.split(r"[\[;]", text)[0]
    if not re.match(r"[\w.-]+\s*(\[[^]]*\])?\s*@\s*[\w+.-]+:", text) and (text[:1] in "./~" or "/" in before or re.search(r"\.(whl|tar\.gz|zip)$", text)):
        return [Item(scope, source="path", location=text, **more)]
    return [pep508(text, scope, **more)]


def extras_in(text):
    return sorted(part.strip() for part in (text or "").split(",") if part.strip())


def texts(value, scope):
    """The requirements of a list; what is none is a problem."""
    if value is None:
        return []
    return [pep508(one, scope) if isinstance(one, str) else Item(bad=one) for one in value]


def joined_markers(parts):
    parts = [part for part in parts if part]
    if not parts:
        return {}
    whole = " and ".join(f"({part})" for part in parts) if len(parts) > 1 else parts[0]
    return {"marker": str(Marker(whole))}


# ---------------------------------------------------------------- pyproject.toml
def pyproject(text):
    return pyproject_items(tomllib.loads(text))


def pyproject_items(root):
    project, tool = root.get("project", {}), root.get("tool", {})
    uv = tool.get("uv", {})
    items = texts(project.get("dependencies"), "dependencies")
    for extra, value in project.get("optional-dependencies", {}).items():
        items += texts(value, f"optional:{extra}")
    items += texts(root.get("build-system", {}).get("requires"), "build")
    for group, value in root.get("dependency-groups", {}).items():
        items += group_items(group, value, root["dependency-groups"])
    items += texts(uv.get("dev-dependencies"), "group:dev")
    for item in items:
        take_from(uv.get("sources", {}), item)
    for key, scope in (("constraint", "constraint"), ("override", "override"), ("build-constraint", "build-constraint")):
        items += texts(uv.get(f"{key}-dependencies"), scope)
    declared = {canonicalize_name(item.name) for item in items if item.name and item.scope == "dependencies"}
    items += dynamic_items(root, tool)
    items += poetry_items(tool.get("poetry", {}), declared)
    items += pdm_items(tool.get("pdm", {}))
    items += hatch_items(tool.get("hatch", {}))
    items += pixi_items(tool.get("pixi", {}))
    items += texts(tool.get("rye", {}).get("dev-dependencies"), "group:dev")
    flit = tool.get("flit", {}).get("metadata", {})
    items += texts(flit.get("requires"), "dependencies") + texts(flit.get("dev-requires"), "optional:dev")
    for extra, value in flit.get("requires-extra", {}).items():
        items += texts(value, f"optional:{extra}")
    return items


def group_items(group, value, groups):
    """PEP 735."""
    items, names = [], [canonicalize_name(name) for name in groups]
    if names.count(canonicalize_name(group)) > 1:
        items.append(Item(bad=group))
    for one in value:
        if isinstance(one, str):
            items.append(pep508(one, f"group:{group}"))
        elif isinstance(one, dict) and list(one) == ["include-group"]:
            target = one["include-group"]
            include = Item(f"group:{group}", k="include", location=target)
            items.append(include)
            if canonicalize_name(target) not in names or includes(groups, target, group):
                items.append(Item(bad=target, beside=include))
        else:
            items.append(Item(bad=next(iter(one)) if isinstance(one, dict) else one))
    return items


def includes(groups, start, wanted):
    by_name = {canonicalize_name(name): value for name, value in groups.items()}
    seen, waiting = set(), [canonicalize_name(start)]
    while waiting:
        at = waiting.pop()
        if at == canonicalize_name(wanted):
            return True
        if at not in seen:
            seen.add(at)
            waiting += [canonicalize_name(one["include-group"]) for one in by_name.get(at, []) if isinstance(one, dict)]
    return False


def take_from(sources, item):
    """tool.uv.sources: for what the project, its extras, groups and its build ask for."""
    if not item.name or "location" in item.facts:
        return
    for name, value in sources.items():
        if canonicalize_name(name) != canonicalize_name(item.name):
            continue
        entries = value if isinstance(value, list) else [value]
        held = [one for one in entries if holds_for(one, item.scope)]
        kinds = sorted({table_source(one).get("source", "registry") for one in held})
        if kinds:
            item.facts["source"] = "|".join(kinds)
        if len(entries) == 1 and held:
            item.facts.update(table_source(held[0]))


def holds_for(entry, scope):
    kind, _, name = scope.partition(":")
    extra, group = entry.get("extra"), entry.get("group")
    same = lambda wanted: canonicalize_name(wanted) == canonicalize_name(name)
    return (extra is None or (kind == "optional" and same(extra))) and (group is None or (kind == "group" and same(group)))


def table_source(table):
    """git, url, path and the like, as the tables of uv, Poetry and Pixi have them."""
    if table.get("workspace") is True:
        return {"source": "workspace"}
    if "git" in table:
        rev = next((table[key] for key in ("rev", "tag", "branch") if key in table), None)
        return {"source": "git", "location": table["git"], **({"rev": rev} if rev else {})}
    for key in ("path", "file"):
        if key in table:
            editable = table.get("editable") is True or table.get("develop") is True
            return {"source": "editable" if editable else "path", "location": table[key]}
    if "url" in table:
        return {"source": "url", "location": table["url"]}
    return {}


def dynamic_items(root, tool):
    filled = tool.get("setuptools", {}).get("dynamic", {})
    items = []
    scopes = [("dependencies", filled.get("dependencies"))]
    scopes += [(f"optional:{extra}", value) for extra, value in filled.get("optional-dependencies", {}).items()]
    for scope, value in scopes:
        files = (value or {}).get("file", [])
        items += [Item(scope, k="include", location=one) for one in ([files] if isinstance(files, str) else files)]
    for field in root.get("project", {}).get("dynamic", []):
        known = field not in ("dependencies", "optional-dependencies") or field in filled or "poetry" in tool
        items += [] if known else [Item(bad=field)]
    return items


# ---------------------------------------------------------------- Poetry
def poetry_items(poetry, declared):
    items = poetry_table(poetry.get("dependencies", {}), "dependencies", declared)
    items += poetry_table(poetry.get("dev-dependencies", {}), "group:dev", declared)
    items += poetry_table(poetry.get("requires-plugins", {}), "build", declared)
    for group, value in poetry.get("group", {}).items():
        items += poetry_table(value.get("dependencies", {}), f"group:{group}", declared)
        items += [Item(f"group:{group}", k="include", location=one) for one in value.get("include-groups", [])]
    return items


def poetry_table(table, scope, declared):
    items = []
    for name, value in table.items():
        if name.lower() == "python":
            continue
        first = None
        if value == []:
            items.append(Item(bad=name))
        for one in value if isinstance(value, list) else [value]:
            entries = poetry_entry(name, {"version": one} if isinstance(one, str) else one, scope)
            # Several constraints share the name.
            if isinstance(value, list) and one is not value[0]:
                entries[0].facts["beside"] = first
            first, items = first or entries[0], items + entries
    return items


def poetry_entry(name, table, scope):
    if not isinstance(table, dict):
        return [Item(bad=name)]
    facts = {"extras": sorted(table.get("extras", [])), **table_source(table)}
    try:
        if "version" in table:
            facts["specifier"] = poetry_constraint(table["version"])
        elif "source" not in facts:
            facts["incomplete"] = True
    except (InvalidVersion, InvalidSpecifier):
        return [Item(bad=name)]
    return with_marker(Item(scope, name, **facts), lambda: joined_markers([table.get("markers")]))


def poetry_constraint(text):
    """Poetry's documentation of dependency specification, and the table of its tests for caret and tilde."""
    if not text.strip():
        raise InvalidSpecifier(text)
    found = []
    for alternative in re.split(r"\|\|?", text.strip()):
        clauses = []
        pattern = r"(?:\^|~=?|[=!<>]+)?\s*[^\s,=<>!~^|]+(?:![^\s,|]+)?"
        alternative = alternative.strip().rstrip(",")
        if re.sub(pattern, "", alternative).strip(", ") or not alternative:
            raise InvalidSpecifier(text)
        for clause in re.findall(pattern, alternative):
            clauses += poetry_clause(clause.strip())
        found.append(",".join(sorted(clauses)))
    return "" if "" in found else " || ".join(found)


def poetry_clause(clause):
    operator, version = re.fullmatch(r"(\^|~(?!=)|[=!<>~]*)\s*(.*)", clause).groups()
    if version in ("*", "x", "X"):
        if operator:
            raise InvalidVersion(clause)
        return []
    if re.fullmatch(r"\d+(\.\d+)*(\.\*)+", version):
        base = re.sub(r"(\.\*)+$", "", version)
        if operator not in ("", "=", "==", "!="):
            raise InvalidVersion(clause)
        return [("!=" if operator == "!=" else "==") + base + ".*"]
    written = version.removeprefix("v")
    parsed = Version(written)
    epoch = f"{parsed.epoch}!" if parsed.epoch else ""
    release = list(parsed.release)
    if operator == "^":
        counted = release[:3]
        at = next((index for index, part in enumerate(counted) if part), len(counted) - 1)
    elif operator == "~":
        at = min(1, len(release) - 1)
    else:
        wanted = "==" if operator in ("", "=") else operator
        SpecifierSet(wanted + written)
        return [wanted + written]
    upper = epoch + ".".join(str(part) for part in release[:at] + [release[at] + 1])
    return [f">={written}", f"<{upper}"]


# ---------------------------------------------------------------- PDM, Hatch, Pixi
def pdm_items(pdm):
    items = texts(pdm.get("plugins"), "build")
    for group, value in pdm.get("dev-dependencies", {}).items():
        for one in value:
            editable = re.match(r"(?:-e\s+|--editable[\s=]\s*)(.*)", one)
            if editable is None:
                items.append(pep508(one, f"group:{group}"))
                continue
            egg = re.search(r"[#&]egg=([\w.-]+)(?:\[([^]]*)])?", editable[1])
            facts = {"source": "editable", "location": editable[1], "extras": extras_in(egg and egg[2])}
            items.append(Item(f"group:{group}", egg and egg[1], **facts))
    for name, value in pdm.get("resolution", {}).get("overrides", {}).items():
        if isinstance(value, str) and "://" in value:
            items.append(Item("override", name))
            continue
        try:
            items.append(Item("override", name, specifier=specifier_text(SpecifierSet(bare_is_pin(value)))))
        except (InvalidSpecifier, TypeError):
            items.append(Item(bad=name))
    return items


def bare_is_pin(text):
    return f"=={text}" if re.match(r"\s*\d", text) else text


def hatch_items(hatch):
    items = []
    for name, env in hatch.get("envs", {}).items():
        items += texts(env.get("dependencies"), f"env:{name}") + texts(env.get("extra-dependencies"), f"env:{name}")
        for source in ("platform", "env", "matrix", "name"):
            for options in env.get("overrides", {}).get(source, {}).values():
                for key, value in options.items():
                    if re.fullmatch("(set-)?(extra-)?dependencies", key):
                        items += [hatch_override(one, f"env:{name}") for one in (value if isinstance(value, list) else [value])]
    items += texts(hatch.get("env", {}).get("requires"), "build")
    build = hatch.get("build", {})
    for one in [build, *build.get("targets", {}).values()]:
        items += texts(one.get("dependencies"), "build") if isinstance(one.get("dependencies"), list) else []
        for hook in one.get("hooks", {}).values():
            items += texts(hook.get("dependencies"), "build")
    return items


def hatch_override(one, scope):
    text = one["value"] if isinstance(one, dict) else one
    return Item(bad=text) if "{" in text else pep508(text, scope)


def pixi(text):
    return pixi_items(tomllib.loads(text))


def pixi_items(table):
    items = []

    def of(one, scope):
        items.extend(keyed(one.get("pypi-dependencies", {}), scope or "dependencies", pixi_version))
        for target, value in one.get("target", {}).items():
            items.extend(keyed(value.get("pypi-dependencies", {}), f"{scope and scope + '/'}target:{target}", pixi_version))
    of(table, "")
    for feature, value in table.get("feature", {}).items():
        of(value, f"feature:{feature}")
    return items


def pixi_version(text):
    return "" if text.strip() == "*" else specifier_text(SpecifierSet(text))


def keyed(table, scope, version_of, source_of=table_source, marker_of=None):
    items = []
    for name, value in table.items():
        value = {"version": value} if isinstance(value, str) else value
        if not isinstance(value, dict):
            items.append(Item(bad=name))
            continue
        facts = {"extras": sorted(value.get("extras", [])), **source_of(value)}
        try:
            if "version" in value:
                facts["specifier"] = version_of(value["version"])
        except InvalidSpecifier:
            items.append(Item(bad=name))
            continue
        read_marker = marker_of or (lambda table: joined_markers([table.get("env-markers")]))
        items += with_marker(Item(scope, name, **facts), lambda: read_marker(value))
    return items


def with_marker(item, read):
    """A marker that cannot be read is a problem, and does not lose the entry."""
    try:
        item.facts.update(read())
        return [item]
    except InvalidMarker:
        return [item, Item(bad=item.name)]


# ---------------------------------------------------------------- Pipenv
def pipfile(text):
    items = []
    for name, table in tomllib.loads(text).items():
        if name in ("source", "requires", "scripts", "pipenv"):
            continue
        scope = {"packages": "dependencies", "dev-packages": "group:dev"}.get(name, f"group:{name}")
        items += keyed(table, scope, pipenv_version, pipenv_source, pipenv_markers)
    return items


def pipenv_version(text):
    return "" if text.strip() in ("", "*") else specifier_text(SpecifierSet(bare_is_pin(text)))


def pipenv_source(table):
    for key in ("git", "hg", "svn", "bzr"):
        if key in table:
            rev = {"rev": table["ref"]} if "ref" in table else {}
            return {"source": "git" if key == "git" else "vcs", "location": table[key], **rev}
    if "path" in table:
        return {"source": "editable" if table.get("editable") is True else "path", "location": table["path"]}
    address = table.get("file", table.get("url", table.get("uri")))
    return url_facts(address) if address else {}


VARIABLES = ("os_name sys_platform platform_machine platform_python_implementation platform_release platform_system "
             "platform_version python_version python_full_version implementation_name implementation_version").split()


def pipenv_markers(table):
    parts = [table.get("markers")] + [f"{key} {table[key]}" for key in VARIABLES if key in table]
    parts = [part for part in parts if part]
    if len(parts) > 1:
        parts = [f"({part})" if " or " in part else part for part in parts]
    return {"marker": str(Marker(" and ".join(parts)))} if parts else {}


def pipfile_lock(text):
    items = []
    for section, packages in json.loads(text).items():
        if section == "_meta":
            continue
        for name, value in packages.items():
            if not isinstance(value, dict):
                items.append(Item(bad=name))
                continue
            version = value.get("version", "")
            facts = {"version": version.removeprefix("==")} if version.startswith("==") else {}
            try:
                markers = pipenv_markers(value)
            except InvalidMarker:
                markers = {}
            extras = sorted(value.get("extras", []))
            items.append(Item("lock", name, groups=[section], extras=extras, **facts, **pipenv_source(value), **markers))
    return items


# ---------------------------------------------------------------- locks in TOML
def with_parents(entries):
    """`entries`: (name, version, facts, edges), an edge being (name, version or None). Who requires whom, by name, or version."""
    items = []
    for name, version, facts, _ in entries:
        exact = any(edge == (canonicalize_name(name), version) for *_, edges in entries for edge in edges if version)
        via = {
            canonicalize_name(parent)
            for parent, _, _, edges in entries
            for child, wanted in edges
            if child == canonicalize_name(name) and (wanted in (None, version) if exact else wanted is None)
        }
        via.discard(canonicalize_name(name))
        items.append(Item("lock", name, via=sorted(via), **({"version": version} if version else {}), **facts))
    return items


def edge(one):
    return canonicalize_name(one["name"]), one.get("version")


def uv_lock(text):
    entries = []
    for package in tomllib.loads(text).get("package", []):
        source = package.get("source", {})
        facts = {}
        for key, kind in (("git", "git"), ("url", "url"), ("path", "path"), ("directory", "path"), ("editable", "editable"),
                          ("virtual", "workspace")):
            if key in source:
                facts = {"source": kind, "location": source[key]}
        groups = [*package.get("optional-dependencies", {}).values(), *package.get("dev-dependencies", {}).values()]
        edges = [edge(one) for part in [package.get("dependencies", []), *groups] for one in part]
        entries.append((package["name"], package.get("version"), facts, edges))
    return with_parents(entries)


def poetry_lock(text):
    entries = []
    for package in tomllib.loads(text).get("package", []):
        source, facts = package.get("source", {}), {}
        kind = {"git": "git", "url": "url", "file": "path", "directory": "path"}.get(source.get("type"))
        if kind:
            editable = source["type"] == "directory" and package.get("develop") is True
            facts = {"source": "editable" if editable else kind, "location": source["url"]}
            if "resolved_reference" in source and kind == "git":
                facts["rev"] = source["resolved_reference"]
        if isinstance(package.get("markers"), str):
            facts["marker"] = str(Marker(package["markers"]))
        groups = sorted(package["groups"]) if "groups" in package else [package["category"]] if "category" in package else []
        edges = [(canonicalize_name(name), None) for name in package.get("dependencies", {})]
        entries.append((package["name"], package["version"], {"groups": groups, **facts}, edges))
    return with_parents(entries)


def pdm_lock(text):
    entries = []
    for package in tomllib.loads(text).get("package", []):
        facts = {}
        if "git" in package:
            facts = {"source": "git", "location": package["git"]}
            facts |= {"rev": package["revision"]} if "revision" in package else {}
        elif "path" in package:
            facts = {"source": "editable" if package.get("editable") is True else "path", "location": package["path"]}
        elif "url" in package:
            facts = {"source": "url", "location": package["url"]}
        if "marker" in package:
            facts["marker"] = str(Marker(package["marker"]))
        facts |= {"groups": sorted(package.get("groups", [])), "extras": sorted(package.get("extras", []))}
        edges = [(canonicalize_name(Requirement(one).name), None) for one in package.get("dependencies", [])]
        entries.append((package["name"], package.get("version"), facts, edges))
    return with_parents(entries)


def pylock(text):
    entries = []
    for package in tomllib.loads(text).get("packages", []):
        facts = {}
        if "vcs" in package:
            vcs = package["vcs"]
            facts = {"source": "git" if vcs["type"] == "git" else "vcs", "location": vcs.get("url", vcs.get("path"))}
            facts["rev"] = vcs["commit-id"]
        elif "directory" in package:
            facts = {"source": "editable" if package["directory"].get("editable") is True else "path"}
            facts["location"] = package["directory"]["path"]
        elif "archive" in package:
            archive = package["archive"]
            facts = {"source": "url" if "url" in archive else "path", "location": archive.get("url", archive.get("path"))}
        if "marker" in package:
            facts["marker"] = str(Marker(package["marker"]))
        edges = [edge(one) for one in package.get("dependencies", [])]
        entries.append((package["name"], package.get("version"), facts, edges))
    return with_parents(entries)


# ---------------------------------------------------------------- ini files
def ini(text):
    parser = configparser.RawConfigParser(strict=False, interpolation=None)
    parser.read_string(text)
    return parser


def setup_cfg(text):
    parser = ini(text)
    items = []
    keys = (("options", "install_requires", "dependencies"), ("options", "setup_requires", "build"),
            ("options", "tests_require", "group:test"))
    values = [(parser.get(section, key, fallback=""), scope) for section, key, scope in keys]
    if parser.has_section("options.extras_require"):
        values += [(value, f"optional:{extra}") for extra, value in parser.items("options.extras_require")]
    for value, scope in values:
        if re.match(r"\s*attr:", value):
            items.append(Item(bad=value.strip()))
        elif re.match(r"\s*file:", value):
            items.append(Item(bad=value.strip()))
            for name in re.split(r"[,\n]", re.sub(r"^\s*file:", "", value)):
                items += [Item(scope, k="include", location=name.strip())] if name.strip() else []
        else:
            items += [pep508(line, scope) for line in setuptools_list(value)]
    return items


def setuptools_list(value):
    """A list of setuptools' declarative config: by lines, or by semicolons where it has one line; comments and joined lines."""
    lines = [line.strip() for line in (value.splitlines() if "\n" in value else value.split(";"))]
    found, held = [], ""
    for line in lines:
        line = line.split(" #", 1)[0].strip()
        if line.startswith("#") or not line:
            continue
        if line.endswith("\\"):
            held += line[:-2].strip()
            continue
        found.append(held + line)
        held = ""
    return found + ([held] if held else [])


def tox_ini(text):
    parser, items = ini(text), []
    for section in parser.sections():
        for key in ("deps", "requires") if section == "tox" else ("deps",):
            env = re.fullmatch(r"testenv(?::(.*))?", section)
            scope = f"env:{(env[1] or 'testenv') if env else section}"
            for line in parser.get(section, key, fallback="").splitlines():
                items += tox_line(re.sub(r"(^|\s)#.*$", "", line).strip(), scope, parser)
    return items


def tox_line(line, scope, parser):
    condition = re.match(r"([A-Za-z0-9_.!,-]+)\s*:\s*(?!//)", line)
    more = {}
    if condition and not re.match(r"(https?|file|(git|hg|svn|bzr)\+\w+):", line):
        more, line = {"when": condition[1]}, line[condition.end():]
    if not line:
        return []
    if "{" in re.sub(r"\{(toxinidir|tox_root|/)\}", "", line):
        other = re.fullmatch(r"\{\[([^\]]+)\](\w+)\}", line)
        known = other and other[2] == "deps" and parser.has_option(other[1], "deps")
        return [] if known else [Item(bad=line)]
    if line.startswith("{"):
        return [Item(scope, source="path", location=line, **more)]
    return pip_line(line, scope, **more)


# ---------------------------------------------------------------- YAML
def environment_yml(text):
    items = []
    for one in (yaml.load(text, LOADER) or {}).get("dependencies") or []:
        for line in (one.get("pip") or []) if isinstance(one, dict) else []:
            if re.search(r"\$\{?\w|\{\{", line):
                items.append(Item(bad=line))
            else:
                items += pip_line(line, "pip")
    return items


def pre_commit(text):
    items = []
    root = yaml.load(text, LOADER)
    for repo in root if isinstance(root, list) else root["repos"]:
        for hook in repo.get("hooks", []):
            wanted = [one for one in hook.get("additional_dependencies") or [] if one.strip()]
            if "language" in hook:
                python = hook["language"] in ("python", "python_venv")
            else:
                python = any(re.search(r"[\w\]]\s*[=<>!~]=?=?\s*\d|^[\w.-]+\[", one) for one in wanted)
                python &= not any(re.match(r"@|[^\s=<>!~@]+@[^\s/]|[^\s=<>@]*:\d|\S+/\S+$", one) for one in wanted)
            for one in wanted if python else []:
                option = re.match(r"[./-]|[\w+]+://", one)
                items += pip_line(one, f"hook:{hook['id']}") if option else [pep508(one, f"hook:{hook['id']}")]
    return items


# ---------------------------------------------------------------- shells
VALUES = set("-i --index-url --extra-index-url -f --find-links -t --target --prefix --root --platform --python-version --python -p "
             "--abi --trusted-host --cache-dir --upgrade-strategy --no-binary --only-binary --timeout --retries --proxy --cert "
             "--src --progress-bar --log --report --root-user-action --index --config-settings --no-build-isolation-package "
             "--log-file --config-setting --uploaded-prior-to --fork-strategy".split())


def shell_installs(script, scope, **more):
    """The commands of a shell, one after the other."""
    commands, items = [[]], []
    for word in raw_words(script):
        if word is None:
            commands.append([])
        else:
            commands[-1].append(word)
            for inner in re.findall(r"\$\((.*)\)|`([^`]*)`", word[3]):
                items += shell_installs(inner[0] or inner[1], scope, **more)
    for words in commands:
        items += command_items(words, scope, more)
    return items


def raw_words(script):
    """Words of a POSIX shell as (text, is_dynamic, is_redirected, raw); None between commands. Quotes by shlex, a word at a time."""
    found, at = [], 0
    quoted = r"""\\.|"(?:[^"\\$`]|\\.|\$\((?:[^()"]|"[^"]*")*\)|`[^`]*`|\$)*"|'[^']*'"""
    nested = rf"\$\((?:[^()\"'\\]|{quoted}|\((?:[^()\"'\\]|{quoted}|\((?:[^()])*\))*\))*\)|`[^`]*`"
    token = re.compile(rf"(?:{nested}|{quoted}|[^\s;&|()<>\"'\\])+", re.S)
    while at < len(script):
        if script[at] in " \t\r":
            at += 1
        elif script[at] == "#":
            at = (script + "\n").index("\n", at)
        elif script[at] in "\n;&|()":
            found.append(None)
            at += 1
        elif script[at] in "<>":
            redirect = re.compile(rf"[<>&|]+[ \t]*(?:{quoted}|[^\s;&|<>()\"'\\])*", re.S).match(script, at)
            at = redirect.end()
        else:
            word = token.match(script, at)
            if word is None:
                raise ValueError("a quote that is not closed")
            at = word.end()
            raw = word[0]
            redirected = at < len(script) and script[at] in "<>"
            if redirected and raw.isdigit():
                continue
            dynamic = "$" in re.sub(r"'[^']*'|\\\$", "", raw) or "`" in re.sub(r"'[^']*'|\\`", "", raw)
            plain = re.sub(nested, lambda one: shlex.quote(one[0]), raw)
            found.append(("".join(shlex.split(plain)), dynamic, redirected, raw))
    return found


def command_items(words, scope, more):
    plain = [word for word, *_ in words]
    while plain and (re.match(r"\w+=", plain[0]) or plain[0] in ("sudo", "exec", "time", "env", "!", "then", "do", "-E", "-H")):
        plain, words = plain[1:], words[1:]
    if not plain:
        return []
    if plain[0] == "eval" and len(plain) == 2:
        return shell_installs(plain[1], scope, **more)
    shell = re.fullmatch(r"(?:.*/)?(?:ba|da)?sh", plain[0])
    if shell and len(plain) > 2 and re.fullmatch(r"-[a-z]*c", plain[1]):
        return shell_installs(plain[2], scope, **more)
    program = plain[0].rsplit("/", 1)[-1]
    if re.fullmatch(r"pip[0-9.]*", program) or re.fullmatch(r"\$\{?\w*(pip|PIP)\w*\}?|\$\(which pip[0-9]*\)", plain[0]):
        rest = words[1:]
    elif re.fullmatch(r"(py|python|pypy)[0-9.]*|\{sys\.executable\}", program):
        module = re.match(r"((?:-(?:[A-Za-z]+?|[0-9.]+|[XW] \S+) )*)-[A-Za-z]*?m *pip ", " ".join(plain[1:]) + " ")
        if module is None:
            return []
        rest = words[1 + len(module[0].split()):]
    elif program == "uv" and plain[1:2] == ["pip"]:
        rest = words[2:]
    else:
        return []
    while rest and rest[0][0].startswith("-"):
        rest = rest[2 if rest[0][0] in VALUES else 1:]
    if not rest or rest[0][0] != "install":
        return []
    return install_items(rest[1:], scope, more)


def install_items(words, scope, more):
    items, at = [], 0
    while at < len(words):
        text, dynamic, redirected, raw = words[at]
        at += 1
        text = re.sub(r"^-[qvUI]+(?=[rceitf])", "-", text)
        option = re.match(r"(-r|--requirement|-c|--constraint|-e|--editable)(=|$)|(-[rce])(?=[^-\s])", text)
        if option:
            value = text[option.end():]
            if not value and at < len(words):
                value, dynamic, _, raw = words[at]
                at += 1
            name = option[1] or option[3]
            items += [Item(bad=raw)] if dynamic else pip_line(f"{name} {value}", scope, **more)
        elif text.startswith("-"):
            at += 1 if text in VALUES else 0
        elif dynamic or re.search(r"[{}]", text):
            items.append(Item(bad=raw))
        elif redirected:
            items += pip_line(text, scope, redirect=True, **more) + [Item(bad=text, note=True)]
        else:
            items += pip_line(text, scope, **more)
    return items


def dockerfile(text):
    """Dockerfile reference: continued lines, comments between them, here-documents, the exec form."""
    lines, items, at = text.split("\n"), [], 0
    first = re.match(r"#\s*escape\s*=\s*([\\`])", text)
    escape = first[1] if first else "\\"
    while at < len(lines):
        line, start = lines[at], sum(len(one) + 1 for one in lines[:at])
        at += 1
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        whole = line
        while whole.rstrip(" \t").endswith(escape) and at < len(lines):
            whole = whole.rstrip(" \t")[:-1]
            while at < len(lines) and (not lines[at].strip() or lines[at].lstrip().startswith("#")):
                at += 1
            if at < len(lines):
                whole += lines[at]
                at += 1
        word, _, body = whole.strip().partition(" ")
        if word.upper() == "ONBUILD":
            word, _, body = body.strip().partition(" ")
        if word.upper() != "RUN":
            continue
        body = re.sub(r"^(?:\s*--\w+(?:=\S*)?\s+)+", "", body).strip()
        document = re.search(r"<<(-?)['\"]?(\w+)['\"]?", body)
        if document:
            inside = []
            while at < len(lines) and (lines[at].lstrip("\t") if document[1] else lines[at]) != document[2]:
                inside.append(lines[at])
                at += 1
            at += 1
            inside = re.sub(r"\\\n", "", "\n".join(inside))
            if body.startswith("<<"):
                body = inside
            elif re.match(r"(\S*/)?(ba|da)?sh( -\S+)*\s*<<", body) or re.search(r"<<\S+ \| *(ba|da)?sh\b", body):
                body += "\n" + inside
        if body.startswith("["):
            try:
                items += command_items([(one, False, False, one) for one in json.loads(body)], "run", {})
                continue
            except ValueError:
                pass
        try:
            items += shell_installs(body, "run")
        except ValueError:
            items += [Item(bad=body, at=start)] if re.search(r"\bpip[0-9.]*\b", body) else []
    return items


def without_long_texts(code):
    """Python code without what stands between three quotes: nothing there is run."""
    pattern = r"(?m)^\s*[!%].*$|#.*|(\"\"\"|\'\'\')[\s\S]*?\1|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'"
    return re.sub(pattern, lambda found: '""' if found[1] else found[0], code)


def notebook(text):
    root, items = json.loads(text), []
    cells = root.get("cells")
    if cells is None:
        cells = [cell for sheet in root.get("worksheets", []) for cell in sheet["cells"]]
    for number, cell in enumerate(cells):
        if cell["cell_type"] != "code":
            continue
        code = cell.get("source", cell.get("input", ""))
        code = code if isinstance(code, str) else "".join(code)
        magic = re.match(r"\s*%%(\w+|!)[^\n]*\n?", code)
        if magic and magic[1] in ("bash", "sh", "script", "system", "sx", "!"):
            items += shell_installs(re.sub(r"\\\n", "", code[magic.end():]), "cell", cell=number)
            continue
        if magic and magic[1] not in ("capture", "time", "timeit"):
            continue
        for line in re.sub(r"\\\n", "", without_long_texts(code)).split("\n"):
            line = re.sub(r"^\s*[A-Za-z_][\w.,\s]*=\s*(?=[!%])", "", line)
            line = re.sub(r"^\s*%(time|timeit)\s+(?=[!%])", "", line)
            found = re.match(r"\s*(!!?|%(?:(?:sx|system)\b)?)\s*", line)
            bare = re.match(r"pip3?\s+install\b", line)
            if bare or (found and (found[1] != "%" or re.match(r"(pip|uv)\b", line[found.end():]))):
                items += shell_installs(line[found.end() if found else 0:], "cell", cell=number)
    return items


# ---------------------------------------------------------------- Python files
def script(text):
    """The reference pattern of PEP 723."""
    pattern = r"(?m)^# /// (?P<type>[a-zA-Z0-9-]+)$\s(?P<content>(^#(| .*)$\s)+)^# ///$"
    blocks = [found for found in re.finditer(pattern, text) if found["type"] == "script"]
    if len(blocks) > 1:
        return [Item(bad=blocks[1][0].split("\n")[0], at=blocks[1].start())]
    if not blocks:
        return []
    content = "".join(line[2:] if line.startswith("# ") else line[1:] for line in blocks[0]["content"].splitlines(True))
    root = tomllib.loads(content)
    uv = root.get("tool", {}).get("uv", {})
    items = texts(root.get("dependencies"), "script")
    for item in items:
        take_from(uv.get("sources", {}), item)
    for key in ("constraint", "override", "build-constraint"):
        items += texts(uv.get(f"{key}-dependencies"), key)
    return items


def setup_py(text):
    """A program: all that is said is that it asks for something. The syntax tree knows where."""
    wanted = ("install_requires", "setup_requires", "tests_require", "extras_require")
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.keyword) and node.arg in wanted:
            found.append((node.lineno, node.col_offset))
        targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        keys = [one.slice for one in targets if isinstance(one, ast.Subscript)]
        keys += node.keys if isinstance(node, ast.Dict) else []
        found += [(one.lineno, one.col_offset) for one in targets if isinstance(one, ast.Name) and one.id in wanted]
        found += [(one.lineno, one.col_offset) for one in keys if isinstance(one, ast.Constant) and one.value in wanted]
    return [Item(bad="setup.py", line=min(found)[0])] if found else script(text)


# ---------------------------------------------------------------- installed packages
def installed(text):
    """Files behind lines ">> path": metadata of a site-packages folder, as packaging reads them."""
    files = {}
    for part in re.split(r"^>> ", text, flags=re.M)[1:]:
        name, _, content = part.partition("\n")
        files[name] = content
    entries, asked = [], {}
    for folder in sorted({name.split("/")[0] for name in files}, key=str.lower):
        if folder.startswith("~") or not re.search(r"\.(dist|egg)-info$", folder):
            continue
        text = files.get(f"{folder}/METADATA") or files.get(f"{folder}/PKG-INFO") or files.get(folder)
        raw = parse_email(text or "")[0]
        if "name" not in raw or "version" not in raw:
            entries.append((None, folder, {}, []))
            continue
        edges = [Requirement(one) for one in raw.get("requires_dist", [])]
        for one in edges:
            asked.setdefault(canonicalize_name(one.name), set()).update(canonicalize_name(extra) for extra in one.extras)
        entries.append((raw["name"].strip(), raw["version"].strip(), direct_url(files.get(f"{folder}/direct_url.json")), edges))
    items = []
    for name, version, facts, _ in entries:
        if name is None:
            items.append(Item(bad=version))
            continue
        via = set()
        for parent, _, _, edges in entries:
            extras = asked.get(canonicalize_name(parent), set()) if parent else set()
            for one in edges:
                extra = re.search(r'extra == "([^"]+)"', str(one.marker))
                if canonicalize_name(one.name) == canonicalize_name(name) and (not extra or canonicalize_name(extra[1]) in extras):
                    via.add(canonicalize_name(parent))
        via.discard(canonicalize_name(name))
        items.append(Item("installed", name, version=version, via=sorted(via), **facts))
    return items


def direct_url(text):
    """PEP 610."""
    if text is None:
        return {}
    found = json.loads(text)
    location = found["url"]
    if "dir_info" in found:
        return {"source": "editable" if found["dir_info"].get("editable") else "path", "location": location}
    vcs = found.get("vcs_info", {}).get("vcs")
    return {"source": "git" if vcs == "git" else "vcs" if vcs else "url", "location": location}


KINDS = [
    (r"(^|/)pyproject\.toml$", pyproject),
    (r"(^|/)(uv|[^/]+\.py)\.lock$", uv_lock),
    (r"poetry[^/]*\.lock$", poetry_lock),
    (r"(^|/)pdm[^/]*\.lock$", pdm_lock),
    (r"(^|/)pylock(\.[^./]+)?\.toml$", pylock),
    (r"(^|/)Pipfile$", pipfile),
    (r"(^|/)Pipfile\.lock$", pipfile_lock),
    (r"(^|/)pixi\.toml$", pixi),
    (r"(^|/)setup\.cfg$", setup_cfg),
    (r"(^|/)tox\.ini$", tox_ini),
    (r"\.pre-commit-config\.ya?ml$", pre_commit),
    (r"env[^/]*\.ya?ml$", environment_yml),
    (r"(dockerfile|containerfile)(\.[^/]+)?$", dockerfile),
    (r"\.ipynb$", notebook),
    (r"(^|/)setup\.py$", setup_py),
    (r"\.py$", script),
    (r"(^|/)site-packages$", installed),
]


# ---------------------------------------------------------------- places
class Lines:
    def __init__(self, text):
        self.text = text
        self.starts = [0] + [found.end() for found in re.finditer(r"\n", text)]

    def at(self, offset):
        line = max(index for index, start in enumerate(self.starts) if start <= offset)
        before = self.text[self.starts[line]:offset]
        return line + 1, len(before.encode("utf-16-le")) // 2 + 1


OTHER = "z" * 40


def find_places(path, text, items):
    """Of each name: where another name in its place changes it. Of each problem: where its text stands."""
    lines = Lines(text)
    kept = [item for item in items if item.bad is None]
    for name in {item.name or item.facts.get("location") for item in kept} - {None}:
        offsets = [found.start() for found in re.finditer(re.escape(name), text)]
        # Keys with dots have the name again and again: then all of them at once, and the first is the place.
        for places in [*([offset] for offset in offsets), offsets]:
            changed = text
            for offset in reversed(places):
                changed = changed[:offset] + OTHER + changed[offset + len(name):]
            try:
                probed = [item for item in read_items(path, changed) if item.bad is None]
            except Exception:
                continue
            for item, now in zip(kept, probed) if len(probed) == len(kept) else ():
                if name in (item.name, item.facts.get("location")) and OTHER in (now.name, now.facts.get("location")):
                    item.place = item.place or lines.at(places[0])
    bad = [item.bad for item in items]
    for item in items:
        if "beside" in item.facts:
            item.place = item.facts["beside"].place
        elif "at" in item.facts:
            item.place = lines.at(item.facts["at"])
        elif "line" in item.facts:
            item.place = (item.facts["line"], 1)
        elif isinstance(item.bad, str):
            places = [found.start() for found in re.finditer(re.escape(item.bad.split("\n")[0]), text)]
            for place in places:
                try:
                    changed = [one.bad for one in read_items(path, text[:place] + "z" + text[place + len(item.bad):])]
                except Exception:
                    changed = None
                if len(places) == 1 or (changed != bad and item.place is None):
                    item.place = lines.at(place)


# ---------------------------------------------------------------- as lines
def shown(item, with_places=True):
    if item.bad is not None:
        return f"! {item.place[0] if item.place and with_places else '?'}"
    facts = item.facts
    place = f"{item.place[0]}:{item.place[1]} " if item.place and item.name and with_places else ""
    parts = [place + facts.get("k", "") + (item.name or "")]
    if facts.get("extras"):
        parts[0] += f"[{','.join(sorted(set(facts['extras'])))}]"
    if facts.get("version"):
        parts.append(f"=={facts['version']}")
    elif facts.get("specifier"):
        parts.append(facts["specifier"])
    if facts.get("marker"):
        parts.append(f"; {facts['marker']}")
    parts.append(f"({item.scope})")
    if facts.get("source", "registry") != "registry":
        parts.append(facts["source"])
    parts += [f"@ {facts['location']}"] if facts.get("location") else []
    for key in ("rev", "when", "cell"):
        parts += [f"{key} {facts[key]}"] if facts.get(key) is not None else []
    for key in ("via", "groups"):
        parts += [f"{key} {','.join(facts[key])}"] if facts.get(key) else []
    parts += [key for key in ("redirect", "incomplete") if facts.get(key)]
    return " ".join(part for part in parts if part)


def said(path, text):
    items = read_items(path, text)
    if not path.endswith("site-packages"):
        find_places(path, text, items)
    lines = [(item.bad is not None, item.place or (0, 0), shown(item)) for item in items]
    return list(dict.fromkeys(line for *_, line in sorted(lines)))


def cases_in(file):
    with open(file, encoding="utf-8", newline="") as opened:
        whole = opened.read().replace("\r\n", "\n")
    head, *parts = re.split(r"^@@ ", whole, flags=re.M)
    path = re.match(r"path: (\S+)", head)[1]
    for part in parts:
        title, _, body = part.partition("\n")
        own = re.search(r" \((\S+\.\S+|Dockerfile\S*|Containerfile)\)$", title)
        text, _, expected = body.partition("@@>\n")
        yield head, title, own[1] if own else path, text, expected.rstrip("\n").split("\n") if expected.strip() else []


def main(mode, *files):
    if mode == "--ready":
        print("ready")
        return 0
    if mode == "--read":
        for line in sys.stdin:
            request = json.loads(line)
            try:
                answer = sorted(shown(item, False) for item in read_items(request["path"], request["text"]))
            except Exception as error:
                answer = [f"not read: {type(error).__name__}: {error}"]
            print(json.dumps(answer))
        return 0
    wrong = 0
    for file in files:
        written, head = [], ""
        for head, title, path, text, expected in cases_in(file):
            try:
                actual = said(path, text)
            except Exception as error:
                raise RuntimeError(f"{file}: {title}: {error}") from error
            written.append(f"@@ {title}\n{text}@@>\n" + "".join(f"{line}\n" for line in actual))
            if mode == "--check" and actual != expected:
                wrong += 1
                print(f"{file}: {title}\n  expected {expected}\n  read     {actual}")
        if mode == "--write":
            with open(file, "w", encoding="utf-8", newline="") as opened:
                opened.write(head + "\n".join(written))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
