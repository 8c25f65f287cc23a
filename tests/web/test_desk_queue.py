"""The queue: what waits, for whom and how long; saved filters, search, pages; nobody else's requests."""

import re

from ledger.desk.requests import attending, deciding, queue_view
from tests.cast import Cast
from tests.web.asked import ask_for, come_in, items_of, own_piece
from tests.web.browsing import Visitor


def test_an_outsider_is_asked_to_sign_in(visitor: Visitor) -> None:
    answer = visitor.get("/desk?show=all")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/desk%3Fshow%3Dall")


def test_an_empty_queue_says_what_to_do(cast: Cast, visitor: Visitor) -> None:
    assert come_in(cast, visitor, "bob").get("/desk/requests").headers["location"] == "/desk?show=all"
    own_piece(cast)
    answer = visitor.get("/desk")
    assert answer.status_code == 200
    assert "Nothing is waiting here" in answer.text
    assert "Begin here" not in answer.text


def test_a_new_house_is_told_where_to_begin(cast: Cast, visitor: Visitor) -> None:
    page = come_in(cast, visitor, "bob").get("/desk").text
    assert "Begin here" in page
    for path in re.findall(r'<li><a href="(/desk/[^"]+)"', page.partition("Begin here")[2]):
        assert visitor.get(path).status_code == 200, path


def test_a_request_shows_title_asker_days_and_assignee(cast: Cast, visitor: Visitor) -> None:
    request_id = ask_for(cast, own_piece(cast))
    cast.clock.go_on(days=3)
    attending.assign(cast.desk, cast.bob, request_id, cast.bob.person_id)
    text = come_in(cast, visitor, "bob").get("/desk").text
    assert f"/desk/requests/{request_id}" in text
    assert "Fenwick Books" in text
    assert "3 days" in text
    assert "Bob Lind" in text
    assert "Waiting for the desk (1)" in text


def test_saved_filters_part_the_requests(cast: Cast, visitor: Visitor) -> None:
    piece = own_piece(cast)
    mine, asked, free = (ask_for(cast, piece, name=name) for name in ("Ann Lee", "Ben Oak", "Cy Ash"))
    attending.assign(cast.desk, cast.bob, mine, cast.bob.person_id)
    attending.ask_requester(cast.desk, cast.bob, asked, "Which edition?")
    for item in deciding_items(cast, free):
        deciding.decide(cast.desk, cast.bob, free, item, "declined", {"reason": "Not this one."})
    come_in(cast, visitor, "bob")
    shown = {
        name: {each for each in (mine, asked, free) if each in visitor.get(f"/desk?show={name}").text}
        for name in queue_view.FILTERS
    }
    assert shown == {
        "desk": {mine},
        "me": {mine},
        "unassigned": {asked},
        "requester": {asked},
        "holder": set(),
        "all": {mine, asked},
        "closed": {free},
    }


def deciding_items(cast: Cast, request_id: str) -> list[str]:
    return [item.id for item in items_of(cast, request_id)]


def test_search_finds_by_name_and_says_when_there_is_nothing(cast: Cast, visitor: Visitor) -> None:
    piece = own_piece(cast)
    ann, ben = (ask_for(cast, piece, name=name) for name in ("Ann Lee", "Ben Oak"))
    come_in(cast, visitor, "bob")
    text = visitor.get("/desk?show=all&q=oak").text
    assert ben in text
    assert ann not in text
    nothing = visitor.get("/desk?show=all&q=%3Cb%3Eheron").text
    assert "Nothing found for" in nothing
    assert "<b>heron" not in nothing


def test_pages_follow_each_other_without_gap_or_repetition(cast: Cast, visitor: Visitor) -> None:
    piece = own_piece(cast)
    all_ids = []
    for number in range(27):
        cast.clock.go_on(minutes=1)
        all_ids.append(ask_for(cast, piece, name=f"Ann{number} Lee"))
    come_in(cast, visitor, "bob")
    first = visitor.get("/desk").text
    following = first.split('rel="next"')[0].rpartition('href="')[2].split('"')[0].replace("&amp;", "&")
    second = visitor.get(following).text
    seen = [each for each in all_ids if each in first]
    assert seen == all_ids[:25]
    assert [each for each in all_ids if each in second] == all_ids[25:]
    assert "To the first page" in second
    assert visitor.get("/desk?after=rubbish").status_code == 200


def test_another_publishers_staff_see_nothing_of_it(cast: Cast, visitor: Visitor) -> None:
    request_id = ask_for(cast, own_piece(cast))
    text = come_in(cast, visitor, "charlie").get("/desk?show=all").text
    assert request_id not in text
    assert "Fenwick" not in text
