"""Messages that a person hears when nobody is free, and the key that says "never again".

They are looked for by name, in this order; the first that can be played is played. Of each name one that a manager uploaded goes
before the file of that name in the node's `sounds_folder` (without an ending):

- `campaign-<id>-abandoned`: recorded for the campaign, with the seller's name and number spoken
- `message-<first 16 hex digits of the SHA-256 of the campaign's text>`: made from that text, so that an old text is never heard
- `abandoned`: the call centre's own

People who rang us hear `campaign-<id>-missed`, the one made from the text, or `missed`, before those for abandoned people.

`campaign-<id>-opted-out` or `opted-out` is heard after the key, if it is there; `campaign-<id>-voicemail` and `voicemail` are left
on machines.
"""

import asyncio
import hashlib
import logging
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from dialer import clock
from dialer.carriers.asterisk import keys
from dialer.carriers.asterisk.ari import AriRefusedError
from dialer.carriers.asterisk.book import Call
from dialer.carriers.asterisk.callers import stop_music
from dialer.carriers.asterisk.calls import Calls
from dialer.carriers.asterisk.links import leave_bridge
from dialer.carriers.asterisk.switch import Sound
from dialer.carriers.talks import TalkFact
from dialer.events import EventKind

log = logging.getLogger(__name__)

OPT_OUT_KEY = "9"  # unless the campaign's profile names another
KEY_SECONDS = 3.0  # after the message a person may still press it
LONGEST_SECONDS = 120.0  # a message of which nothing is heard any more
PREFIX, CONFIRMATION = "message-", "opted-out-"
APOLOGY = "apology"  # what is played to a person of whom the floor has let go
MOST_SOUNDS = 10  # that are tried one after the other


def message_files(campaign_id: int, text: str) -> tuple[str, ...]:
    """Names of the sound files of an abandoned call, the best first."""
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    return (f"campaign-{campaign_id}-abandoned", f"message-{digest}", "abandoned")


def missed_files(campaign_id: int, text: str) -> tuple[str, ...]:
    """Names of the sound files for people who rang us and found nobody, the best first."""
    abandoned, made, usual = message_files(campaign_id, text)
    return (f"campaign-{campaign_id}-missed", made, "missed", abandoned, usual)


def voicemail_files(campaign_id: int) -> tuple[str, ...]:
    """Names of the sound files that are left on machines."""
    return (f"campaign-{campaign_id}-voicemail", "voicemail")


def opted_out_files(campaign_id: int) -> tuple[str, ...]:
    """Names of the sound files that say that a wish is noted."""
    return (f"campaign-{campaign_id}-opted-out", "opted-out")


