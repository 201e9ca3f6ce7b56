"""The two campaigns of the demo. Pure data."""

from dataclasses import dataclass
from typing import Any

from telesales.demo.cast import CLIENT

LEADS_EACH = 300
# A demo calls the same invented people again and again: it may be quick about it.
RETRIES: dict[str, Any] = {
    "busy": {"max_attempts": 10, "delay_minutes": 5},
    "no_answer": {"max_attempts": 10, "delay_minutes": 20},
    "machine": {"max_attempts": 10, "delay_minutes": 25},
    "congestion": {"max_attempts": 10, "delay_minutes": 2},
    "failed": {"max_attempts": 10, "delay_minutes": 2},
    "abandoned": {"max_attempts": 2, "delay_minutes": 60},
}
# Somewhat kinder than life, so that a visitor sees calls connect.
PROFILE: dict[str, Any] = {
    "human": 0.36,
    "machine": 0.24,
    "invalid": 0.02,
    "refuse": 0.45,
    "listen": 0.33,
    "listen_seconds": 120,
    "interested_seconds": 240,
    "ring_back": 0.06,
    "ring_back_seconds": 150,
}


@dataclass(frozen=True, slots=True)
class Show:
    """One campaign of the demo."""

    language: str
    name: str
    purpose: str
    script: str  # slug in the library
    list_name: str
    caller_id: str
    message: str
    sorry: str  # to people who rang us and found nobody
    recorded: str  # what people hear before the call is recorded
    daily_goal: int
    percent_ppm: int  # commission on each sale, parts per million
    tier_minor: int  # extra for each sale above five a day


SHOWS = (
    Show(
        language="en",
        name="Home energy review",
        purpose="Find households that overpay for electricity and offer them a fixed tariff.",
        script="home-energy-review-en",
        list_name="Invented households (demo)",
        caller_id="+12025550100",
        recorded=f"This is {CLIENT}. This call is recorded so that we can do better.",
        message=f"This was {CLIENT}. We are sorry that nobody could speak with you. Please ring us at +1 202 555 0100.",
        sorry=f"This is {CLIENT}. All our agents are talking. We ring you back as soon as one is free.",
        daily_goal=24,
        percent_ppm=80_000,
        tier_minor=250,
    ),
    Show(
        language="zh",
        name="5G融合套餐升级",
        purpose="为老客户找到更合适的5G融合套餐，讲清资费，尊重客户的选择。",
        script="telecom-plan-zh",
        list_name="虚构客户名单（演示）",
        caller_id="+12125550100",
        recorded=f"您好，这里是 {CLIENT}。为了改进服务，本次通话将被录音。",
        message=f"您好，这里是 {CLIENT}。很抱歉刚才没有人能与您通话，请回拨 +1 212 555 0100。",
        sorry=f"您好，这里是 {CLIENT}。坐席全忙，稍后我们会给您回电。",
        daily_goal=24,
        percent_ppm=60_000,
        tier_minor=800,
    ),
)
