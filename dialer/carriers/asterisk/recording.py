"""Recording of conversations: each side and both together, by snoops on the callee's channel, fetched into the spool.

An announcement that has to be heard first is looked for among uploaded messages and in the node's `sounds_folder`: `campaign-<id>-announcement`, then
`announcement-<first 16 hex digits of the SHA-256 of its text>`. When none can be played nothing is recorded.
While card data is spoken the recording goes on with silence: seconds in the file stay seconds of the call.
"""

import asyncio
import json
import logging
import os
import re
from dataclasses import replace
from pathlib import Path
from typing import cast

from dialer import clock, live
from dialer.carriers.asterisk import keys
from dialer.carriers.asterisk.ari import AriRefusedError
from dialer.carriers.asterisk.book import Call
from dialer.carriers.asterisk.calls import Calls
from dialer.carriers.asterisk.settings import APPLICATION
from dialer.carriers.asterisk.sounds import announcement_files
from dialer.carriers.asterisk.switch import NOT_FOUND, Sound
from dialer.carriers.talks import TalkFact
from dialer.ports import RecordingSide, Talk
from dialer.spool import UNFINISHED, spool_folder, spool_path, sync_file, sync_folder
from dialer.spool_news import LostRecording, tell_lost

log = logging.getLogger(__name__)

KIND = "rec"
LOOK_SECONDS = 0.1
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 60.0  # between two tries to fetch a file
SPY = {RecordingSide.CALLEE: "in", RecordingSide.AGENT: "out", RecordingSide.MIXED: "both"}
STORED = re.compile(r"rec-(\d+)-([a-z]+)-(\d+)")  # attempt, side, milliseconds since 1970
SNOOP = re.compile(r"rec([a-z]+)-(\d+)")


def snoop_channel(side: RecordingSide, attempt_id: int) -> str:
    """Id of the channel that hears one side."""
    return f"{KIND}{side}-{attempt_id:012d}"


