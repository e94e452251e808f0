"""The honest crowd: simulated phones that judge a running Thaw from outside. Imports nothing of ours but itself."""

from service.dev.crowd.browser import open_client
from service.dev.crowd.evening import Progress, run
from service.dev.crowd.habits import Habits, guest_habits
from service.dev.crowd.phone import Phone, Setting
from service.dev.crowd.report import Report
from service.dev.crowd.room import BadRoom, Role, invent, read_room
from service.dev.crowd.rounds import Clocks

__all__ = [
    "BadRoom",
    "Clocks",
    "Habits",
    "Phone",
    "Progress",
    "Report",
    "Role",
    "Setting",
    "guest_habits",
    "invent",
    "open_client",
    "read_room",
    "run",
]
