"""Usage events of Rotaboard's customers, as Segment (web) and PostHog (phone) would export them.

Out: 20,000 events in all, oldest first, each a compact JSON line.
The numbers are a story told on purpose: ten accounts export the same hours every week (few in
January, all ten by August), a third of opened rotas is never published, few swaps that are seen on a phone
are approved on the same day, large sites time out, the Android app dies from 16 to 19 June.
Randomness comes from `Rng` with fixed seeds, so that every run gives the same bytes on every Python.
"""

import datetime
import json

from cast import YEAR, iso, read_rows, stable_hex, stable_number

TOTAL = 20_000
FIRST_MONDAY = datetime.datetime(YEAR, 1, 5, tzinfo=datetime.timezone.utc)
LAST_INSTANT = datetime.datetime(YEAR, 9, 30, 23, 59, tzinfo=datetime.timezone.utc)
WEEKS = 39

# Account -> first week in which its clerk exports the same hours every Monday or Tuesday, and how many files.
WEEKLY_EXPORTERS = {
    "stbrigids": (0, 6), "larkfield": (0, 5), "greenlane": (0, 19), "weserland": (0, 2), "harbourline": (9, 3),
    "oakhaven": (14, 5), "mistral": (17, 5), "aldertree": (20, 3), "cloverhill": (23, 2), "almenara": (27, 4),
}
NO_USAGE = {"ahrtal", "hartwood", "vitalis"}
# Weeks of use for accounts that came late or went quiet; the others are there throughout.
WEEKS_OF_USE = {
    "quaymed": (26, WEEKS), "amberley": (31, WEEKS), "saludnorte": (33, WEEKS), "norrskenvard": (32, WEEKS),
    "halcyon": (0, 25), "bluehart": (0, 16), "lumiere": (0, 20), "canal": (0, 27), "fougere": (0, 32),
}
SITES = {"Enterprise": 3, "Business": 1, "Team": 1, "Starter": 1}
LARGE_SITE_ACCOUNTS = {"harbourline", "brightmart", "stbrigids", "castellan", "halcyon", "mercalia"}
ANDROID_CRASH = (datetime.datetime(YEAR, 6, 16, 5, tzinfo=datetime.timezone.utc), datetime.datetime(YEAR, 6, 19, 8, tzinfo=datetime.timezone.utc))


