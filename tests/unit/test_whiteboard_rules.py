"""What a television shows. Pure."""

import pytest

from telesales.whiteboard.rules import arrange, shows


def people(*sales: int) -> list[dict]:
    return [
        {"user_id": place, "name": f"P{place:02}", "latin_name": "", "rank": place, "sales": sold}
        for place, sold in enumerate(sales, start=1)
    ]


@pytest.mark.parametrize("count", range(3, 30))
def test_nobody_is_shown_as_last(count: int):
    board = arrange(people(*range(count + 5, 5, -1)))

    assert len(board["ranked"]) <= 10
    assert len(board["others"]) >= 2


def test_the_first_ten_have_a_place_when_enough_people_follow():
    assert len(arrange(people(*range(20, 0, -1)))["ranked"]) == 10


def test_who_has_not_sold_has_no_place():
    board = arrange(people(4, 2, 0, 0, 0, 0))

    assert [row["sales"] for row in board["ranked"]] == [4, 2]


def test_one_alone_who_has_sold_leads():
    assert [row["rank"] for row in arrange(people(3))["ranked"]] == [1]


def test_everybody_else_is_in_the_order_of_names_not_of_sales():
    rows = people(9, 8, 7, 3, 2)
    rows[3].update(name="王小明", latin_name="Wang Xiaoming")
    rows[4].update(name="ana")

    assert [row["name"] for row in arrange(rows)["others"]] == ["ana", "王小明"]


def test_nobody_is_left_out():
    rows = people(*range(15, 0, -1))
    board = arrange(rows)

    assert sorted(row["user_id"] for part in board.values() for row in part) == list(range(1, 16))


def test_an_empty_floor_is_an_empty_board():
    assert arrange([]) == {"ranked": [], "others": []}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, True),
        ({"campaign_ids": [], "team_id": None}, True),
        ({"campaign_ids": [1, 2]}, True),
        ({"campaign_ids": [2]}, False),
        ({"team_id": 5}, True),
        ({"team_id": 6}, False),
        ({"campaign_ids": [1], "team_id": 6}, False),
    ],
)
def test_a_screen_shows_its_campaigns_and_team_only(options: dict, expected: bool):
    assert shows(options, campaign_id=1, team_id=5) is expected
