"""Loads every schema into SQLite and PostgreSQL, up and down, empty and filled, and validates every manifest.

usage: data.py POSTGRES_HOST FOLDER...     POSTGRES_HOST is the folder of the server's socket.
"""

import copy
import datetime
import json
import pathlib
import re
import sqlite3
import subprocess
import sys
from xml.etree import ElementTree

import kubernetes_validate
import yaml
from openapi_spec_validator import validate

N_WRONG = 0
KUBERNETES = "1.30"
ROWS = 3


def wrong(path, what):
    global N_WRONG
    N_WRONG += 1
    if N_WRONG <= 60:
        print(f"{path}: {' '.join(str(what).split())[:400]}")


def tables(sql):
    """Name and column lines of each table, in order."""
    for match in re.finditer(r"create table (?:if not exists )?(\S+) \(\n(.*?)\n\);", sql, re.S):
        lines = [line.strip().rstrip(",") for line in match[2].split("\n")]
        yield match[1], [line for line in lines if not line.startswith("unique ")]


def rows(sql, there=""):
    """Rows for every table that is not there: the same in both dialects; references point to the row of the same number."""
    out = []
    filled = {name for name, _ in tables(there)}
    for name, columns in tables(sql):
        if name in filled:
            continue
        filled.add(name)
        for row in range(1, ROWS + 1):
            names, values = [], []
            for place, line in enumerate(columns):
                column, kind = re.match(r'("[^"]+"|\S+) (\S+)', line).groups()
                names.append(column)
                values.append(value(line, kind, row, place == 0))
            out.append(f"insert into {name} ({', '.join(names)}) values ({', '.join(values)});")
    return "\n".join(out)


def added(sql):
    """Table and column line of each column that a table gains which is there."""
    return re.findall(r"^alter table (\S+) add column (.*);$", sql, re.M)


def filling(sql):
    """Something in each column that was added."""
    out = []
    for table, line in added(sql):
        column, kind = re.match(r'("[^"]+"|\S+) (\S+)', line).groups()
        out.append(f"update {table} set {column} = {value(line, kind, 1, False)};")
    return "\n".join(out)


def value(line, kind, row, is_key):
    choice = re.search(r"check \(\S+ in \((.*)\)\)", line)
    if choice and "'" in choice[1]:
        values = re.findall(r"'(?:[^']|'')*'", choice[1])
        return values[row % len(values)]
    if "length(" in line:
        return "'EUR'"
    if kind in ("bigint", "integer") and "in (0, 1)" not in line:
        return str(row)
    if kind == "uuid" or is_key or "references" in line:
        return f"'00000000-0000-4000-8000-{row:012d}'"
    if "json_valid" in line or kind == "jsonb":
        return "'{\"n\": %d}'" % row
    if kind == "boolean":
        return "true"
    if "in (0, 1)" in line:
        return "1"
    if kind.startswith("numeric"):
        return f"{row}.25"
    if kind in ("date", "timestamptz"):
        return f"'2026-05-{row:02d}'"
    return f"'word {row}'"


def left(names, made):
    return sorted(name for name in names if name in made)


def before(folder, dialect):
    """What is there before the migration, where it changes something that is."""
    path = folder / f"migrations/{dialect}.before.sql"
    return path.read_text() if path.exists() else ""