class Messages:
    """Plays sound files to people of one node."""

    def __init__(self, calls: Calls) -> None:
        self._calls, self._switch, self._book = calls, calls.switch, calls.book
        self._sounds: dict[int, list[Sound]] = {}  # attempt -> what is still to be tried
        self._played: dict[int, tuple[Sound, float]] = {}  # attempt -> what is played, and since when
        self.on_left: list[Callable[[Call], Coroutine[Any, Any, None]]] = []  # its agent is out of the call

    async def play(self, call: Call, text: str) -> None:
        """Play the campaign's message and hang up."""
        async with call.lock:
            if call.state not in (keys.ANSWERED, keys.CONNECTED) or call.why:
                return
            await self._leave_bridge(call)
            await stop_music(self._calls, call)
            if not await self._book.advance(call, (call.state,), keys.PLAYING, playing="message"):
                return
            files = missed_files if call.is_inbound else message_files
            await self._start(call, files(call.campaign_id, text))

    async def _leave_bridge(self, call: Call) -> None:
        await leave_bridge(self._switch, call)
        talk = await self._switch.talks.find_talk(call.attempt_id)
        if talk is not None:
            await self._switch.talks.end_talk(talk)
            for follow in self.on_left:
                self._switch.spawn(follow(call))

    async def apologize(self, call: Call) -> None:
        """Nobody came to whom the person was handed on; the caller holds the lock. The key in it holds too."""
        call.facts["playing"] = APOLOGY
        await self._start(call, message_files(call.campaign_id, ""))

    async def start_voicemail(self, call: Call) -> None:
        """Leave the campaign's message on a machine; the caller holds the lock and has moved the call on."""
        await self._start(call, voicemail_files(call.campaign_id))

    async def _start(self, call: Call, files: tuple[str, ...]) -> None:
        self._sounds[call.attempt_id] = self._switch.sounds_of(files)
        self._calls.watch(call, clock.now() + LONGEST_SECONDS, "message")
        await self._play_next(call)

    async def _play_next(self, call: Call) -> None:
        """Play the next file; without any the person hears silence no longer than necessary."""
        sounds = self._sounds.get(call.attempt_id, [])
        while sounds:
            sound = sounds.pop(0)
            self._played[call.attempt_id] = (sound, clock.now())
            try:
                await self._switch.ask(
                    "POST", f"channels/{call.channel}/play/{self._name(call)}", media=sound.media
                )
            except AriRefusedError as error:
                log.info("message %s for call %s: %s", sound.name, call.attempt_id, error)
                continue
            return
        log.error(
            "no message can be played to call %s: was one uploaded, or is a file in sounds_folder?",
            call.attempt_id,
        )
        await self._calls.hang_up_locked(call)

    def _name(self, call: Call) -> str:
        """Id of the playback that is heard now."""
        return f"{PREFIX}{call.attempt_id}-{len(self._sounds.get(call.attempt_id, ()))}"

    def playback_over(self, playback: Mapping[str, Any]) -> Coroutine[Any, Any, None]:
        """A sound file came to its end, or could not be played. Whether it was cut off is known now, and not in its turn."""
        number = str(playback["id"]).removeprefix(PREFIX).partition("-")[0]
        call = self._calls.known.get(int(number)) if number.isdigit() else None
        return self._playback_over(call, playback, cut_off=call is not None and call.leaves)

    async def _playback_over(self, call: Call | None, playback: Mapping[str, Any], *, cut_off: bool) -> None:
        if call is None:
            return
        async with call.lock:
            if call.state not in (keys.PLAYING, keys.APART) or call.why or call.facts.get("opted_out"):
                return
            stale = call.attempt_id in self._sounds and playback["id"] != self._name(call)
            if stale or call.facts.get("playing") == "heard":
                return  # Asterisk tells it twice
            if cut_off:
                return  # what was cut off was not heard
            if playback["state"] == "failed":
                await self._play_next(call)
                return
            await self._heard(call)

    async def _heard(self, call: Call) -> None:
        self._sounds.pop(call.attempt_id, None)
        sound, began = self._played.pop(call.attempt_id, (None, call.since))
        told: dict[str, Any] = {"seconds": round(clock.now() - began, 3)} | _told(sound)
        if call.facts.get("playing") == APOLOGY:
            self._switch.spawn(self._hang_up_after(call))
            return
        if call.state == keys.APART:
            if "by_itself" in call.facts:  # told once it was left; an agent's was told when the agent left
                left = TalkFact.VOICEMAIL_DROPPED
                await self._switch.talks.tell_of(call.attempt_id, call.campaign_id, left)
            await self._calls.hang_up_locked(call)
            return
        played = call.event(EventKind.CALL_MESSAGE_PLAYED, **told)
        if await self._book.advance(call, (keys.PLAYING,), keys.PLAYING, played, playing="heard"):
            self._switch.spawn(self._hang_up_after(call))

    async def _hang_up_after(self, call: Call) -> None:
        if self._may_opt_out(call):
            await asyncio.sleep(KEY_SECONDS)
        if not call.pressed:  # else they hear that it is noted, and that hangs up
            await self._calls.hang_up(call)

    def _may_opt_out(self, call: Call) -> bool:
        return bool(self._key(call))

    def _key(self, call: Call) -> str:
        return str(call.profile.get("opt_out_key", OPT_OUT_KEY))

    def pressed(self, call: Call, digit: str) -> Coroutine[Any, Any, None]:
        """The person pressed a key. A wish holds from now on, also when the call ends before its turn comes."""
        if digit == self._key(call) and self._is_offered(call):
            call.pressed = digit
        return self._note_wish(call)

    def _is_offered(self, call: Call) -> bool:
        """The person hears, or has just heard, which key it is."""
        return call.state == keys.PLAYING or call.facts.get("playing") == APOLOGY

    async def _note_wish(self, call: Call) -> None:
        async with call.lock:
            if not call.pressed or call.facts.get("opted_out"):
                return
            if call.state == keys.PLAYING:
                event = call.event(EventKind.CALL_OPTED_OUT, key=call.pressed)
                await self._book.advance(call, (keys.PLAYING,), keys.PLAYING, event, opted_out="1")
            elif call.facts.get("playing") == APOLOGY:  # the floor would not listen any more
                wish = TalkFact.OPTED_OUT
                await self._switch.talks.tell_of(call.attempt_id, call.campaign_id, wish, key=call.pressed)
                await self._book.advance(call, (keys.APART,), keys.APART, opted_out="1")
            if call.state == keys.ENDED:
                return
            for count in range(len(self._sounds.pop(call.attempt_id, [])) + 1):
                await self._switch.try_to("DELETE", f"playbacks/{PREFIX}{call.attempt_id}-{count}")
            await self._confirm(call)

    async def _confirm(self, call: Call) -> None:
        self._sounds[call.attempt_id] = self._switch.sounds_of(opted_out_files(call.campaign_id))
        await self._confirm_next(call)

    async def _confirm_next(self, call: Call) -> None:
        sounds = self._sounds.get(call.attempt_id, [])
        while sounds:
            sound = sounds.pop(0)
            path = f"channels/{call.channel}/play/{self._confirmation(call)}"
            if await self._switch.try_to("POST", path, media=sound.media):
                return
        await self._calls.hang_up_locked(call)

    def _confirmation(self, call: Call) -> str:
        """Id of the playback that says so now."""
        return f"{CONFIRMATION}{call.attempt_id}-{len(self._sounds.get(call.attempt_id, ()))}"

    async def confirmed(self, playback: Mapping[str, Any]) -> None:
        """The person heard that the wish is noted, or it could not be played."""
        number = str(playback["id"]).removeprefix(CONFIRMATION).partition("-")[0]
        call = self._calls.known.get(int(number)) if number.isdigit() else None
        if call is None:
            return
        async with call.lock:
            if playback["id"] != self._confirmation(call):
                return  # told twice
            if playback["state"] == "failed" and not call.why:
                await self._confirm_next(call)
                return
            await self._calls.hang_up_locked(call)

    async def adopt(self) -> None:
        """After a connection: whoever hears no message any more is not left in silence, but may still press the key."""
        for call in list(self._calls.known.values()):
            if call.state == keys.PLAYING and not call.why and not await self.is_heard(call):
                self._switch.spawn(self._hang_up_after(call))

    async def is_heard(self, call: Call) -> bool:
        """Something is being played to this person."""
        names = [
            f"{prefix}{call.attempt_id}-{count}"
            for prefix in (CONFIRMATION, PREFIX)
            for count in range(MOST_SOUNDS)
        ]
        for name in names:
            if await self._switch.find(f"playbacks/{name}"):
                return True
        return False


def _told(sound: Sound | None) -> dict[str, str]:
    """Which message it was, for the record of the call."""
    if sound is None:
        return {}
    told = {"message": sound.name}
    return told | {"sound": sound.fingerprint} if sound.fingerprint else told
