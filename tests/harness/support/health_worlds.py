"""A world in which every experiment has one ailment, so that one run shows what each check finds.

Every experiment begins as `healthy`: 400 units, half in `a` (the control) and half in `b`, as many
of each browser, exposed on four days, each with a purchase the next day. It has some bots, copied
decisions and excluded visitors, alike in both variations. Then an ailment changes its rows.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from oracle.raw import Attribute, Call, Decision, Event, Millis, NamedVariation, World
from worlds import BOT_PATTERNS, DAY, HOUR, T0, call_start

UNITS, DAYS = 400, 4
BOT = BOT_PATTERNS[0].strip("%")
ELECTRONICS = (("category", "electronics"),)


@dataclass
class Experiment:
    """The rows of one experiment, for an ailment to change."""

    name: str
    decisions: list[Decision] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    variations: list[NamedVariation] = field(default_factory=list)
    excluded: list[str] = field(default_factory=list)
    ends_at: Millis | None = None

    def of(self, variation: str) -> list[Decision]:
        """Give the decisions for a variation that make its units, one copy of each."""
        rows = {
            row.uuid: row
            for row in self.decisions
            if row.variation_id == variation and (row.visitor_id or "").startswith(self.name)
        }
        return list(rows.values())

    def change(self, rows: list[Decision], **columns: object) -> None:
        """Change columns of some decisions."""
        ids = {row.uuid for row in rows}
        self.decisions = [
            replace(row, **columns) if row.uuid in ids else row for row in self.decisions
        ]

    def drop(self, rows: list[Decision]) -> None:
        """Leave out some decisions."""
        ids = {row.uuid for row in rows}
        self.decisions = [row for row in self.decisions if row.uuid not in ids]

    def repeat(self, rows: list[Decision], suffix: str = "", **columns: object) -> None:
        """Add some decisions once more, changed; without a suffix under the same uuid."""
        self.decisions += [replace(row, uuid=f"{row.uuid}{suffix}", **columns) for row in rows]


def healthy(name: str, *, units: int = UNITS) -> Experiment:
    """Make an experiment that nothing is wrong with."""
    experiment = Experiment(name)
    for number in range(units):
        at = T0 + number // 4 % DAYS * DAY
        browser = Attribute("browser", "custom", "safari" if number // 2 % 2 else "chrome")
        experiment.decisions.append(
            Decision(
                uuid=f"{name} {number}",
                timestamp=at,
                visitor_id=f"{name} {number}",
                experiment_id=name,
                variation_id="ab"[number % 2],
                process_timestamp=at + 1000,
                attributes=(browser,),
            )
        )
        experiment.events.append(
            Event(
                uuid=f"{name} {number}",
                timestamp=at + DAY,
                visitor_id=f"{name} {number}",
                event_name="purchase",
                process_timestamp=at + DAY + 1000,
                revenue=1000,
                tags=ELECTRONICS,
            )
        )
    for number, row in enumerate(experiment.decisions[: units // 10]):
        visitor = f"{number} of {name}"
        experiment.repeat([row], " bot", visitor_id=f"bot {visitor}", user_agent=BOT)
        experiment.repeat([row], " staff", visitor_id=f"staff {visitor}")
        experiment.excluded.append(f"staff {visitor}")
    experiment.repeat(experiment.decisions[: units // 10])
    experiment.variations = [
        NamedVariation(name, name, "a", "a", is_reference=True, traffic_share=0.5),
        NamedVariation(name, name, "b", "b", is_reference=False, traffic_share=0.5),
    ]
    return experiment


def of_sessions(experiment: Experiment) -> None:
    """Make every unit a session: each visitor comes again two days later, and sees the other."""
    visitors = {}
    for number in range(UNITS):
        visitor = number if number < UNITS // 2 else (number - UNITS // 2) ^ 1
        visitors[f"{experiment.name} {number}"] = f"{experiment.name} visitor {visitor}"
    experiment.decisions = [
        replace(
            row,
            session_id=row.visitor_id,
            visitor_id=row.visitor_id and visitors.get(row.visitor_id, row.visitor_id),
        )
        for row in experiment.decisions
    ]
    experiment.events = [
        replace(row, visitor_id=visitors[row.visitor_id]) for row in experiment.events
    ]


# --- ailments -----------------------------------------------------------------------------------


def lost_units(experiment: Experiment) -> None:
    """Many of b never arrive, of every day and browser."""
    experiment.drop([row for n, row in enumerate(experiment.of("b")) if n >= 40 and n // 8 % 2])


def lost_browser(experiment: Experiment) -> None:
    """Half of b's Safaris never arrive, and as many Chromes come twice, under another name."""
    safari = [row for row in experiment.of("b") if row.attributes[0].value == "safari"][::2]
    chrome = [row for row in experiment.of("b") if row.attributes[0].value == "chrome"][::2]
    experiment.drop(safari)
    for row in chrome:
        experiment.repeat([row], " twin", visitor_id=f"{row.visitor_id} twin")


