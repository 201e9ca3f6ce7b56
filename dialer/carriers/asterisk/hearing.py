"""What a node says: events by their channel to the part that follows it."""

import re
from collections.abc import Mapping
from typing import Any

from dialer.carriers.asterisk import detection, keys
from dialer.carriers.asterisk.ari import Event
from dialer.carriers.asterisk.book import Call
from dialer.carriers.asterisk.bridging import Bridging
from dialer.carriers.asterisk.callers import NORMAL, Callers
from dialer.carriers.asterisk.calls import KIND as CALL
from dialer.carriers.asterisk.calls import Calls
from dialer.carriers.asterisk.legs import KIND as AGENT
from dialer.carriers.asterisk.legs import Legs
from dialer.carriers.asterisk.links import KIND as LINK
from dialer.carriers.asterisk.links import Links, is_link
from dialer.carriers.asterisk.messages import PREFIX, Messages
from dialer.carriers.asterisk.recording import KIND as RECORDER
from dialer.carriers.asterisk.recording import Recorder
from dialer.carriers.asterisk.settings import APPLICATION, INBOUND
from dialer.carriers.asterisk.supervising import KIND as SNOOP
from dialer.carriers.asterisk.supervising import Supervising
from dialer.carriers.asterisk.third import KIND as THIRD
from dialer.carriers.asterisk.third import Third
from dialer.carriers.asterisk.voicemail import Voicemail
from dialer.events import Answer

NAME = re.compile(r"([a-z]+)-(\d+)")
GONE = frozenset({"Removed", "Unreachable"})
OVER = frozenset({"StasisEnd", "ChannelDestroyed"})  # of a call that rang in, whichever is told first
RINGING = frozenset({"RINGING", "PROGRESS"})


