"""What must hold whatever happened, as queries: each gives the rows that break it, so nothing is good news."""

from sqlalchemy import text

from service.database import Database

INVARIANTS = {
    "I1 nobody is in two open meetings": """
        SELECT attendee_id FROM seat WHERE open GROUP BY attendee_id HAVING count(*) > 1""",
    "I2 an open meeting holds two or three people of one event, who know that they are in it": """
        SELECT meeting.id FROM meeting
        JOIN seat ON seat.meeting_id = meeting.id AND (seat.open OR seat.gone_at IS NOT NULL)
        JOIN attendee ON attendee.id = seat.attendee_id
        WHERE meeting.state <> 'ended'
        GROUP BY meeting.id, meeting.event_id
        HAVING count(DISTINCT attendee.id) NOT IN (2, 3)
            OR min(attendee.event_id) <> meeting.event_id OR max(attendee.event_id) <> meeting.event_id
            OR sum(CASE WHEN seat.open AND attendee.state NOT IN ('matched', 'talking') THEN 1 ELSE 0 END) > 0""",
    "I2 nobody sits in a meeting that has ended": """
        SELECT seat.id FROM seat JOIN meeting ON meeting.id = seat.meeting_id
        WHERE meeting.state = 'ended' AND (seat.open OR seat.gone_at IS NOT NULL)""",
    "I3 no two people are suggested to each other twice": """
        SELECT one.attendee_id, two.attendee_id FROM seat AS one
        JOIN seat AS two ON two.meeting_id = one.meeting_id AND two.attendee_id > one.attendee_id
        GROUP BY one.attendee_id, two.attendee_id HAVING count(*) > 1""",
    "I3 nobody is matched with somebody barred before": """
        SELECT pair.id FROM pair JOIN bar ON bar.low_id = pair.low_id AND bar.high_id = pair.high_id
        JOIN seat AS low ON low.meeting_id = pair.meeting_id AND low.attendee_id = pair.low_id AND low.open
        JOIN seat AS high ON high.meeting_id = pair.meeting_id AND high.attendee_id = pair.high_id AND high.open""",
    "I4 all phones of a meeting show the same state": """
        SELECT seat.meeting_id FROM seat JOIN attendee ON attendee.id = seat.attendee_id
        WHERE seat.open GROUP BY seat.meeting_id HAVING count(DISTINCT attendee.state) > 1""",
    "I5 whoever is matched or talking has a partner": """
        SELECT attendee.id FROM attendee
        LEFT JOIN seat ON seat.attendee_id = attendee.id AND seat.open
        WHERE attendee.state IN ('matched', 'talking') AND seat.id IS NULL""",
    "I5 whoever waits has a reason": """
        SELECT id FROM attendee WHERE state = 'waiting' AND (because IS NULL OR because = '')""",
    "I12 one running round per event": """
        SELECT event_id FROM round WHERE ended_at IS NULL GROUP BY event_id HAVING count(*) > 1""",
    "I12 an ended event has nothing running": """
        SELECT event.id FROM event WHERE event.state = 'ended' AND (
            EXISTS (SELECT 1 FROM round WHERE round.event_id = event.id AND round.ended_at IS NULL)
            OR EXISTS (SELECT 1 FROM meeting WHERE meeting.event_id = event.id AND meeting.state <> 'ended'))""",
}


def broken(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """The invariants that do not hold, with the rows that break them."""
    found = {}
    with database.reading() as session:
        for name, query in INVARIANTS.items():
            rows = [tuple(row) for row in session.connection().execute(text(query)).all()]
            if rows:
                found[name] = rows
    return found
