#!/usr/bin/env python3
"""Import and full-run throughput, with peak memory, at 1k, 10k and 100k distinct records, or more.

    cargo build --release && python3 benches/throughput.py [--sizes 1000,10000] [--write]

Records are made by combining things, troubles, situations and consequences; no two are alike. Each size is imported
into a new workspace, run, and run again without a change; then one more text is imported and placed (the quickest of
five, whole process). The import's peer is the physical limit beside it: the same
bytes written to the same disk with one flush per batch of 2,000 lines. Standard library only. --write puts the table
into README.md between its marks.
"""
import argparse, json, os, pathlib, random, shutil, subprocess, sys, tempfile, time

ROOT = pathlib.Path(__file__).resolve().parent.parent
BINARY = ROOT / "target" / "release" / "throughline"

THINGS = """the payroll export;the weekly rota;a shift swap;the holiday balance;the staff import;my invoice;the overtime
report;the night allowance;the calendar feed;a published week;the clock-in screen;the site filter;the cost centre;the
reminder mail;a shift template;the qualification list;the absence request;the PDF print;the audit log;the login page;the
budget forecast;an open shift;the phone notification;the pay rate column;the time zone setting;the search box;the team
page;a deleted shift;the API token;the webhook;the dark theme;the language switch;the profile picture;the contract
hours;the sick note;the training record;the key card list;the meal count;the room plan;the delivery slot;the stock
count;the cash report;the visitor log;the parking list;the uniform order;the handover note;the incident form;the survey
result;the chat export;the price list""".replace("\n", " ").split(";")
TROUBLES = """cannot be opened;is sent twice;misses half of the rows;shows the wrong month;takes minutes to load;forgets what I
typed;is visible to everybody;cannot be sorted;has no undo;asks for a password again and again;breaks on long names;cuts
off the last column;loses the comments;counts an hour too many;is one day late;cannot be shared with our accountant;does
not fit on a phone;is only in English;needs ten clicks;does not match the paper copy;cannot be scheduled;should go to a
shared folder;ought to be approved by two people;must keep a history;needs a limit per site;should warn us
before;deserves a template;has to work offline;should group by ward;could be filtered by role""".replace("\n", " ").split(";")
SITUATIONS = """when the month closes;on old Android phones;for staff at two sites;after the last update;in the basement of our
clinic;during the night shift;while a manager is away;with more than two hundred people;on the first of the year;when
somebody leaves;if the network drops;for part-time contracts;across the clock change;on a shared computer;in the hotel
lobby;for the summer season;before an inspection;when two people edit;at the end of a trial;in the German
version""".replace("\n", " ").split(";")
CONSEQUENCES = """and wages go out late;so we print everything;and the inspector asks questions;so nobody trusts it;and I call each
person by phone;so we keep a spreadsheet beside it;and our works council complains;so new people give up;and two nurses
came on the same day;so I stay an hour longer each Friday;and the owner sees other numbers;so we may look
elsewhere;and support could not explain it;so the rota on the wall is wrong;and refunds take weeks;so training takes
twice as long;and guests wait at the desk;so I wrote a small script;and head office wants a report;so we skip it
altogether""".replace("\n", " ").split(";")

OPENINGS = """as a nurse I find that;our team lead says;since Monday;in my department;for us;every week;on most days;again and
again;our auditor noticed that;to be honest""".replace("\n", " ").split(";")


def records(n, seed=7):
    """n distinct records as CSV rows; a pure function of n and the seed."""
    draw = random.Random(seed)
    seen = set()
    lists = (THINGS, TROUBLES, SITUATIONS, CONSEQUENCES, OPENINGS)
    if n > 3_000_000:
        raise ValueError("the lists make six million distinct records; more than half of them take too long to draw")
    while len(seen) < n:
        pick = tuple(draw.randrange(len(words)) for words in lists)
        if pick in seen:
            continue
        seen.add(pick)
        thing, trouble, situation, consequence, opening = (words[i].strip() for words, i in zip(lists, pick))
        at = f"2026-{1 + len(seen) % 9:02}-{1 + len(seen) % 28:02}"
        text = f"{opening[0].upper()}{opening[1:]} {thing} {trouble} {situation}, {consequence}."
        yield f'{len(seen)},"{text}",{at},user{len(seen) % (n // 3 + 1)}@customer{len(seen) % 997}.example\n'


