import pytest

from telesales.agents.forms import local_path


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "evil",
        "",
        None,
        "/a\nb",
        "/\t/evil",
    ],
)
def test_addresses_outside_the_program_are_not_followed(target):
    assert local_path(target) == "/"


@pytest.mark.parametrize("target", ["/people?role=agent", "/campaigns/7#leads"])
def test_addresses_inside_the_program_are_followed(target):
    assert local_path(target) == target
