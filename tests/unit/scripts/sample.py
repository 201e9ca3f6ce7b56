"""A small script for tests; change one thing with `sample(...)`."""

from copy import deepcopy
from typing import Any

from scripts.reading import script_from
from scripts.script import Script

DATA: dict[str, Any] = {
    "key": "sample",
    "title": "Sample",
    "language": "en",
    "first": "opening",
    "lead_fields": {"current_plan": "Plan"},
    "steps": [
        {
            "key": "opening",
            "title": "Greeting",
            "stage": "opening",
            "text": "Hello {{lead.name|there}}, {{agent.name}} here.",
            "answers": [
                {"key": "go_on", "title": "Go on", "goes_to": "recording"},
                {"key": "no", "title": "No", "goes_to": "close_no"},
            ],
        },
        {
            "key": "recording",
            "title": "Recording",
            "stage": "opening",
            "disclosure": "recording",
            "text": "This call is recorded.",
            "answers": [{"key": "agrees", "title": "Agrees", "goes_to": "offer"}],
        },
        {
            "key": "offer",
            "title": "Offer",
            "stage": "offer",
            "text": "You have {{lead.current_plan|an old plan}}. For {{field.people|all}} people …",
            "fields": [
                {"key": "people", "title": "People", "type": "number", "required": True},
                {
                    "key": "plan",
                    "title": "Plan",
                    "type": "choice",
                    "choices": [{"key": "small", "title": "Small plan"}, {"key": "big", "title": "Big plan"}],
                },
            ],
            "answers": [
                {"key": "yes", "title": "Yes", "goes_to": "close_sale"},
                {"key": "again", "title": "Again", "goes_to": "opening"},
            ],
        },
        {"key": "close_sale", "title": "Thanks", "stage": "closing", "text": "Thanks!", "outcome": "sale"},
        {"key": "close_no", "title": "Bye", "stage": "closing", "text": "Bye!", "outcome": "not_interested"},
    ],
    "objections": [{"key": "price", "title": "Too expensive", "text": "Compared with what?"}],
    "products": [{"name": "Small", "amount": "10.00", "currency": "usd"}],
}


def sample_data() -> dict[str, Any]:
    return deepcopy(DATA)


def sample() -> Script:
    return script_from(sample_data())