def timed(*arguments):
    """Runs the program; returns its JSON, wall seconds, CPU seconds and peak memory in MB."""
    started = time.monotonic()
    child = subprocess.Popen([str(BINARY), *arguments], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    output = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    if status:
        sys.exit(f"{arguments} ended with status {status}")
    return json.loads(output) if output else None, time.monotonic() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def disk_seconds(file, folder):
    """Seconds to write the file's lines to the same disk with a flush per 2,000 of them: the limit for a durable import."""
    lines = file.read_bytes().splitlines(keepends=True)
    started = time.monotonic()
    with open(folder / "limit", "wb") as out:
        for at in range(0, len(lines), 2000):
            out.writelines(lines[at:at + 2000])
            out.flush()
            os.fsync(out.fileno())
    return time.monotonic() - started


def measure(n):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="throughline-bench-"))
    try:
        file = folder / "records.csv"
        file.write_text("id,text,created_at,email\n" + "".join(records(n)))
        subprocess.run([BINARY, "init", folder], check=True, stdout=subprocess.DEVNULL)
        here = ("-C", str(folder))
        limit = disk_seconds(file, folder)
        _, import_s, _, import_mb = timed(*here, "import", str(file), "--json")
        run, run_s, run_cpu, run_mb = timed(*here, "run", "--json")
        again, again_s, _, _ = timed(*here, "run", "--json")
        stage = {s["stage"]: s for s in run["stages"]}
        merged = 1 - stage["deduplicate"]["out"] / max(1, stage["deduplicate"]["in"])
        cached = all(s["in"] == s["cached"] for s in again["stages"])
        one = folder / "one.csv"
        one.write_text('id,text,created_at\n"new-1","The weekly rota cannot be sorted by ward, so we print it.",2026-09-28\n')
        more, more_s, _, _ = min((timed(*here, "import", str(one), "--json") for _ in range(5)), key=lambda taken: taken[1])
        if not more["provisional"]:
            sys.exit(f"{n}: one more text was not placed")
        return {"n": n, "more_s": more_s, "limit": limit, "import_s": import_s, "import_mb": import_mb, "run_s": run_s, "run_cpu": run_cpu, "run_mb": run_mb,
                "again_s": again_s, "cached": cached, "merged": merged, "insights": stage["cluster"]["out"], "stages": run["stages"]}
    finally:
        shutil.rmtree(folder)


def table(rows):
    head = ("| records | import, records/s | times the disk's own time | import, peak MB | full run, s | CPU s | records/s | run, peak MB | second run, s | one more text placed, ms | merged | insights |\n"
            "|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
    lines = [f"| {r['n']:,} | {r['n'] / r['import_s']:,.0f} | {r['import_s'] / r['limit']:.1f} | {r['import_mb']:.0f} | {r['run_s']:.2f} | {r['run_cpu']:.2f} | {r['n'] / r['run_s']:,.0f} "
             f"| {r['run_mb']:.0f} | {r['again_s']:.2f} | {1000 * r['more_s']:.0f} | {100 * r['merged']:.1f} % | {r['insights']} |" for r in rows]
    return "\n".join([head, *lines])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="1000,10000,100000")
    parser.add_argument("--write", action="store_true", help="put the table into README.md")
    options = parser.parse_args()
    rows = [measure(int(n)) for n in options.sizes.split(",")]
    for row in rows:
        slow = sorted(row["stages"], key=lambda s: -s["seconds"])[:4]
        print(f"{row['n']:,}: " + ", ".join(f"{s['stage']} {s['seconds']:.2f} s" for s in slow), file=sys.stderr)
        if row["merged"] > 0.05 or not row["cached"]:
            sys.exit(f"{row['n']}: {100 * row['merged']:.1f} % merged, second run cached: {row['cached']}")
    text = table(rows)
    print(text)
    if options.write:
        readme = ROOT / "README.md"
        before, rest = readme.read_text().split("<!-- bench:begin -->")
        _, after = rest.split("<!-- bench:end -->")
        readme.write_text(f"{before}<!-- bench:begin -->\n{text}\n<!-- bench:end -->{after}")


if __name__ == "__main__":
    main()
