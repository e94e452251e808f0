"""The names of what can change. A topic says which screens to look at again, never what happened."""


def attendee(attendee_id: int) -> str:
    """One person's own screen."""
    return f"attendee:{attendee_id}"


def event(event_id: int) -> str:
    """Something every screen of an event shows: its state, its round."""
    return f"event:{event_id}"


def dashboard(event_id: int) -> str:
    """What only the organizer and the wall show: counts, who looks for whom."""
    return f"dashboard:{event_id}"