def in_sqlite(folder):
    there = before(folder, "sqlite")
    up = (folder / "migrations/sqlite.up.sql").read_text()
    down = (folder / "migrations/sqlite.down.sql").read_text()
    whole = (folder / "schema.sqlite.sql").read_text()
    made = re.findall(r"create table (?!if)\"?([^\s\"]+)", up)
    for filled in (False, True):
        base = sqlite3.connect(":memory:")
        base.execute("pragma foreign_keys = on")
        base.executescript(there)
        if filled:
            base.executescript(rows(there))
        base.executescript(up)
        if filled:
            base.executescript(rows(up, there) + filling(up))
            broken = base.execute("pragma foreign_key_check").fetchall()
            if broken:
                wrong(folder, f"SQLite: references that point nowhere: {broken[:2]}")
        base.executescript(down)
        names = [row[0] for row in base.execute("select name from sqlite_master where type = 'table'")]
        if left(names, made):
            wrong(folder, f"SQLite: the migration down left {left(names, made)}")
        for table, line in added(up):
            kept = [row[1] for row in base.execute(f"pragma table_info({table})")]
            if line.split()[0].strip('"') in kept:
                wrong(folder, f"SQLite: the migration down left {table}.{line.split()[0]}")
        for table, _ in tables(there):
            if filled and base.execute(f"select count(*) from {table}").fetchone()[0] != ROWS:
                wrong(folder, f"SQLite: the migration took rows of {table}, which was there before")
        base.executescript(up)
        base.close()
    sqlite3.connect(":memory:").executescript(whole)
    refuses_nonsense(folder, there + up)


def refuses_nonsense(folder, up):
    """A check that takes everything is no check: a word that no choice holds must be refused."""
    match = next(((name, line) for name, lines in tables(up) for line in lines if "check (" in line and " in ('" in line), None)
    if not match:
        return
    base = sqlite3.connect(":memory:")
    base.executescript(up)
    filled = rows(up)
    values = re.findall(r"'(?:[^']|'')*'", re.search(r" in \((.*)\)\)", match[1])[1])
    broken = filled
    for text in values:
        broken = broken.replace(f", {text}", ", 'nonsense'")
    try:
        base.executescript(broken)
        wrong(folder, f"SQLite took a word that is no choice: {match[1]}")
    except sqlite3.IntegrityError:
        pass


def in_postgres(host, folders):
    """One session; each blueprint in a schema of its own."""
    script = ["\\set ON_ERROR_STOP off", "set client_min_messages = warning;"]
    for number, folder in enumerate(folders):
        up = (folder / "migrations/postgres.up.sql").read_text()
        down = (folder / "migrations/postgres.down.sql").read_text()
        whole = (folder / "schema.postgres.sql").read_text()
        there = before(folder, "postgres")
        made = re.findall(r"create table (?!if)\"?([^\s\"]+)", up)
        names = ", ".join("'" + name + "'" for name in made) or "''"
        columns = ", ".join(f"('{table}', '{line.split()[0]}')".replace('"', "") for table, line in added(up)) or "('', '')"
        check = (
            "do $$ begin if exists (select from pg_tables where schemaname = current_schema() "
            f"and tablename in ({names})) then raise exception 'the migration down left tables'; end if; "
            "if exists (select from information_schema.columns where table_schema = current_schema() "
            f"and (table_name, column_name) in ({columns})) then raise exception 'the migration down left columns'; "
            "end if; end $$;"
        )
        script += [f"\\echo AT {number}", f"create schema s{number}; set search_path = s{number};"]
        # Empty, up and down; then up over rows that are there, with rows in what is new, and down.
        script += [there, up, down, check, rows(there), up, rows(up, there), filling(up), down, check, up]
        script += [f"create schema w{number}; set search_path = w{number};", whole]
    run = subprocess.run(
        ["psql", "-h", host, "-U", "checker", "-d", "postgres", "-q", "-X"],
        input="\n".join(script) + "\n\\warn DONE\n", text=True, capture_output=True,
    )
    # Errors name the line of the input; the last folder begun before it is the one.
    begins = [line for line, text in enumerate("\n".join(script).split("\n"), 1) if text.startswith("\\echo AT ")]
    for line in run.stderr.splitlines():
        at = re.match(r"psql:<stdin>:(\d+): (ERROR.*)", line)
        if at:
            folder = folders[max(0, sum(begin <= int(at[1]) for begin in begins) - 1)]
            wrong(folder, f"PostgreSQL: {at[2]}")
    if "DONE" not in run.stderr:
        wrong("psql", run.stderr[-400:] or "it did not end")


def drawing(path):
    """A drawing is XML with a name and a description that its labels point to."""
    try:
        top = ElementTree.fromstring(path.read_text())
    except ElementTree.ParseError as error:
        wrong(path, error)
        return
    ids = [node.get("id") for node in top if node.tag.rsplit("}")[-1] in ("title", "desc") and node.text]
    if len(ids) != 2 or top.get("aria-labelledby", "").split() != ids:
        wrong(path, "no title and description that name it")


