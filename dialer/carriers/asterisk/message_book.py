"""Messages that managers uploaded, as Redis holds them for the gateways: which name is which sound, and the sounds.

The database has them for good. `bring` makes Redis agree with it; done twice it changes nothing.
"""

import base64
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import redis

INDEX = "ts:asterisk:messages"  # hash: name as in `messages`, without an ending → fingerprint


def sound_key(fingerprint: str) -> str:
    """A whole wav file in base64, under the SHA-256 of its bytes."""
    return f"ts:asterisk:message:{fingerprint}"


def node_messages(node: str) -> str:
    """Hash of what a node plays for certain, as in the index."""
    return f"ts:asterisk:node:{node}:messages"


def bring(client: redis.Redis, wanted: Mapping[str, str], load: Callable[[str], bytes]) -> int:
    """Let the gateways have these messages and no others; return how many sounds were missing."""
    known: Any = client.hgetall(INDEX)
    mapping: Any = dict(wanted)
    prints = sorted(set(wanted.values()))
    missing = [one for one in prints if not client.exists(sound_key(one))]
    for fingerprint in missing:
        client.set(sound_key(fingerprint), base64.b64encode(load(fingerprint)).decode("ascii"))
    gone = {name for name in known if name not in wanted}
    if known != mapping:
        with client.pipeline(transaction=True) as pipe:
            if wanted:
                pipe.hset(INDEX, mapping=mapping)
            if gone:
                pipe.hdel(INDEX, *gone)
            pipe.execute()
    unused = set(known.values()) - set(prints)
    if unused:
        client.delete(*(sound_key(fingerprint) for fingerprint in unused))
    return len(missing)


def has_message(client: redis.Redis, folder: str, names: tuple[str, ...]) -> bool:
    """One of these names was uploaded, or is a file in the operator's folder."""
    if any(client.hmget(INDEX, list(names))):
        return True
    return bool(folder) and any(any(Path(folder).glob(f"{name}.*")) for name in names)