def changed_split(experiment: Experiment) -> None:
    """30 of a's units a day are b's on the first two days, and the other way round later."""
    late = T0 + 2 * DAY
    early_rows = [row for row in experiment.of("a") if row.timestamp < late][:60]
    late_rows = [row for row in experiment.of("b") if row.timestamp >= late][:60]
    experiment.change(early_rows, variation_id="b")
    experiment.change(late_rows, variation_id="a")


def crossed_over(experiment: Experiment) -> None:
    """Five of a see b a day later."""
    for row in experiment.of("a")[50:55]:
        at = row.timestamp + DAY
        experiment.repeat([row], " x", variation_id="b", timestamp=at, process_timestamp=at)


def tied(experiment: Experiment) -> None:
    """Two of a see b at the same instant."""
    experiment.repeat(experiment.of("a")[50:52], " x", variation_id="b")


def more_bots(experiment: Experiment) -> None:
    """60 more bots come to b."""
    for row in experiment.of("b")[60:120]:
        experiment.repeat([row], " x", visitor_id=f"bot of {row.uuid}", user_agent=BOT)


def more_copies(experiment: Experiment) -> None:
    """60 more of b's decisions are delivered twice."""
    experiment.repeat(experiment.of("b")[60:120])


def more_rejected(experiment: Experiment) -> None:
    """60 of b's decisions come once more without a visitor."""
    experiment.repeat(experiment.of("b")[60:120], " x", visitor_id=None)


def incomplete(experiment: Experiment) -> None:
    """As many decisions of a as of b come without a visitor: 10 of 520 rows."""
    experiment.change(experiment.of("a")[60:65] + experiment.of("b")[60:65], visitor_id=None)


def unnamed(experiment: Experiment) -> None:
    """Half as many visitors again saw a variation that nobody knows."""
    for row in experiment.of("a"):
        experiment.repeat([row], " x", visitor_id=f"{row.visitor_id} x", variation_id=None)


def enrolled_on(experiment: Experiment) -> None:
    """Its end is that of the second of four days."""
    experiment.ends_at = T0 + 2 * DAY - 1


def more_excluded(experiment: Experiment) -> None:
    """60 testers look at b."""
    for row in experiment.of("b")[60:120]:
        experiment.repeat([row], " x", visitor_id=f"staff x {row.uuid}")
        experiment.excluded.append(f"staff x {row.uuid}")


def unplanned(experiment: Experiment) -> None:
    """Say nothing about shares in the seed."""
    experiment.variations = [replace(row, traffic_share=None) for row in experiment.variations]


def unreferenced(experiment: Experiment) -> None:
    """Name no control in the seed."""
    experiment.variations = [replace(row, is_reference=False) for row in experiment.variations]


def twice_referenced(experiment: Experiment) -> None:
    """Call both variations the control in the seed."""
    experiment.variations = [replace(row, is_reference=True) for row in experiment.variations]


def one_sided(experiment: Experiment) -> None:
    """Nobody sees a."""
    rows = [row for row in experiment.decisions if row.variation_id == "a"]
    experiment.drop(rows)


def silent(experiment: Experiment) -> None:
    """Its units do nothing."""
    experiment.events = []


def paused(experiment: Experiment) -> None:
    """Nobody comes on the second day, and as many more on the first."""
    rows = [row for row in experiment.decisions if row.timestamp == T0 + DAY]
    experiment.change(rows, timestamp=T0, process_timestamp=T0 + 1000)


def restarted(experiment: Experiment) -> None:
    """Let the first two of its four days be two days earlier: a break of three days."""
    first = [row for row in experiment.decisions if row.timestamp < T0 + 2 * DAY]
    for row in {row.timestamp: row for row in first}.values():
        same = [other for other in first if other.timestamp == row.timestamp]
        at = row.timestamp - 2 * DAY
        experiment.change(same, timestamp=at, process_timestamp=at + 1000)
    # Their purchases move along; somebody visits on the first day, which has none.
    experiment.events = [
        moved_back(row) if row.timestamp < T0 + 3 * DAY else row for row in experiment.events
    ]
    at = T0 - 2 * DAY
    visit = {"uuid": f"{experiment.name} visit", "event_name": "visit", "revenue": None}
    early = replace(experiment.events[0], timestamp=at, process_timestamp=at + 1000, **visit)
    experiment.events.append(early)


def moved_back(event: Event) -> Event:
    """Let an event be two days earlier."""
    at = event.timestamp - 2 * DAY
    return replace(event, timestamp=at, process_timestamp=at + 1000)


def late(experiment: Experiment) -> None:
    """40 decisions come two days late."""
    for row in experiment.of("a")[60:100]:
        experiment.change([row], process_timestamp=row.timestamp + 2 * DAY)


def ahead(experiment: Experiment) -> None:
    """40 decisions were processed before they were made."""
    for row in experiment.of("a")[60:100]:
        experiment.change([row], process_timestamp=row.timestamp - 2 * HOUR)


def dominated(experiment: Experiment) -> None:
    """One unit buys for as much as a third of all others."""
    first, *others = experiment.events
    experiment.events = [replace(first, revenue=133_000), *others]


