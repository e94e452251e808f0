"""For machines that watch: is the process up, can it serve, what does it count."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from service.domain.errors import NotFound
from service.domain.language import _
from service.identity import bearer
from service.migrating import newest_revision
from service.routes.here import Here, Standing

router = APIRouter()
LOOPBACK = frozenset({"127.0.0.1", "::1"})


@router.get("/healthz")
def healthz() -> Response:
    """The process answers."""
    return PlainTextResponse("ok")


@router.get("/readyz")
def readyz(here: Standing) -> Response:
    """The database answers and has the newest tables, or 503 and why."""
    trouble = _trouble(here)
    return JSONResponse({"ready": not trouble, "why": trouble}, 503 if trouble else 200)


@router.get("/metrics")
def metrics(request: Request, here: Standing) -> Response:
    """Counters for Prometheus: with the token, or from this machine where none is set."""
    token = here.settings.metrics_token
    local = request.client is not None and request.client.host in LOOPBACK and "forwarded" not in str(request.headers)
    if not (bearer(request) == token if token else local):
        raise NotFound(_("There is nothing at this address."))
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def _trouble(here: Here) -> str:
    try:
        with here.database.reading() as session:
            found = session.exec(text("SELECT version_num FROM alembic_version")).scalar()  # type: ignore[call-overload]
    except SQLAlchemyError:
        return "the database does not answer or has no tables; run thaw migrate"
    return "" if found == newest_revision() else "the tables are not the newest; run thaw migrate"