class Hearing:
    """Takes events of one node. What has to be done for one is done beside the reading, call by call in their order."""

    def __init__(
        self,
        calls: Calls,
        legs: Legs,
        *,
        messages: Messages,
        third: Third,
        voicemail: Voicemail,
        supervising: Supervising,
        recorder: Recorder,
        bridging: Bridging,
        links: Links,
        callers: Callers,
    ) -> None:
        self._callers = callers
        self._recorder, self._bridging, self._links = recorder, bridging, links
        self._calls, self._legs, self._messages = calls, legs, messages
        self._third, self._voicemail, self._supervising = third, voicemail, supervising
        self._switch = calls.switch

    def hear(self, event: Event) -> None:
        """Take one event in."""
        match event["type"]:
            case "RecordingStarted":
                self._switch.spawn(self._recorder.began(str(event["recording"]["name"])))
            case "RecordingFinished" | "RecordingFailed":
                made = event["recording"]
                self._switch.spawn(self._recorder.finished(str(made["name"]), str(made.get("cause", ""))))
            case "StasisStart" if event.get("args", ())[:1] == [INBOUND]:
                self._hear_arrival(event["channel"], [str(word) for word in event["args"][1:]])
            case "PlaybackFinished":
                self._hear_playback(event["playback"])
            case "EndpointStateChange":
                self._hear_carrier(event["endpoint"])
            case "ContactStatusChange":
                self._hear_telephone(event["contact_info"])
            case _:
                channel = event.get("channel") or (event.get("peer") if event["type"] == "Dial" else None)
                name = NAME.fullmatch(channel["id"]) if channel else None
                if name is not None and channel is not None:
                    self._hear_channel(event, channel, kind=name[1], number=int(name[2]))
                elif channel is not None:
                    self._hear_caller(event, channel)

    def _hear_arrival(self, channel: Mapping[str, Any], words: list[str]) -> None:
        if is_link(channel):
            self._switch.spawn(self._links.came_in(channel, "".join(words[:1])))
        else:
            self._switch.spawn(self._callers.came_in(channel, words))

    def _hear_caller(self, event: Event, channel: Mapping[str, Any]) -> None:
        """Somebody who rang us: a call once it was taken."""
        call = self._calls.on_channel(channel["id"])
        if event["type"] in OVER:
            cause = int(event.get("cause", NORMAL))
            gone = (
                self._calls.gone(call, cause, None)
                if call
                else self._callers.gone(channel["id"], cause, None)
            )
            self._switch.spawn(gone)
        elif call is not None:
            self._hear_call(event, channel, call)

    def _hear_channel(self, event: Event, channel: Mapping[str, Any], *, kind: str, number: int) -> None:
        if kind == AGENT:
            self._hear_leg(event, number)
        elif kind == LINK:
            self._hear_link(event, number)
        elif kind == THIRD:
            self._hear_third(event, number)
        elif kind.startswith(RECORDER) and event["type"] == "StasisStart":
            self._switch.spawn(self._recorder.snoop_came(channel["id"]))
        elif kind == SNOOP and event["type"] == "StasisStart":
            self._switch.spawn(self._supervising.began(number))
        elif kind == CALL:
            call = self._calls.known.get(number)
            if call is not None:
                self._hear_call(event, channel, call)
            elif event["type"] == "StasisStart":
                # somebody answered a call that was given up
                self._switch.spawn(self._hang_up(channel["id"]))

    async def _hang_up(self, channel: str) -> None:
        await self._switch.try_to("DELETE", f"channels/{channel}")

    def _hear_call(self, event: Event, channel: Mapping[str, Any], call: Call) -> None:
        spawn = self._switch.spawn
        match event["type"]:
            case "Dial" if event.get("dialstatus") in RINGING:
                spawn(self._calls.rings(call))
            case "ChannelStateChange" if channel["state"] == "Ringing":
                spawn(self._calls.rings(call))
            case "StasisStart":
                self._hear_start(call, list(event.get("args", ())))
            case "ChannelDtmfReceived":
                spawn(self._messages.pressed(call, str(event["digit"])))
            case "ChannelTalkingStarted" | "ChannelTalkingFinished":
                self._voicemail.talking(call, begins=event["type"] == "ChannelTalkingStarted")
            case "ChannelHangupRequest":
                call.leaves = True
            case "ChannelDestroyed":
                spawn(self._calls.gone(call, int(event.get("cause", 0)), event.get("tech_cause")))

    def _hear_start(self, call: Call, words: list[str]) -> None:
        if words[:1] == [detection.KIND]:
            status, cause = (*words[1:3], "", "")[:2]
            answer, kept = detection.verdict(call, status, cause)
            if answer is Answer.MACHINE and detection.leaves_message(call):
                self._switch.spawn(self._voicemail.machine_answered(call, kept))
            else:
                self._switch.spawn(self._calls.answered(call, answer, detection=kept))
        else:
            self._switch.spawn(self._calls.picked_up(call))

    def _hear_link(self, event: Event, attempt_id: int) -> None:
        match event["type"]:
            case "StasisStart":
                _, agent_id = (*event.get("args", ()), "0", "0")[:2]
                self._switch.spawn(self._links.answered(attempt_id, int(agent_id), self._bridging.join))
            case "ChannelDestroyed":
                self._switch.spawn(self._links.gone(attempt_id))

    def _hear_third(self, event: Event, attempt_id: int) -> None:
        match event["type"]:
            case "StasisStart":
                self._switch.spawn(self._third.answered(attempt_id))
            case "ChannelDestroyed":
                cause, sip = int(event.get("cause", 0)), event.get("tech_cause")
                self._switch.spawn(self._third.gone(attempt_id, cause, sip))

    def _hear_leg(self, event: Event, agent_id: int) -> None:
        match event["type"]:
            case "StasisStart":
                self._switch.spawn(self._legs.came_up(agent_id))
            case "ChannelDestroyed":
                self._switch.spawn(self._legs.went_down(agent_id, int(event.get("cause", 0))))

    def _hear_playback(self, playback: Mapping[str, Any]) -> None:
        if str(playback["id"]).startswith(PREFIX):
            self._switch.spawn(self._messages.playback_over(playback))
        elif str(playback["id"]).startswith("opted-out-"):
            self._switch.spawn(self._messages.confirmed(playback))

    def _hear_carrier(self, endpoint: Mapping[str, Any]) -> None:
        trunk = self._trunks().get(str(endpoint["resource"]))
        if trunk is not None:
            self._switch.spawn(self._trunk_is(trunk, str(endpoint["state"])))

    def _hear_telephone(self, contact: Mapping[str, Any]) -> None:
        there = contact["contact_status"] not in GONE
        self._switch.spawn(self._legs.heard_of(str(contact["aor"]), str(contact["uri"]), there=there))

    # trunks
    def _trunks(self) -> dict[str, str]:
        own = self._switch.telephony.trunks_of(self._switch.node.name)
        return {trunk.endpoint: trunk.name for trunk in own}

    async def look_at_trunks(self) -> None:
        """Ask how the carriers are, and to be told when that changes."""
        for endpoint, trunk in self._trunks().items():
            found = await self._switch.find(f"endpoints/PJSIP/{endpoint}")
            if found is None:
                continue
            await self._switch.ask(
                "POST", f"applications/{APPLICATION}/subscription", eventSource=f"endpoint:PJSIP/{endpoint}"
            )
            await self._trunk_is(trunk, str(found["state"]))

    async def _trunk_is(self, trunk: str, state: str) -> None:
        """A carrier that does not answer is asked for calls last."""
        if state == "offline":
            await self._switch.client.set(keys.trunk_silent(trunk), "1", ex=3600)
        else:
            await self._switch.client.delete(keys.trunk_silent(trunk))
