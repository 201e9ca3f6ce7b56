"""Merge fields are filled in safely."""

from scripts.merge import Piece, has_broken_braces, merge_fields, paragraphs, render, rendered


def test_a_known_value_is_filled_in() -> None:
    assert rendered("Hello {{lead.name|there}}!", {"lead.name": "Ann"}) == "Hello Ann!"


def test_the_fallback_is_said_when_the_value_is_empty() -> None:
    assert rendered("Hello {{ lead.name | there }}!", {"lead.name": "  "}) == "Hello there!"


def test_an_unknown_value_without_fallback_leaves_a_visible_gap() -> None:
    assert rendered("From {{agent.name}}.", {}) == "From …."


def test_a_value_is_never_read_as_a_merge_field_again() -> None:
    values = {"lead.name": "{{agent.name}}", "agent.name": "Secret"}

    assert rendered("{{lead.name}}", values) == "{{agent.name}}"


def test_values_keep_their_markup_for_the_edge_to_escape() -> None:
    assert rendered("{{lead.name}}", {"lead.name": "<b>"}) == "<b>"


def test_pieces_tell_what_was_filled_in() -> None:
    pieces = render("Hi {{lead.name|there}}", {})

    assert list(pieces) == [Piece("Hi "), Piece("there", field="lead.name", known=False)]


def test_merge_fields_are_found_with_their_fallback() -> None:
    found = [(field.name, field.fallback) for field in merge_fields("{{a.b}} {{c.d|}} {{e.f|x y}}")]

    assert found == [("a.b", None), ("c.d", ""), ("e.f", "x y")]


def test_braces_that_are_no_merge_field_are_noticed() -> None:
    assert has_broken_braces("Hello {{lead.name}")
    assert has_broken_braces("Hello {{lead name}}")
    assert not has_broken_braces("Hello {{lead.name|you}} {}")


def test_a_blank_line_parts_paragraphs_and_a_line_break_does_not() -> None:
    texts = ["".join(piece.text for piece in block) for block in paragraphs("One\ntwo\n\nthree", {})]

    assert texts == ["One two", "three"]


def test_chinese_lines_are_joined_without_a_space() -> None:
    texts = ["".join(piece.text for piece in block) for block in paragraphs("您好，\n我是小李", {})]

    assert texts == ["您好，我是小李"]
