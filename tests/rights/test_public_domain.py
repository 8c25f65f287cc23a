"""Terms of protection, country by country: a wrong "free" is far worse than "unknown"."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ledger.rights.answers import Outcome, ReasonCode
from ledger.rights.bounds import WORLD
from ledger.rights.countries import EUROPEAN_UNION
from ledger.rights.evaluation import evaluate
from ledger.rights.pieces import Basis, Component, ComponentKind, PublicDomain
from ledger.rights.public_domain import COUNTRIES_WITH_A_RULE, WorkFacts, is_free, public_domain_of
from ledger.rights.terms import Terms
from tests.rights.build import LANTERN, TEXT, TODAY, holds, piece, rule, terms, use

END_OF_2026 = date(2026, 12, 31)
NEW_YEAR_2027 = date(2027, 1, 1)


def died(*years: int | None, published: int | None = 1900, **more: object) -> WorkFacts:
    return WorkFacts(deaths=years, published=published, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("country", "work", "expected"),
    [
        # Life and 70 years: the European Union but for Spain and France.
        ("DE", died(1955), True),
        ("DE", died(1956), False),
        ("DE", died(1900, 1956), False),
        ("DE", died(None), None),
        ("DE", died(1900, None), None),
        ("DE", died(), None),
        ("IT", died(1955), True),
        ("PL", died(1955), True),
        ("GB", died(1955), True),
        ("GB", died(1956), False),
        ("CH", died(1955), True),
        ("IS", died(1955), True),
        # Norway added six years for works of the war and before it.
        ("NO", died(1949), True),
        ("NO", died(1950), None),
        ("NO", died(1955), None),
        ("NO", died(1956), False),
        # Spain: 80 years for whoever died before 7 December 1987.
        ("ES", died(1945), True),
        ("ES", died(1946), False),
        ("ES", died(1955), False),
        ("ES", died(1986), False),
        ("ES", died(1987), False),
        ("ES", died(1990), False),
        # France: the wars, and 30 years more for those who died for France.
        ("FR", died(1956), False),
        ("FR", died(1955), None),
        ("FR", died(1944), None),
        ("FR", died(1915), None),
        ("FR", died(1914), None),
        ("FR", died(1913), True),
        ("FR", died(1905, 1913), True),
        ("FR", died(1850, published=1840), True),
        # No revival of what an earlier term had freed.
        ("CA", died(1971), True),
        ("CA", died(1972), False),
        ("AU", died(1954), True),
        ("AU", died(1956), False),
        ("KR", died(1962), True),
        ("KR", died(1963), False),
        ("NZ", died(1974), True),
        ("NZ", died(1975), None),
        ("NZ", died(1976), False),
        ("SG", died(1955), True),
        ("SG", died(1956), False),
        # Japan: up to 12 years more for works of the Allied Powers.
        ("JP", died(1954), True),
        ("JP", died(1955), None),
        ("JP", died(1967), None),
        ("JP", died(1968), False),
        # Shorter and longer lives.
        ("IN", died(1965), True),
        ("IN", died(1966), False),
        ("ZA", died(1975), True),
        ("CN", died(1976), False),
        ("HK", died(1975), True),
        ("TW", died(1976), False),
        ("TH", died(1975), True),
        ("MY", died(1975), True),
        ("PH", died(1976), False),
        ("CO", died(1945), True),
        ("CO", died(1946), False),
        ("MX", died(1925), True),
        ("MX", died(1940), None),
        ("MX", died(1956), False),
        ("BR", died(1955), True),
        ("TR", died(1956), False),
        ("IL", died(1955), True),
        ("ID", died(1960), None),
        ("PE", died(1960), None),
        # Russia: a work of somebody rehabilitated after death is protected from then.
        ("RU", died(1916), True),
        ("RU", died(1938, published=1930), None),
        ("RU", died(1960), False),
        # The United States: 95 years from publication; later works by life.
        ("US", died(1990, published=1930), True),
        ("US", died(1990, published=1931), None),
        ("US", died(1990, published=1980), False),
        ("US", died(1920, published=1990), False),
        ("US", died(1920, published=2002), False),
        ("US", died(1920, published=2003), True),
        ("US", died(1955, published=None), None),
        ("US", WorkFacts(published=1930), True),
        # Countries without a rule.
        ("AR", died(1800, published=1790), None),
        ("XX", died(1800), None),
        # Works that no author is named for.
        ("GB", WorkFacts(anonymous=True, published=1955), True),
        ("GB", WorkFacts(anonymous=True, published=1956), False),
        ("GB", WorkFacts(anonymous=True), None),
        ("NO", WorkFacts(anonymous=True, published=1952), None),
        ("IN", WorkFacts(anonymous=True, published=1965), True),
        ("US", WorkFacts(anonymous=True, published=1980), None),
        ("CA", WorkFacts(anonymous=True, published=1850), None),
        ("ES", WorkFacts(anonymous=True, published=1850), None),
        ("FR", WorkFacts(anonymous=True, published=1850), None),
        ("RU", WorkFacts(anonymous=True, published=1850), None),
        ("DE", WorkFacts(anonymous=True, published=1900, deaths=(1910,)), None),
    ],
)
def test_the_term_as_the_statute_has_it(country: str, work: WorkFacts, expected: bool | None) -> None:
    verdict, words = is_free(country, work, END_OF_2026)
    assert verdict is expected, words


@pytest.mark.parametrize(
    ("country", "work"),
    [
        ("DE", died(1956)),
        ("ES", died(1946)),
        ("NO", died(1950)),
        ("US", died(1990, published=1931)),
        ("IN", died(1966)),
        ("US", WorkFacts(anonymous=True, published=1931)),
    ],
)
def test_a_term_ends_overnight_at_the_end_of_the_year(country: str, work: WorkFacts) -> None:
    assert is_free(country, work, END_OF_2026)[0] is not True
    assert is_free(country, work, NEW_YEAR_2027)[0] is True


@pytest.mark.parametrize("country", sorted(COUNTRIES_WITH_A_RULE - {"US"}))
def test_what_came_out_after_its_author_is_unknown(country: str) -> None:
    """Posthumous works have rules of their own, and none is on record; nor is anything free without the year."""
    assert is_free(country, died(1850, published=2010), TODAY)[0] is None
    assert is_free(country, died(1850, published=1851), TODAY)[0] is None
    assert is_free(country, died(1850, published=None), TODAY)[0] is None
    assert is_free(country, died(1850, published=1850), TODAY)[0] is True


def test_what_was_made_before_1978_and_came_out_later_is_protected_until_the_end_of_2047() -> None:
    work = died(1920, published=1990)
    assert is_free("US", work, date(2047, 12, 31))[0] is False
    assert is_free("US", work, date(2048, 1, 1))[0] is True


@pytest.mark.parametrize("kind", [ComponentKind.AUDIO, ComponentKind.VIDEO])
@pytest.mark.parametrize("country", ["DE", "US", "FR"])
def test_recordings_and_films_are_unknown(kind: ComponentKind, country: str) -> None:
    assert is_free(country, died(1850, published=1840, kind=kind), TODAY)[0] is None


def test_a_death_in_the_year_of_the_spanish_change_is_unknown_between_the_two_terms() -> None:
    assert [is_free("ES", died(1987), date(year, 1, 1))[0] for year in (2057, 2058, 2067, 2068)] == [
        False,
        None,
        None,
        True,
    ]


def test_every_state_of_the_union_has_a_rule() -> None:
    assert EUROPEAN_UNION <= COUNTRIES_WITH_A_RULE


@pytest.mark.parametrize("country", sorted(COUNTRIES_WITH_A_RULE))
def test_every_verdict_names_its_source(country: str) -> None:
    for work in (died(1850, published=1840), died(1999), died(None), WorkFacts()):
        words = is_free(country, work, TODAY)[1]
        assert any(
            word in words for word in ("Act", "Law", "Code", "Directive", "Decree", "U.S.C.", "Ordinance")
        )


def test_public_domain_is_where_the_term_is_over() -> None:
    found = public_domain_of(died(1971), ["CA", "DE", "US"], TODAY)
    assert found is not None
    assert found.territory.included == {"CA", "US"}
    assert "1971" in found.ground
    assert not found.marked
    assert public_domain_of(WorkFacts(), ["CA"], TODAY) is None


countries = st.sampled_from(sorted(COUNTRIES_WITH_A_RULE))
years = st.integers(1800, 2026)
works = st.builds(
    WorkFacts,
    deaths=st.lists(years | st.none(), max_size=3).map(tuple),
    published=st.none() | years,
    anonymous=st.booleans(),
    kind=st.sampled_from(list(ComponentKind)),
)
days = st.dates(date(1990, 1, 1), date(2120, 12, 31))


@given(countries, works, days, days)
def test_time_only_frees(country: str, work: WorkFacts, one: date, other: date) -> None:
    earlier, later = sorted((one, other))
    if is_free(country, work, earlier)[0] is True:
        assert is_free(country, work, later)[0] is True
    if is_free(country, work, later)[0] is False:
        assert is_free(country, work, earlier)[0] is False


@given(countries, works, years, days)
def test_another_author_never_frees(country: str, work: WorkFacts, death: int, today: date) -> None:
    more = WorkFacts(deaths=(*work.deaths, death), published=work.published, kind=work.kind)
    if work.deaths and is_free(country, work, today)[0] is False:
        assert is_free(country, more, today)[0] is not True


@example("AU", WorkFacts(deaths=(1950,), published=1800), date(2000, 1, 1))
@given(countries, works, days)
def test_nothing_is_free_while_the_shortest_term_of_the_world_runs(
    country: str, work: WorkFacts, today: date
) -> None:
    """Berne Convention art. 7(1): 50 years after death at the least, whatever shorter term another country has."""
    if is_free(country, work, today)[0] is not True or country == "US":
        return
    if work.anonymous:
        assert work.published is not None
        assert today.year > work.published + 50
    else:
        assert None not in work.deaths
        assert today.year > max(year for year in work.deaths if year is not None) + 50


# A mark is a label.


def marked(**more: object) -> Component:
    status = PublicDomain(territory=WORLD, ground="Marked with the Public Domain Mark", marked=True)
    return Component(
        id=TEXT.id,
        kind=ComponentKind.TEXT,
        basis=Basis.PUBLIC_DOMAIN,
        public_domain=status,
        **more,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("territory", [None, "CA", "world"])
def test_a_mark_alone_determines_nothing_anywhere(territory: str | None) -> None:
    facts = {"action": "republish_full", "channel": "community_site"}
    asked = use(**facts, **({"territory": territory} if territory else {}))
    forbidden: Terms = terms(rule("prohibit", "republish_full"), by=LANTERN)
    for written, outcome in (((), Outcome.ASK), ((forbidden,), Outcome.ASK)):
        found = evaluate(
            piece(*written, components=(marked(),), claims=(holds(LANTERN),)), marked(), asked, TODAY
        )
        assert found.outcome is outcome
        assert found.reasons[0].code is ReasonCode.PUBLIC_DOMAIN_UNKNOWN
        assert found.ask is not None
        assert found.ask.party == LANTERN
