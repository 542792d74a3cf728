"""Pages of experiments that are odd: what fails, is early, is missing or nobody has seen before."""

from pathlib import Path

import pytest
from report_page import Element, odd, scored, squeezed
from report_world import World


def test_one_variation_has_nothing_to_compare_with(tmp_path: Path, sample_build: Path) -> None:
    """The page is there all the same, and says so."""
    page = odd(tmp_path, sample_build, World(variations=1))
    assert page.find("h1").text == "Nothing to compare"


NO_PLAN = """
    update dim_experiments set first_exposed_at = null, last_exposed_at = null, unit_count = 0,
    primary_metric = null, randomisation_unit = 'account_id'
"""
NO_NAMES = "update dim_variations set variation_name = null, traffic_share = null, unit_count = 0"
NO_CONTROL = (
    "update dim_variations set is_reference_variation = false",
    "update experiment_decisions set verdict = 'invalid', rule = 'no_reference_variation'",
)
ENORMOUS = """
    update experiment_results set relative_lift = 1e300, relative_lift_ci_low = -1e300,
    relative_lift_ci_high = 1.7e308 where metric_name = 'Metric 0' and status = 'ok'
"""


@pytest.mark.parametrize(
    ("world", "headline"),
    [
        (World(metrics=0), "No winner"),
        (World(segments=0, days=0), "No winner"),
        (World(changes=(NO_PLAN, NO_NAMES)), "No winner"),
        (World(changes=(ENORMOUS,)), "No winner"),
        (World(changes=NO_CONTROL), "Nothing to compare"),
        (World(changes=("delete from experiment_decisions",)), "No verdict"),
        (
            World(changes=("update experiment_decisions set verdict = 'maybe', rule = 'new'",)),
            "Don’t read these results yet",
        ),
    ],
)
def test_what_is_not_there_breaks_no_page(
    tmp_path: Path, sample_build: Path, world: World, headline: str
) -> None:
    """And nothing that is unknown is shipped."""
    assert odd(tmp_path, sample_build, world).find("h1").text == headline


def test_a_failing_check_holds_results_back(tmp_path: Path, sample_build: Path) -> None:
    """No row says better or worse, and the numbers stay."""
    changes = (
        "update experiment_health set status = 'fail'",
        "update experiment_decisions set verdict = 'invalid', rule = 'failing_health_check'",
    )
    page = odd(tmp_path, sample_build, World(changes=changes))
    assert page.find("h1").text.startswith("Don’t read these results yet")
    readings = {row.find("td", "c-reading").text for row in scored(page).values()}
    assert set(map(squeezed, readings)) == {"!Held back"}
    assert all(row.find("td", "c-change").text for row in scored(page).values())


def test_a_running_experiment_calls_nothing_better_too_early(
    tmp_path: Path, sample_build: Path
) -> None:
    """A row is better only where it is so at every look."""
    running = "update experiment_decisions set planned_until_at = timestamp '2021-04-01'"
    clear = """
        update experiment_results set is_significant = status = 'ok', relative_lift = 0.1,
        absolute_lift = 0.1, is_sequentially_significant = metric_name = 'Metric 2'
    """
    changes = (running, clear)
    page = odd(tmp_path, sample_build, World(changes=changes, guardrails=0))
    assert "31 days left" in page.find("dl", "facts").text
    assert "The last window ends 1 Apr 2021." in page.find("dl", "facts").text
    readings = {
        key[0]: squeezed(row.find("td", "c-reading").text) for key, row in scored(page).items()
    }
    assert readings == {
        "Metric 0": "…Too early to say",
        "Metric 1": "…Too early to say",
        "Metric 2": "✓Better",
    }


def test_a_segment_that_loses_while_the_whole_wins_is_told(
    tmp_path: Path, sample_build: Path
) -> None:
    """Beside the verdict, with its change."""
    ship = """
        update experiment_decisions set verdict = 'ship', rule = 'better_after_planned_duration'
    """
    wins = """
        update experiment_results set is_significant = true, relative_lift = 0.2,
        absolute_lift = 0.04 where status = 'ok'
    """
    loses = """
        insert into opposed_segments by name select experiment_id, variation_id, metric_name,
        segment_name, segment_value, -0.08 as absolute_lift, -0.4 as relative_lift, 1 as place
        from experiment_results_by_segment
        where metric_name = 'Metric 0' and segment_value = 'value 2' and status = 'ok'
    """
    page = odd(tmp_path, sample_build, World(changes=(ship, wins, loses)))
    assert page.find("h1").text == "Ship variation 1"
    told = squeezed(page.find("section", "verdicts").text)
    assert "✕ Metric 0 is worse in country value 2: −40.0%." in told


