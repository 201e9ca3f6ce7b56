"""Names as people write them."""

import re

# Han, kana and hangul: the family name comes first, nothing between.
_EAST_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\U00020000-\U0003ffff]")
_BOTH_SCRIPTS = re.compile(
    r"\s*(?P<own>[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af·]{2,})\s*[(（]?\s*(?P<latin>[A-Za-z][A-Za-z .'’-]*[A-Za-z.])\s*[)）]?\s*"
)


def is_east_asian(name: str) -> bool:
    """Say whether the name is written in Han, kana or hangul."""
    return bool(_EAST_ASIAN.search(name))


def join_name(family: str, given: str) -> str:
    """Put the parts in the order in which the person writes them."""
    if is_east_asian(family) or is_east_asian(given):
        return f"{family}{given}"
    return f"{given} {family}".strip()


def split_scripts(name: str) -> tuple[str, str]:
    """Take "王小明 (Wang Xiaoming)" apart; a name in one script has no second part."""
    match = None if name.isascii() else _BOTH_SCRIPTS.fullmatch(name)
    return (match["own"], match["latin"]) if match else (name, "")