class Recorder:
    """Records calls of one node."""

    def __init__(self, calls: Calls) -> None:
        self._calls, self._switch, self._talks = calls, calls.switch, calls.switch.talks
        self._folder = spool_folder(Path(os.environ.get("DATA_DIR") or "var"))
        self._timers: dict[int, asyncio.TimerHandle] = {}
        self._fetching: set[str] = set()

    # beginning
    async def begin(self, call: Call) -> None:
        """The call is bridged with its agent; the caller holds the lock."""
        plan = json.loads(call.facts.get("recording") or "null")
        if plan is None:
            return
        text = str(plan.get("announcement", ""))
        if text:
            self._switch.spawn(self._announce_and_record(call, text))
        else:
            await self._record(call)

    async def _announce_and_record(self, call: Call, text: str) -> None:
        """Both hear the announcement; Asterisk tells an application nothing of sounds in a bridge, so it is looked at.

        What a node still fetches looks as if it were heard: only a sound that is there for certain counts.
        """
        for count, sound in enumerate(self._switch.sounds_of(announcement_files(call.campaign_id, text))):
            if sound.fingerprint and sound.fingerprint not in self._switch.kept_sounds:
                continue
            if await self._is_heard_whole(call, sound, count):
                return
        log.warning("call %s is not recorded: its announcement cannot be played", call.attempt_id)

    async def _is_heard_whole(self, call: Call, sound: Sound, count: int) -> bool:
        """Play it until the callee was with the agent from its beginning to its end, and record. False when it cannot be played."""
        while True:
            async with call.lock:
                talk, absences = await self._talks.find_talk(call.attempt_id), call.absences
                if talk is None or not self._may_record(call):
                    return True
            if talk.held:
                await asyncio.sleep(LOOK_SECONDS)
                continue
            if not await self._is_heard(call, sound, count):
                return False
            async with call.lock:
                if call.absences == absences and self._may_record(call):
                    await self._record(call)
                    return True

    def _may_record(self, call: Call) -> bool:
        return call.state == keys.CONNECTED and not call.why and not call.leaves

    async def _is_heard(self, call: Call, sound: Sound, count: int) -> bool:
        """Play one sound to its end. One that is not there is over before it is looked at."""
        playback = f"announcement-{count}-{call.attempt_id}"
        path = f"bridges/{call.bridge}/play/{playback}"
        if not await self._switch.try_to("POST", path, media=sound.media):
            return False
        seen = False
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if not await self._switch.find(f"playbacks/{playback}"):
                return seen
            seen = True

    async def _record(self, call: Call) -> None:
        for side, spy in SPY.items():
            await self._switch.ask(
                "POST",
                f"channels/{call.channel}/snoop/{snoop_channel(side, call.attempt_id)}",
                app=APPLICATION,
                appArgs=KIND,
                spy=spy,
                whisper="none",
            )
        talk = await self._talks.find_talk(call.attempt_id)
        if talk is not None:
            await self._talks.write_talk(replace(talk, recording="on"), TalkFact.RECORDING_STARTED)

    async def snoop_came(self, channel: str) -> None:
        """The channel that hears one side is there."""
        match = SNOOP.fullmatch(channel)
        if match is None or match[1] not in set(RecordingSide):
            return
        call = self._calls.known.get(int(match[2]))
        if call is None:
            return  # over
        name = f"rec-{match[2]}-{match[1]}-{round(clock.now() * 1000)}"
        async with call.lock:
            await self._keep_name(call, name)
        try:
            await self._switch.ask(
                "POST",
                f"channels/{channel}/record",
                name=name,
                format="wav",
                ifExists="fail",
                terminateOn="none",
            )
        except AriRefusedError as error:
            if error.status != NOT_FOUND:  # the call is over
                await self._tell_lost(name, str(error))

    async def _keep_name(self, call: Call, name: str) -> None:
        """Before it is asked for: a pause has to find it, whoever hears that it began. The caller holds the lock."""
        names = f"{call.facts.get('recordings', '')} {name}".strip()
        await self._calls.book.advance(call, (call.state,), call.state, recordings=names)

    # pausing
    async def pause(self, call: Call, talk: Talk, seconds: float) -> bool:
        """Silence from now on; the caller holds the lock. False when nothing is recorded."""
        if not talk.recording:
            return False
        await self._mute(call, muted=True)
        again_at = clock.now() + seconds
        paused = replace(talk, recording="paused", recording_again_at=again_at)
        await self._talks.write_talk(paused, TalkFact.RECORDING_PAUSED, seconds=seconds)
        self._resume_later(call, again_at)
        return True

    async def resume(self, call: Call, talk: Talk) -> None:
        """Record again; the caller holds the lock."""
        if talk.recording != "paused" and "muted" not in call.facts:
            return
        await self._mute(call, muted=False)
        self._forget_timer(call)
        on = replace(talk, recording="on", recording_again_at=0.0)
        await self._talks.write_talk(on, TalkFact.RECORDING_RESUMED)

    async def _mute(self, call: Call, *, muted: bool) -> None:
        if muted:
            call.facts["muted"] = "1"
        else:
            call.facts.pop("muted", None)
        for name in await self._live_names(call):
            await self._switch.ask("POST" if muted else "DELETE", f"recordings/live/{name}/mute")

    async def _live_names(self, call: Call) -> list[str]:
        """What is being recorded of this call now."""
        names = call.facts.get("recordings", "").split()
        return [name for name in names if await self._switch.find(f"recordings/live/{name}")]

    def _resume_later(self, call: Call, at: float) -> None:
        self._forget_timer(call)
        loop = asyncio.get_running_loop()
        self._timers[call.attempt_id] = loop.call_later(
            max(0.0, at - clock.now()), lambda: self._switch.spawn(self._pause_is_over(call))
        )

    async def _pause_is_over(self, call: Call) -> None:
        async with call.lock:
            talk = await self._talks.find_talk(call.attempt_id)
            if talk is None or call.state != keys.CONNECTED:
                return
            if talk.recording == "paused":  # longer, as was asked for meanwhile
                self._resume_later(call, talk.recording_again_at)
            else:
                await self.resume(call, talk)

    def _forget_timer(self, call: Call) -> None:
        timer = self._timers.pop(call.attempt_id, None)
        if timer is not None:
            timer.cancel()

    # the end
    async def stop(self, call: Call) -> None:
        """The agent is out of the call: what follows is nobody's to keep."""
        self._forget_timer(call)
        for side in SPY:
            await self._switch.try_to("DELETE", f"channels/{snoop_channel(side, call.attempt_id)}")

    async def began(self, name: str) -> None:
        """A recording runs: a pause holds for it too."""
        match = STORED.fullmatch(name)
        call = self._calls.known.get(int(match[1])) if match else None
        if call is None:
            return
        async with call.lock:
            if "muted" in call.facts:
                await self._switch.try_to("POST", f"recordings/live/{name}/mute")

    async def finished(self, name: str, why: str = "") -> None:
        """Fetch one recording into the spool, and only then take it from the node. `why`: the node says that it failed."""
        match = STORED.fullmatch(name)
        if match is None or name in self._fetching:
            return
        self._fetching.add(name)
        pause = FIRST_PAUSE
        target = spool_path(self._folder, int(match[1]), RecordingSide(match[2]), int(match[3]) / 1000)
        try:
            while self._switch.ari is not None and not await self._fetch(name, target, why):
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
        finally:
            self._fetching.discard(name)

    async def _fetch(self, name: str, target: Path, why: str) -> bool:
        """False when it has to be tried again: the node keeps it meanwhile. A lost socket ends it, and `adopt` begins anew."""
        part = target.with_suffix(UNFINISHED)
        assert self._switch.ari is not None  # noqa: S101
        try:
            await self._switch.ari.download(f"recordings/stored/{name}/file", part)
            await asyncio.to_thread(_finish, part, target)
        except AriRefusedError as error:
            if error.status != NOT_FOUND:
                log.warning("recording %s waits on node %s: %s", name, self._switch.node.name, error)
                return False
            await self._tell_lost(name, why or "the node has no such file")
            return True
        except OSError as error:
            log.warning("recording %s waits on node %s: %s", name, self._switch.node.name, error)
            return False
        await self._switch.try_to("DELETE", f"recordings/stored/{name}")
        return True

    async def _tell_lost(self, name: str, why: str) -> None:
        log.error("recording %s was not made: %s", name, why)
        node = self._switch.node.name
        await tell_lost(self._switch.client, LostRecording(clock.now(), node, name, why))

    # after a connection
    async def adopt(self) -> None:
        """Go on with pauses, and fetch what was finished while nobody listened."""
        for call in self._calls.known.values():
            found = cast("str | None", await self._switch.client.get(live.talk_key(call.attempt_id)))
            talk = json.loads(found) if found else {}
            if talk.get("recording") == "paused" and call.state == keys.CONNECTED:
                call.facts["muted"] = "1"
                self._resume_later(call, float(talk["recording_again_at"]))
        for stored in await self._switch.ask("GET", "recordings/stored"):
            name = str(stored["name"])
            if not await self._switch.find(f"recordings/live/{name}"):
                self._switch.spawn(self.finished(name))


def _finish(part: Path, target: Path) -> None:
    """The node may forget the file once it survives a power cut here."""
    sync_file(part)
    part.rename(target)
    sync_folder(target.parent)