def dollars(experiment: Experiment) -> None:
    """Whatever b sells is sent in dollars, all else in cents."""
    buyers = {row.visitor_id for row in experiment.of("b")}
    experiment.events = [
        replace(row, revenue=10) if row.visitor_id in buyers else row for row in experiment.events
    ]


def dollars_later(experiment: Experiment) -> None:
    """In the middle of the third day of purchases cents become dollars."""
    noon = [row for row in experiment.events if row.timestamp == T0 + 3 * DAY][::2]
    experiment.events = [
        replace(row, revenue=10) if row in noon or row.timestamp > T0 + 3 * DAY else row
        for row in experiment.events
    ]


def repeated(experiment: Experiment, visitors: set[str | None]) -> None:
    """Send what these visitors bought twice, under another id, at some time of the day."""
    bought = [row for row in experiment.events if row.visitor_id in visitors]
    others = [row for row in experiment.events if row.visitor_id not in visitors]
    sent = [replace(row, timestamp=row.timestamp + HOUR) for row in bought]
    again = [replace(row, uuid=f"{row.uuid} again") for row in sent]
    experiment.events = [*others, *sent, *again]


def sent_twice(experiment: Experiment) -> None:
    """Four buyers of each variation are sent twice: 8 of 408 events."""
    rows = experiment.of("a")[60:64] + experiment.of("b")[60:64]
    repeated(experiment, {row.visitor_id for row in rows})


def misspelt(experiment: Experiment) -> None:
    """Name some purchases otherwise, with a capital and a space at the end."""
    first, second, *others = experiment.events
    named = [replace(row, event_name="Purchase ") for row in (first, second)]
    experiment.events = [*named, *others]


def overlapping(experiment: Experiment) -> None:
    """Every visitor is in another experiment as well, to which chance assigns anew."""
    for number, row in enumerate(experiment.of("a") + experiment.of("b")):
        experiment.repeat([row], " x", experiment_id="beside", variation_id="ab"[number // 8 % 2])


def unfinished(experiment: Experiment) -> None:
    """Expose a quarter when all the data ends, as many of a and of b."""
    rows = [row for row in experiment.decisions if row.timestamp == T0 + 3 * DAY]
    at = T0 + (DAYS + 2) * DAY
    experiment.change(rows, timestamp=at, process_timestamp=at + 1000)


AILMENTS: dict[str, Callable[[Experiment], None]] = {
    "lost units": lost_units,
    "lost browser": lost_browser,
    "changed split": changed_split,
    "crossed over": crossed_over,
    "tied": tied,
    "more bots": more_bots,
    "more copies": more_copies,
    "more rejected": more_rejected,
    "incomplete": incomplete,
    "unnamed": unnamed,
    "enrolled on": enrolled_on,
    "more excluded": more_excluded,
    "unplanned": unplanned,
    "unreferenced": unreferenced,
    "twice referenced": twice_referenced,
    "one-sided": one_sided,
    "silent": silent,
    "paused": paused,
    "restarted": restarted,
    "late": late,
    "ahead": ahead,
    "dominated": dominated,
    "dollars": dollars,
    "dollars later": dollars_later,
    "sent twice": sent_twice,
    "misspelt": misspelt,
    "overlapping": overlapping,
    "unfinished": unfinished,
}


def ward() -> World:
    """Make the world: healthy experiments of visitors and sessions, a small one, ailing ones."""
    experiments = [healthy("healthy"), healthy("few units", units=80)]
    for name, ail in AILMENTS.items():
        experiment = healthy(name)
        ail(experiment)
        experiments.append(experiment)
    experiments.append(healthy("sessions"))
    of_sessions(experiments[-1])
    callers = [row for each in experiments for row in each.of("b")[:30]]
    last_day = DAYS + 2
    visits = [
        Event(f"visit {day}", T0 + day * DAY, experiments[0].events[0].visitor_id, "visit")
        for day in range(last_day)
    ]
    # Somebody calls when the last windows have just ended: that is the as-of time.
    calls = [("somebody", T0 + last_day * DAY)]
    calls += [(row.visitor_id, row.timestamp + HOUR) for row in callers]
    return World(
        decisions=tuple(row for each in experiments for row in each.decisions),
        events=(*visits, *(row for each in experiments for row in each.events)),
        calls=tuple(Call(name, call_start(at, is_padded=False), "1") for name, at in calls),
        named_variations=tuple(row for each in experiments for row in each.variations),
        excluded_visitors=tuple(name for each in experiments for name in each.excluded),
        session_experiments=("sessions",),
        ended_experiments=tuple(
            (each.name, each.ends_at) for each in experiments if each.ends_at is not None
        ),
    )


def only(world: World, *experiments: str) -> World:
    """Leave out the decisions, events and names of all other experiments."""
    decisions = tuple(row for row in world.decisions if row.experiment_id in experiments)
    visitors = {row.visitor_id for row in decisions}
    return replace(
        world,
        decisions=decisions,
        events=tuple(row for row in world.events if row.visitor_id in visitors),
        calls=tuple(row for row in world.calls if row.user_id in {*visitors, "somebody"}),
        named_variations=tuple(
            row for row in world.named_variations if row.experiment_id in experiments
        ),
    )