class Rng:
    """SplitMix64: the same numbers on every Python, which `random` does not promise."""

    def __init__(self, seed):
        self.state = stable_number(seed, 18)

    def unit(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & 0xFFFFFFFFFFFFFFFF
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & 0xFFFFFFFFFFFFFFFF
        return ((z ^ (z >> 31)) >> 11) / (1 << 53)

    def chance(self, probability):
        return self.unit() < probability

    def below(self, n):
        return int(self.unit() * n)

    def pick(self, items):
        return items[self.below(len(items))]


def clock(monday, day, hour, rng):
    """Some second within the hour of a weekday."""
    return monday + datetime.timedelta(days=day, hours=hour, seconds=rng.below(3600))


class Tape:
    """Collects events in memory; sorted and written once at the end."""

    def __init__(self):
        self.web, self.phone = [], []

    def track(self, at, user, account, session, event, **properties):
        self.web.append((at, {"type": "track", "userId": user, "event": event, "timestamp": iso(at), "properties": {**properties, "session_id": session}, "context": {"groupId": account}}))

    def page(self, at, user, account, session, path):
        self.web.append((at, {"type": "page", "userId": user, "timestamp": iso(at), "properties": {"path": path, "session_id": session}, "context": {"groupId": account}}))

    def app(self, at, user, account, session, event, **properties):
        self.phone.append((at, {"event": event, "distinct_id": user, "timestamp": iso(at), "properties": {"$session_id": session, "$group_0": account, **properties}}))


def users_of(accounts, people):
    """By account: planners, payroll clerks, staff. Named people first; staff are made up to four."""
    users = {key: {"planner": [], "payroll": [], "staff": []} for key in accounts}
    for person in people.values():
        if not person["account"]:
            continue
        kind = "payroll" if person["role"] in ("payroll clerk", "payroll manager", "gestionnaire de paie") else "staff" if person["role"] in ("staff member", "carer", "nurse", "receptionist", "barista") else "planner"
        users[person["account"]][kind].append((f"u-{1000 + person['position']}", person))
    for key, account in accounts.items():
        for n in range(min(5, 1 + int(account["seats"]) // 80)):
            users[key]["staff"].append((f"u-{stable_number(f'staff {key} {n}', 5)}", None))
        if not users[key]["planner"]:
            users[key]["planner"] = users[key]["payroll"][:1] or users[key]["staff"][:1]
        if not users[key]["payroll"]:
            users[key]["payroll"] = users[key]["planner"][:1]
    return users


def is_in_use(key, week):
    first, last = WEEKS_OF_USE.get(key, (0, WEEKS))
    return key not in NO_USAGE and first <= week < last


def introduce(tape, accounts, users):
    """One group call for each account in use and one identify for each of its users."""
    for key, account in accounts.items():
        if key in NO_USAGE:
            continue
        at = FIRST_MONDAY + datetime.timedelta(weeks=WEEKS_OF_USE.get(key, (0, 0))[0], hours=5, minutes=stable_number(key, 2))
        tape.web.append((at, {"type": "group", "userId": users[key]["planner"][0][0], "groupId": account["id"], "timestamp": iso(at), "traits": {"name": account["name"], "plan": account["plan"]}}))
        seen = set()
        for kind in ("planner", "payroll", "staff"):
            for user, person in users[key][kind]:
                if user in seen:
                    continue
                seen.add(user)
                traits = {"email": person["email"], "name": person["name"], "title": person["role"]} if person else {"title": "staff member"}
                at += datetime.timedelta(seconds=20)
                tape.web.append((at, {"type": "identify", "userId": user, "timestamp": iso(at), "traits": traits, "context": {"groupId": account["id"]}}))


def plan_week(tape, rng, key, account, users, week, monday):
    """A planner opens, edits and publishes; some give up, some correct afterwards."""
    for site in range(1, SITES[account["plan"]] + 1):
        user = users["planner"][site % len(users["planner"])][0]
        is_large = key in LARGE_SITE_ACCOUNTS and site == 1
        is_faster_now = week >= 28
        for attempt in range(1 + rng.chance(0.22)):
            at = clock(monday, rng.below(5), 6 + rng.below(11), rng)
            session = stable_hex(f"{key} {week} {site} {attempt}", 10)
            path = f"/sites/{account['id'][4:]}-{site}/rota"
            load_ms = 600 + rng.below(1500) + (rng.below(9000) + (4000 if is_faster_now else 19000) if is_large else 0)
            if rng.chance(0.4):
                tape.page(at, user, account["id"], session, path)
            at += datetime.timedelta(seconds=load_ms // 1000)
            tape.track(at, user, account["id"], session, "rota_opened", site=site, load_ms=load_ms)
            if load_ms > 24000:
                tape.track(at, user, account["id"], session, "request_failed", path=path, status=504)
            if load_ms > 9000 and rng.chance(0.4):
                tape.track(at, user, account["id"], session, "rage_click", path=path)
            if rng.chance(0.16 + (0.14 if load_ms > 15000 else 0)):
                continue
            for _ in range(1 + rng.chance(0.25)):
                at += datetime.timedelta(seconds=40 + rng.below(900))
                tape.track(at, user, account["id"], session, "shift_edited", site=site, after_publish=False)
            if rng.chance(0.24 + (0.10 if is_large else 0)):
                continue
            at += datetime.timedelta(seconds=60 + rng.below(1200))
            tape.track(at, user, account["id"], session, "rota_published", site=site, days_ahead=2 + rng.below(11))
            if rng.chance(0.42):
                later = at + datetime.timedelta(hours=3 + rng.below(50))
                again = stable_hex(f"correction {key} {week} {site} {attempt}", 10)
                tape.page(later, user, account["id"], again, path)
                for n in range(1 + rng.below(3)):
                    tape.track(later + datetime.timedelta(minutes=2 + 5 * n), user, account["id"], again, "shift_edited", site=site, after_publish=True)
            if rng.chance(0.05 if week < 21 else 0.13):
                tape.track(at + datetime.timedelta(minutes=3), user, account["id"], session, "rota_printed", site=site, form="browser" if week < 21 else "pdf")
            break


def export_hours(tape, rng, key, account, users, week, monday):
    """Clerks of ten accounts export on the same weekday each week; the others once a month."""
    user = users["payroll"][0][0]
    first_week, n_files = WEEKLY_EXPORTERS.get(key, (WEEKS, 0))
    if week >= first_week:
        weekday, hour = stable_number("export day " + key, 1) % 2, 7 + stable_number("export hour " + key, 1) % 3
    elif key in WEEKLY_EXPORTERS or monday.day > 7 or rng.chance(0.35):
        return
    else:
        weekday, hour, n_files = rng.below(5), 8 + rng.below(8), 1
    at = clock(monday, weekday, hour, rng)
    session = stable_hex(f"export {key} {week}", 10)
    tape.page(at, user, account["id"], session, "/hours/export")
    for n in range(n_files):
        at += datetime.timedelta(seconds=70 + rng.below(60))
        tape.track(at, user, account["id"], session, "payroll_exported", site=n + 1, report="hours", format="csv")


def settle_swaps(tape, rng, key, account, users, week, monday):
    """Staff ask on the phone; managers see it there, and cannot decide there."""
    n_swaps = rng.below(2) + (int(account["seats"]) > 200 and rng.chance(0.45))
    for n in range(n_swaps):
        staff = rng.pick(users["staff"] or users["planner"])[0]
        manager = rng.pick(users["planner"])[0]
        at = clock(monday, rng.below(7), 8 + rng.below(13), rng)
        session = stable_hex(f"swap {key} {week} {n}", 10)
        tape.app(at, staff, account["id"], session, "swap_requested", path="/m/swaps")
        if not rng.chance(0.78):
            continue
        at += datetime.timedelta(minutes=5 + rng.below(300))
        session = stable_hex(f"swap seen {key} {week} {n}", 10)
        tape.app(at, manager, account["id"], session, "swap_opened_on_phone", path="/m/swaps")
        if rng.chance(0.22):
            tape.app(at + datetime.timedelta(seconds=4), manager, account["id"], session, "$rageclick", path="/m/swaps")
        if rng.chance(0.58):
            hours = 2 + rng.below(18) if rng.chance(0.62) else 26 + rng.below(60)
            decided = at + datetime.timedelta(hours=hours)
            session = stable_hex(f"swap decided {key} {week} {n}", 10)
            name = "swap_approved" if rng.chance(0.88) else "swap_declined"
            tape.page(decided, manager, account["id"], session, "/swaps")
            tape.track(decided + datetime.timedelta(seconds=20), manager, account["id"], session, name)


def work(tape, rng, key, account, users, week, monday):
    """Staff look at their week and clock in; on Android the app may die."""
    n_visits = rng.below(2) + (int(account["seats"]) > 250) * rng.below(2)
    if monday <= ANDROID_CRASH[0] < monday + datetime.timedelta(weeks=1):
        n_visits += 3  # people try again and again
    for n in range(n_visits):
        user = rng.pick(users["staff"] or users["planner"])[0]
        is_android = stable_number("phone " + user, 2) % 10 < 6
        at = clock(monday, rng.below(7), 5 + rng.below(15), rng)
        session = stable_hex(f"work {key} {week} {n}", 10)
        system = "Android" if is_android else "iOS"
        if is_android and ANDROID_CRASH[0] <= at < ANDROID_CRASH[1]:
            for retry in range(2 + rng.below(4)):
                moment = at + datetime.timedelta(seconds=25 * retry)
                tape.app(moment, user, account["id"], session, "$exception", path="/m/rota", **{"$exception_message": "NullPointerException: site.timeZone", "$os": system, "$app_version": "4.18.0"})
            continue
        tape.app(at, user, account["id"], session, "$screen", path="/m/rota", **{"$os": system})
        if rng.chance(0.12):
            at += datetime.timedelta(seconds=15)
            tape.app(at, user, account["id"], session, "clocked_in", delay_s=rng.below(30) if not rng.chance(0.06) else 240 + rng.below(600))


def everything_else(tape, rng, key, account, users, week, monday):
    """Imports, absences, invoices, settings: rarer things."""
    user = rng.pick(users["planner"])[0]
    session = stable_hex(f"other {key} {week}", 10)
    at = clock(monday, rng.below(5), 8 + rng.below(9), rng)
    if rng.chance(0.05) or week == WEEKS_OF_USE.get(key, (-1,))[0]:
        tape.page(at, user, account["id"], session, "/staff/import")
        tape.track(at + datetime.timedelta(seconds=30), user, account["id"], session, "staff_import_started")
        if rng.chance(0.62 if week < 7 else 0.84):
            tape.track(at + datetime.timedelta(seconds=190), user, account["id"], session, "staff_import_mapped")
            if rng.chance(0.86):
                rejected = 0 if rng.chance(0.5 if week < 7 else 0.74) else 1 + rng.below(30)
                tape.track(at + datetime.timedelta(seconds=260), user, account["id"], session, "staff_import_finished", rejected_rows=rejected)
    if rng.chance(0.18):
        tape.page(at + datetime.timedelta(hours=1), user, account["id"], session + "b", rng.pick(["/staff", "/absences", "/settings", "/settings/permissions", "/hours", "/hours"]))
    if monday.day <= 7 and rng.chance(0.5):
        tape.track(at + datetime.timedelta(hours=2), user, account["id"], session + "c", "invoice_opened")
    if rng.chance(0.08):
        tape.track(at + datetime.timedelta(hours=3), user, account["id"], session + "d", "absence_requested", days=1 + rng.below(10))


def surveys(tape, accounts, people):
    """Answers people typed into the app's one-question survey."""
    themes = []
    for row in read_rows("posthog-surveys.txt", ["when", "who", "themes", "answer"]):
        person = people[row["who"]]
        month, day = (int(part) for part in row["when"].split("-"))
        at = datetime.datetime(YEAR, month, day, 9 + stable_number(row["answer"], 1), stable_number("m" + row["answer"], 2) % 60, 11, tzinfo=datetime.timezone.utc)
        tape.app(at, f"u-{1000 + person['position']}", accounts[person["account"]]["id"], stable_hex(row["answer"], 10), "survey sent", **{
            "$survey_id": "0191c0de-7a11-7000-8000-00000000feed", "$survey_name": "What should we fix first?", "$survey_response": row["answer"]})
        themes.append((row["answer"], [theme for theme in row["themes"].split(",") if theme != "0"]))
    return themes


def build(accounts, people):
    """Lines of segment.ndjson and of posthog.ndjson, and the themes of survey answers by uuid."""
    users, tape = users_of(accounts, people), Tape()
    introduce(tape, accounts, users)
    for key, account in accounts.items():
        rng = Rng("events of " + key)
        for week in range(WEEKS):
            if not is_in_use(key, week):
                continue
            monday = FIRST_MONDAY + datetime.timedelta(weeks=week)
            for part in (plan_week, export_hours, settle_swaps, work, everything_else):
                part(tape, rng, key, account, users[key], week, monday)
    answers = dict(surveys(tape, accounts, people))
    pad(tape, accounts, users)
    web = sorted((e for e in tape.web if e[0] <= LAST_INSTANT), key=order)
    phone = sorted((e for e in tape.phone if e[0] <= LAST_INSTANT), key=order)
    web_lines = [line({"messageId": f"web-{n:06d}", **event}) for n, (_, event) in enumerate(web, 1)]
    phone_lines, themes = [], []
    for n, (_, event) in enumerate(phone, 1):
        uuid = f"ph-{n:06d}"
        phone_lines.append(line({"uuid": uuid, **event}))
        if event["event"] == "survey sent":
            themes.append((uuid, answers[event["properties"]["$survey_response"]]))
    return web_lines, phone_lines, themes


def pad(tape, accounts, users):
    """Looks at the week on a phone, until there are TOTAL events; they are the most common thing people do."""
    rng = Rng("looks at the week")
    keys = [key for key in accounts if key not in NO_USAGE]
    n_now = sum(at <= LAST_INSTANT for at, _ in tape.web + tape.phone)
    if n_now > TOTAL:
        raise ValueError(f"{n_now} events before padding, at most {TOTAL} wanted")
    while n_now < TOTAL:
        key, week = rng.pick(keys), rng.below(WEEKS)
        if not is_in_use(key, week):
            continue
        user = rng.pick(users[key]["staff"])[0]
        at = clock(FIRST_MONDAY + datetime.timedelta(weeks=week), rng.below(7), 5 + rng.below(17), rng)
        is_android = stable_number("phone " + user, 2) % 10 < 6
        if at > LAST_INSTANT or (is_android and ANDROID_CRASH[0] <= at < ANDROID_CRASH[1]):
            continue
        tape.app(at, user, accounts[key]["id"], stable_hex(f"look {n_now}", 10), "$screen", path="/m/rota", **{"$os": "Android" if is_android else "iOS"})
        n_now += 1


def order(event):
    return (event[0], line(event[1]))


def line(event):
    return json.dumps(event, ensure_ascii=False, separators=(",", ":"))