def manifest(path):
    for document in yaml.safe_load_all(path.read_text()):
        kind = document["apiVersion"].split("/")[0]
        try:
            if kind == "serving.knative.dev":
                knative(document)
            else:
                kubernetes_validate.validate(document, KUBERNETES, strict=True)
            for pod in pods(document):
                careful(path, pod)
        except Exception as error:  # every kind of refusal is a finding
            wrong(path, getattr(error, "message", error))


def knative(document):
    """The revision's pod is validated as a pod; what Knative adds to it is checked here by name and type."""
    if set(document["spec"]) != {"template"}:
        raise ValueError("a Knative service has a template and nothing else here")
    pod = copy.deepcopy(document["spec"]["template"]["spec"])
    if not isinstance(pod.pop("containerConcurrency"), int) or not isinstance(pod.pop("timeoutSeconds"), int):
        raise ValueError("containerConcurrency and timeoutSeconds are whole numbers")
    notes = document["spec"]["template"]["metadata"]["annotations"]
    for name in ("min-scale", "max-scale"):
        if not re.fullmatch(r"\d+", notes[f"autoscaling.knative.dev/{name}"]):
            raise ValueError(f"{name} is a number in quotes")
    as_pod = {"apiVersion": "v1", "kind": "Pod", "metadata": document["metadata"], "spec": pod}
    kubernetes_validate.validate(as_pod, KUBERNETES, strict=True)


def pods(node):
    if isinstance(node, dict):
        if "containers" in node:
            yield node
        for value in node.values():
            yield from pods(value)


def careful(path, pod):
    for container in pod["containers"]:
        context = container.get("securityContext", {})
        if not (context.get("runAsNonRoot") and context.get("readOnlyRootFilesystem")):
            wrong(path, "runs as root or writes to its root")
        if not {"requests", "limits"} <= set(container.get("resources", {})):
            wrong(path, "no requests or limits")
        if ":" not in container["image"] or container["image"].endswith(":latest"):
            wrong(path, "an image without a fixed tag")
        if "ports" in container and not {"readinessProbe", "livenessProbe"} <= set(container):
            wrong(path, "listens without probes")
        if any("value" in variable for variable in container.get("env", [])):
            wrong(path, "a value that should be a reference to a secret")


def main():
    host, *roots = sys.argv[1:]
    folders = sorted(path.parent for root in roots for path in pathlib.Path(root).rglob("schema.sqlite.sql"))
    if not folders:
        wrong(roots, "no schema was found")
    for folder in folders:
        try:
            in_sqlite(folder)
        except sqlite3.Error as error:
            wrong(folder, f"SQLite: {error}")
    in_postgres(host, folders)
    interfaces = [path for root in roots for path in sorted(pathlib.Path(root).rglob("openapi.yaml"))]
    for path in interfaces:
        try:
            validate(yaml.load(path.read_text(), Loader=yaml.CSafeLoader))
        except Exception as error:  # every kind of refusal is a finding
            wrong(path, getattr(error, "message", error))
    drawings = [path for root in roots for path in sorted(pathlib.Path(root).rglob("blueprint/*.svg"))]
    for path in drawings:
        drawing(path)
    deployed = [path for root in roots for path in sorted(pathlib.Path(root).rglob("blueprint/deploy/*.yaml"))]
    for path in deployed:
        manifest(path)
    print(f"SQLite and PostgreSQL: {len(folders)} schemas, up and down, empty and filled")
    print(f"openapi-spec-validator: {len(interfaces)} interfaces; kubernetes-validate --strict: {len(deployed)} manifests")
    print(f"drawings: {len(drawings)}")
    print(f"columns added to tables that were there: {sum(len(added((folder / 'migrations/sqlite.up.sql').read_text())) for folder in folders)}")
    print(f"{N_WRONG} findings")
    return 1 if N_WRONG else 0


sys.exit(main())