def test_distributions_and_definitions_are_shown(tmp_path: Path, sample_build: Path) -> None:
    """In bins that all variations share; the default stands aside, so that it flattens none."""
    distributions = """
        create table variation_metric_distributions as
        select 'e' as experiment_id, 'Metric 0' as metric_name, variation_id, bins.*
        from (values ('v0'), ('v1')) as variations (variation_id)
        cross join (values
            (1, 'default', 0, 0, 60), (2, 'range', null, 2, 10), (3, 'range', 2, 5, 20),
            (4, 'range', 5, null, 5), (5, 'undefined', null, null, 5)
        ) as bins (bin_number, bin_kind, lower_bound, upper_bound, unit_count)
    """
    numbers = "update dim_metrics set unit = 'number' where metric_name = 'Metric 0'"
    defined = (
        "alter table dim_metrics add column if not exists definition varchar",
        "update dim_metrics set definition = '{{ metric_observations('",
    )
    changes = (distributions, numbers, *defined)
    page = odd(tmp_path, sample_build, World(changes=changes))
    table = page.find("table", "distribution")
    rows = [
        [squeezed(cell.text) for cell in row.children if isinstance(cell, Element)]
        for row in table.find_all("tr")[1:]
    ]
    assert rows == [
        ["none", "60.0%", "60.0%"],
        ["below 2", "10.0%", "10.0%"],
        ["2 to 5", "20.0%", "20.0%"],
        ["5 or more", "5.0%", "5.0%"],
        ["no denominator", "5.0%", "5.0%"],
    ]
    widths = [bar.attributes["width"] for bar in table.find_all("rect", "count")]
    assert widths == ["50%", "50%", "100%", "100%", "25%", "25%"]
    assert page.find_all("pre")[0].text == "{{ metric_observations("


def test_missing_numbers_have_their_reason(tmp_path: Path, sample_build: Path) -> None:
    """In words, where the number would be; what has too few units is grey."""
    nothing = ", ".join(
        f"{column} = null"
        for column in (
            *("relative_lift", "relative_lift_ci_low", "relative_lift_ci_high", "p_value"),
            *("adjusted_p_value", "chance_to_win"),
        )
    )
    no_lift = f"""
        update experiment_results set {nothing}, status = 'zero_reference'
        where metric_name = 'Metric 0' and status = 'ok'
    """
    few_units = "update experiment_results set unit_count = 18 where metric_name = 'Metric 2'"
    page = odd(tmp_path, sample_build, World(changes=(no_lift, few_units)))
    rows = scored(page)
    zero, few = rows["Metric 0", "variation 1"], rows["Metric 2", "variation 1"]
    assert squeezed(zero.find("td", "c-reading").text) == "·The control is 0"
    assert zero.find("td", "c-p").text == "–"
    assert "pp" in zero.find("td", "c-change").text
    assert squeezed(few.find("td", "c-reading").text) == "·Too few units"
    assert "s-low" in few.classes


def test_harm_to_a_guardrail_is_named(tmp_path: Path, sample_build: Path) -> None:
    """In the headline, and where it lies in the scorecard."""
    harmed = """
        insert into guardrail_conclusions by name
        select 'e' as experiment_id, 'v1' as variation_id, 'Metric 1' as metric_name,
            'harmed' as conclusion, 'Harmed.' as explanation
    """
    verdict = """
        update experiment_decisions set verdict = 'do_not_ship', rule = 'harmed_guardrail'
    """
    page = odd(tmp_path, sample_build, World(changes=(harmed, verdict)))
    assert page.find("h1").text == "Don’t ship variation 1"
    assert "variation 1 harms Metric 1." in page.find("p", "lead").text
    row = scored(page)["Metric 1", "variation 1"]
    assert squeezed(row.find("td", "c-reading").text) == "✕Worse"


def test_stale_data_are_told_at_the_top(tmp_path: Path, sample_build: Path) -> None:
    """What is newer is missing."""
    stale = """
        update experiment_health set check_name = 'stale_events', status = 'warn',
        finding = 'The events end 27 hours too early.'
    """
    page = odd(tmp_path, sample_build, World(changes=(stale,)))
    assert "The events end 27 hours too early." in page.find("div", "banner").text


def test_a_very_long_name_leaves_room_for_the_sentence(tmp_path: Path, sample_build: Path) -> None:
    """Its beginning and its end are there, which programs make differ."""
    long = "name" * 60
    change = f"update dim_variations set variation_name = '{long} of ' || variation_id"
    page = odd(tmp_path, sample_build, World(changes=(change,)))
    lead = page.find("p", "lead").text
    assert "namename…" in lead
    assert "name of v0’s" in lead
    assert long not in lead
    assert scored(page)["Metric 0", f"{long} of v1"]
